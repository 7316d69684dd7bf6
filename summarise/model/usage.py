"""What the questions cost: tokens and dollars of every attempt, the failed ones too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarise.contract import Usage
from summarise.model.budget import BILLION, Purse, billionths
from summarise.model.price import Price
from summarise.model.spec import OPENAI_URL, ModelSpec, is_loopback

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion


_MOST_TOKENS = 100_000_000
"""Of one request; an endpoint that says more says nothing that can be counted with."""


@dataclass(frozen=True)
class Tokens:
    """Tokens of one request. `cached` are those of the input that the provider had in its cache, `written` those of
    the input that it put there (some providers take more for these)."""

    input: int = 0
    cached: int = 0
    output: int = 0
    written: int = 0


@dataclass(frozen=True)
class Attempt:
    """One request that was sent, and what it took: `cost` in billionths of a dollar (None: no price is known)."""

    tokens: Tokens
    cost: int | None
    batch: bool
    seconds: float


def tokens_of(response: ChatCompletion) -> Tokens | None:
    """The tokens that an answer says it took; None where the endpoint does not say."""
    usage = getattr(response, "usage", None)
    sent, said = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
    if sent is None or said is None:
        return None
    details = getattr(usage, "prompt_tokens_details", None)
    cached = min(sent, _count(details, "cached_tokens") or 0)
    return Tokens(sent, cached, said, min(sent - cached, _count(details, "cache_write_tokens") or 0))


def _count(usage: object, name: str) -> int | None:
    value = getattr(usage, name, None)
    return value if isinstance(value, int) and 0 <= value <= _MOST_TOKENS else None


class Prices:
    """The price of one model's tokens: the one that a person gives, else that of the list that ships with genai-prices.

    Nothing is downloaded. The list has prices of cached input, of long prompts, and of batches (OpenAI's are half:
    https://developers.openai.com/api/docs/pricing), each for the models that have one.
    """

    def __init__(self, spec: ModelSpec, given: Price | None = None) -> None:
        self._spec = spec
        self._given = given
        self._known = spec.kind == "openai" and not is_loopback(spec.base_url)

    def warm(self) -> None:
        """Loads the price list (about 0.4 s), so that the first question does not wait for it."""
        self.cost(Tokens(1, 0, 1))

    def cost(self, tokens: Tokens, batch: bool = False) -> float | None:
        """US dollars of one request, or of one in a batch; None where the model or the endpoint's prices are unknown.

        Where the list has no price for batches of a model, what it costs otherwise: too much rather than too little.
        A price that is given holds for every request.
        """
        if (given := self._given) is not None:
            fresh = tokens.input - tokens.cached
            return (fresh * given.input + tokens.cached * given.cached + tokens.output * given.output) / 1_000_000
        if not self._known:
            return None
        from genai_prices import Usage as Priced
        from genai_prices import calc_price

        usage = Priced(
            input_tokens=tokens.input,
            cache_read_tokens=tokens.cached,
            cache_write_tokens=tokens.written,
            output_tokens=tokens.output,
        )
        name, context = self._spec.name, {"processing": "batch"} if batch else None
        try:
            if self._spec.base_url == OPENAI_URL:
                found = calc_price(usage, name, provider_id="openai", price_context=context)
            else:
                found = calc_price(usage, name, provider_api_url=self._spec.base_url, price_context=context)
            return float(found.total_price)
        except LookupError:  # no such model: nor will there be one at the next request
            self._known = False
            return None
        except ValueError:  # numbers that cannot be
            return None


class Meter:
    """Counts while questions are asked. `usage` is the sum so far; all of it is spent from the `purse`, too."""

    def __init__(
        self, prices: Prices, on_usage: Callable[[Usage], None] | None = None, purse: Purse | None = None
    ) -> None:
        self.purse = purse or Purse()
        self._prices = prices
        self._on_usage = on_usage
        self._calls = self._reused = self._retries = self._reasks = self._answers = 0
        self._input = self._cached = self._output = 0
        self._cost: int | None = 0  # billionths of a dollar

    @property
    def usage(self) -> Usage:
        """Everything counted so far, as a value."""
        return Usage(
            calls=self._calls,
            reused=self._reused,
            retries=self._retries,
            reasks=self._reasks,
            input_tokens=self._input,
            cached_tokens=self._cached,
            output_tokens=self._output,
            cost=self.cost,
        )

    @property
    def cost(self) -> float | None:
        """US dollars so far; None as soon as one request's price is unknown."""
        return None if self._cost is None else self._cost / BILLION

    def expected_output(self, input_tokens: int) -> int:
        """Tokens the next answer will probably have: the mean so far, that of all who share the purse where there is
        none yet, before the first one half of its input."""
        if self._answers:
            return self._output // self._answers
        return self.purse.mean_output or max(500, input_tokens // 2)

    def expected_cost(self, input_tokens: int, batch: bool = False) -> float | None:
        """US dollars the next request will probably cost."""
        return self._prices.cost(Tokens(input_tokens, 0, self.expected_output(input_tokens)), batch)

    def sent(self, *, retry: bool, reask: bool) -> None:
        """A request goes over the wire."""
        self._calls += 1
        self._retries += retry
        self._reasks += reask and not retry
        self._tell()

    def took(self, tokens: Tokens, batch: bool = False, seconds: float = 0.0) -> Attempt:
        """What that request took; a failed one too, as far as it is known or can be estimated."""
        self._input += tokens.input
        self._cached += tokens.cached
        self._output += tokens.output
        self._answers += tokens.output > 0
        cost = self._prices.cost(tokens, batch) if tokens.input or tokens.output else 0.0
        attempt = Attempt(tokens, None if cost is None else billionths(cost), batch, seconds)
        self._cost = None if attempt.cost is None or self._cost is None else self._cost + attempt.cost
        self.purse.spend(cost, tokens.input + tokens.output, tokens.output)
        self._tell()
        return attempt

    def reused(self) -> None:
        """A question was answered from the store."""
        self._reused += 1
        self._tell()

    def _tell(self) -> None:
        if self._on_usage is not None:
            self._on_usage(self.usage)
