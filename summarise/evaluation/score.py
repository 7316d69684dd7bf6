"""A brief held against a reference reading.

Evidence decides, not wording: an item of the brief is an item of the reference where a sentence it quotes overlaps one
of its spans; of a position the actor must be the same too. Nothing is asked of a model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import PurePath
from typing import TypeVar

from pydantic import BaseModel

from summarise.contract import Brief, Event, Evidence, Origin, Position
from summarise.evaluation.actors import Cast
from summarise.evaluation.articles import Articles, name_words
from summarise.evaluation.evidence import Cited, Marked, cited, marked, quotations
from summarise.evaluation.figures import ArticleFigures, EvidenceFigures, ListFigures, PositionFigures, Scores, ratio
from summarise.evaluation.matching import assign, must_first
from summarise.evaluation.reference import (
    Reference,
    ReferenceDate,
    ReferenceDisagreement,
    ReferenceOrigin,
    ReferencePosition,
    ReferenceQuestion,
)

FINDS = 3
"""Reference positions that one position may find."""
DATED = 2
"""Reference dates that one event may find."""
SAME_ARTICLES = 0.75
"""Of an origin's articles, shared ÷ all: whether the report's own article is among them is left open."""
SAME_REPORT, LONGEST_REPORT = 0.6, 30
"""Share of the shorter of two reports' names that must be in the other; words that a report's name may have."""

_DIRECTIONS = {
    **dict.fromkeys(("supports", "offers", "accepts"), "for"),
    **dict.fromkeys(("opposes", "refuses", "denies"), "against"),
    "demands": "demand",
}
_NO_NAME = frozenset(
    [
        *("the", "a", "an", "of", "and", "or", "on", "in", "at", "to", "from", "by", "with", "for"),
        *("report", "reports", "reported", "statement", "statements", "source", "sources"),
    ]
)
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")

Row = TypeVar("Row")
Wanted = TypeVar("Wanted", ReferenceQuestion, ReferenceDisagreement, ReferenceDate, ReferenceOrigin)


def direction(stance: str) -> str:
    """What of a stance must agree: for, against, demand, or neutral."""
    return _DIRECTIONS.get(stance, "neutral")


def score(brief: Brief, reference: Reference, articles: Articles) -> Scores:
    """All figures. Spans of the reference that stand nowhere find nothing: see `reference.problems`."""
    return _Scoring(brief, reference, articles).scores()


class _Scoring:
    """One scoring under way."""

    def __init__(self, brief: Brief, reference: Reference, articles: Articles) -> None:
        self.brief = brief
        self.reference = reference
        self.articles = articles
        self.file_of = {entry.id: PurePath(entry.path).name for entry in brief.articles}
        self.items: list[Cited] = []

    def scores(self) -> Scores:
        cast = Cast(self.brief.actors, self.reference.actors)
        return Scores(
            articles=ArticleFigures(unknown=sum(file not in self.articles for file in self.file_of.values())),
            actors=cast.figures(),
            positions=self._positions(cast),
            open_questions=self._questions(),
            disagreements=self._disagreements(),
            events=self._events(),
            origins=self._origins(),
            evidence=self._evidence(),
        )

    def _cited(self, evidence: tuple[Evidence, ...]) -> Cited:
        found = cited(evidence, self.file_of, self.articles)
        self.items.append(found)
        return found

    def _positions(self, cast: Cast) -> PositionFigures:
        held = [position for issue in self.brief.issues for position in issue.positions]
        wanted = self.reference.positions
        fits = self._fitting(held, cast)
        about = [{place for _, place in options} for options in fits]
        finders = {n: [p for p, places in enumerate(about) if n in places] for n in must_first(wanted)}
        found = assign(finders, room=FINDS)

        def agrees(position: int, place: int) -> bool:
            return direction(held[position].stance) == direction(wanted[place].stance)

        # A reference position has room for one position of each of its actors: a second one repeats the first.
        right = assign({n: sorted(options, key=lambda o: not agrees(n, o[1])) for n, options in enumerate(fits)})
        must = [n for n, one in enumerate(wanted) if one.need == "must"]
        in_direction = sum(any(agrees(n, place) for n in right if place in about[n]) for place in found)
        return PositionFigures(
            predicted=len(held),
            recall=ratio(sum(n in found for n in must), len(must)),
            precision=ratio(len(right), len(held)),
            stance=ratio(in_direction, len(found)),
            duplicates=sum(bool(options) and n not in right for n, options in enumerate(fits)),
            missed=tuple(wanted[n].id for n in must if n not in found),
            unmatched=tuple(position.id for n, position in enumerate(held) if n not in right),
        )

    def _fitting(self, held: Sequence[Position], cast: Cast) -> list[list[tuple[str, int]]]:
        """For each position the reference positions, as (their actor, place), whose actor and evidence it shares."""
        marks = [(one, marked(one.spans, self.articles)) for one in self.reference.positions]
        fits: list[list[tuple[str, int]]] = []
        for position in held:
            evidence, actors = self._cited(position.evidence), cast.stands_for(position.actor)
            fits.append([
                (actor, place)
                for place, (one, spans) in enumerate(marks)
                for actor in _shared_actors(actors, one)
                if evidence.hits(spans)
            ])  # fmt: skip
        return fits

    def _questions(self) -> ListFigures:
        rows = [self._cited(one.evidence) for one in self.brief.open_questions]
        marks = {one.id: marked(one.spans, self.articles) for one in self.reference.open_questions}
        return _listed(rows, self.reference.open_questions, lambda row, one: bool(row.hits(marks[one.id])))

    def _disagreements(self) -> ListFigures:
        rows = [[self._cited(side.evidence) for side in one.sides] for one in self.brief.disagreements]
        marks = {
            one.id: [marked(side, self.articles) for side in one.sides] for one in self.reference.disagreements
        }  # fmt: skip
        return _listed(rows, self.reference.disagreements, lambda row, one: _same_sides(row, marks[one.id]))

    def _events(self) -> ListFigures:
        rows: list[tuple[Event, Cited]] = [(one, self._cited(one.evidence)) for one in self.brief.events]
        marks = {one.id: marked(one.spans, self.articles) for one in self.reference.dates}
        return _listed(
            rows,
            self.reference.dates,
            lambda row, one: _same_date(row[0].when, one.when) and bool(row[1].hits(marks[one.id])),
            room=DATED,
        )

    def _origins(self) -> ListFigures:
        return _listed(self.brief.origins, self.reference.upstream, self._same_origin)

    def _same_origin(self, origin: Origin, wanted: ReferenceOrigin) -> bool:
        mine, theirs = name_words(origin.report) - _NO_NAME, name_words(wanted.report) - _NO_NAME
        shared = len(mine & theirs)
        if not shared or len(mine) > LONGEST_REPORT or 3 * shared < len(theirs):
            return False
        files, others = {self.file_of.get(one) for one in origin.articles}, set(wanted.articles)
        return shared >= SAME_REPORT * min(len(mine), len(theirs)) and (
            len(files & others) >= SAME_ARTICLES * len(files | others)
        )

    def _evidence(self) -> EvidenceFigures:
        """Of every quotation in the brief; the bounds on how many count are those of the items scored before."""
        everything = quotations(_evidence_in(self.brief), self.file_of)
        return EvidenceFigures(
            quotes=len(everything),
            verbatim=ratio(sum(bool(self.articles.places(q.file, q.quote)) for q in everything), len(everything)),
            per_item=ratio(sum(item.quotes for item in self.items), len(self.items)),
            over_cited=sum(item.over for item in self.items),
            short=sum(q.is_short() for q in everything),
            long=sum(q.is_long() for q in everything),
            vague=sum(q.is_vague(self.articles) for q in everything),
        )


def _listed(
    rows: Sequence[Row], wanted: Sequence[Wanted], fits: Callable[[Row, Wanted], bool], *, room: int = 1
) -> ListFigures:
    """Figures of a kind whose items find one counterpart each, `room` of the reference at most."""
    found = assign(
        {n: [place for place, row in enumerate(rows) if fits(row, wanted[n])] for n in must_first(wanted)}, room=room
    )
    must = [n for n, one in enumerate(wanted) if one.need == "must"]
    return ListFigures(
        predicted=len(rows),
        recall=ratio(sum(n in found for n in must), len(must)),
        precision=ratio(len(set(found.values())), len(rows)),
        missed=tuple(_called(wanted[n]) for n in must if n not in found),
    )


def _called(one: ReferenceQuestion | ReferenceDisagreement | ReferenceDate | ReferenceOrigin) -> str:
    return one.report if isinstance(one, ReferenceOrigin) else one.id


def _shared_actors(actors: list[str], wanted: ReferencePosition) -> list[str]:
    return [actor for actor in actors if actor in wanted.actor]


def _same_sides(sides: list[Cited], wanted: Sequence[Sequence[Marked]]) -> bool:
    """Half the sides are sides of the reference, and two of them different ones."""
    hit = [{n for n, spans in enumerate(wanted) if side.hits(spans)} for side in sides]
    different = any(one != other for a, b in combinations(hit, 2) for one in a for other in b)
    return different and 2 * sum(map(bool, hit)) >= len(hit)


def _same_date(when: str, wanted: str) -> bool:
    """Whether `when` is as the reference has it, or more precise within that."""
    known = _DATE.match(wanted)
    return bool(known and re.match(re.escape(known[0]) + r"(?!\d)", when))


def _evidence_in(node: object) -> Iterator[Evidence]:
    """All evidence within a brief or a part of it, in order."""
    if isinstance(node, Evidence):
        yield node
    elif isinstance(node, BaseModel):
        for _, value in node:
            yield from _evidence_in(value)
    elif isinstance(node, tuple):
        for value in node:
            yield from _evidence_in(value)
