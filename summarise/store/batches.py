"""What the tables of batches may hold (`summarise.model.batch.book` writes them), and what in them cannot be."""

# ruff: noqa: S608 (only names of our own and question marks are put into statements, never a value)

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from summarise.store.database import Run
from summarise.store.forms import chunks, marks

PREPARING, CREATED, COLLECTED, CLOSED, GIVEN_UP = "preparing", "created", "collected", "closed", "given_up"
"""The states of a batch."""
SUBMITTED, ANSWERED, FAILED, SETTLED = "submitted", "answered", "failed", "settled"
"""The states of a question in one."""

_AT_ONCE = 100  # questions read at once: their answers are in memory together
_BATCH_STATES = (PREPARING, CREATED, COLLECTED, CLOSED, GIVEN_UP)
_STATES = (SUBMITTED, ANSWERED, FAILED, SETTLED)


@dataclass(frozen=True)
class _Batch:
    state: str
    questions: int


def faults(run: Run) -> Iterator[str]:
    """Batches and questions that contradict themselves or one another, point nowhere, or cannot be read."""
    batches: dict[str, _Batch] = {}
    remotes: dict[tuple[str, str], str] = {}
    columns = "id, endpoint, state, beat, questions, tokens, remote, files"
    for key, endpoint, state, beat, questions, tokens, remote, files in run(
        f"SELECT {columns} FROM batches ORDER BY id"
    ):
        name = f"batch {key}"
        batches[key] = _Batch(state, questions)
        if state not in _BATCH_STATES:
            yield f"{name}: its state {state!r} is unknown"
        if state == CREATED and not remote:
            yield f"{name}: created, and its id at the provider is not there"
        if state == PREPARING and remote:
            yield f"{name}: in preparation, and has an id at the provider"
        if remote and (other := remotes.setdefault((endpoint, remote), key)) != key:
            yield f"{name}: has the id at the provider of batch {other}"
        if min(beat, questions, tokens) < 0:
            yield f"{name}: counts less than nothing"
        if not _names(files):
            yield f"{name}: its files are no list of names"
    yield from _questions(run, batches)


def _questions(run: Run, batches: Mapping[str, _Batch]) -> Iterator[str]:
    keys = [key for (key,) in run("SELECT id FROM batch_items ORDER BY id")]
    found: Counter[str] = Counter()
    for some in chunks(keys, _AT_ONCE):
        sql = f"SELECT id, batch, state, reason, answer FROM batch_items WHERE id IN ({marks(some)}) ORDER BY id"
        for key, batch, state, reason, answer in run(sql, some):
            found[batch] += 1
            for fault in _faults_of(state, reason, answer):
                yield f"question {key}: {fault}"
            if batch not in batches:
                yield f"question {key}: its batch {batch} is not there"
            elif (there := batches[batch].state) in _BATCH_STATES and state in _STATES and not _together(there, state):
                yield f"question {key}: {state}, and its batch is {there}"
    for batch, number in sorted(found.items()):
        if batch in batches and number > batches[batch].questions:
            yield f"batch {batch}: holds {number:,} questions, and was made with {batches[batch].questions:,}"


def _together(batch: str, question: str) -> bool:
    """Whether a question may be in this state in a batch in that one."""
    if batch == PREPARING:
        return question == SUBMITTED
    return question != SUBMITTED or batch == CREATED


def _faults_of(state: str, reason: str, answer: str) -> Iterator[str]:
    if state not in _STATES:
        yield f"its state {state!r} is unknown"
    if state == ANSWERED and not answer:
        yield "answered, and its answer is not there"
    if state == FAILED and not reason:
        yield "failed, and why is not there"
    if answer and state in (SUBMITTED, FAILED):
        yield f"{state}, and there is an answer"
    if answer and not isinstance(_read(answer), dict):
        yield "its answer is no JSON object"


def _names(files: str) -> bool:
    read = _read(files)
    return isinstance(read, list) and all(isinstance(one, str) for one in read)


def _read(text: str) -> object:
    """The JSON of a text; None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
