"""Tokens and dollars: estimated without a download, priced where a price is known, unknown otherwise."""

from __future__ import annotations

import pytest

from summarise.model import estimate_tokens, parse
from summarise.model.spec import DEFAULT_OPENAI_MODEL
from summarise.model.usage import Meter, Prices, Tokens, tokens_of


def prices(name: str, url: str | None = None) -> Prices:
    return Prices(parse(f"openai:{name}", base_url=url, environ={}))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("", 0, 0),
        ("Negotiations between Moscow and Damascus resumed on Tuesday, officials said.", 13, 26),  # 13 by o200k_base
        ("Переговоры между Москвой и Дамаском возобновились во вторник.", 13, 40),  # 16
        ("莫斯科与大马士革周二恢复谈判，官员们说。", 14, 32),  # 16
        ("استؤنفت المفاوضات بين موسكو ودمشق يوم الثلاثاء", 12, 36),  # 15
        ("🙂🙂", 2, 8),
    ],
)
def test_estimates_are_near_and_rather_high_in_every_script(text: str, low: int, high: int) -> None:
    assert low <= estimate_tokens(text) <= high


def test_a_known_price_gives_a_cost_and_cached_tokens_are_cheaper() -> None:
    full = prices("gpt-5-mini").cost(Tokens(1_000_000, 0, 0))
    cached = prices("gpt-5-mini").cost(Tokens(1_000_000, 900_000, 0))
    assert full is not None
    assert cached is not None
    assert 0 < cached < full


def test_the_default_model_has_a_known_price() -> None:
    assert prices(DEFAULT_OPENAI_MODEL).cost(Tokens(1_000, 0, 1_000))


def test_an_unknown_price_is_unknown_and_not_nothing() -> None:
    assert prices("nobodys-model").cost(Tokens(10, 0, 10)) is None
    assert prices("gpt-5-mini", "http://127.0.0.1:8000/v1").cost(Tokens(10, 0, 10)) is None
    assert prices("gpt-5-mini", "https://gateway.example/v1").cost(Tokens(10, 0, 10)) is None


@pytest.mark.parametrize("model", ["gpt-5-mini", DEFAULT_OPENAI_MODEL])
def test_in_a_batch_openai_takes_half(model: str) -> None:
    tokens = Tokens(100_000, 20_000, 10_000)
    alone, batched = prices(model).cost(tokens), prices(model).cost(tokens, batch=True)
    assert alone is not None
    assert batched == pytest.approx(alone / 2)


def test_a_model_whose_batches_have_no_price_of_their_own_costs_what_it_costs() -> None:
    tokens = Tokens(1_000, 0, 1_000)
    assert prices("gpt-4.5-preview").cost(tokens, batch=True) == prices("gpt-4.5-preview").cost(tokens)


def test_what_is_put_into_the_provider_s_cache_costs_what_the_list_says() -> None:
    plain, written = Tokens(1_000, 0, 0), Tokens(1_000, 0, 0, written=1_000)
    assert (prices(DEFAULT_OPENAI_MODEL).cost(written) or 0) > (prices(DEFAULT_OPENAI_MODEL).cost(plain) or 0)


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        ({"prompt_tokens": 9, "completion_tokens": 2}, Tokens(9, 0, 2)),
        (
            {"prompt_tokens": 9, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 4}},
            Tokens(9, 4, 2),
        ),
        (
            {
                "prompt_tokens": 9,
                "completion_tokens": 2,
                "prompt_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 99},
            },
            Tokens(9, 4, 2, 5),
        ),
        ({"prompt_tokens": 9, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 40}}, Tokens(9, 9, 2)),
        ({"prompt_tokens": 9, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": -1}}, Tokens(9, 0, 2)),
        ({"prompt_tokens": -9, "completion_tokens": 2}, None),
        ({"prompt_tokens": 10**30, "completion_tokens": 2}, None),
        ({"prompt_tokens": "9", "completion_tokens": 2}, None),
        (None, None),
    ],
)
def test_what_an_endpoint_says_it_took_is_believed_as_far_as_it_can_be(
    usage: dict[str, object] | None, tokens: Tokens | None
) -> None:
    from openai.types.chat import ChatCompletion

    assert tokens_of(ChatCompletion.construct(usage=_usage(usage))) == tokens


def _usage(given: dict[str, object] | None) -> object:
    from openai.types import CompletionUsage

    return None if given is None else CompletionUsage.construct(**given)  # type: ignore[arg-type]


def test_a_count_that_cannot_be_priced_leaves_the_price_of_the_next_known() -> None:
    known = prices("gpt-5-mini")
    assert known.cost(Tokens(1, 0, 1)) is not None
    assert known.cost(Tokens(5, 9, 1)) is None  # more cached than sent: an endpoint's nonsense that got through
    assert known.cost(Tokens(1, 0, 1)) is not None


def test_one_unknown_cost_makes_the_sum_unknown_but_the_tokens_stay() -> None:
    meter = Meter(prices("nobodys-model"))
    assert meter.usage.cost == 0.0
    meter.sent(retry=False, reask=False)
    meter.took(Tokens(5, 1, 2))
    assert meter.usage.cost is None
    assert (meter.usage.input_tokens, meter.usage.cached_tokens, meter.usage.output_tokens) == (5, 1, 2)


def test_a_failed_request_that_nobody_worked_on_costs_nothing() -> None:
    meter = Meter(prices("nobodys-model"))
    meter.sent(retry=False, reask=False)
    meter.took(Tokens())
    assert (meter.usage.calls, meter.usage.cost) == (1, 0.0)


def test_retries_and_re_asks_are_told_apart() -> None:
    meter = Meter(prices("nobodys-model"))
    meter.sent(retry=False, reask=False)
    meter.sent(retry=True, reask=False)
    meter.sent(retry=False, reask=True)
    meter.sent(retry=True, reask=True)
    assert (meter.usage.calls, meter.usage.retries, meter.usage.reasks) == (4, 2, 1)
