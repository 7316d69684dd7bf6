"""One limit, and one purse, shared by processes through the store they all use.

    limits     of one endpoint and model: calls in flight, requests and tokens a minute, and pauses it asks one of
               them to make. Whoever asks it through this store is a member of its pool, whichever run, so that a run
               begun again keeps to what the one before it may still have in flight.
    purse      of one run: dollars and tokens that all its processes together may spend.

A member has a row, and beats: every pulse is one short writing transaction in which it counts its beat up, says how
much it wants, and takes its fair share (`shares`). It gives up in its row only what it no longer uses, and grows only
by what the rows of the others leave free; so the sum of the rows never exceeds the limit, whoever joins, dies or is
held up. Whoever has not beaten for a lease, by the clock of who watches, is thrown out; the member itself stops sending
before that, by its own clock. What a dead member was given to spend counts as spent.
"""

from __future__ import annotations

from summarise.sharing.member import LEASE, Member
from summarise.sharing.pool import Totals
from summarise.sharing.purses import KEEP, Purses

__all__ = ["KEEP", "LEASE", "Member", "Purses", "Totals"]
