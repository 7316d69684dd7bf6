"""The Batch API in place of single requests: for what is not urgent, at half the price where the provider gives it.

    ask ─▶ gather (until nothing more comes) ─▶ book ─▶ upload ─▶ create ─▶ poll ─▶ collect ─▶ hand out

A `Batcher` stands in `ModelOptions.batch`; every first question of a reader then goes through it, whatever came of it
is treated as if the endpoint had answered, and what a batch does not answer is asked directly. What is with the
provider stands in the store (`book`) before the provider knows of it, so that a run that was killed at any point is
gone on with by the same command, and asks nothing twice.
"""

from __future__ import annotations

from summarise.model.batch.batcher import Batcher, Reply
from summarise.model.batch.book import UnderWay, under_way
from summarise.model.batch.pace import Pace

__all__ = ["Batcher", "Pace", "Reply", "UnderWay", "under_way"]
