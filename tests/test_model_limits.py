"""Limits: how fast questions go, and what a person's budget stops."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from asking import SENTENCES, ask, note_question

from summarise.answers import Note
from summarise.errors import BudgetSpent, ConfigurationError
from summarise.model import ModelOptions, ModelReader, parse
from summarise.model.limits import BURST, Allowance, Limits, clock
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


def test_a_pause_is_told_on_when_the_endpoint_asks_for_it_and_not_when_it_was_heard_of_nor_for_each_of_many() -> None:
    limits, told = Limits(10, None, None), list[float]()
    limits.on_pause = lambda: told.append(limits.asked_to_wait)
    limits.pause(30, heard=True)
    assert told == []
    for _ in range(8):  # as many as were in flight
        limits.pause(30)
    assert told == [pytest.approx(30, abs=1)]


def test_a_pause_that_begins_while_the_next_one_waits_for_its_rate_holds_for_it_too() -> None:
    async def run() -> float:
        limits = Limits(10, 60_000, None)  # a thousand a second
        limits._requests = Allowance(600)  # so that one request empties it, for a tenth of a second
        limits._requests.take(60, time.monotonic())
        task = asyncio.create_task(landed_at(limits))
        await asyncio.sleep(0.01)
        limits.pause(0.3)
        paused = time.monotonic()
        return await task - paused

    async def landed_at(limits: Limits) -> float:
        async with limits.slot(1):
            return time.monotonic()

    assert asyncio.run(run()) >= 0.29


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


def test_limits_that_shrink_let_what_is_in_flight_end_and_let_nobody_in_before() -> None:
    async def run() -> None:
        limits = Limits(3, None, None)
        flights = [await flying(limits) for _ in range(3)]
        limits.resize(1, None, None)
        line = asyncio.create_task(flying(limits))
        for flight in flights[:2]:
            await landed(flight)
        assert (limits.in_flight, limits.waiting, line.done()) == (1, 1, False)
        await landed(flights[2])
        await landed(await line)
        assert (limits.in_flight, limits.waiting) == (0, 0)

    asyncio.run(run())


def test_limits_that_grow_let_those_in_who_came_first_also_from_another_thread() -> None:
    async def run() -> list[int]:
        limits, order = Limits(0, None, None), list[int]()

        async def one(number: int) -> None:
            async with limits.slot(1):
                order.append(number)

        tasks = [asyncio.create_task(one(number)) for number in range(5)]
        await asyncio.sleep(0)
        tasks[1].cancel()
        await asyncio.to_thread(limits.resize, 1, None, None)
        await asyncio.gather(*tasks, return_exceptions=True)
        assert limits.most_wanted() == 5
        assert limits.most_wanted() == 0
        return order

    assert asyncio.run(run()) == [0, 2, 3, 4]


def test_nobody_sends_once_the_limits_are_shut_until_they_are_open_again() -> None:
    async def run() -> None:
        limits = Limits(2, None, None)
        limits.shut_at(clock() - 1)
        waiting = asyncio.create_task(flying(limits))
        await asyncio.sleep(0.01)
        assert (limits.in_flight, limits.waiting) == (0, 1)
        limits.shut_at(clock() + 60)
        await landed(await waiting)

    asyncio.run(run())


def test_who_is_cut_off_while_the_limits_are_shut_gives_back_nothing_that_it_does_not_have() -> None:
    async def run() -> None:
        limits = Limits(2, 60 * BURST, None)
        for _ in range(int(BURST**2)):
            limits._take("requests", 1)
        waiting = asyncio.create_task(flying(limits))  # has a place, and waits for the rate
        await asyncio.sleep(0.01)
        limits.shut_at(clock() - 1)
        limits.resize(2, None, None)
        await asyncio.sleep(0.01)
        assert (limits.in_flight, limits.waiting) == (0, 1)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert (limits.in_flight, limits.waiting) == (0, 0)

    asyncio.run(run())


def test_what_an_allowance_grows_by_begins_empty_and_one_of_nothing_lets_nobody_go() -> None:
    allowance = Allowance(per_minute=0)
    assert allowance.take(1, 0.0) == float("inf")
    allowance.resize(600, now=10.0)
    assert allowance.take(1, 10.0) == pytest.approx(0.1)
    assert allowance.take(10, 11.0) == 0
    allowance.resize(60, now=100.0)  # it was full, of sixty
    assert [allowance.take(BURST, 100.0), allowance.take(1, 100.0)] == [0, 1]


def test_whoever_waits_for_a_rate_of_nothing_goes_when_there_is_one() -> None:
    async def run() -> None:
        limits = Limits(1, 0, None)
        waiting = asyncio.create_task(flying(limits))
        await asyncio.sleep(0.01)
        assert not waiting.done()
        limits.resize(1, 60_000, None)
        await landed(await waiting)

    asyncio.run(run())


async def flying(limits: Limits) -> AsyncExitStack:
    flight = AsyncExitStack()
    await flight.enter_async_context(limits.slot(1))
    return flight


async def landed(flight: AsyncExitStack) -> None:
    await flight.aclose()
    for _ in range(3):
        await asyncio.sleep(0)


# ---- room to prepare what is asked next


class Crowd:
    """Tasks that enter and stay until they are told to go; `inside` are those that came in, in order."""

    def __init__(self, places: Limits, many: int) -> None:
        self._places = places
        self._go = [asyncio.Event() for _ in range(many)]
        self.inside: list[int] = []
        self.tasks = [asyncio.create_task(self._one(number)) for number in range(many)]

    async def _one(self, number: int) -> None:
        async with self._places.slot(0):
            self.inside.append(number)
            await self._go[number].wait()

    async def leave(self, *numbers: int) -> None:
        for number in numbers:
            self._go[number].set()
        await settled()


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_places_beside_limits_follow_them_as_they_grow_and_shrink() -> None:
    async def run() -> None:
        limits = Limits(2, None, None)
        crowd = Crowd(limits.beside(lambda concurrency: concurrency + 3), 30)
        await settled()
        assert crowd.inside == list(range(5))
        limits.resize(7, None, None)  # nobody need leave first
        await settled()
        assert crowd.inside == list(range(10))
        limits.resize(1, None, None)
        await crowd.leave(*range(6))
        assert crowd.inside == list(range(10))
        await crowd.leave(6)
        assert crowd.inside == list(range(11))
        await crowd.leave(*range(30))
        await asyncio.gather(*crowd.tasks)
        assert crowd.inside == list(range(30))

    asyncio.run(run())


def test_who_is_cancelled_as_its_turn_comes_passes_its_place_on() -> None:
    async def run() -> None:
        crowd = Crowd(Limits(1, None, None).beside(lambda _: 1), 3)
        await settled()
        crowd._go[0].set()
        await asyncio.sleep(0)  # the first is about to leave
        await asyncio.sleep(0)
        crowd.tasks[1].cancel()
        await settled()
        assert crowd.inside[-1] == 2
        await crowd.leave(1, 2)
        await asyncio.gather(*crowd.tasks, return_exceptions=True)

    asyncio.run(asyncio.wait_for(run(), 10))


def test_a_reader_has_room_for_what_may_be_in_flight_and_for_sixteen_questions_more(tmp_path: Path) -> None:
    async def inside(concurrency: int, url: str) -> int:
        spec, options = parse("openai:scripted", base_url=url, environ={}), ModelOptions(concurrency=concurrency)
        async with ModelReader(spec, prompts=tmp_path, options=options) as reader, AsyncExitStack() as entered:
            for count in range(500):
                try:
                    async with asyncio.timeout(0.05):
                        await entered.enter_async_context(reader.room())
                except TimeoutError:
                    return count
            return 500

    with ScriptedModel() as model:
        assert asyncio.run(inside(4, model.base_url)) == 20
        assert asyncio.run(inside(200, model.base_url)) == 250
