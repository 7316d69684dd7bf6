"""Open questions, merged over articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from summarise.answers import NotedQuestion, QuestionGroups
from summarise.asking import Desk, Line, all_of, article_label, once, told_by_one, weight
from summarise.blocks import parts
from summarise.names import fold
from summarise.records import Entry, Records

QuestionEntry = Entry[NotedQuestion]


@dataclass(frozen=True)
class JoinedQuestion:
    """One open question; `entries` in canonical order. `by_person`: its wording, its state or that it stands here."""

    key: str
    question: str
    why_open: str
    settled_by: str
    entries: tuple[QuestionEntry, ...]
    by_person: bool = False


@dataclass(frozen=True)
class OmittedQuestion:
    """A noted question that is none of the story's, and why."""

    reason: str
    entry: QuestionEntry


def _line(entry: QuestionEntry) -> Line:
    return Line(label=article_label(entry.article), text=f"{entry.noted.question} — {entry.noted.why_open}")


def alone(entry: QuestionEntry) -> JoinedQuestion:
    """The question as one record has it."""
    noted = entry.noted
    return JoinedQuestion(entry.key, noted.question, noted.why_open, noted.settled_by, (entry,))


async def join_questions(
    records: Records, desk: Desk
) -> tuple[tuple[JoinedQuestion, ...], tuple[OmittedQuestion, ...]]:
    """Every open question once, and what was left out; most told first, then in canonical order."""
    joined: list[JoinedQuestion] = []
    omitted: list[OmittedQuestion] = []

    async def ask(block: Sequence[QuestionEntry]) -> None:
        lines = [_line(e) for e in block]
        answer = None
        if not told_by_one(e.article for e in block):
            answer = await desk.records(
                "questions",
                "which records ask the same",
                lines,
                QuestionGroups,
                lambda a: [*(g.members for g in a.groups), [o.record for o in a.left_out]],
            )
        named: set[int] = set()
        for group, numbers in zip(answer.groups, once(g.members for g in answer.groups), strict=True) if answer else ():
            rows = tuple(sorted((block[n] for n in numbers), key=lambda e: e.place))
            if len(rows) > 1:
                question = group.question.strip() or rows[0].noted.question
                joined.append(JoinedQuestion(rows[0].key, question, group.why_open, group.settled_by, rows))
                named.update(numbers)
        left = {o.record - 1: o.reason for o in answer.left_out if o.record - 1 not in named} if answer else {}
        omitted.extend(OmittedQuestion(reason, block[n]) for n, reason in left.items())
        joined.extend(alone(e) for n, e in enumerate(block) if n not in named and n not in left)

    entries = [e for e in records.questions if not e.flagged]
    blocks = parts(
        entries,
        key=lambda e: f"{fold(e.noted.question)}\n{e.key}",
        weight=lambda e: weight(_line(e)),
        largest=desk.largest,
    )
    await all_of(ask(block) for block in blocks)
    joined.extend(alone(e) for e in records.questions if e.flagged)
    ordered = sorted(
        joined, key=lambda q: (-len({e.article.id for e in q.entries}), -len(q.entries), q.entries[0].place)
    )
    return tuple(ordered), tuple(sorted(omitted, key=lambda o: o.entry.place))
