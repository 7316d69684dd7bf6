"""How a stage asks: numbered records in, groups of numbers out; a question without an answer leaves records alone.

A failed question costs its own part of the brief, never the whole: what it would have joined stays apart, the brief
says so and is incomplete. Settings that can never work (a wrong key) end the run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from summarise.answers import Answer
from summarise.article import Article
from summarise.blocks import LARGEST
from summarise.errors import BudgetSpent, ModelError
from summarise.extractive.unsettled import addressed_to_machine
from summarise.question import A, Question, Reader, Record, RecordsData

Members = Callable[[A], Iterable[Sequence[int]]]


@dataclass(frozen=True)
class Line:
    """A record before it has a number: `label | text` of the prompt."""

    label: str
    text: str


@dataclass
class Desk:
    """Where a run's questions are asked, and what came of those without an answer."""

    reader: Reader
    about: str = ""
    language: str = ""
    largest: int = LARGEST
    on_answer: Callable[[str], None] = lambda stage: None
    failures: list[str] = field(default_factory=list)

    async def ask(self, question: Question[A]) -> A | None:
        """The answer, or None where there is none; the failure is kept for the brief."""
        try:
            return await self.reader.ask(question)
        except (ModelError, BudgetSpent) as error:
            said = str(error)
            self.failures.append(said if said.startswith(question.about) else f"{question.about}: {said}")
            return None
        finally:
            self.on_answer(question.prompt)

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
        records = tuple(Record(number=n, label=line.label, text=line.text) for n, line in enumerate(lines, 1))

        def faults(given: A) -> list[str]:
            wrong = sorted({n for numbers in members(given) for n in numbers if not 1 <= n <= len(records)})
            return [f"there is no record {n}" for n in wrong[:5]] + more(given)

        data = RecordsData(about=self.about, language=self.language, records=records)
        return await self.ask(Question(prompt, about, data, answer, faults))


def weight(line: Line) -> int:
    """Tokens of a line, roughly: a part must fit the window with room to spare."""
    return (len(line.label) + len(line.text)) // 3 + 8


def once(groups: Iterable[Sequence[int]]) -> list[list[int]]:
    """The groups with every number in the first that names it, counted from 0."""
    seen: set[int] = set()
    result: list[list[int]] = []
    for group in groups:
        fresh = [n for n in dict.fromkeys(group) if n not in seen]
        seen.update(fresh)
        result.append([n - 1 for n in fresh])
    return result


def article_label(article: Article) -> str:
    """What a record calls its article: never its path, which may change without anything being new.

    An outlet's name is the article's own say too: one that talks to a machine is not passed on.
    """
    return article.id if not article.outlet or addressed_to_machine(article.outlet) else article.outlet


__all__ = ["Answer", "Desk", "Line", "article_label", "once", "weight"]
