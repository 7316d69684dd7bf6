"""A brief is a function of its folder: whatever happened to it on the way, and what users expect of an update."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from updating import CONCURRENCY, Folder, Step, Wire, arrived_otherwise, content, corrected, sequences, the_law, told

from summarise.api import Made
from summarise.contract import Brief
from summarise.store import Store, StoredAnswer

SEQUENCES = 100  # `python -m torture.law` tries more


@settings(max_examples=SEQUENCES, suppress_health_check=list(HealthCheck))
@given(sequence=sequences, seed=st.integers(0, 10**6))
def test_however_a_folder_came_about_its_brief_is_that_of_the_folder(sequence: list[Step], seed: int) -> None:
    the_law(sequence, seed)


# ---- what users expect


class Desk:
    """A folder of told articles, the store beside it, and what each run asked."""

    def __init__(self, scratch: Path) -> None:
        self.folder, self.store, self.wire = scratch / "story", scratch / "store.sqlite3", Wire()
        self.folder.mkdir()
        for number in range(3):
            self.put(number)

    def put(self, number: int, text: str | None = None) -> Path:
        """Article `number`, as told or with this text."""
        path = self.folder / f"{number}.txt"
        path.write_text(told(number) if text is None else text)
        return path

    def update(self) -> tuple[Made, int]:
        """A run over the folder as it is, and how many questions it asked."""
        before = self.wire.calls
        made = self.wire.made(self.folder, self.store)
        assert made.brief.complete
        return made, self.wire.calls - before

    def fresh(self, scratch: Path) -> str:
        """The brief of the folder as it is, made in a new store."""
        return content(Wire().made(self.folder, scratch / "fresh.sqlite3").brief)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def loaded(made: Made) -> Any:
    return json.loads(content(made.brief))


def items(brief: Brief) -> dict[str, str]:
    """Every item of a brief by its id, the summary aside."""
    lists = (brief.actors, brief.disagreements, brief.open_questions, brief.events, brief.facts, brief.origins)
    rows = [item for one in lists for item in one] + [p for issue in brief.issues for p in issue.positions]
    return {row.id: row.model_dump_json() for row in rows}


def mentions(item: str, article: str) -> bool:
    return f'"{article}"' in item


def test_nothing_changed_asks_nothing_and_makes_no_version(desk: Desk) -> None:
    first, asked = desk.update()
    assert asked
    again, asked = desk.update()
    assert (asked, again.news, again.version) == (0, False, first.version)
    assert content(again.brief) == content(first.brief)


def test_a_touched_file_asks_nothing(desk: Desk) -> None:
    first, _ = desk.update()
    for path in desk.folder.iterdir():
        path.touch()
    again, asked = desk.update()
    assert (asked, again.news) == (0, False)
    assert content(again.brief) == content(first.brief)


def test_a_renamed_file_asks_nothing_and_changes_nothing_but_its_path(desk: Desk) -> None:
    first, _ = desk.update()
    (desk.folder / "0.txt").rename(desk.folder / "renamed.txt")
    (desk.folder / "sub").mkdir()
    (desk.folder / "1.txt").rename(desk.folder / "sub" / "1.txt")
    again, asked = desk.update()
    assert asked == 0
    assert [entry.path for entry in again.brief.articles] == ["2.txt", "renamed.txt", "sub/1.txt"]
    before, after = loaded(first), loaded(again)
    fates: list[list[Any]] = [
        sorted((entry | {"path": ""} for entry in brief.pop("articles")), key=str) for brief in (before, after)
    ]
    assert fates[0] == fates[1]
    assert before == after


def test_a_removed_article_takes_its_evidence_with_it_and_what_rested_on_it_alone(desk: Desk, tmp_path: Path) -> None:
    first, _ = desk.update()
    gone = next(entry.id for entry in first.brief.articles if entry.path == "1.txt")
    alone = {key for key, item in items(first.brief).items() if set(re.findall(r'"article":"([^"]+)"', item)) == {gone}}
    assert alone
    (desk.folder / "1.txt").unlink()
    again, _ = desk.update()
    assert gone not in content(again.brief)
    assert not alone & set(items(again.brief))
    assert content(again.brief) == desk.fresh(tmp_path)


def test_a_corrected_article_takes_its_own_place(desk: Desk, tmp_path: Path) -> None:
    first, _ = desk.update()
    old = next(entry.id for entry in first.brief.articles if entry.path == "1.txt")
    figures = re.findall(r"came to (\d+) million", told(1))
    desk.put(1, corrected(told(1)))
    again, asked = desk.update()
    assert asked
    assert old not in content(again.brief)
    assert len(again.brief.articles) == len(first.brief.articles)
    new = next(entry.id for entry in again.brief.articles if entry.path == "1.txt")
    told_now = [fact.evidence[0].quote for fact in again.brief.facts if fact.evidence[0].article == new]
    assert told_now
    assert all(f"came to {int(figure) + 1} million" in " ".join(told_now) for figure in figures)
    assert content(again.brief) == desk.fresh(tmp_path)


def test_a_story_that_shrinks_to_its_first_article_is_that_article_s_brief_and_asks_nothing(desk: Desk) -> None:
    for number in (1, 2):
        (desk.folder / f"{number}.txt").unlink()
    alone, _ = desk.update()
    for number in (1, 2):
        desk.put(number)
    grown, _ = desk.update()
    assert content(grown.brief) != content(alone.brief)
    for number in (1, 2):
        (desk.folder / f"{number}.txt").unlink()
    again, asked = desk.update()
    assert asked == 0
    assert content(again.brief) == content(alone.brief)
    assert (alone.version and alone.version.number, again.version and again.version.number) == (1, 3)


def test_an_unrelated_article_leaves_every_other_item_as_it_was(desk: Desk) -> None:
    first, _ = desk.update()
    text = re.sub(r"\(([pqertafd])(\d)", r"(\g<1>9\2", told(3, story=7))
    desk.put(3, text)
    again, asked = desk.update()
    assert asked
    before, after = items(first.brief), items(again.brief)
    assert {key: after.get(key) for key in before} == before
    new = next(entry.id for entry in again.brief.articles if entry.path == "3.txt")
    assert all(mentions(item, new) for key, item in after.items() if key not in before)


def test_an_article_more_asks_about_itself_and_no_other_article_again(desk: Desk) -> None:
    desk.update()
    notes = {words for words in desk.wire.asked if words.startswith("Note\n")}
    desk.put(3)
    desk.update()
    assert len({words for words in desk.wire.asked if words.startswith("Note\n")} - notes) == 1
    assert all(times == 1 for times in desk.wire.asked.values())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_arrival_does_not_matter(desk: Desk, tmp_path: Path, seed: int) -> None:
    at_once, _ = desk.update()
    order = random.Random(seed)  # noqa: S311
    assert arrived_otherwise(Wire(), Folder(desk.folder), tmp_path / "again", order) == content(at_once.brief)


def test_answers_that_came_before_the_endpoint_went_away_are_not_asked_for_again(desk: Desk, tmp_path: Path) -> None:
    with desk.wire.failing(3, gone=True):
        early = desk.wire.made(desk.folder, desk.store)
    assert not early.brief.complete
    assert len(desk.wire.answered) == 2
    desk.update()
    assert set(desk.wire.answered.values()) == {1}
    assert content(desk.update()[0].brief) == desk.fresh(tmp_path)


def test_a_crash_costs_no_more_than_the_calls_in_flight_where_the_disk_is_slower_than_the_endpoint(desk: Desk) -> None:
    """Asked and not yet stored are at every moment so many at most."""
    due: list[int] = []
    stored: list[StoredAnswer] = []

    class Slow(Store):
        def _put_all(self, items: Sequence[Any]) -> list[StoredAnswer]:
            due.append(desk.wire.calls - len(stored))
            time.sleep(0.02)
            due.append(desk.wire.calls - len(stored))
            found = super()._put_all(items)
            stored.extend(found)
            return found

    for number in range(3, 12):
        desk.put(number)
    with Slow.in_memory() as store:
        assert desk.wire.made(desk.folder, store).brief.complete
    assert max(due) <= CONCURRENCY
