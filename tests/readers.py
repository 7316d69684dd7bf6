"""A reader that answers from a script, in process, and the short way to articles and notes for the stages after it.

`ScriptedReader` stands for the model alone: questions, their faults, the articles and all that is made of the answers
are the program's own.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any

from summarise.answers import (
    Accounts,
    ActorGroups,
    Answer,
    Disagreements,
    EventGroups,
    IssueGroups,
    Note,
    NotedActor,
    NotedDoubt,
    NotedEvent,
    NotedFact,
    NotedPosition,
    NotedQuestion,
    NotedReport,
    PositionGroups,
    QuestionGroups,
    ReportGroups,
    Strangers,
    WeighedQuestions,
    Written,
)
from summarise.article import Article
from summarise.asking import Desk
from summarise.contract import ActorKind, OriginKind, Stance, Usage
from summarise.errors import InvalidAnswer, ModelError
from summarise.extractive.machine_talk import talking
from summarise.loading import ArticleText, load_texts
from summarise.noting import note as note_of
from summarise.question import A, Question, RecordsData
from summarise.records import Noted, Records, records_of

Reply = Answer | ModelError
Script = Reply | Callable[[Question[Any]], Reply]

NOTHING: dict[str, Answer] = {
    "related": Strangers(strangers=()),
    "actors": ActorGroups(groups=()),
    "reports": ReportGroups(groups=()),
    "events": EventGroups(groups=()),
    "issues": IssueGroups(groups=()),
    "positions": PositionGroups(groups=(), left_out=()),
    "questions": QuestionGroups(groups=(), left_out=()),
    "disagreements": Disagreements(disagreements=()),
    "accounts": Accounts(accounts=()),
    "answers": WeighedQuestions(questions=()),
    "write": Written(title="", summary=()),
}


class ScriptedReader:
    """Answers each prompt from the script; a later question that is not in it gets "nothing".

    An answer with faults is an `InvalidAnswer`, as with a model that is wrong twice. `asked` are all questions, in
    the order of asking; `mixing` makes answers come back in another order than they were asked.
    """

    name = "openai:scripted"
    usage = Usage()
    window = 1_000_000

    def __init__(
        self,
        answers: Mapping[str, Script] | None = None,
        *,
        fits: Callable[[Question[Any]], bool] = lambda question: True,
        mixing: int | None = None,
    ) -> None:
        self._answers: dict[str, Script] = {**NOTHING, **(answers or {})}
        self._fits = fits
        self._random = None if mixing is None else random.Random(mixing)  # noqa: S311
        self.asked: list[Question[Any]] = []

    def room(self) -> AbstractAsyncContextManager[None]:
        return nullcontext()

    def fits(self, question: Question[A]) -> bool:
        return self._fits(question)

    async def ask(self, question: Question[A]) -> A:
        self.asked.append(question)
        for _ in range(self._random.randrange(9) if self._random else 0):
            await asyncio.sleep(0)
        script = self._answers[question.prompt]
        given = script(question) if callable(script) else script
        if isinstance(given, ModelError):
            raise given
        assert isinstance(given, question.answer), f"the script answers {question.prompt} with another type"
        if faults := question.faults(given):
            raise InvalidAnswer(f"{question.about}: {faults[0]}")
        return given

    def wordings(self, *prompts: str) -> list[str]:
        """The records (label and text) of all questions with these prompts; without any, of all later ones."""
        return [
            f"{record.label} | {record.text}"
            for question in self.asked
            if isinstance(question.data, RecordsData) and (not prompts or question.prompt in prompts)
            for record in question.data.records
        ]


def numbers(question: Question[Any], *fragments: str) -> tuple[int, ...]:
    """The numbers of the records that hold one of the fragments."""
    assert isinstance(question.data, RecordsData)
    return tuple(r.number for r in question.data.records if any(f in f"{r.label} | {r.text}" for f in fragments))


def desk(answers: Mapping[str, Script] | None = None, **settings: Any) -> Desk:
    """A desk with a scripted reader."""
    return Desk(ScriptedReader(answers), **settings)


def article(
    path: str, *sentences: str, title: str = "A story of the day", outlet: str = "", published: str = ""
) -> Article:
    """An article as the loader reads it; each sentence a paragraph, the title sentence 1, the first after it 2."""
    return load_texts(
        [ArticleText(text="\n\n".join(sentences), path=path, title=title, outlet=outlet, published=published)]
    )[0]


def note(
    *,
    actors: Sequence[NotedActor] = (),
    positions: Sequence[NotedPosition] = (),
    facts: Sequence[NotedFact] = (),
    questions: Sequence[NotedQuestion] = (),
    events: Sequence[NotedEvent] = (),
    reports: Sequence[NotedReport] = (),
    doubts: Sequence[NotedDoubt] = (),
) -> Note:
    """A note with these entries."""
    return Note(
        subject="",
        actors=tuple(actors),
        positions=tuple(positions),
        facts=tuple(facts),
        questions=tuple(questions),
        events=tuple(events),
        reports=tuple(reports),
        doubts=tuple(doubts),
    )


def actor(
    name: str,
    *sentences: int,
    kind: ActorKind = "government",
    entity: str = "",
    role: str = "",
    aliases: Sequence[str] = (),
) -> NotedActor:
    return NotedActor(name=name, entity=entity, kind=kind, role=role, aliases=tuple(aliases), sentences=sentences)


def position(
    who: str,
    statement: str,
    *sentences: int,
    topic: str = "the bases",
    stance: Stance = "supports",
    quoted: bool = False,
    via: Sequence[str] = (),
    said_on: str = "",
) -> NotedPosition:
    return NotedPosition(
        actor=who,
        topic=topic,
        stance=stance,
        statement=statement,
        quoted=quoted,
        via=tuple(via),
        said_on=said_on,
        sentences=sentences,
    )


def fact(about: str, value: str, *sentences: int, according_to: str = "") -> NotedFact:
    return NotedFact(about=about, value=value, according_to=according_to, sentences=sentences)


def question(text: str, *sentences: int, why_open: str = "nobody says") -> NotedQuestion:
    return NotedQuestion(question=text, why_open=why_open, settled_by="", sentences=sentences)


def event(what: str, when: str, *sentences: int, actors: Sequence[str] = ()) -> NotedEvent:
    return NotedEvent(what=what, when=when, actors=tuple(actors), sentences=sentences)


def report(name: str, *sentences: int, kind: OriginKind = "agency") -> NotedReport:
    return NotedReport(report=name, kind=kind, sentences=sentences)


def doubt(said: str, *sentences: int, machine: bool = False) -> NotedDoubt:
    return NotedDoubt(kind="addressed_to_machine" if machine else "doubtful", note=said, sentences=sentences)


def noted(source: Article, said: Note) -> Noted:
    """The note of an article, through the stage that asks for it."""
    reader = ScriptedReader({"note": said})
    return asyncio.run(note_of(source, reader, write_in="", suspicious=talking))


def records(*pairs: tuple[Article, Note]) -> Records:
    """The records of these articles and what was noted of each."""
    return records_of([noted(source, said) for source, said in pairs])
