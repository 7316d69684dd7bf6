"""The purse: what a run may spend, kept by many at once, and what is said when it is spent."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from asking import SENTENCES, ask, note_question, prompts

from summarise.answers import Note
from summarise.errors import BudgetSpent, ConfigurationError
from summarise.model import ModelOptions, ModelReader, parse
from summarise.model.budget import Purse, Spending
from summarise.model.price import Price
from summarise.scripted import ScriptedModel

ONE = Price(1.0, 1.0, 1.0)  # a dollar a million tokens


def questions(number: int) -> list[object]:
    return [note_question(f"Minister number {n} said no.", SENTENCES[0]) for n in range(number)]


async def spend(purse: Purse, expected: int, takes: int) -> bool:
    """One request; whether it could be paid."""
    try:
        async with purse.reserved(lambda: Spending(expected / 1_000, expected)):
            for _ in range(3):
                await asyncio.sleep(0)
            purse.spend(takes / 1_000, takes)
    except BudgetSpent:
        return False
    return True


@pytest.mark.parametrize("limits", [{"max_tokens": 10_000}, {"max_cost": 10.0}, {"max_tokens": 10_000, "max_cost": 9}])
def test_answers_as_long_as_expected_never_pass_a_limit_and_use_it_up(limits: dict[str, float]) -> None:
    async def run() -> tuple[Purse, int]:
        purse = Purse(**limits)  # type: ignore[arg-type]
        done = await asyncio.gather(*(spend(purse, 100, 100) for _ in range(300)))
        return purse, sum(done)

    purse, answered = asyncio.run(run())
    limit = 90 if limits.get("max_cost") == 9 else 100
    assert answered == limit
    assert purse.spent_tokens == limit * 100
    assert purse.spent_cost == limit / 10
    assert purse.set_aside == Spending(0.0, 0)


@pytest.mark.parametrize("seed", range(20))
def test_a_limit_is_passed_by_what_the_last_answer_exceeds_its_estimate_by_however_many_are_at_work(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311  # no secret

    async def run() -> tuple[Purse, int]:
        purse, slots, over = Purse(max_tokens=50_000), asyncio.Semaphore(draw.choice([4, 16, 64])), [0]

        async def one() -> None:
            takes = round(100 * draw.uniform(0, 2))
            async with slots:
                if await spend(purse, 100, takes):
                    over.append(takes - 100)

        await asyncio.gather(*(one() for _ in range(1_500)))
        return purse, max(over)

    purse, exceeded = asyncio.run(run())
    assert 50_000 - 100 <= purse.spent_tokens <= 50_000 + exceeded


def test_before_the_first_answer_few_go_as_nothing_is_known_of_their_length() -> None:
    async def run() -> int:
        purse, most = Purse(max_tokens=1_000), 0

        async def one() -> None:
            nonlocal most
            async with purse.reserved(lambda: Spending(None, 100)):
                most = max(most, purse.set_aside.tokens)
                await asyncio.sleep(0.01)
                purse.spend(None, 450)  # far more than expected

        await asyncio.gather(*(one() for _ in range(20)), return_exceptions=True)
        assert purse.spent_tokens <= 1_000 + 350
        return most

    assert asyncio.run(run()) <= 250


def test_who_lacks_money_waits_while_more_may_be_allowed_and_goes_on_once_it_is() -> None:
    async def run() -> None:
        purse = Purse(max_tokens=100, final=False)
        assert await spend(purse, 100, 100)
        waiting = [asyncio.create_task(spend(purse, 60, 60)) for _ in range(3)]
        await asyncio.sleep(0.01)
        assert not any(task.done() for task in waiting)
        assert purse.waiting == Spending(0.06, 60)
        purse.allow(None, 220)
        await asyncio.sleep(0.01)
        assert [task.done() for task in waiting] == [True, True, False]
        purse.final = True
        assert await waiting[2] is False
        assert (purse.waiting, purse.spent_tokens) == (None, 220)

    asyncio.run(run())


def test_small_questions_do_not_overtake_a_large_one_that_waits() -> None:
    async def run() -> list[int]:
        purse, order = Purse(max_tokens=1_000), list[int]()
        purse.spend(None, 1)

        async def one(size: int) -> None:
            if await spend(purse, size, size):
                order.append(size)

        await asyncio.gather(*(one(size) for size in (300, 500, 30, 20)))
        return order

    assert asyncio.run(run()) == [300, 500, 30, 20]


def test_one_that_is_cancelled_while_it_waits_holds_nobody_up_and_keeps_nothing() -> None:
    async def run() -> None:
        purse = Purse(max_tokens=100, final=False)
        large = asyncio.create_task(spend(purse, 500, 500))
        small = asyncio.create_task(spend(purse, 50, 50))
        await asyncio.sleep(0.01)
        large.cancel()
        assert await small
        assert purse.set_aside.tokens == 0
        assert purse.spent_tokens == 50

    asyncio.run(run())


def test_what_no_limit_allows_is_told_with_the_option_that_does_and_how_to_go_on() -> None:
    async def told(purse: Purse, expected: Spending) -> str:
        with pytest.raises(BudgetSpent) as told:
            async with purse.reserved(lambda: expected):
                raise AssertionError("not to be paid")
        return str(told.value)

    async def run() -> None:
        purse = Purse(max_cost=0.5, max_tokens=10_000)
        assert await told(purse, Spending(0.75, 9)) == (
            "the cost limit of $0.5 is too small for one question (about $0.75); raise --max-cost"
        )
        purse.spend(0.1, 9_500)
        assert await told(purse, Spending(0.1, 600)) == (
            "the limit of 10,000 tokens is reached; run again to go on from here, or raise --max-tokens"
        )

    asyncio.run(run())


def test_an_unknown_price_makes_what_was_spent_unknown() -> None:
    purse = Purse()
    purse.spend(0.25, 10)
    assert purse.spent_cost == 0.25
    purse.spend(None, 10)
    assert purse.spent_cost is None
    assert purse.spent_tokens == 20


def test_sums_of_many_small_costs_are_exact() -> None:
    purse = Purse()
    for _ in range(1_000_000 // 100):
        purse.spend(0.00000001, 1)
    assert purse.spent_cost == 0.0001


@pytest.mark.parametrize(
    ("limit", "option", "spent"),
    [
        (lambda one: {"max_tokens": one * 30}, "--max-tokens", lambda purse: purse.spent_tokens),
        (lambda one: {"max_cost": one * 30 / 1e6}, "--max-cost", lambda purse: round(purse.spent_cost * 1e6)),
    ],
)
def test_several_readers_keep_to_one_purse_and_keep_what_they_were_answered(
    tmp_path: Path,
    limit: Callable[[int], dict[str, float]],
    option: str,
    spent: Callable[[Purse], int],
) -> None:
    folder = prompts(tmp_path)

    async def run(url: str, purse: Purse) -> list[list[object]]:
        async def reader(number: int) -> list[object]:
            spec = parse("openai:scripted", base_url=url, environ={})
            options = ModelOptions(purse=purse, price=ONE)
            async with ModelReader(spec, prompts=folder, options=options) as reader:
                asked = [note_question(f"Minister {number} {n} said no.", SENTENCES[0]) for n in range(25)]
                return await asyncio.gather(*(reader.ask(one) for one in asked), return_exceptions=True)

        return await asyncio.gather(*(reader(number) for number in range(4)))

    with ScriptedModel() as model:
        usage = ask(model, *questions(1), folder=tmp_path).usage  # type: ignore[arg-type]
        one = usage.input_tokens + usage.output_tokens
        purse = Purse(**limit(one))  # type: ignore[arg-type]
        results = [result for some in asyncio.run(run(model.base_url, purse)) for result in some]
    answered = [result for result in results if isinstance(result, Note)]
    stopped = [result for result in results if isinstance(result, BudgetSpent)]
    assert len(answered) + len(stopped) == 100
    assert len(answered) >= 15
    assert spent(purse) <= one * 31
    assert option in str(stopped[0])


def test_a_limit_on_tokens_needs_no_price(tmp_path: Path) -> None:
    with ScriptedModel() as model:
        asked = ask(model, *questions(12), folder=tmp_path, options=ModelOptions(max_tokens=2_000))  # type: ignore[arg-type]
    assert asked.usage.cost is None
    assert 0 < asked.usage.input_tokens + asked.usage.output_tokens <= 2_000
    assert any(isinstance(result, BudgetSpent) for result in asked.results)


def test_a_limit_on_cost_without_a_price_names_the_one_that_can_be_kept(tmp_path: Path) -> None:
    with ScriptedModel() as model:
        asked = ask(model, note_question(), folder=tmp_path, options=ModelOptions(max_cost=1.0))
    assert isinstance(asked.result, ConfigurationError)
    assert "--max-tokens can" in str(asked.result)


def test_a_price_that_is_given_makes_a_limit_on_cost_work_on_an_endpoint_of_one_s_own(tmp_path: Path) -> None:
    with ScriptedModel() as model:
        options = ModelOptions(max_cost=1.0, price=ONE)
        usage = ask(model, note_question(), folder=tmp_path, options=options).usage
    assert usage.cost == (usage.input_tokens + usage.output_tokens) / 1_000_000
