"""One item of a brief with all that bears on it: who an actor is, under which names, and on what that rests.

`explain` finds what a person means by a name or an id and cuts its part out of the brief, in the brief's own types;
`explanation_text` is that as plain text.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePath
from typing import Literal

from pydantic import BaseModel, Field

from summarise.contract import (
    Actor,
    ArticleEntry,
    Brief,
    Contract,
    Disagreement,
    Event,
    Evidence,
    Flag,
    Issue,
    OpenQuestion,
    Origin,
    Position,
)
from summarise.errors import InputError
from summarise.names import fold, surname
from summarise.render import view
from summarise.render.safe import one_line, shorten

Kind = Literal["actor", "issue", "position", "question", "disagreement"]
SHOWN = 8
"""Candidates that a message lists."""


class Explanation(Contract):
    """What a brief has on one item; the same form for every kind of item."""

    kind: Kind
    id: str
    actors: tuple[Actor, ...] = Field(description="the actor itself, or those who hold the positions")
    issues: tuple[Issue, ...] = Field(description="with those of their positions alone that are concerned")
    disagreements: tuple[Disagreement, ...]
    open_questions: tuple[OpenQuestion, ...]
    events: tuple[Event, ...]
    origins: tuple[Origin, ...] = Field(description="those that the positions rest on")
    flags: tuple[Flag, ...] = Field(description="those on a sentence cited here")
    articles: tuple[ArticleEntry, ...] = Field(description="those cited here")


@dataclass(frozen=True)
class Candidate:
    """Something that a person can ask for: its names, the first of them the one it is shown by."""

    kind: Kind
    id: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.id} ({self.kind}: {shorten(one_line(self.names[0]), 60)})"


def explain(brief: Brief, name: str) -> Explanation:
    """What the brief has on `name`: an id, a name of an actor, or the wording of another item.

    An id counts before a whole name (an actor's before other wordings), that before words that stand in one. Raises
    InputError, with the candidates, where nothing or more than one thing is meant.
    """
    everything = list(_candidates(brief))
    found = next((found for found in _readings(everything, name) if found), [])
    asked = shorten(one_line(name), 60)
    if not found:
        raise InputError(f"{asked!r} is nothing in this brief{_nearest(everything, name)}")
    if len(found) > 1:
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        listed = ", ".join(map(str, found[:SHOWN]))
        raise InputError(f"{asked!r} may be {listed}{more}; give one of these ids")
    return _cut_out(brief, found[0])


# ---- what is meant


def _candidates(brief: Brief) -> Iterator[Candidate]:
    for actor in brief.actors:
        yield Candidate("actor", actor.id, (actor.name, *actor.aliases))
    for issue in brief.issues:
        yield Candidate("issue", issue.id, (issue.title,))
        for position in issue.positions:
            yield Candidate("position", position.id, (position.statement,))
    for question in brief.open_questions:
        yield Candidate("question", question.id, (question.question,))
    for disagreement in brief.disagreements:
        yield Candidate("disagreement", disagreement.id, (disagreement.summary,))


def _readings(everything: list[Candidate], name: str) -> Iterator[list[Candidate]]:
    """The candidates for each way of understanding a name, the surest way first."""
    yield [one for one in everything if one.id == name.strip()]
    wanted = fold(name)
    if not wanted:
        return
    whole = [one for one in everything if wanted in map(fold, one.names)]
    actors = [one for one in everything if one.kind == "actor"]
    yield [one for one in whole if one.kind == "actor"]
    yield whole
    words = _words(name)
    yield [one for one in actors if any(words <= _words(known) for known in one.names)]
    yield [one for one in everything if one.kind == "issue" and words <= _words(one.names[0])]


def _words(name: str) -> set[str]:
    """Without the Arabic article, so that "Assad" is a word of "Bashar al-Assad"."""
    return {word.removeprefix("al-") for word in fold(name).split()}


def _nearest(everything: list[Candidate], name: str) -> str:
    """The names most like it, whole or by their last word."""
    named: dict[str, str] = {}
    for one in everything:
        if one.kind in ("actor", "issue"):
            for known in one.names:
                named.setdefault(fold(known), known)
                named.setdefault(surname(known), known)
    near = dict.fromkeys(named[one] for one in get_close_matches(fold(name), named, n=3, cutoff=0.7))
    return f"; nearest: {', '.join(map(one_line, near))}" if near else "; brief.md lists its actors and issues"


# ---- its part of the brief


def _cut_out(brief: Brief, meant: Candidate) -> Explanation:
    disagreements = [one for one in brief.disagreements if meant.kind == "disagreement" and one.id == meant.id]
    of_sides = {position for one in disagreements for side in one.sides for position in side.positions}

    def concerned(issue: Issue, position: Position) -> bool:
        if meant.kind == "disagreement":
            return position.id in of_sides
        return meant.id == {"actor": position.actor, "issue": issue.id, "position": position.id}.get(meant.kind)

    issues: list[Issue] = []
    for issue in brief.issues:
        positions = tuple(one for one in issue.positions if concerned(issue, one))
        if positions or (meant.kind, meant.id) == ("issue", issue.id):
            issues.append(issue.model_copy(update={"positions": positions}))
    held = [position for issue in issues for position in issue.positions]
    if meant.kind != "disagreement":
        ids = {position.id for position in held}
        disagreements = [one for one in brief.disagreements if any(ids & set(side.positions) for side in one.sides)]
    questions = [one for one in brief.open_questions if meant.kind == "question" and one.id == meant.id]
    events = [one for one in brief.events if meant.kind == "actor" and meant.id in one.actors]
    actors = {meant.id, *(position.actor for position in held)}
    origins = {origin for position in held for origin in position.origins}
    shown = Explanation(
        kind=meant.kind,
        id=meant.id,
        actors=tuple(one for one in brief.actors if one.id in actors),
        issues=tuple(issues),
        disagreements=tuple(disagreements),
        open_questions=tuple(questions),
        events=tuple(events),
        origins=tuple(one for one in brief.origins if one.id in origins),
        flags=(),
        articles=(),
    )
    cited = list(_evidence_in(shown))
    sentences, files = {(one.article, one.sentence) for one in cited}, {one.article for one in cited}
    flags = [one for one in brief.flags if any((e.article, e.sentence) in sentences for e in one.evidence)]
    entries = [one for one in brief.articles if one.id in files and one.status == "used"]
    return shown.model_copy(update={"flags": tuple(flags), "articles": tuple(entries)})


def _evidence_in(node: object) -> Iterator[Evidence]:
    if isinstance(node, Evidence):
        yield node
    elif isinstance(node, BaseModel | tuple):
        for value in node if isinstance(node, tuple) else (value for _, value in node):
            yield from _evidence_in(value)


# ---- as text


def explanation_text(explanation: Explanation, *, width: int = 100) -> str:
    """Plain text for a terminal of `width` columns, without anything that acts on it."""
    return _Text(explanation, width).text()


class _Text:
    """One explanation being put into lines."""

    def __init__(self, shown: Explanation, width: int) -> None:
        self.shown = shown
        self.width = max(width, 40)
        self.lines: list[str] = []
        self.names = {actor.id: one_line(actor.name) for actor in shown.actors}
        self.reports = {origin.id: one_line(origin.report) for origin in shown.origins}
        self.articles = {article.id: article for article in shown.articles}
        self.flagged = {(e.article, e.sentence) for flag in shown.flags for e in flag.evidence}

    def text(self) -> str:
        self._actor()
        self._question()
        self._issues()
        self._disagreements()
        self._events()
        for flag in self.shown.flags:
            self._line(f"⚑ {flag.kind.replace('_', ' ')}: {one_line(flag.note)}")
        return "\n".join(self.lines).strip("\n") + "\n"

    def _actor(self) -> None:
        if self.shown.kind != "actor":
            return
        for actor in (one for one in self.shown.actors if one.id == self.shown.id):
            self._line(f"{one_line(actor.name)} ({actor.kind}) {actor.id}")
            if actor.role:
                self._line(f"role: {one_line(actor.role)}", 1)
            if actor.aliases:
                self._line(f"also: {', '.join(map(one_line, actor.aliases))}", 1)
            for join in view.joins(actor):
                self._line(f"taken for one: {one_line(join)}", 1)
            self._heading("Named in")
            self._quotes(actor.evidence, 1)
            if not self.shown.issues:
                self._heading("Positions")
                self._line("none", 1)

    def _question(self) -> None:
        for one in self.shown.open_questions:
            self._line(f"{one_line(one.question)} ({one.status.replace('_', ' ')}) {one.id}")
            if one.why_open:
                self._line(f"open because: {one_line(one.why_open)}", 1)
            if one.settled_by:
                self._line(f"would be settled by: {one_line(one.settled_by)}", 1)
            self._quotes(one.evidence, 1)
            if one.answered_by:
                self._heading("Answered by")
                self._quotes(one.answered_by, 1)

    def _issues(self) -> None:
        for issue in self.shown.issues:
            self._heading(f"{one_line(issue.title) or 'Untitled'} {issue.id}")
            for position in issue.positions:
                self._position(position)

    def _position(self, one: Position) -> None:
        actor = self.names.get(one.actor, one_line(one.actor))
        symbol, word = view.STANCES[one.stance]
        self._line(f"{symbol} {actor} {word}: {one_line(one.statement)} {one.id}", 1)
        reports = [self.reports.get(origin, one_line(origin)) for origin in one.origins]
        said_on = f"said on {one_line(view.spell_date(one.said_on))}" if one.said_on else ""
        via = f"via {', '.join(map(one_line, one.via))}" if one.via else ""
        rests = f"rests on {view.count(len(reports), 'origin')}: {'; '.join(reports)}" if reports else ""
        by_hand = "put right by a person" if one.by == "person" else ""
        for fact in filter(None, (said_on, via, rests, by_hand)):
            self._line(fact, 2)
        for check in view.failed_checks(one):
            self._line(f"⚠ check {one_line(check.name)} failed{': ' if check.note else ''}{one_line(check.note)}", 2)
        self._quotes(one.evidence, 2)

    def _disagreements(self) -> None:
        if self.shown.disagreements:
            self._heading("Where accounts differ")
        for one in self.shown.disagreements:
            self._line(f"≠ {one_line(one.summary)} ({one.kind.replace('_', ' ')}) {one.id}", 1)
            for side in one.sides:
                self._line(f"— {one_line(side.statement)}", 2)
                if self.shown.kind == "disagreement":
                    self._quotes(side.evidence, 3)

    def _events(self) -> None:
        if self.shown.events:
            self._heading("Timeline")
        for one in self.shown.events:
            self._line(f"{one_line(view.spell_date(one.when)) or 'undated'}: {one_line(one.what)}", 1)

    def _quotes(self, evidence: Iterable[Evidence], depth: int) -> None:
        for one in evidence:
            article = self.articles.get(one.article)
            file = one_line(PurePath(article.path).name if article else one.article)
            mark = "⚑ " if (one.article, one.sentence) in self.flagged else ""
            self._line(f"{mark}{file}, sentence {one.sentence}: “{one_line(one.quote)}”", depth)

    def _heading(self, title: str) -> None:
        self.lines.append("")
        self._line(title)

    def _line(self, words: str, depth: int = 0) -> None:
        indent = "  " * depth
        self.lines += textwrap.wrap(
            words,
            self.width,
            initial_indent=indent,
            subsequent_indent=indent + "  ",
            break_on_hyphens=False,
        ) or [""]
