"""Who should have how much: fair shares of whole places, the same for everybody who looks at the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

QUANTUM = 4
"""Pulses for which a member keeps the place that others wait for, where there are more members than places."""


@dataclass(frozen=True)
class Row:
    """One member as the others see it.

    `wants` are the calls it would have in flight, `held` those it may have. `turn` orders the members by when they
    last went from holding something to holding nothing, or back; `pulses` are its own since then.
    """

    member: str
    wants: int
    held: int
    turn: int
    pulses: int


def targets(rows: Sequence[Row], total: int) -> dict[str, int]:
    """The places that each member should have, `total` of them in all.

    Max-min fair: nobody who wants more has less than another. What nobody wants is dealt out evenly, so that whoever
    begins can begin at once. Where more members want a place than there are, those who waited longest go before those
    who have had theirs for `QUANTUM` pulses.
    """
    due = sorted(rows, key=lambda row: (row.turn, row.member))
    wanting = [row for row in due if row.wants > 0]
    found = dict.fromkeys((row.member for row in rows), 0)
    if len(wanting) > total:
        fresh = [row for row in wanting if row.held and row.pulses < QUANTUM]
        waiting = [row for row in wanting if not row.held]
        spent = [row for row in wanting if row.held and row.pulses >= QUANTUM]
        for row in [*fresh, *waiting, *spent][:total]:
            found[row.member] = 1
        return found
    for row, share in zip(wanting, fair([row.wants for row in wanting], total), strict=True):
        found[row.member] = share
    spare = total - sum(found.values())
    for number, row in enumerate(due):
        found[row.member] += spare // len(due) + (number < spare % len(due))
    return found


def fair(wants: Sequence[int], total: int) -> list[int]:
    """Max-min fair shares of `total`, none more than is wanted; what does not divide goes to the first."""
    shares, left = [0] * len(wants), total
    hungry = [at for at, want in enumerate(wants) if want > 0]
    while left and hungry:
        each = left // len(hungry)
        for at in hungry if each else hungry[:left]:
            given = min(max(each, 1), wants[at] - shares[at])
            shares[at] += given
            left -= given
        hungry = [at for at in hungry if shares[at] < wants[at]]
    return shares
