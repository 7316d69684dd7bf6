"""Stories made by the local engine: what was answered is kept, one story never harms another, limits hold for all."""

from __future__ import annotations

import asyncio
import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from unittest import mock

import httpx2
import pytest
from many_stories import brief_in, impatient, newsroom, run, states, tasks_of, work, write
from postgres import Server
from updating import CONCURRENCY, URL, Wire, told

from summarise.command import run_brief
from summarise.contract import Usage
from summarise.errors import ConfigurationError
from summarise.many import making
from summarise.many.engines import engine
from summarise.many.local import Local
from summarise.many.making import own_place
from summarise.many.task import Outcome, Task, Work, added
from summarise.settings import BriefSettings
from summarise.store import Store


def test_every_story_has_the_brief_that_it_would_have_alone(tmp_path: Path) -> None:
    root = newsroom(tmp_path / "news", "bases", "grain", articles=2)
    write(
        root / "grain" / "overrides.yaml", '- drop: {question: "Who will pay for stage 1 of it (q1)?", because: "no"}'
    )
    wire = Wire()
    made = run(wire, tasks_of(root, tmp_path / "out"), store=str(tmp_path / "many.sqlite3"))
    assert states(made) == {"bases": "made", "grain": "made"}
    for story in made:
        alone = tmp_path / "alone" / story
        settings = BriefSettings(
            folder=root / story, model="openai:told", base_url=URL, out=alone, store=str(tmp_path / "one"), quiet=True
        )
        with Wire().plugged_in():
            assert run_brief(settings) == 0
        assert brief_in(alone) == brief_in(tmp_path / "out" / story)
    assert brief_in(tmp_path / "out" / "grain")["overrides"]


def test_a_second_run_asks_nothing_and_writes_nothing(tmp_path: Path) -> None:
    tasks = tasks_of(newsroom(tmp_path / "news", "a", "b"), tmp_path / "out")
    wire = Wire()
    first = run(wire, tasks)
    calls, written = wire.calls, (tmp_path / "out" / "a" / "brief.json").stat().st_mtime_ns
    assert calls == sum(one.usage.calls for one in first.values())
    again = run(wire, tasks)
    assert states(again) == {"a": "unchanged", "b": "unchanged"}
    assert wire.calls == calls
    assert {story: one.usage.reused for story, one in again.items()} == {s: one.usage.calls for s, one in first.items()}
    assert (tmp_path / "out" / "a" / "brief.json").stat().st_mtime_ns == written


def test_an_output_that_was_removed_is_written_again_without_asking(tmp_path: Path) -> None:
    tasks = tasks_of(newsroom(tmp_path / "news", "a"), tmp_path / "out")
    wire = Wire()
    run(wire, tasks)
    (tmp_path / "out" / "a" / "brief.md").unlink()
    calls = wire.calls
    assert states(run(wire, tasks)) == {"a": "made"}
    assert wire.calls == calls


@pytest.mark.parametrize("last", [3, 8, 12])
def test_a_run_that_is_cut_off_is_gone_on_with_and_no_answer_is_asked_for_twice(tmp_path: Path, last: int) -> None:
    tasks = tasks_of(newsroom(tmp_path / "news", "a", "b", "c"), tmp_path / "out")
    wire = Wire()
    with wire.failing(last, gone=False):
        done = run(wire, tasks)
    assert len(done) < 3
    written = {task.story for task in tasks if (task.out / "brief.json").exists()}
    assert done.keys() <= written  # one more may be, that was cut off before it was told
    assert states(run(wire, tasks)) == {one: "unchanged" if one in written else "made" for one in ("a", "b", "c")}
    assert wire.answered.total() == len(wire.answered), "an answer that had arrived was asked for again"
    assert wire.asked.total() - len(wire.asked) <= CONCURRENCY
    undisturbed = tasks_of(tmp_path / "news", tmp_path / "undisturbed")
    run(Wire(), undisturbed, store=str(tmp_path / "other.sqlite3"))
    for task, other in zip(tasks, undisturbed, strict=True):
        assert brief_in(task.out) == brief_in(other.out)


