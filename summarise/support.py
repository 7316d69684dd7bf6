"""Support: an optional check by a reader who sees a statement and its sentences, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from summarise.answers import Supports
from summarise.asking import Desk, Line, all_of, weight
from summarise.blocks import parts
from summarise.contract import Check, Issue, Position

NAME = "support"


async def with_support(issues: Sequence[Issue], desk: Desk, *, hidden: frozenset[str]) -> tuple[Issue, ...]:
    """The issues, every position that is not `hidden` with a check named "support"; none where there is no answer."""
    rows = [p for issue in issues for p in issue.positions if p.id not in hidden]
    lines = {p.id: _line(p, desk.largest) for p in rows}
    blocks = parts(rows, key=lambda p: p.id, weight=lambda p: weight(lines[p.id]), largest=desk.largest)
    found = await all_of(_checks(block, lines, desk) for block in blocks)
    checks = {position: check for block in found for position, check in block.items()}
    return tuple(
        issue.model_copy(update={"positions": tuple(_checked(p, checks.get(p.id)) for p in issue.positions)})
        for issue in issues
    )


def _line(position: Position, largest: int) -> Line:
    """The statement and its sentences; of more than one question holds the first ones, which tell the most."""
    quotes = [e.quote for e in position.evidence]
    while True:
        line = Line(label=position.statement.replace(" | ", "; "), text=" […] ".join(quotes))
        if len(quotes) < 2 or weight(line) <= largest:
            return line
        quotes = quotes[: len(quotes) // 2]


def _checked(position: Position, check: Check | None) -> Position:
    return position.model_copy(update={"checks": (*position.checks, check)}) if check else position


async def _checks(block: Sequence[Position], lines: Mapping[str, Line], desk: Desk) -> dict[str, Check]:
    shown = [lines[p.id] for p in block]
    answer = await desk.records(
        "support", "whether statements are borne out", shown, Supports, lambda a: [[f.record for f in a.faults]]
    )
    if answer is None:
        return {}
    why = {block[f.record - 1].id: f.why or "not borne out" for f in answer.faults}
    return {p.id: Check(name=NAME, ok=p.id not in why, note=why.get(p.id, "")) for p in block}
