"""How a stage asks: numbered records in, groups of numbers out; a question without an answer leaves records alone.

A failed question costs its own part of the brief, never the whole: what it would have joined stays apart, the brief
says so and is incomplete. Settings that can never work (a wrong key) end the run.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from summarise.article import Article
from summarise.blocks import LARGEST
from summarise.errors import BudgetSpent, ModelError, ModelUnavailable
from summarise.extractive.machine_talk import addressed_to_machine
from summarise.model.tokens import estimate_tokens
from summarise.question import A, Question, Reader, Record, RecordsData

T = TypeVar("T")
Members = Callable[[A], Iterable[Sequence[int]]]


@dataclass(frozen=True)
class Line:
    """A record before it has a number: `label | text` of the prompt."""

    label: str
    text: str


@dataclass(frozen=True)
class Failure:
    """A question without an answer: what it was about, and why (words of the endpoint may be among them)."""

    about: str
    why: str
    transient: bool = False
    """Asking again later may help."""

    def __str__(self) -> str:
        return f"{self.about}: {self.why}"


@dataclass
class Desk:
    """Where a run's questions are asked, and what came of those without an answer."""

    reader: Reader
    about: str = ""
    language: str = ""
    most: int = LARGEST
    failures: list[Failure] = field(default_factory=list)

    @property
    def largest(self) -> int:
        """Tokens of records that one question may hold: the prompt and the answer have their place, too."""
        return min(self.most, max(500, self.reader.window // 3))

    async def ask(self, question: Question[A]) -> A | None:
        """The answer, or None where there is none; the failure is kept for the brief."""
        try:
            return await self.reader.ask(question)
        except (ModelError, BudgetSpent) as error:
            said = str(error)
            why = said.removeprefix(f"{question.about}: ")
            self.failures.append(Failure(question.about, why, isinstance(error, ModelUnavailable)))
            return None

    async def records(
        self,
        prompt: str,
        about: str,
        lines: Sequence[Line],
        answer: type[A],
        members: Members[A],
        more: Callable[[A], list[str]] = lambda _: [],
    ) -> A | None:
        """Ask about numbered lines; `members` lists the number lists of an answer, `more` adds faults of its own."""

        def faults(given: A) -> list[str]:
            wrong = sorted({n for numbers in members(given) for n in numbers if not 1 <= n <= len(lines)})
            return [f"there is no record {n}" for n in wrong[:5]] + more(given)

        async with self.reader.room():
            records = tuple(Record(number=n, label=line.label, text=line.text) for n, line in enumerate(lines, 1))
            data = RecordsData(about=self.about, language=self.language, records=records)
            return await self.ask(Question(prompt, about, data, answer, faults))


def weight(line: Line) -> int:
    """Tokens of a line, roughly: a part must fit the window with room to spare."""
    return estimate_tokens(line.label) + estimate_tokens(line.text) + 8


@asynccontextmanager
async def together() -> AsyncIterator[asyncio.TaskGroup]:
    """A task group whose callers see the first error itself, not a group of them."""
    try:
        async with asyncio.TaskGroup() as tasks:
            yield tasks
    except BaseExceptionGroup as group:
        raise _first_error(group) from None


async def all_of(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """The results of work done side by side, in order. Where one fails, the others are stopped and its error raised."""
    async with together() as tasks:
        started = [tasks.create_task(one) for one in work]
    return [task.result() for task in started]


def _first_error(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first error of tasks that ended together: callers know single errors."""
    error = group.exceptions[0]
    return _first_error(error) if isinstance(error, BaseExceptionGroup) else error


def once(groups: Iterable[Sequence[int]]) -> list[list[int]]:
    """The groups with every number in the first that names it, counted from 0."""
    seen: set[int] = set()
    result: list[list[int]] = []
    for group in groups:
        fresh = [n for n in dict.fromkeys(group) if n not in seen]
        seen.update(fresh)
        result.append([n - 1 for n in fresh])
    return result


def told_by_one(articles: Iterable[Article]) -> bool:
    """Whether all records are of one article: its note says each thing once already."""
    return len({article.id for article in articles}) < 2


def article_label(article: Article) -> str:
    """What a record calls its article: never its path, which may change without anything being new.

    An outlet's name is the article's own say too: one that talks to a machine is not passed on.
    """
    return article.id if not article.outlet or addressed_to_machine(article.outlet) else article.outlet


__all__ = ["Desk", "Failure", "Line", "all_of", "article_label", "once", "together", "told_by_one", "weight"]
