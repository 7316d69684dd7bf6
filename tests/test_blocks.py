"""Parts cut by content: everything once, and a new unit disturbs little."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from summarise.blocks import chance, parts

UNITS = st.lists(st.tuples(st.text(max_size=6), st.integers(1, 400)), unique_by=lambda unit: unit[0], max_size=150)
Unit = tuple[str, int]


def cut(units: list[Unit], largest: int = 1000) -> list[list[Unit]]:
    return parts(units, key=lambda u: u[0], weight=lambda u: u[1], largest=largest)


@given(UNITS, st.integers(-5, 3000))
def test_every_unit_is_in_one_part_once_in_the_order_of_the_keys(units: list[Unit], largest: int) -> None:
    made = cut(units, largest)
    assert [u for part in made for u in part] == sorted(units)
    assert all(made)


@given(UNITS, st.integers(1, 3000))
def test_no_part_is_above_the_largest_unless_one_unit_alone_is(units: list[Unit], largest: int) -> None:
    assert all(len(part) == 1 or sum(w for _, w in part) <= largest for part in cut(units, largest))


@given(UNITS, st.randoms(use_true_random=False))
def test_the_parts_do_not_depend_on_the_order_of_the_units(units: list[Unit], chooser: random.Random) -> None:
    mixed = units[:]
    chooser.shuffle(mixed)
    assert cut(mixed) == cut(units)


@settings(max_examples=50)
@given(st.integers(0, 10**6), st.text(max_size=6))
def test_one_unit_more_or_less_changes_a_few_parts_and_leaves_the_others_identical(seed: int, new: str) -> None:
    chooser = random.Random(seed)  # noqa: S311
    units = [(f"{chooser.random():.9f}", chooser.randrange(20, 60)) for _ in range(600)]
    before = {tuple(part) for part in cut(units)}
    for changed in ([*units, (f"0.{new}", 40)], units[:-1]):
        after = {tuple(part) for part in cut(changed)}
        assert len(after - before) <= 8
        assert len(before - after) <= 8
        assert len(before & after) >= len(before) - 8
    assert len(before) > 20


def test_on_average_a_new_unit_changes_less_than_two_parts() -> None:
    chooser = random.Random(7)  # noqa: S311
    units = [(f"{chooser.random():.9f}", chooser.randrange(20, 60)) for _ in range(600)]
    before = {tuple(part) for part in cut(units)}
    changes = [len({tuple(p) for p in cut([*units, (f"{chooser.random():.9f}", 40)])} - before) for _ in range(100)]
    assert sum(changes) / len(changes) < 2


def test_nothing_gives_no_part_and_a_little_gives_one() -> None:
    assert cut([]) == []
    assert cut([("b", 1), ("a", 1)]) == [[("a", 1), ("b", 1)]]


@given(st.text(st.characters()))
def test_chance_is_a_number_from_zero_to_one_for_any_text(text: str) -> None:
    assert 0 <= chance(text) <= 1
