"""Whatever an article or a model says, a terminal and a reader of JSON get text."""

from __future__ import annotations

import pytest
from hostile import texts
from on_screens import acting_after_cleaning, acting_in_json, acting_on_a_terminal, counted, in_json, on_terminals


@pytest.mark.parametrize("seed", range(2))
def test_nothing_in_a_hostile_brief_acts_on_a_terminal(seed: int) -> None:
    for name, text in on_terminals(seed, widths=(100,)):
        assert acting_on_a_terminal(name, text) == []


def test_nothing_in_a_hostile_brief_acts_where_its_json_is_printed_and_all_of_it_is_there() -> None:
    for seed in range(10):
        for name, text, value in in_json(seed):
            assert acting_in_json(name, text, value) == []
    assert counted(0) * 10 > 3_000


def test_of_20000_texts_nothing_that_acts_is_left_on_a_line() -> None:
    source = texts(7)
    for _ in range(20_000):
        assert acting_after_cleaning(source()) == []
