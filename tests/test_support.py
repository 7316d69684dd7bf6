"""The optional check of statements by a reader that sees nothing but their sentences."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from readers import ScriptedReader

from summarise.answers import Answer, SupportFault, Supports
from summarise.api import amake
from summarise.asking import Desk
from summarise.contract import Issue
from summarise.errors import ModelUnavailable
from summarise.question import Question
from summarise.support import NAME, with_support

SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="module")
def issues() -> tuple[Issue, ...]:
    return asyncio.run(amake(SEEDS, model="extractive")).brief.issues


def _checked(
    issues: tuple[Issue, ...], reader: ScriptedReader, hidden: frozenset[str] = frozenset()
) -> dict[str, bool]:
    made = asyncio.run(with_support(issues, Desk(reader), hidden=hidden))
    return {p.id: c.ok for i in made for p in i.positions for c in p.checks if c.name == NAME}


def _first_is_at_fault(question: Question[Any]) -> Answer:
    return Supports(faults=(SupportFault(record=1, why="another speaker"),))


def test_every_position_gets_a_check_and_the_one_at_fault_fails(issues: tuple[Issue, ...]) -> None:
    found = _checked(issues, ScriptedReader({"support": _first_is_at_fault}))
    assert set(found) == {p.id for i in issues for p in i.positions}
    assert list(found.values()).count(False) == 1


def test_the_reader_sees_statements_and_sentences_and_nothing_else(issues: tuple[Issue, ...]) -> None:
    reader = ScriptedReader({"support": Supports(faults=())})
    _checked(issues, reader)
    lines = {(r.label, r.text) for q in reader.asked for r in q.data.records}
    positions = [p for i in issues for p in i.positions]
    assert lines == {(p.statement.replace(" | ", "; "), " […] ".join(e.quote for e in p.evidence)) for p in positions}


def test_without_an_answer_no_position_is_said_to_be_borne_out(issues: tuple[Issue, ...]) -> None:
    assert _checked(issues, ScriptedReader({"support": ModelUnavailable("down")})) == {}


def test_what_rests_on_flagged_sentences_goes_into_no_question(issues: tuple[Issue, ...]) -> None:
    reader = ScriptedReader({"support": Supports(faults=())})
    hidden = issues[0].positions[0]
    found = _checked(issues, reader, frozenset({hidden.id}))
    assert hidden.id not in found
    assert hidden.statement not in {r.label for q in reader.asked for r in q.data.records}


def test_a_run_with_the_check_counts_it() -> None:
    made = asyncio.run(amake(SEEDS, model="extractive", check=True)).brief
    assert all(any(c.name == NAME for c in p.checks) for i in made.issues for p in i.positions)