def test_what_is_wrong_with_one_story_is_its_own_and_said_in_a_line(tmp_path: Path) -> None:
    root = newsroom(tmp_path / "news", "bad output", "bad overrides", "empty", "good")
    write(root / "empty" / "0.txt", "")
    write(root / "bad overrides" / "overrides.yaml", "- jion: [a, b]")
    (tmp_path / "out" / "bad output").mkdir(parents=True)
    (tmp_path / "out" / "bad output" / "brief.md").write_text("mine")
    made = run(Wire(), tasks_of(root, tmp_path / "out"))
    wrong = {"bad output": "failed", "bad overrides": "failed", "empty": "failed"}
    assert states(made) == wrong | {"good": "made"}
    assert "was not made by this program" in made["bad output"].reason
    assert "overrides.yaml, line 1" in made["bad overrides"].reason
    assert "none of the 1 files holds an article" in made["empty"].reason
    assert (tmp_path / "out" / "bad output" / "brief.md").read_text() == "mine"
    assert all("\n" not in one.reason for one in made.values())


def test_a_fault_of_the_program_itself_harms_no_other_story_and_repeats_no_words(tmp_path: Path) -> None:
    tasks = tasks_of(newsroom(tmp_path / "news", "a", "b"), tmp_path / "out")
    kept = making._keep

    def failing(task: Task, *rest: object) -> bool:
        if task.story == "a":
            raise RuntimeError("words of an article")
        return kept(task, *rest)  # type: ignore[arg-type]

    with mock.patch.object(making, "_keep", failing):
        made = run(Wire(), tasks)
    assert states(made) == {"a": "failed", "b": "made"}
    assert made["a"].reason.startswith("unexpected RuntimeError in failing (test_many_making.py:")
    assert "words" not in made["a"].reason
    assert made["a"].usage.calls > 0


def test_an_endpoint_that_is_gone_fails_each_story_and_counts_what_was_tried(tmp_path: Path) -> None:
    tasks = tasks_of(newsroom(tmp_path / "news", "a", "b"), tmp_path / "out")
    wire = Wire()
    with wire.failing(1, gone=True), impatient():
        made = run(wire, tasks)
    assert states(made) == {"a": "failed", "b": "failed"}
    assert all(one.usage.calls == 1 and one.version is None for one in made.values())
    assert not (tmp_path / "out" / "a" / "brief.json").exists()
    assert states(run(wire, tasks)) == {"a": "made", "b": "made"}


