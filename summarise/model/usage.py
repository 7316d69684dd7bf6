"""What the questions cost: tokens and dollars of every attempt, the failed ones too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarise.contract import Usage
from summarise.model.spec import OPENAI_URL, ModelSpec, is_loopback

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion


@dataclass(frozen=True)
class Tokens:
    """Tokens of one request. `cached` are those of the input that the provider had in its cache."""

    input: int = 0
    cached: int = 0
    output: int = 0


def tokens_of(response: ChatCompletion) -> Tokens | None:
    """The tokens that an answer says it took; None where the endpoint does not say."""
    usage = getattr(response, "usage", None)
    prompt, completion = getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None)
    if not isinstance(prompt, int) or not isinstance(completion, int):
        return None
    cached = getattr(getattr(usage, "prompt_tokens_details", None), "cached_tokens", None)
    return Tokens(prompt, cached if isinstance(cached, int) else 0, completion)


class Prices:
    """The price of one model's tokens, from the list that ships with genai-prices; nothing is downloaded."""

    def __init__(self, spec: ModelSpec) -> None:
        self._spec = spec
        self._known = spec.kind == "openai" and not is_loopback(spec.base_url)

    def warm(self) -> None:
        """Loads the price list (about 0.4 s), so that the first question does not wait for it."""
        self.cost(Tokens(1, 0, 1))

    def cost(self, tokens: Tokens) -> float | None:
        """US dollars of one request; None where the model or the endpoint's prices are unknown."""
        if not self._known:
            return None
        from genai_prices import Usage as Priced
        from genai_prices import calc_price

        usage = Priced(input_tokens=tokens.input, cache_read_tokens=tokens.cached, output_tokens=tokens.output)
        at_home = self._spec.base_url == OPENAI_URL
        try:
            if at_home:
                return float(calc_price(usage, self._spec.name, provider_id="openai").total_price)
            return float(calc_price(usage, self._spec.name, provider_api_url=self._spec.base_url).total_price)
        except (LookupError, ValueError):
            self._known = False
            return None


class Meter:
    """Counts while questions are asked. `usage` is the sum so far."""

    def __init__(self, prices: Prices, on_usage: Callable[[Usage], None] | None = None) -> None:
        self._prices = prices
        self._on_usage = on_usage
        self._calls = self._reused = self._retries = self._reasks = self._answers = 0
        self._input = self._cached = self._output = 0
        self._cost: float | None = 0.0

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
            cost=self._cost,
        )

    @property
    def cost(self) -> float | None:
        """US dollars so far; None as soon as one request's price is unknown."""
        return self._cost

    def expected_output(self, input_tokens: int) -> int:
        """Tokens the next answer will probably have: the mean so far, before the first one half of its input."""
        return self._output // self._answers if self._answers else max(500, input_tokens // 2)

    def expected_cost(self, input_tokens: int) -> float | None:
        """US dollars the next request will probably cost."""
        return self._prices.cost(Tokens(input_tokens, 0, self.expected_output(input_tokens)))

    def sent(self, *, retry: bool, reask: bool) -> None:
        """A request goes over the wire."""
        self._calls += 1
        self._retries += retry
        self._reasks += reask and not retry
        self._tell()

    def took(self, tokens: Tokens) -> None:
        """What that request took; a failed one too, as far as it is known or can be estimated."""
        self._input += tokens.input
        self._cached += tokens.cached
        self._output += tokens.output
        self._answers += tokens.output > 0
        if self._cost is not None:
            cost = self._prices.cost(tokens) if tokens.input or tokens.output else 0.0
            self._cost = None if cost is None else self._cost + cost
        self._tell()

    def reused(self) -> None:
        """A question was answered from the store."""
        self._reused += 1
        self._tell()

    def _tell(self) -> None:
        if self._on_usage is not None:
            self._on_usage(self.usage)
