"""What a person allows a run: dollars and seconds. Both end questions, and neither loses an answer already paid for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from summarise.errors import BudgetSpent, ConfigurationError
from summarise.model.failures import place
from summarise.model.options import ModelOptions
from summarise.model.spec import ModelSpec
from summarise.model.usage import Meter


class Budget:
    """The limits on cost and time of one reader; the time runs from its making."""

    def __init__(self, spec: ModelSpec, options: ModelOptions, meter: Meter) -> None:
        self._spec = spec
        self._options = options
        self._meter = meter
        self._clock = asyncio.get_running_loop().time
        self._end = None if options.deadline is None else self._clock() + options.deadline
        self._reserved = 0.0
        self._freed = asyncio.Event()

    @property
    def out_of_time(self) -> bool:
        """Whether the deadline has passed."""
        return self._end is not None and self._clock() >= self._end

    def seconds_left(self, most: float) -> float:
        """Seconds until the deadline, `most` at most; 0 when it has passed."""
        return most if self._end is None else max(0.0, min(most, self._end - self._clock()))

    def check_time(self) -> None:
        """Raises BudgetSpent when the deadline has passed."""
        if self.out_of_time:
            raise self._no_time()

    @asynccontextmanager
    async def in_time(self) -> AsyncIterator[None]:
        """What is waited for inside ends at the deadline at the latest, with BudgetSpent."""
        try:
            async with asyncio.timeout_at(self._end):
                yield
        except TimeoutError:
            raise self._no_time() from None

    def _no_time(self) -> BudgetSpent:
        return BudgetSpent("the time limit is reached; run again to go on from here")

    @asynccontextmanager
    async def reserved(self, input_tokens: int) -> AsyncIterator[None]:
        """Sets the expected cost of one request aside while it is in flight, so that many at once keep to the limit.

        Waits while only what others have set aside stands in the way; raises BudgetSpent when it cannot be paid.
        """
        if self._options.max_cost is None:
            yield
            return
        while (expected := self._expected(input_tokens)) + self._reserved > self._left() and self._reserved:
            self._freed.clear()
            await self._freed.wait()
        if expected > self._left():
            raise BudgetSpent(f"the cost limit of ${self._options.max_cost:g} is reached; raise --max-cost to go on")
        self._reserved += expected
        try:
            yield
        finally:
            self._reserved = max(0.0, self._reserved - expected) if self._reserved - expected > 1e-12 else 0.0
            self._freed.set()

    def _left(self) -> float:
        spent = self._meter.cost
        return self._unknown() if spent is None else (self._options.max_cost or 0.0) - spent

    def _expected(self, input_tokens: int) -> float:
        expected = self._meter.expected_cost(input_tokens)
        return self._unknown() if expected is None else expected

    def _unknown(self) -> float:
        raise ConfigurationError(
            f"--max-cost cannot be kept: the price of {self._spec.display} at {place(self._spec)} is not known"
        )
