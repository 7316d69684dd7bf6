"""What `verify` finds in the tables of batches."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from batching import questions, run
from stored import behind

from summarise.model.batch.book import Book
from summarise.model.batch.lines import Result
from summarise.scripted import ScriptedModel
from summarise.store import Store, open_store


def written(store: Store) -> None:
    """A batch of each state, as `Book` writes them, and questions of each."""
    book = Book(store, "http://endpoint/v1", "me")
    for batch in ("preparing", "created", "collected", "closed", "given-up"):
        book.claim(batch, {f"q-{batch}-{number}": 10 for number in range(4)})
    for batch in ("created", "collected", "closed"):
        book.created(batch, f"remote-{batch}")
    for batch in ("collected", "closed"):
        results = [Result(f"q-{batch}-0", '{"id":"x"}'), Result(f"q-{batch}-1", '{"id":"y"}')]
        book.record(batch, [*results, Result(f"q-{batch}-2", "", "status 500")])
        book.collected(batch, ["file-1", "file-2"])
        book.settle([f"q-{batch}-1", f"q-{batch}-3"])
    book.record("created", [Result("q-created-0", '{"id":"x"}')])
    book.closed("closed")
    book.give_up("given-up")
    book.claim("again", {"q-closed-1": 10})


def test_a_book_of_batches_in_every_state_is_sound(store_place: str) -> None:
    with open_store(store_place) as store:
        written(store)
        assert store.verify() == []


@pytest.mark.parametrize("fault", ["items", "expires", "garbled", "lost"])
def test_a_book_of_batches_that_were_answered_is_sound(fault: str, tmp_path: Path) -> None:
    with open_store(tmp_path / "s.sqlite3") as store, ScriptedModel(batch_faults=(f"{fault}:times=1",)) as model:
        asyncio.run(run(model.base_url, store, tmp_path, questions()))
        assert store.database.fetch("SELECT count(*) FROM batch_items")[0][0] == 6
        assert store.verify() == []


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        (
            "UPDATE batch_items SET batch = 'nowhere' WHERE id = 'q-created-1'",
            "question q-created-1: its batch nowhere is not there",
        ),
        (
            "UPDATE batch_items SET answer = '{\"id\":' WHERE id = 'q-collected-0'",
            "question q-collected-0: its answer is no JSON object",
        ),
        (
            "UPDATE batch_items SET answer = '[]' WHERE id = 'q-collected-1'",
            "question q-collected-1: its answer is no JSON object",
        ),
        (
            "UPDATE batch_items SET answer = '' WHERE id = 'q-collected-0'",
            "question q-collected-0: answered, and its answer is not there",
        ),
        (
            "UPDATE batch_items SET answer = '{}' WHERE id = 'q-created-1'",
            "question q-created-1: submitted, and there is an answer",
        ),
        (
            "UPDATE batch_items SET reason = '' WHERE id = 'q-collected-2'",
            "question q-collected-2: failed, and why is not there",
        ),
        (
            "UPDATE batch_items SET state = 'lost' WHERE id = 'q-collected-2'",
            "question q-collected-2: its state 'lost' is unknown",
        ),
        (
            "UPDATE batch_items SET state = 'submitted', answer = '' WHERE id = 'q-closed-0'",
            "question q-closed-0: submitted, and its batch is closed",
        ),
        (
            "UPDATE batch_items SET batch = 'given-up' WHERE id = 'q-created-1'",
            "question q-created-1: submitted, and its batch is given_up",
        ),
        (
            "UPDATE batch_items SET state = 'answered', answer = '{}' WHERE id = 'q-preparing-0'",
            "question q-preparing-0: answered, and its batch is preparing",
        ),
        ("UPDATE batches SET state = 'sent' WHERE id = 'closed'", "batch closed: its state 'sent' is unknown"),
        (
            "UPDATE batches SET remote = '' WHERE id = 'created'",
            "batch created: created, and its id at the provider is not there",
        ),
        (
            "UPDATE batches SET remote = 'r' WHERE id = 'preparing'",
            "batch preparing: in preparation, and has an id at the provider",
        ),
        (
            "UPDATE batches SET remote = 'remote-closed' WHERE id = 'created'",
            "batch created: has the id at the provider of batch closed",
        ),
        ("UPDATE batches SET tokens = -1 WHERE id = 'closed'", "batch closed: counts less than nothing"),
        ("UPDATE batches SET files = '[1]' WHERE id = 'closed'", "batch closed: its files are no list of names"),
        (
            "UPDATE batches SET questions = 3 WHERE id = 'created'",
            "batch created: holds 4 questions, and was made with 3",
        ),
    ],
)
def test_what_cannot_be_is_told_in_one_line(sql: str, fault: str) -> None:
    with Store.in_memory() as store:
        written(store)
        behind(store, sql)
        assert store.verify() == [fault]
