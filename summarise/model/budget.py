"""What a person allows a run: dollars, tokens and seconds. Each ends questions; none loses an answer already paid for.

A `Purse` may be shared by any number of readers; the time is each reader's own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from summarise.errors import BudgetSpent, ConfigurationError
from summarise.model.failures import place
from summarise.model.options import ModelOptions
from summarise.model.spec import ModelSpec

if TYPE_CHECKING:
    from summarise.model.usage import Meter

BILLION = 1_000_000_000
"""Money is counted in whole billionths of a dollar, so that sums are exact; a cached token may cost as few as five."""

_FIRST_MARGIN = 3.0


@dataclass(frozen=True)
class Spending:
    """US dollars (None where no price is known) and tokens, those of input and output together."""

    cost: float | None
    tokens: int


class Purse:
    """What a run may spend: US dollars and tokens, None for no limit. For any number of readers of one event loop.

    What a request will probably cost is set aside while it is in flight. Beside others in flight it goes only where
    something is left over for those that take more than was expected of them, so that near its end a limit is
    approached by one request at a time, and is passed by what the last answer exceeds its estimate by. The margin is
    twice the sum of what is expected of those in flight, divided by the root of their number: the spread of a sum
    grows with the root. Before the first answer, when nothing is known, it is three times the sum.

    `final`: the limits stay as they are, so that who lacks money fails with BudgetSpent. Where it is False, they may
    be raised (`allow`), and who lacks money waits. `part_of`: what a whole run may spend, of which this is a part.
    """

    def __init__(
        self,
        max_cost: float | None = None,
        max_tokens: int | None = None,
        *,
        final: bool = True,
        part_of: Spending | None = None,
    ) -> None:
        self._max_cost, self._max_tokens, self._final, self._part_of = max_cost, max_tokens, final, part_of
        self._cost = self._unpriced = self._tokens = 0
        self._in_flight = self._cost_aside = self._tokens_aside = 0
        self._known = False  # something of how long answers are
        self._output = self._answers = 0
        self._turn = asyncio.Lock()
        self._waiting: Spending | None = None
        self._changed = asyncio.Event()

    @property
    def max_cost(self) -> float | None:
        """US dollars that may be spent."""
        return self._max_cost

    @property
    def max_tokens(self) -> int | None:
        """Tokens that may be spent, input and output together."""
        return self._max_tokens

    @property
    def limited(self) -> bool:
        """Whether there is any limit, now or later."""
        return self._max_cost is not None or self._max_tokens is not None or not self._final

    @property
    def spent_cost(self) -> float | None:
        """US dollars spent so far; None as soon as one request's price is unknown."""
        return None if self._unpriced else self._cost / BILLION

    @property
    def spent_tokens(self) -> int:
        """Tokens spent so far."""
        return self._tokens

    @property
    def set_aside(self) -> Spending:
        """What the requests in flight will probably take; nothing is set aside while there is no limit."""
        return Spending(self._cost_aside / BILLION, self._tokens_aside)

    @property
    def waiting(self) -> Spending | None:
        """What the first of those who wait for the limits will probably take; None where nobody waits.

        Alone in flight it goes once this much is left.
        """
        return self._waiting

    @property
    def final(self) -> bool:
        """Whether the limits stay as they are."""
        return self._final

    @final.setter
    def final(self, value: bool) -> None:
        self._final = value
        self._changed.set()

    def allow(self, max_cost: float | None, max_tokens: int | None) -> None:
        """Sets both limits anew (the whole sums, not what is added), and wakes who waits for more."""
        self._max_cost, self._max_tokens = max_cost, max_tokens
        self._changed.set()

    @property
    def mean_output(self) -> int | None:
        """Tokens that an answer to any of the readers had so far; None before the first one."""
        return self._output // self._answers if self._answers else None

    def spend(self, cost: float | None, tokens: int, output: int = 0) -> None:
        """Counts what a request took: US dollars, None where its price is unknown, and tokens, `output` among them."""
        self._tokens += tokens
        self._output += output
        self._answers += output > 0
        if cost is None:
            self._unpriced += 1
        else:
            self._cost += billionths(cost)
        self._known = self._known or tokens > 0

    @asynccontextmanager
    async def reserved(self, expected: Callable[[], Spending]) -> AsyncIterator[None]:
        """Sets what is expected of one request aside while it is in flight. First come, first served.

        Waits while only what others have set aside stands in the way, or while the limits may still be raised;
        raises BudgetSpent when it cannot be paid. `expected` is asked again whenever something has changed.
        """
        if not self.limited:
            yield
            return
        async with self._turn:
            want = await self._affordable(expected)
            cost = billionths(want.cost or 0.0)
            self._in_flight += 1
            self._cost_aside += cost
            self._tokens_aside += want.tokens
        try:
            yield
        finally:
            self._in_flight -= 1
            self._cost_aside -= cost
            self._tokens_aside -= want.tokens
            self._changed.set()

    async def _affordable(self, expected: Callable[[], Spending]) -> Spending:
        try:
            while not self._fits(want := expected(), beside=True):
                if self._final and not self._fits(want, beside=False):
                    raise self._reached(want)
                self._waiting = want
                self._changed.clear()
                await self._changed.wait()
        finally:
            self._waiting = None
        return want

    def _fits(self, want: Spending, *, beside: bool) -> bool:
        """Whether so much may be spent, beside what is in flight or when nothing is."""
        return self._cost_fits(want, beside=beside) and self._tokens_fit(want, beside=beside)

    def _cost_fits(self, want: Spending, *, beside: bool) -> bool:
        if self._max_cost is None:
            return True
        left = billionths(self._max_cost) - self._cost
        return self._with_margin(billionths(want.cost or 0.0), self._cost_aside, beside=beside) <= left

    def _tokens_fit(self, want: Spending, *, beside: bool) -> bool:
        if self._max_tokens is None:
            return True
        left = self._max_tokens - self._tokens
        return self._with_margin(want.tokens, self._tokens_aside, beside=beside) <= left

    def _with_margin(self, want: int, aside: int, *, beside: bool) -> float:
        if not beside or not self._in_flight:
            return want
        margin = 2 / sqrt(self._in_flight + 1) if self._known else _FIRST_MARGIN
        return (want + aside) * (1 + margin)

    def _reached(self, want: Spending) -> BudgetSpent:
        of = self._part_of or Spending(self._max_cost, self._max_tokens or 0)
        if not self._cost_fits(want, beside=False):
            option, limit, one = "--max-cost", f"cost limit of ${of.cost:g}", f"${want.cost:.2g}"
        else:
            option, limit, one = "--max-tokens", f"limit of {of.tokens:,} tokens", f"{want.tokens:,} tokens"
        if not self._tokens and self._part_of is None:
            return BudgetSpent(f"the {limit} is too small for one question (about {one}); raise {option}")
        return BudgetSpent(f"the {limit} is reached; run again to go on from here, or raise {option}")


