"""Limits: how fast questions go, and what a person's budget stops."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from asking import SENTENCES, ask, note_question

from summarise.answers import Note
from summarise.errors import BudgetSpent, ConfigurationError
from summarise.model import ModelOptions
from summarise.model.limits import BURST, Allowance, Limits
from summarise.scripted import ScriptedModel


def test_an_allowance_lets_a_burst_go_and_then_keeps_the_rate() -> None:
    allowance = Allowance(per_minute=600)  # ten a second
    now, sent = 0.0, 0
    while now < 60:
        wait = allowance.take(1, now)
        now += wait
        sent += wait == 0
    assert 600 <= sent <= 600 + 10 * BURST


def test_an_allowance_lets_a_request_larger_than_itself_go_and_makes_the_next_one_pay() -> None:
    allowance = Allowance(per_minute=60)
    assert allowance.take(1_000, 0.0) == 0
    assert allowance.take(1, 1.0) == pytest.approx(1_000 - BURST + 1 - 1)


def test_nobody_sends_while_the_endpoint_asks_for_a_pause() -> None:
    async def run() -> float:
        limits = Limits(10, None, None)
        loop = asyncio.get_running_loop()
        start = loop.time()
        limits.pause(0.1)
        async with limits.slot(1):
            return loop.time() - start

    assert asyncio.run(run()) >= 0.09


def test_requests_a_minute_are_kept_over_many_tasks() -> None:
    async def run() -> float:
        limits = Limits(50, 6_000, None)  # a hundred a second, bursts of six hundred
        loop = asyncio.get_running_loop()

        async def one() -> None:
            async with limits.slot(1):
                pass

        start = loop.time()
        await asyncio.gather(*(one() for _ in range(620)))
        return loop.time() - start

    assert 0.15 <= asyncio.run(run()) < 2


def test_a_deadline_ends_the_questions_that_are_left_and_says_how_to_go_on(tmp_path: Path) -> None:
    questions = [note_question(f"Minister number {number} said no.", SENTENCES[0]) for number in range(6)]
    with ScriptedModel(latency=0.4) as model:
        asked = ask(model, *questions, folder=tmp_path, options=ModelOptions(concurrency=1, deadline=1.5))
    answered = [result for result in asked.results if isinstance(result, Note)]
    stopped = [result for result in asked.results if isinstance(result, BudgetSpent)]
    assert 1 <= len(answered) <= 3
    assert len(answered) + len(stopped) == 6
    assert "run again to go on" in str(stopped[0])


def test_a_cost_limit_without_a_known_price_is_refused_and_not_ignored(tmp_path: Path) -> None:
    with ScriptedModel() as model:
        asked = ask(model, note_question(), folder=tmp_path, options=ModelOptions(max_cost=1.0))
    assert isinstance(asked.result, ConfigurationError)
    assert "price" in str(asked.result)
    assert model.requests == []


def test_a_cost_limit_holds_also_for_many_questions_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from summarise.model import usage

    monkeypatch.setattr(usage, "is_loopback", lambda url: False)
    monkeypatch.setattr("asking.MODEL", "gpt-5-mini")
    questions = [note_question(f"Minister number {number} said no.", SENTENCES[0]) for number in range(80)]
    with ScriptedModel() as model:
        monkeypatch.setattr(usage, "OPENAI_URL", model.base_url)  # priced as the API itself
        one = ask(model, *questions[:1], folder=tmp_path, options=ModelOptions(max_cost=1.0)).usage.cost
        assert one is not None
        assert one > 0
        asked = ask(model, *questions, folder=tmp_path, options=ModelOptions(max_cost=one * 30))
    assert asked.usage.cost is not None
    assert asked.usage.cost <= one * 30
    assert sum(isinstance(result, Note) for result in asked.results) >= 10
    stopped = [result for result in asked.results if isinstance(result, BudgetSpent)]
    assert stopped
    assert "--max-cost" in str(stopped[0])
