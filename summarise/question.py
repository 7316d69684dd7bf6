"""A question to a reader, whoever answers it: a model through `seam`, or the rules of `extractive`.

    Question = prompt file + typed data + answer type + what the answer may point to

The data is all that the prompt's template sees, and all that the rules see; two questions with equal prompt and data
are the same question and get the same answer.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from summarise.answers import Answer
from summarise.contract import Usage
from summarise.value import Value

A = TypeVar("A", bound=Answer)


class Data(Value):
    """Base of the data of a question: its fields are the variables of the prompt's template."""


class NumberedSentence(Data):
    number: int
    text: str


class NoteData(Data):
    """`note`: the sentences of one article, or of one part of a long one (the numbers go on).

    `language` is the article's (ISO 639-1, empty where unknown), `write_in` that of the note (empty: the article's).
    """

    title: str
    outlet: str
    language: str
    write_in: str = ""
    sentences: tuple[NumberedSentence, ...]


class Record(Data):
    """One numbered line of a later question. `label` says whose or what kind; `text` is the line itself."""

    number: int
    label: str
    text: str


class RecordsData(Data):
    """All later questions: numbered records, numbers from 1 in a canonical order.

    `about` is what the caller says the story is about (often empty), `language` the one to answer in (ISO 639-1).
    """

    about: str = ""
    language: str = ""
    records: tuple[Record, ...]


@dataclass(frozen=True)
class Question(Generic[A]):
    """One question.

    `prompt` names the file in `prompts/` (without ".md"); `about` is what error messages call it ("article x.txt",
    "the positions of Russia"); `faults` returns what is wrong with an answer beyond its schema (numbers out of
    range, a record in two groups), one line each, empty when all is well.
    """

    prompt: str
    about: str
    data: NoteData | RecordsData
    answer: type[A]
    faults: Callable[[A], list[str]]


class Reader(Protocol):
    """Whoever answers questions."""

    @property
    def name(self) -> str:
        """What `run.model` says: "openai:NAME", "gguf:FILE", "extractive"."""
        ...

    @property
    def usage(self) -> Usage:
        """What asking has cost so far."""
        ...

    @property
    def window(self) -> int:
        """Tokens that a question and its answer may have together."""
        ...

    def room(self) -> AbstractAsyncContextManager[None]:
        """To be entered by whoever prepares questions of its own while thousands do, and held until they are answered.

        Whoever is inside waits for nobody else who wants to enter.
        """
        ...

    def fits(self, question: Question[A]) -> bool:
        """Whether a question is short enough to be asked at once."""
        ...

    async def ask(self, question: Question[A]) -> A:
        """The answer; raises a `ModelError` where there is none, `ConfigurationError` where there can be none."""
        ...