class At(Wire):
    """An endpoint; at the first request something befalls the store."""

    def __init__(self, befalls: Callable[[], object]) -> None:
        super().__init__()
        self._befalls: Callable[[], object] | None = befalls

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        befalls, self._befalls = self._befalls, None
        if befalls is not None:
            befalls()
        return await super().handle_async_request(request)


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a lock for longer than a moment, so that it is an error soon."""
    monkeypatch.setattr("summarise.store.database.BUSY_SECONDS", 0.05)


@contextmanager
def in_the_way(place: Path) -> Iterator[tuple[Callable[[], None], Callable[[], None]]]:
    """Ways to lock a store, as another process would, and to let go of it."""
    began, let_go = threading.Event(), threading.Event()

    def write() -> None:
        with Store.open(place) as other, other.database.writing():
            began.set()
            let_go.wait(30)

    thread = threading.Thread(target=write)

    def lock() -> None:
        thread.start()
        began.wait()

    try:
        yield lock, let_go.set
    finally:
        let_go.set()
        thread.join()


@pytest.mark.usefixtures("no_waiting")
def test_stories_wait_for_a_store_that_is_locked_for_longer_than_usual(tmp_path: Path) -> None:
    tasks = tasks_of(newsroom(tmp_path / "news", "a", "b"), tmp_path / "out")
    with in_the_way(tmp_path / "s.sqlite3") as (lock, let_go):

        def for_a_while() -> None:
            lock()
            threading.Timer(0.5, let_go).start()

        wire = At(for_a_while)
        made = run(wire, tasks, store=str(tmp_path / "s.sqlite3"))
    assert states(made) == {"a": "made", "b": "made"}
    assert sum(one.usage.calls for one in made.values()) == wire.calls, "what was asked again is counted"
    assert wire.calls - len(wire.asked) <= CONCURRENCY, "more than what was in flight was asked again"
    with Store.open(tmp_path / "s.sqlite3") as store:
        assert store.verify() == []


@pytest.mark.usefixtures("no_waiting")
def test_a_store_that_stays_locked_fails_the_stories_that_need_it_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("summarise.many.patience.PATIENCE", 0.3)
    tasks = tasks_of(newsroom(tmp_path / "news", "a", "b"), tmp_path / "out")
    with in_the_way(tmp_path / "s.sqlite3") as (lock, _):
        wire = At(lock)
        made = run(wire, tasks, store=str(tmp_path / "s.sqlite3"))
    assert states(made) == {"a": "failed", "b": "failed"}
    assert wire.calls == len(wire.asked), "a question was asked again before its answer could be kept"
    assert all("was locked by another process" in one.reason for one in made.values())
    assert states(run(Wire(), tasks, store=str(tmp_path / "s.sqlite3"))) == {"a": "made", "b": "made"}


def test_stories_outlast_a_restart_of_their_database(tmp_path: Path, postgres_server: Server) -> None:
    tasks = tasks_of(newsroom(tmp_path / "news", "a", "b", "c"), tmp_path / "out")

    def restarts() -> None:
        postgres_server.stop()
        threading.Timer(0.3, postgres_server.start).start()

    place = postgres_server.address(postgres_server.database())
    made = run(At(restarts), tasks, store=place)
    assert states(made) == {"a": "made", "b": "made", "c": "made"}


def test_a_setting_that_would_fail_every_story_ends_the_run(tmp_path: Path) -> None:
    tasks = tasks_of(newsroom(tmp_path / "news", "a", "b"), tmp_path / "out")
    with pytest.raises(ConfigurationError, match="no folder"):
        run(Wire(), tasks, prompts=tmp_path / "nowhere")


def test_a_limit_on_tokens_holds_for_all_stories_together_and_the_same_run_goes_on_from_there(tmp_path: Path) -> None:
    tasks = tasks_of(newsroom(tmp_path / "news", *"abcdef"), tmp_path / "out")
    most = 6_500
    wire = Wire()
    made = run(wire, tasks, max_tokens=most)
    assert set(states(made).values()) <= {"made", "incomplete"}
    stopped = [one for one in made.values() if one.state == "incomplete"]
    assert stopped
    assert all("--max-tokens" in one.reason for one in stopped)
    spent = sum(one.usage.input_tokens + one.usage.output_tokens for one in made.values())
    assert 0 < spent <= most
    calls = wire.calls
    made = run(wire, tasks)
    assert set(states(made).values()) <= {"made", "unchanged"}
    assert wire.answered.total() == len(wire.answered)
    assert wire.calls > calls


def test_closing_the_iterator_stops_the_rest_and_keeps_what_was_answered(tmp_path: Path) -> None:
    tasks = tasks_of(newsroom(tmp_path / "news", *"abcdef"), tmp_path / "out")
    wire = Wire()

    async def first() -> Outcome:
        async with aclosing(engine("local").run(tasks, work())) as outcomes:
            return await anext(outcomes)

    with wire.plugged_in():
        asyncio.run(first())
    begun = [task for task in tasks if task.out.exists()]
    assert len(begun) <= 4  # two at once: no story is begun before another has ended
    assert set(states(run(wire, tasks)).values()) == {"made", "unchanged"}
    assert wire.answered.total() == len(wire.answered)


def test_stories_that_end_together_come_with_the_failed_last(tmp_path: Path) -> None:
    """So that whoever stops at the first failure has heard of all others."""
    tasks = [Task(story=name, out=tmp_path / name) for name in "abc"]

    async def made(task: Task, work: Work, shared: object) -> Outcome:
        return Outcome(story=task.story, state="failed" if task.story == "a" else "made")

    async def order() -> list[str]:
        return [one.story async for one in Local().run(tasks, work(jobs=3))]

    with mock.patch("summarise.many.local.make_story", made):
        assert sorted(asyncio.run(order())[:2]) == ["b", "c"]


def test_a_story_of_single_files_is_made_as_one(tmp_path: Path) -> None:
    root = newsroom(tmp_path / "news", "x", "y")
    write(root / "fix.yaml", "- join: [The One, The Other]")
    files = (root / "x" / "0.txt", root / "y" / "0.txt")
    task = Task(story="both", files=files, overrides=root / "fix.yaml", about="the harbour", out=tmp_path / "out")
    made = run(Wire(), [task])
    assert states(made) == {"both": "made"}
    brief = brief_in(tmp_path / "out")
    assert brief["story"] == "both"
    assert len(brief["articles"]) == 2
    assert [one["kind"] for one in brief["overrides"]] == ["join"]
    write(files[0], told(5))
    assert run(Wire(), [task])["both"].version == 2


def test_several_stories_may_be_made_of_one_folder(tmp_path: Path) -> None:
    folder = newsroom(tmp_path / "news", "x") / "x"
    tasks = [
        Task(story=f"x-{tongue}", folder=folder, language=tongue, out=tmp_path / tongue) for tongue in ("en", "de")
    ]
    assert states(run(Wire(), tasks)) == {"x-de": "made", "x-en": "made"}
    assert brief_in(tmp_path / "de")["story"] == "x-de"


def test_briefs_beside_their_articles_are_never_read_as_articles(tmp_path: Path) -> None:
    root = newsroom(tmp_path / "news", "a", "b")
    wire = Wire()
    assert states(run(wire, tasks_of(root, root))) == {"a": "made", "b": "made"}
    assert [one["path"] for one in brief_in(root / "a")["articles"]] == ["0.txt"]
    assert states(run(wire, tasks_of(root, root))) == {"a": "unchanged", "b": "unchanged"}
    assert states(run(wire, tasks_of(root, root), only_changed=True)) == {"a": "unchanged", "b": "unchanged"}


def test_what_travels_is_small_and_holds_neither_key_nor_password(tmp_path: Path) -> None:
    task = Task(story="a", folder=tmp_path, out=tmp_path / "out")
    whole = pickle.dumps((task, work(store="postgresql://me@host/db"), Outcome(story="a", state="made")))
    assert len(whole) < 2_000
    assert pickle.loads(whole)[0] == task  # noqa: S301  # our own


def test_a_process_opens_the_store_with_the_password_it_has_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARISE_STORE", "postgresql://me:word@host:5432/db")
    assert own_place("postgresql://me@host:5432/db") == "postgresql://me:word@host:5432/db"
    assert own_place("postgresql://me@elsewhere:5432/db") == "postgresql://me@elsewhere:5432/db"
    assert own_place("/a/file") == "/a/file"
    assert own_place(None) is None


def test_a_sum_of_costs_is_unknown_where_one_of_a_call_is() -> None:
    known, nothing = Usage(calls=2, input_tokens=5, cost=0.5), Usage(reused=3)
    assert added(known, nothing) == Usage(calls=2, reused=3, input_tokens=5, cost=0.5)
    assert added(known, Usage(calls=1)).cost is None


def test_the_store_stays_sound(tmp_path: Path) -> None:
    place = tmp_path / "s.sqlite3"
    run(Wire(), tasks_of(newsroom(tmp_path / "news", "a", "b"), tmp_path / "out"), store=str(place))
    with Store.open(place) as store:
        assert store.verify() == []
