"""The ledger in the store: written with the answers, kept when they go, summed up as asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from stored import LETTERS, aged, answer, behind

from summarise.costs import CostLine
from summarise.errors import OutputError
from summarise.store import Spent, Store, open_store
from summarise.store.migrations import MIGRATIONS

ROW = Spent(
    run="r1",
    story="harbour",
    kind="note",
    model="openai:x",
    host="api.example",
    batch=False,
    milliseconds=1_200,
    calls=2,
    unpriced=0,
    input_tokens=1_000,
    cached_tokens=400,
    output_tokens=100,
    cost=150_000_001,
)


@pytest.fixture
def store(store_place: str) -> Iterator[Store]:
    with open_store(store_place) as opened:
        yield opened


def test_an_answer_and_what_it_cost_are_stored_together(store: Store) -> None:
    store.put(answer("k"), [ROW])
    (line,) = store.spent("story")
    assert line == CostLine(
        name="harbour",
        first=line.first,
        calls=2,
        unpriced=0,
        input_tokens=1_000,
        cached_tokens=400,
        output_tokens=100,
        cost=150_000_001,
    )
    assert len(line.first) == len("2026-11-22T08:00:00Z")


def test_what_was_paid_for_an_answer_that_came_second_is_written_down_too(store: Store) -> None:
    store.put(answer("k"), [ROW])
    assert store.put(answer("k", '{"groups":[1]}'), [ROW]) == answer("k")
    assert store.spent("story")[0].calls == 4


def test_where_the_answer_can_not_be_stored_neither_is_its_cost(store: Store) -> None:
    with pytest.raises(OutputError):
        store.put(answer("k"), [replace(ROW, cost=None)])  # type: ignore[arg-type]
    assert store.get("k") is None
    assert store.spent("story") == ()


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("story", ["harbour", "ports"]),
        ("kind", ["note", "write"]),
        ("model", ["openai:x", "openai:y"]),
        ("run", ["r1", "r2"]),
    ],
)
def test_sums_are_told_by_what_one_asks_for(store: Store, by: str, names: list[str]) -> None:
    store.spend([ROW, replace(ROW, story="ports", kind="write", model="openai:y", run="r2", cost=7, unpriced=1), ROW])
    lines = store.spent(by)  # type: ignore[arg-type]
    assert [line.name for line in lines] == names
    assert [line.cost for line in lines] == [300_000_002, 7]
    assert [line.unpriced for line in lines] == [0, 1]


def test_days_and_bounds_are_those_of_utc_and_a_story_is_told_alone(store: Store) -> None:
    store.spend([ROW])
    for day, story in (("2026-01-01", "a"), ("2026-01-02", "b"), ("2026-01-03", "a")):
        behind(store, f"UPDATE spending SET at = '{day}T23:59:59Z' WHERE at > '2026-02'")  # noqa: S608
        store.spend([replace(ROW, story=story)])
    behind(store, "UPDATE spending SET at = '2026-01-04T00:00:00Z' WHERE at > '2026-02'")
    assert [line.name for line in store.spent("day")] == ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"]
    found = store.spent("day", since="2026-01-02", before="2026-01-04")
    assert [line.name for line in found] == ["2026-01-02", "2026-01-03"]
    assert [line.name for line in store.spent("story", story="a")] == ["a"]
    assert store.spent("story", since="2027-01-01") == ()


def test_names_of_every_kind_come_back_or_are_marked_where_no_database_holds_them(store: Store) -> None:
    store.spend([replace(ROW, story=LETTERS, kind=LETTERS, run=LETTERS)])
    assert store.spent("story")[0].name == LETTERS
    assert store.spent("story", story=LETTERS)[0].calls == 2
    assert "\ufffd" in store.spent("kind")[0].name


def test_the_mean_time_is_that_of_answers_given_one_by_one_by_this_model_there(store: Store) -> None:
    assert store.milliseconds("openai:x", "api.example") is None
    store.spend(
        [
            ROW,
            replace(ROW, milliseconds=1_400),
            replace(ROW, milliseconds=90_000_000, batch=True),
            replace(ROW, milliseconds=5, output_tokens=0),
            replace(ROW, milliseconds=9_000, host="other.example"),
        ]
    )
    assert store.milliseconds("openai:x", "api.example") == 1_300
    assert store.milliseconds("openai:z", "api.example") is None


def test_gc_removes_answers_and_keeps_what_they_cost(store: Store) -> None:
    store.put(answer("k"), [ROW])
    aged(store)
    assert store.gc(older_than_days=1).answers == 1
    assert store.spent("story")[0].cost == ROW.cost


def test_a_sound_ledger_has_no_faults_and_a_row_that_can_not_be_is_one(store: Store) -> None:
    store.spend([ROW, replace(ROW, story=LETTERS, run="r2")])
    assert store.verify() == []
    behind(store, "UPDATE spending SET cost = -1 WHERE run = 'r2'")
    assert store.verify() == ["ledger: rows that cannot be: 1; its sums cannot be trusted"]


def test_an_older_store_gets_a_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from summarise.store import migrations

    place = tmp_path / "old.sqlite3"
    with monkeypatch.context() as old:
        old.setattr(migrations, "MIGRATIONS", MIGRATIONS[:2])
        with open_store(place) as store:
            store.put(answer("k"))
    with open_store(place) as store:
        store.put(answer("l"), [ROW])
        assert store.get("k") == answer("k")
        assert store.spent("story")[0].calls == 2


def test_a_row_takes_less_than_two_hundred_bytes(tmp_path: Path) -> None:
    """What `summarise.store.spending` says of its size."""
    place = tmp_path / "s.sqlite3"
    with open_store(place) as store:
        store.database.reclaim()
        empty = place.stat().st_size
        store.spend([ROW] * 2_000)
        store.database.reclaim()
        assert (place.stat().st_size - empty) / 2_000 < 200
