"""A price that a person gives: for endpoints that the price list does not know, and for those who pay another one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from summarise.errors import ConfigurationError

_PRICE = re.compile(r"(\d{1,5}(?:\.\d{1,6})?)/(\d{1,5}(?:\.\d{1,6})?)(?:/(\d{1,5}(?:\.\d{1,6})?))?", re.ASCII)


@dataclass(frozen=True)
class Price:
    """US dollars a million tokens: of input, of output, and of input that the provider had in its cache."""

    input: float
    output: float
    cached: float

    @classmethod
    def parse(cls, text: str) -> Price:
        """What `--price IN/OUT` or `--price IN/OUT/CACHED` means; without the third, cached input costs as any other.

        Raises ConfigurationError for anything else.
        """
        found = _PRICE.fullmatch(text.strip())
        if found is None:
            raise ConfigurationError(
                f"--price {text!r} is no price; give US dollars a million tokens of input and output, as in 0.10/0.50,"
                " and of cached input where that costs less: 0.10/0.50/0.01"
            )
        input_price, output_price = float(found[1]), float(found[2])
        return cls(input_price, output_price, float(found[3]) if found[3] else input_price)


def price_of(text: str | None) -> Price | None:
    """`Price.parse`, and None for None or an empty setting."""
    return Price.parse(text) if text and text.strip() else None
