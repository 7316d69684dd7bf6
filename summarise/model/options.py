"""How a model is asked: what the command line's model options say, in one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Literal

from summarise.errors import ConfigurationError
from summarise.model.limits import Limits

if TYPE_CHECKING:
    from summarise.model.batch import Batcher
    from summarise.model.budget import Purse
    from summarise.model.price import Price

Mode = Literal["json_schema", "tools", "json"]
_FLAGS = {
    "timeout": "--timeout",
    "concurrency": "--concurrency",
    "context_window": "--context-window",
    "requests_per_minute": "--rpm",
    "tokens_per_minute": "--tpm",
    "max_cost": "--max-cost",
    "max_tokens": "--max-tokens",
}
"""The options that the command line has too, by the name a person knows."""

MODES: tuple[Mode, ...] = ("json_schema", "tools", "json")


@dataclass(frozen=True, kw_only=True)
class ModelOptions:
    """Settings of the seam.

    No temperature, seed or token limit is sent unless asked for: newer models refuse requests that carry them, and
    the first answer to a question is kept and read back anyway.
    """

    timeout: float = 300.0
    """Seconds one request may take, from sending it to the last byte of its answer."""
    concurrency: int = 8
    """Requests in flight at once."""
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    """Limits of the endpoint; None is unlimited. Tokens are counted as estimated before the call."""
    mode: Mode = "json_schema"
    """How the endpoint is held to the answer's schema."""
    context_window: int = 128_000
    """Tokens that prompt and answer may have together."""
    attempts: int = 3
    """Requests sent at most for one call where the transport fails."""
    max_output_tokens: int | None = None
    max_cost: float | None = None
    """US dollars after which no further request is sent."""
    max_tokens: int | None = None
    """Tokens, input and output together, after which no further request is sent."""
    price: Price | None = None
    """What tokens cost, in place of the price list; None: as the list has it."""
    deadline: float | None = None
    """Seconds from the opening of the reader after which no further request is sent or waited for."""
    limits: Limits | None = field(default=None, compare=False, repr=False)
    """Concurrency and rates shared with other readers of the same endpoint and loop; None: this reader's own."""
    purse: Purse | None = field(default=None, compare=False, repr=False)
    """What may be spent, shared with other readers of the same loop; None: this reader's own, of the two limits."""
    batch: Batcher | None = field(default=None, compare=False, repr=False)
    """What gathers questions into the provider's batches, shared with other readers of the same loop; None: each is
    asked at once."""

    def __post_init__(self) -> None:
        """Raises ConfigurationError for a value that can mean nothing."""
        if self.mode not in MODES:
            raise ConfigurationError(f"--mode {self.mode!r} is unknown; use one of {', '.join(MODES)}")
        for name in ("timeout", "concurrency", "context_window", "attempts"):
            if not 0 < (value := getattr(self, name)) < inf:
                raise ConfigurationError(f"{_FLAGS.get(name, name)} must be more than 0 and finite, not {value}")
        limits = ("requests_per_minute", "tokens_per_minute", "max_output_tokens", "max_cost", "max_tokens", "deadline")
        for name in limits:
            value = getattr(self, name)
            if value is not None and not 0 < value < inf:
                raise ConfigurationError(f"{_FLAGS.get(name, name)} must be more than 0 and finite, not {value}")
