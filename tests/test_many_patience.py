"""A store that is away for a moment is waited for, each time anew."""

from __future__ import annotations

import asyncio
import time

import pytest

from summarise.errors import LostStore, OutputError
from summarise.many import patience
from summarise.many.patience import OUTAGES, patiently


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.2)
    monkeypatch.setattr(patience, "_FIRST", 0.01)


class Work:
    """A step that takes its time and loses the store so many times."""

    def __init__(self, losses: int, seconds: float = 0.0) -> None:
        self.losses, self.seconds, self.begun = losses, seconds, 0

    async def __call__(self) -> str:
        self.begun += 1
        await asyncio.sleep(self.seconds)
        if self.begun <= self.losses:
            raise LostStore(f"lost {self.begun}")
        return "done"


def ready() -> None:
    """The store is there again."""


def test_each_time_the_store_goes_away_it_is_waited_for_however_long_the_work_took() -> None:
    work = Work(losses=2, seconds=0.15)  # together longer than the patience with one outage
    assert asyncio.run(patiently(work, ready=ready)) == "done"
    assert work.begun == 3


def test_a_store_that_goes_away_every_time_is_given_up() -> None:
    work = Work(losses=100)
    with pytest.raises(LostStore, match=f"lost {OUTAGES}"):
        asyncio.run(patiently(work, ready=ready))
    assert work.begun == OUTAGES


def test_a_store_that_stays_away_is_given_up_and_the_work_not_begun_again() -> None:
    def away() -> None:
        raise LostStore("still away")

    work, began = Work(losses=1), time.monotonic()
    with pytest.raises(LostStore, match="still away"):
        asyncio.run(patiently(work, ready=away))
    assert work.begun == 1
    assert time.monotonic() - began >= 0.1


def test_any_other_error_comes_out_at_once() -> None:
    async def full() -> str:
        raise OutputError("the disk is full")

    with pytest.raises(OutputError, match="full"):
        asyncio.run(patiently(full, ready=ready))
