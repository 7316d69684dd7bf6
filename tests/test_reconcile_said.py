"""Who is one actor because a person says so, in whatever order anything else would join."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st
from readers import actor, article, desk, note, records

from summarise.ledger import Ledger
from summarise.names import fold
from summarise.overrides import Join, Overrides, Part
from summarise.reconcile.actors import Cast, join_actors
from summarise.reconcile.unions import Side, Unions
from summarise.records import Records

things = st.integers(0, 9)


@given(
    st.lists(st.tuples(things, things), max_size=30),
    st.lists(st.tuples(things, things).filter(lambda pair: pair[0] != pair[1]), max_size=5),
)
def test_no_set_reaches_over_a_parting_and_every_refusal_has_one(
    joins: list[tuple[int, int]], apart: list[tuple[int, int]]
) -> None:
    sides: dict[int, set[Side]] = {n: set() for n in range(10)}
    for n, (one, other) in enumerate(apart):
        sides[one].add(Side(n, True))
        sides[other].add(Side(n, False))
    sets = Unions(list(range(10)), {n: frozenset(held) for n, held in sides.items()})
    for one, other in joins:
        before = {sets.find(one), sets.find(other)}
        possible = sets.joinable((one, other))
        assert sets.join(one, other, "") == possible == (sets.find(one) == sets.find(other))
        assert possible or {sets.find(one), sets.find(other)} == before
    assert all(sets.find(one) != sets.find(other) for one, other in apart)


NAMES = ("Kim", "Kim Jong-un", "Kim Dae-jung", "President Kim", "Jong-un", "Chairman Kim Jong-un")
named = st.sampled_from(NAMES)
people = st.lists(st.tuples(named, st.lists(named, max_size=2)), min_size=1, max_size=5)
several = st.lists(named, min_size=2, max_size=3, unique_by=fold).map(tuple)
said = st.lists(st.builds(Join, names=several) | st.builds(Part, names=several), max_size=4)


def written(articles: list[list[tuple[str, list[str]]]]) -> Records:
    pairs = []
    for n, listed in enumerate(articles):
        source = article(f"{n}.txt", *(f"{name} spoke in the town of {n}." for name, _ in listed))
        noted = [actor(name, k, kind="person", aliases=aliases) for k, (name, aliases) in enumerate(listed, 2)]
        pairs.append((source, note(actors=noted)))
    return records(*pairs)


def cast_of(made: Records, ledger: Ledger) -> Cast:
    return asyncio.run(join_actors(made, desk(), ledger))


@settings(max_examples=60)
@given(st.lists(people, min_size=1, max_size=3), said)
def test_what_is_said_to_apply_holds_and_no_entry_is_lost(
    articles: list[list[tuple[str, list[str]]]], corrections: list[Join | Part]
) -> None:
    made = written(articles)
    ledger = Ledger(Overrides(tuple(corrections)))
    cast = cast_of(made, ledger)
    keys = [e.key for a in cast.actors for e in a.entries]
    assert len(keys) == len(set(keys))
    assert {e.key for e in made.actors} <= set(keys)
    for source in {e.article.id: e.article for e in made.actors}.values():
        for entry in (e for e in made.actors if e.article is source):
            assert cast.of(source, entry.noted.name) is not None
    holders = [{fold(e.noted.name) for e in a.entries} for a in cast.actors]
    known = {name for names in holders for name in names}
    for entry, one in zip(ledger.entries(), corrections, strict=True):
        names = {fold(n) for n in one.names}
        if entry.applied and isinstance(one, Join):
            assert sum(bool(names & held) for held in holders) <= 1
        if entry.applied and isinstance(one, Part) and names <= known and len(corrections) == 1:
            assert all(len(names & held) < 2 for held in holders)
            assert len(entry.items) >= 2
        assert entry.applied or entry.note


def test_saying_nothing_changes_nothing() -> None:
    made = written([[("Kim Jong-un", ["Kim"]), ("Kim", [])], [("President Kim", [])]])
    assert cast_of(made, Ledger()) == asyncio.run(join_actors(made, desk()))
