"""`--only-changed`: stories whose files are as they were are not opened; whatever is in doubt is."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from many_stories import impatient, newsroom, run, states, tasks_of, work, write
from updating import Wire, told

from summarise.many import changed, making
from summarise.many.task import Outcome, Task


class Newsroom:
    """Two stories that were made once, and how often the pipeline is called from then on."""

    def __init__(self, place: Path) -> None:
        self.root, self.out = newsroom(place / "news", "a", "b"), place / "out"
        self.wire = Wire()
        self.opened: list[str] = []
        assert states(self.run(only_changed=False)) == {"a": "made", "b": "made"}
        self.calls = self.wire.calls

    @property
    def tasks(self) -> tuple[Task, ...]:
        return tuple(tasks_of(self.root, self.out))

    def run(self, **changes: Any) -> dict[str, Outcome]:
        self.opened = []
        made = making.amake

        async def counting(*args: Any, **options: Any) -> Any:
            self.opened.append(options["story"])
            return await made(*args, **options)

        with mock.patch.object(making, "amake", counting):
            return run(self.wire, self.tasks, **{"only_changed": True} | changes)


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path)


def test_stories_whose_files_are_as_they_were_are_not_opened(room: Newsroom) -> None:
    made = room.run()
    assert states(made) == {"a": "unchanged", "b": "unchanged"}
    assert [one.version for one in made.values()] == [1, 1]
    assert room.opened == []
    assert room.wire.calls == room.calls


def test_an_edited_story_is_read_again_and_only_that(room: Newsroom) -> None:
    write(room.root / "a" / "0.txt", told(3), age=1800)
    assert states(room.run()) == {"a": "made", "b": "unchanged"}
    assert room.opened == ["a"]
    assert room.run()
    assert room.opened == []


def test_a_touched_story_is_read_and_nothing_is_asked(room: Newsroom) -> None:
    os.utime(room.root / "a" / "0.txt", (1, 1))
    assert states(room.run()) == {"a": "unchanged", "b": "unchanged"}
    assert room.opened == ["a"]
    assert room.wire.calls == room.calls
    assert room.run()
    assert room.opened == []


CHANGES: dict[str, Callable[[Newsroom], object]] = {
    "a new file": lambda room: write(room.root / "a" / "1.txt", told(4)),
    "a renamed file": lambda room: (room.root / "a" / "0.txt").rename(room.root / "a" / "9.txt"),
    "corrections": lambda room: write(room.root / "a" / "overrides.yaml", "- join: [The One, The Other]"),
    "the same size and time, by another file": lambda room: write(
        room.root / "a" / "0.txt", (room.root / "a" / "0.txt").read_text().replace("the", "teh", 1)
    ),
    "a lost state": lambda room: (room.out / "a" / changed.STATE).unlink(),
    "a damaged state": lambda room: (room.out / "a" / changed.STATE).write_text("[" * 10_000),
    "a state of nonsense": lambda room: (room.out / "a" / changed.STATE).write_text('{"schema": "made/1"}'),
    "an output that is gone": lambda room: (room.out / "a" / "brief.html").unlink(),
    "an output that was changed": lambda room: (room.out / "a" / "brief.md").write_text("other words"),
    "a text that is gone": lambda room: next((room.out / "a" / "texts").iterdir()).unlink(),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changed_is_looked_at(room: Newsroom, what: str) -> None:
    CHANGES[what](room)
    room.run()
    assert room.opened == ["a"]
    assert room.run()
    assert room.opened == []


@pytest.mark.parametrize(
    "option", [{"check": True}, {"mode": "tools"}, {"context_window": 64_000}, {"model": "openai:other"}]
)
def test_other_options_are_another_brief(room: Newsroom, option: dict[str, Any]) -> None:
    task = room.tasks[0]
    assert changed.unchanged(task, changed.seen(task, work(only_changed=True))) == 1
    assert changed.unchanged(task, changed.seen(task, work(**option))) is None


def test_another_language_or_folder_is_another_brief(room: Newsroom) -> None:
    task = room.tasks[0]
    for other in ({"language": "de"}, {"about": "x"}, {"story": "c"}, {"folder": room.root / "b"}):
        changed_task = Task(**{**vars(task), **other})
        assert changed.unchanged(changed_task, changed.seen(changed_task, work())) is None


def test_a_prompt_that_was_edited_counts(room: Newsroom, tmp_path: Path) -> None:
    prompts = tmp_path / "prompts"
    prompts.mkdir()
    before = changed.seen(room.tasks[0], work(prompts=prompts))
    write(prompts / "note.md", "x")
    assert changed.seen(room.tasks[0], work(prompts=prompts)) != before


def test_an_incomplete_brief_leaves_no_state(tmp_path: Path) -> None:
    tasks = tasks_of(newsroom(tmp_path / "news", "a", articles=2), tmp_path / "out")
    wire = Wire()
    with wire.failing(2, gone=True), impatient():
        assert states(run(wire, tasks)) == {"a": "incomplete"}
    assert (tmp_path / "out" / "a" / "brief.json").exists()
    assert not (tmp_path / "out" / "a" / changed.STATE).exists()
    assert states(run(wire, tasks, only_changed=True)) == {"a": "made"}


def test_a_file_that_was_changed_a_moment_ago_may_change_again_unseen(tmp_path: Path) -> None:
    """Two writes within one tick of the file system's clock have one time: only what is older is relied upon."""
    root = newsroom(tmp_path / "news", "a")
    task = tasks_of(root, tmp_path / "out")[0]
    write(root / "a" / "0.txt", told(0), age=-86_400)
    assert states(run(Wire(), [task])) == {"a": "made"}
    assert not (tmp_path / "out" / "a" / changed.STATE).exists()


def test_times_in_whole_seconds_are_trusted_later(tmp_path: Path) -> None:
    root = newsroom(tmp_path / "news", "a")
    file, task = root / "a" / "0.txt", tasks_of(root, tmp_path / "out")[0]
    second = 1_000_000_000
    whole = 1_700_000_000 * second
    for stamp, age, settled in ((whole, 1, False), (whole, 3, True), (whole + 5, 1, True)):
        os.utime(file, ns=(stamp, stamp))
        with mock.patch.object(changed.time, "time_ns", return_value=stamp + age * second):
            seen = changed.seen(task, work())
        assert seen is not None
        assert seen.settled is settled


def test_the_state_says_nothing_but_hashes_and_numbers(room: Newsroom) -> None:
    said = json.loads((room.out / "a" / changed.STATE).read_text())
    assert set(said) == {"schema", "inputs", "version", "output"}
    assert said["inputs"].startswith("sha256:")
