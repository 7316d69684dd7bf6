"""The brief: the contract that other programs rely on (`schemas/brief.schema.json`, schema "brief/1").

Offsets are half-open and count Unicode code points of `texts/<article id>.txt`. Lists have a defined order.
Everything outside `run` is a function of the articles, the person's overrides, the options and the stored answers.
"""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from summarise.article import ArticleStatus, PublishedFrom
from summarise.value import Value

Stance = Literal[
    "supports",
    "opposes",
    "demands",
    "offers",
    "accepts",
    "refuses",
    "denies",
    "alleges",
    "assesses",
    "predicts",
    "undecided",
    "declines_to_comment",
    "unclassified",
]
ActorKind = Literal["person", "government", "organisation", "group", "media", "other"]
OriginKind = Literal["agency", "outlet", "statement", "document", "unnamed_source"]
DisagreementKind = Literal["between_actors", "between_reports", "changed_over_time"]
QuestionStatus = Literal["open", "partly_answered", "answered"]
MadeBy = Literal["model", "reader", "person"]
OverrideKind = Literal["join", "part", "rename", "refile", "close", "drop", "wrong", "pin"]
FlagKind = Literal["addressed_to_machine", "doubtful", "unrelated", "unread_language", "unasked", "near_duplicate"]


class Contract(Value):
    """Base of all published types: immutable, and nothing unknown gets in."""

    # built when first used: a run that reads back what is there uses hardly any of them
    model_config = ConfigDict(defer_build=True)


class Evidence(Contract):
    """One sentence of one article: `quote` is `text[start:end]` of that article, copied by code."""

    article: str
    sentence: int
    start: int
    end: int
    quote: str


class ArticleEntry(Contract):
    """What became of one file."""

    id: str
    path: str
    sha256: str
    title: str
    outlet: str
    author: str
    published: str
    published_from: PublishedFrom
    language: str
    words: int
    status: ArticleStatus
    reason: str
    duplicate_of: str


class Check(Contract):
    """One mechanical (or asked) test of a statement against its evidence."""

    name: str
    ok: bool
    note: str


class SummarySentence(Contract):
    """One sentence of the summary and what it rests on."""

    text: str
    evidence: tuple[Evidence, ...]
    checks: tuple[Check, ...]


class Actor(Contract):
    """A person, body or group that acts or holds a position, once over all its names."""

    id: str
    name: str
    kind: ActorKind
    role: str
    aliases: tuple[str, ...]
    joins: tuple[str, ...] = Field(description="why its names were taken for one: 'A = B: reason'")
    evidence: tuple[Evidence, ...]
    by: MadeBy = Field(default="model", description="person: a person gave its name, or says which names it has")


class Position(Contract):
    """What one actor holds on one issue, said once however many articles report it."""

    id: str
    actor: str = Field(description="an actor's id")
    stance: Stance
    statement: str
    quoted: bool = Field(description="at least one article gives the actor's own words")
    via: tuple[str, ...] = Field(description="through whom it came, nearest to the actor first")
    said_on: str = Field(description="ISO 8601, earliest known; empty where unknown")
    evidence: tuple[Evidence, ...]
    origins: tuple[str, ...] = Field(description="ids of the independent origins it rests on")
    checks: tuple[Check, ...]
    by: MadeBy


class Issue(Contract):
    """A matter on which positions are held; every position stands under exactly one."""

    id: str
    title: str
    positions: tuple[Position, ...]
    by: MadeBy = Field(default="model", description="person: a person gave it its title and filed positions under it")


class Side(Contract):
    """One side of a disagreement."""

    statement: str
    positions: tuple[str, ...]
    evidence: tuple[Evidence, ...]


class Disagreement(Contract):
    """Accounts that cannot both be right, actors that want opposite things, or a position that changed."""

    id: str
    kind: DisagreementKind
    summary: str
    sides: tuple[Side, ...]
    by: MadeBy = Field(default="model", description="person: its wording is a person's")


class OpenQuestion(Contract):
    """What the articles say or show to be unsettled."""

    id: str
    question: str
    why_open: str
    settled_by: str = Field(description="what would settle it, where the articles let one say so")
    status: QuestionStatus
    evidence: tuple[Evidence, ...]
    answered_by: tuple[Evidence, ...]
    by: MadeBy = Field(default="model", description="person: its wording, its status or its place here is a person's")


class Event(Contract):
    """Something that happened or is due, once over all articles that tell it."""

    id: str
    when: str = Field(description="ISO 8601, as precise as known; a range as start/end; empty where unknown")
    what: str
    actors: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    by: MadeBy = Field(default="model", description="person: its wording is a person's")


class Fact(Contract):
    """A particular on which accounts could differ, as one article or several have it."""

    id: str
    about: str
    value: str
    according_to: str
    evidence: tuple[Evidence, ...]


class Origin(Contract):
    """A report, statement, document or source that articles pass on."""

    id: str
    report: str
    kind: OriginKind
    articles: tuple[str, ...]
    evidence: tuple[Evidence, ...]


class Flag(Contract):
    """Something a reader should know about a passage or an article."""

    kind: FlagKind
    note: str
    evidence: tuple[Evidence, ...]


class LeftOut(Contract):
    """A record of a note that stands in no item of the brief, and why."""

    kind: str
    what: str
    reason: str
    evidence: tuple[Evidence, ...]


class OverrideEntry(Contract):
    """One correction that a person made, and what came of it."""

    kind: OverrideKind
    what: str = Field(description="the correction in words")
    applied: bool = Field(description="false: it fits nothing here, or another one speaks against it; `note` says why")
    items: tuple[str, ...] = Field(description="ids of what it applies to; of what it took out, the ids it would have")
    note: str


class Usage(Contract):
    """Tokens of every attempt, the failed ones too. `cost` is None where a price is unknown, never 0 for unknown."""

    calls: int = Field(default=0, description="requests that went over the wire")
    reused: int = Field(default=0, description="questions answered from the store, without a request")
    retries: int = Field(default=0, description="of the calls, those that repeated one that failed in transport")
    reasks: int = Field(default=0, description="of the calls, those that asked again after an invalid answer")
    input_tokens: int = 0
    cached_tokens: int = Field(default=0, description="of the input tokens, those the provider had in its cache")
    output_tokens: int = 0
    cost: float | None = Field(default=None, description="US dollars")


class Run(Contract):
    """What is not a function of the inputs: when, how, at what cost."""

    started: str
    seconds: float
    version: str
    model: str
    usage: Usage
    counts: dict[str, int]
    notes: tuple[str, ...] = ()
    again: bool = Field(default=False, description="running again later may help: the model could not be reached")


class Brief(Contract):
    """A structured brief of one story."""

    schema_: Literal["brief/1"] = Field(default="brief/1", alias="schema")
    story: str
    complete: bool
    title: str
    summary: tuple[SummarySentence, ...]
    articles: tuple[ArticleEntry, ...]
    actors: tuple[Actor, ...]
    issues: tuple[Issue, ...]
    disagreements: tuple[Disagreement, ...]
    open_questions: tuple[OpenQuestion, ...]
    events: tuple[Event, ...]
    facts: tuple[Fact, ...]
    origins: tuple[Origin, ...]
    flags: tuple[Flag, ...]
    left_out: tuple[LeftOut, ...]
    overrides: tuple[OverrideEntry, ...] = Field(default=(), description="in the order in which the person wrote them")
    run: Run

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)
