"""Answers that come in together are written together."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import wait
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarise.errors import OutputError
from summarise.store import Spent, Store, StoredAnswer
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
    with pytest.raises(RuntimeError, match="closed"):
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


def test_an_error_reaches_everybody_of_its_group_and_nobody_after() -> None:
    calls = 0

    def write(items: Sequence[int]) -> list[int]:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise OutputError("the disk is full")
        return list(items)

    together = Together(write)
    with pytest.raises(OutputError, match="full"):
        together.put(1).result(10)
    assert together.put(2).result(10) == 2
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
