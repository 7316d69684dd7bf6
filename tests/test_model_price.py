"""A price that a person gives: read strictly, and used for every token."""

from __future__ import annotations

import pytest

from summarise.errors import ConfigurationError
from summarise.model import parse
from summarise.model.price import Price, price_of
from summarise.model.usage import Prices, Tokens


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("0.10/0.50", Price(0.10, 0.50, 0.10)),
        ("0.10/0.50/0.01", Price(0.10, 0.50, 0.01)),
        (" 3/15 ", Price(3.0, 15.0, 3.0)),
        ("0/0", Price(0.0, 0.0, 0.0)),
    ],
)
def test_a_price_is_what_is_sent_received_and_cached(text: str, price: Price) -> None:
    assert Price.parse(text) == price


@pytest.mark.parametrize(
    "text", ["1", "1/", "/1", "-1/2", "1,5/2", "1/2/3/4", "$1/$2", "nan/1", "1e3/2", "1 / 2", "١/٢", "9999999/1"]
)
def test_anything_else_is_refused_in_one_line_with_an_example(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"0\.10/0\.50") as told:
        Price.parse(text)
    assert "\n" not in str(told.value)


def test_no_price_is_no_price() -> None:
    assert price_of(None) is None
    assert price_of(" ") is None
    assert price_of("1/2") == Price(1.0, 2.0, 1.0)


def test_a_given_price_goes_before_the_list_and_holds_where_the_list_has_none() -> None:
    tokens = Tokens(1_000_000, 400_000, 100_000)
    for url in (None, "http://127.0.0.1:8000/v1", "https://gateway.example/v1"):
        prices = Prices(parse("openai:gpt-5-mini", base_url=url, environ={}), Price(2.0, 10.0, 0.5))
        assert prices.cost(tokens) == pytest.approx(0.6 * 2 + 0.4 * 0.5 + 0.1 * 10)
        assert prices.cost(tokens, batch=True) == prices.cost(tokens)
