"""What a reader answers: one type a question, published in `schemas/`.

Answers point: to numbered sentences of the one article asked about, or to numbered records of the question. They
never carry a quotation. All fields are required (strict endpoints demand it); "nothing" is an empty text or list.
"""

from __future__ import annotations

from typing import Literal

from summarise.contract import ActorKind, OriginKind, Stance
from summarise.value import Value


class Answer(Value):
    """Base of all answers: nothing unknown gets in, nothing is left out."""


# ---- note: one article, from that article alone


class NotedActor(Answer):
    """Somebody who acts or holds a position, once over all the names the article uses."""

    name: str
    entity: str
    kind: ActorKind
    role: str
    aliases: tuple[str, ...]
    sentences: tuple[int, ...]


class NotedPosition(Answer):
    """Where an actor stands on one matter."""

    actor: str
    topic: str
    stance: Stance
    statement: str
    quoted: bool
    via: tuple[str, ...]
    said_on: str
    sentences: tuple[int, ...]


class NotedFact(Answer):
    """A particular on which another account could differ."""

    about: str
    value: str
    according_to: str
    sentences: tuple[int, ...]


class NotedQuestion(Answer):
    """Something that the article says or shows to be unsettled."""

    question: str
    why_open: str
    settled_by: str
    sentences: tuple[int, ...]


class NotedEvent(Answer):
    """Something that happened or is due at a time that the article gives."""

    what: str
    when: str
    actors: tuple[str, ...]
    sentences: tuple[int, ...]


class NotedReport(Answer):
    """A report, statement, document or source that the article passes on."""

    report: str
    kind: OriginKind
    sentences: tuple[int, ...]


class NotedDoubt(Answer):
    """A passage that talks to a machine, is garbled, or contradicts its own article."""

    kind: Literal["addressed_to_machine", "doubtful"]
    note: str
    sentences: tuple[int, ...]


class Note(Answer):
    """All that one article says, by its sentence numbers."""

    subject: str
    actors: tuple[NotedActor, ...]
    positions: tuple[NotedPosition, ...]
    facts: tuple[NotedFact, ...]
    questions: tuple[NotedQuestion, ...]
    events: tuple[NotedEvent, ...]
    reports: tuple[NotedReport, ...]
    doubts: tuple[NotedDoubt, ...]


# ---- relate: which articles are about another story


class Stranger(Answer):
    """An article that is about something else."""

    record: int
    reason: str


class Strangers(Answer):
    strangers: tuple[Stranger, ...]


# ---- reconcile: groups of numbered records; a record that no group names stays alone


class ActorGroup(Answer):
    """Records that are one and the same actor."""

    members: tuple[int, ...]
    name: str
    reason: str


class ActorGroups(Answer):
    groups: tuple[ActorGroup, ...]


class ReportGroup(Answer):
    """Records that are one and the same report, statement, document or source."""

    members: tuple[int, ...]
    report: str


class ReportGroups(Answer):
    groups: tuple[ReportGroup, ...]


class EventGroup(Answer):
    """Records that tell of one and the same event."""

    members: tuple[int, ...]
    what: str


class EventGroups(Answer):
    groups: tuple[EventGroup, ...]


class IssueGroup(Answer):
    """Topics that belong under one heading."""

    members: tuple[int, ...]
    title: str


class IssueGroups(Answer):
    groups: tuple[IssueGroup, ...]


class PositionGroup(Answer):
    """Records that are one position of one actor."""

    members: tuple[int, ...]
    stance: Stance
    statement: str


class NotAsked(Answer):
    """A record that is none of what the question is about, and why."""

    record: int
    reason: str


class PositionGroups(Answer):
    groups: tuple[PositionGroup, ...]
    left_out: tuple[NotAsked, ...]


class QuestionGroup(Answer):
    """Records that ask one and the same thing."""

    members: tuple[int, ...]
    question: str
    why_open: str
    settled_by: str


class QuestionGroups(Answer):
    groups: tuple[QuestionGroup, ...]
    left_out: tuple[NotAsked, ...]


# ---- weigh


class WeighedSide(Answer):
    """One side: the records that say it."""

    statement: str
    members: tuple[int, ...]


class Account(Answer):
    """Records of one particular that cannot all be right."""

    summary: str
    sides: tuple[WeighedSide, ...]


class Accounts(Answer):
    accounts: tuple[Account, ...]


class WeighedDisagreement(Answer):
    """Actors that want opposite things or contradict each other, or one that changed position."""

    kind: Literal["between_actors", "changed_over_time"]
    summary: str
    sides: tuple[WeighedSide, ...]


class Disagreements(Answer):
    disagreements: tuple[WeighedDisagreement, ...]


class WeighedQuestion(Answer):
    """A question that is no longer simply open."""

    question: int
    status: Literal["partly_answered", "answered"]
    answered_by: tuple[int, ...]


class WeighedQuestions(Answer):
    questions: tuple[WeighedQuestion, ...]


# ---- check: does a statement say more than its evidence?


class SupportFault(Answer):
    """A statement that its sentences do not bear out."""

    record: int
    why: str


class Supports(Answer):
    faults: tuple[SupportFault, ...]


# ---- write


class WrittenSentence(Answer):
    """One sentence of the summary and the records it rests on."""

    text: str
    records: tuple[int, ...]


class Written(Answer):
    title: str
    summary: tuple[WrittenSentence, ...]