def billionths(dollars: float) -> int:
    """US dollars as whole billionths."""
    return round(dollars * BILLION)


class Budget:
    """The limits on money, tokens and time of one reader; the time runs from its making, the purse is the meter's."""

    def __init__(self, spec: ModelSpec, options: ModelOptions, meter: Meter) -> None:
        self._spec = spec
        self._meter = meter
        self._clock = asyncio.get_running_loop().time
        self._end = None if options.deadline is None else self._clock() + options.deadline

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
    async def reserved(self, input_tokens: int, *, batch: bool = False) -> AsyncIterator[None]:
        """Sets what one request will probably take aside while it is in flight; `batch`: at the price of a batch.

        Raises BudgetSpent when it cannot be paid, ConfigurationError where its price is not known and must be.
        """
        async with self._meter.purse.reserved(lambda: self._expected(input_tokens, batch)):
            yield

    def _expected(self, input_tokens: int, batch: bool) -> Spending:
        tokens = input_tokens + self._meter.expected_output(input_tokens)
        if self._meter.purse.max_cost is None:
            return Spending(None, tokens)
        cost = self._meter.expected_cost(input_tokens, batch=batch)
        if cost is None or self._meter.purse.spent_cost is None:
            raise ConfigurationError(
                f"--max-cost cannot be kept: the price of {self._spec.display} at {place(self._spec)} is not known;"
                " --max-tokens can"
            )
        return Spending(cost, tokens)
