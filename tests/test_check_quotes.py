"""Only code quotes: words that a model puts in quotation marks must stand in the evidence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarise.check import check, honest
from summarise.contract import Evidence


def _said(text: str) -> tuple[Evidence, ...]:
    return (Evidence(article="a-1", sentence=1, start=0, end=len(text), quote=text),)


SAID = _said("The minister called the plan “a grave mistake” and said it would not last.")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("He called it “a grave mistake”.", "He called it “a grave mistake”."),
        ('He called it "A grave mistake."', 'He called it "A grave mistake."'),
        ("He said: “we will never leave”.", "He said: we will never leave."),
        ("Sie sei „ein Fehler“, «a grave mistake».", "Sie sei ein Fehler, «a grave mistake»."),
        ("No marks at all.", "No marks at all."),
    ],
)
def test_quotation_marks_stay_only_around_words_that_the_evidence_has(written: str, shown: str) -> None:
    assert honest(written, SAID) == shown


@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_is_left_in_marks_stands_in_the_evidence_and_no_word_is_lost(written: str, source: str) -> None:
    shown = honest(f"x “{written}” y", _said(source))
    bare = str.maketrans("", "", '“”"„«»')
    assert shown.translate(bare) == f"x “{written}” y".translate(bare)


def test_the_digits_of_a_known_date_count_only_inside_a_date() -> None:
    evidence = _said("The envoy arrived and dozens were killed.")
    dated = check("The envoy arrived on 28 January 2025.", evidence, known=("2025-01-28",))
    toll = check("The attack killed 28 people.", evidence, known=("2025-01-28",))
    assert {c.name: c.ok for c in dated}["numbers"]
    assert not {c.name: c.ok for c in toll}["numbers"]
