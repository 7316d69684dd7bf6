"""Support: an optional check by a reader who sees a statement and its sentences, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from summarise.answers import Supports
from summarise.asking import Desk, Line, all_of, weight
from summarise.blocks import parts
from summarise.contract import Check, Issue, Position

NAME = "support"


async def with_support(issues: Sequence[Issue], desk: Desk, *, hidden: frozenset[str]) -> tuple[Issue, ...]:
    """The issues, every position that is not `hidden` with a check named "support"; none where there is no answer."""
    rows = [p for issue in issues for p in issue.positions if p.id not in hidden]
    blocks = parts(rows, key=lambda p: p.id, weight=lambda p: weight(_line(p)), largest=desk.largest)
    found = await all_of(_checks(block, desk) for block in blocks)
    checks = {position: check for block in found for position, check in block.items()}
    return tuple(
        issue.model_copy(update={"positions": tuple(_checked(p, checks.get(p.id)) for p in issue.positions)})
        for issue in issues
    )


def _line(position: Position) -> Line:
    return Line(label=position.statement.replace(" | ", "; "), text=" […] ".join(e.quote for e in position.evidence))


def _checked(position: Position, check: Check | None) -> Position:
    return position.model_copy(update={"checks": (*position.checks, check)}) if check else position


async def _checks(block: Sequence[Position], desk: Desk) -> dict[str, Check]:
    lines = [_line(p) for p in block]
    answer = await desk.records(
        "support", "whether statements are borne out", lines, Supports, lambda a: [[f.record for f in a.faults]]
    )
    if answer is None:
        return {}
    why = {block[f.record - 1].id: f.why or "not borne out" for f in answer.faults}
    return {p.id: Check(name=NAME, ok=p.id not in why, note=why.get(p.id, "")) for p in block}
