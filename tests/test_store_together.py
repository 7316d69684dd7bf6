"""Answers that come in together are written together."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import wait
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarise.errors import LostStore, OutputError
from summarise.store import Spent, Store, StoredAnswer
from summarise.store import together as together_module
from summarise.store.together import MOST, Together


class Slow:
    """Writes when it is told to; `groups` are the sizes of what it was given."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()
        self.groups: list[int] = []

    def __call__(self, items: Sequence[int]) -> list[int]:
        self.groups.append(len(items))
        self.begun.set()
        assert self.go.wait(10)
        return [-item for item in items]


def test_what_comes_while_a_group_is_written_is_the_next_group() -> None:
    slow = Slow()
    together = Together(slow)
    outcomes = [together.put(0)]
    assert slow.begun.wait(10)
    outcomes += [together.put(n) for n in range(1, MOST + 6)]
    slow.go.set()
    assert [one.result(10) for one in outcomes] == [-n for n in range(MOST + 6)]
    together.close()
    assert slow.groups == [1, MOST, 5]


def test_closing_waits_for_all_that_was_put_and_then_nothing_is_taken() -> None:
    slow = Slow()
    together = Together(slow)
    outcomes = [together.put(n) for n in range(20)]
    threading.Timer(0.05, slow.go.set).start()
    together.close()
    assert all(one.done() for one in outcomes)
    with pytest.raises(OutputError, match="closed"):
        together.put(1)
    together.close()


def test_nobody_can_call_back_what_was_put() -> None:
    slow = Slow()
    together = Together(slow)
    outcome = together.put(3)
    assert not outcome.cancel()
    slow.go.set()
    assert outcome.result(10) == -3
    together.close()


def grouped(write: Callable[[Sequence[int]], list[int]], items: Sequence[int]) -> list[int | str]:
    """What becomes of items that are written in one group: results, or errors in words."""
    slow = Slow()

    def after_the_first(some: Sequence[int]) -> list[int]:
        return slow(some) if list(some) == [0] else write(some)

    together = Together(after_the_first)
    together.put(0)
    assert slow.begun.wait(10)
    outcomes = [together.put(item) for item in items]
    slow.go.set()
    together.close()
    return [str(one.exception()) if one.exception() else one.result() for one in outcomes]


def test_what_cannot_be_stored_takes_nothing_else_of_its_group_with_it() -> None:
    def write(items: Sequence[int]) -> list[int]:
        if 3 in items:
            raise OverflowError("too large")
        return list(items)

    assert grouped(write, [1, 2, 3, 4]) == [1, 2, "too large", 4]


def test_a_store_that_is_away_is_tried_once_for_a_whole_group() -> None:
    tried = list[int]()

    def write(items: Sequence[int]) -> list[int]:
        tried.append(len(items))
        raise LostStore("locked")

    assert grouped(write, [1, 2, 3]) == ["locked"] * 3
    assert tried == [3]


def test_the_thread_ends_when_nothing_comes_and_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together_module, "_IDLE", 0.01)
    together: Together[int, int] = Together(list)
    for item in range(3):
        assert together.put(item).result(10) == item
        thread = together._thread
        if thread is not None:
            thread.join(10)
        assert together._thread is None
    together.close()


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_process_that_was_forked_off_writes_with_a_thread_of_its_own() -> None:
    together: Together[int, int] = Together(list)
    assert together.put(1).result(10) == 1
    child = multiprocessing.get_context("fork").Process(target=lambda: os._exit(together.put(7).result(5)))
    child.start()
    child.join(10)
    assert child.exitcode == 7
    together.close()


def answer(key: int, text: str = "1") -> StoredAnswer:
    return StoredAnswer(key=f"sha256:{key:064x}", answer=text, kind="Note", model="openai:m", input_tokens=3)


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["1", "2", "3"])), max_size=20))
def test_answers_put_soon_are_stored_as_if_put_one_by_one(items: list[tuple[int, str]]) -> None:
    with Store.in_memory() as soon, Store.in_memory() as singly:
        told = [soon.put_soon(answer(key, text)) for key, text in items]
        assert [one.result(10) for one in told] == [singly.put(answer(key, text)) for key, text in items]
        for key, _ in items:
            assert soon.get(answer(key).key) == singly.get(answer(key).key)


def test_what_was_put_soon_is_there_when_the_file_is_opened_again_with_what_it_cost(tmp_path: Path) -> None:
    whose = {"run": "r", "story": "s", "kind": "note", "model": "openai:m", "host": "h", "batch": False}
    tokens = {"input_tokens": 3, "cached_tokens": 0, "output_tokens": 1}
    spent = Spent(**whose, **tokens, milliseconds=10, calls=1, unpriced=0, cost=7)
    with Store.open(tmp_path / "store.sqlite3") as store:
        wait([store.put_soon(answer(n), [spent]) for n in range(700)][:1])
    with Store.open(tmp_path / "store.sqlite3") as store:
        assert all(store.get(answer(n).key) == answer(n) for n in range(700))
        (line,) = store.spent("model")
        assert (line.calls, line.input_tokens) == (700, 2100)
