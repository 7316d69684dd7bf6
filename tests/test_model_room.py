"""Room to prepare questions: as many as may be in flight, and a few more."""

from __future__ import annotations

import asyncio

import pytest

from summarise.model.room import Room


class Crowd:
    """Tasks that enter a room and stay until they are told to go; `inside` are those that are in, in order."""

    def __init__(self, room: Room, many: int) -> None:
        self._room = room
        self._go = [asyncio.Event() for _ in range(many)]
        self.inside: list[int] = []
        self.tasks = [asyncio.create_task(self._one(number)) for number in range(many)]

    async def _one(self, number: int) -> None:
        async with self._room:
            self.inside.append(number)
            await self._go[number].wait()

    async def leave(self, *numbers: int) -> None:
        for number in numbers:
            self._go[number].set()
        await settled()


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_as_many_as_may_be_in_flight_and_sixteen_more_are_let_in_in_order() -> None:
    async def run() -> None:
        crowd = Crowd(Room(lambda: 4), 30)
        await settled()
        assert crowd.inside == list(range(20))
        await crowd.leave(7)
        assert crowd.inside == list(range(21))
        await crowd.leave(*range(30))
        await asyncio.gather(*crowd.tasks)
        assert crowd.inside == list(range(30))

    asyncio.run(run())


def test_where_more_may_be_in_flight_later_the_next_one_out_lets_all_of_them_in() -> None:
    async def run() -> None:
        allowed = 1
        crowd = Crowd(Room(lambda: allowed), 60)
        await settled()
        assert len(crowd.inside) == 17
        allowed = 100
        await crowd.leave(0)
        assert len(crowd.inside) == 60
        await crowd.leave(*range(60))
        await asyncio.gather(*crowd.tasks)

    asyncio.run(run())


def test_with_any_number_in_flight_everybody_is_let_in() -> None:
    async def run() -> None:
        crowd = Crowd(Room(lambda: None), 500)
        await settled()
        assert len(crowd.inside) == 500
        await crowd.leave(*range(500))
        await asyncio.gather(*crowd.tasks)

    asyncio.run(run())


def test_who_is_cancelled_while_waiting_or_inside_takes_no_room() -> None:
    async def run() -> None:
        crowd = Crowd(Room(lambda: 1), 40)
        await settled()
        for number in (20, 21, 3):  # two that wait, one that is inside
            crowd.tasks[number].cancel()
        await settled()
        await crowd.leave(*range(40))
        done = await asyncio.gather(*crowd.tasks, return_exceptions=True)
        assert [n for n, one in enumerate(done) if isinstance(one, asyncio.CancelledError)] == [3, 20, 21]
        assert sorted({*crowd.inside}) == [n for n in range(40) if n not in (20, 21)]

    asyncio.run(run())


def test_an_error_inside_makes_room_and_comes_out() -> None:
    async def run() -> None:
        room = Room(lambda: 0)
        for _ in range(40):
            with pytest.raises(KeyError):
                async with room:
                    raise KeyError

    asyncio.run(asyncio.wait_for(run(), 10))
