"""Weigh: where actors disagree, where reports contradict each other, which questions have been answered.

Only where there is something to weigh is a reader asked: an issue on which two actors stand, or one that changed; facts
of two articles; questions older than a later article.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from summarise.answers import (
    Account,
    Accounts,
    Disagreements,
    NotedFact,
    NotedPosition,
    WeighedDisagreement,
    WeighedQuestions,
)
from summarise.asking import Desk, Line, all_of, article_label, once, weight
from summarise.blocks import parts
from summarise.check import words_of
from summarise.contract import DisagreementKind, Evidence, QuestionStatus
from summarise.names import fold
from summarise.reconcile.events import JoinedEvent
from summarise.reconcile.positions import JoinedIssue, JoinedPosition
from summarise.reconcile.questions import JoinedQuestion
from summarise.records import Entry, Records, gathered


@dataclass(frozen=True)
class WeighedSide:
    """One side: its positions (keys, none for facts) and its evidence."""

    statement: str
    positions: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Conflict:
    """One disagreement; `key` is that of its canonically first record. `by_person`: its summary is a person's."""

    key: str
    kind: DisagreementKind
    summary: str
    sides: tuple[WeighedSide, ...]
    place: tuple[str, str, str]
    by_person: bool = False


@dataclass(frozen=True)
class Standing:
    """What became of a question (by its key)."""

    status: QuestionStatus
    answered_by: tuple[Evidence, ...]


Via = Callable[[Entry[NotedPosition]], Sequence[str]]


@dataclass(frozen=True)
class _Piece:
    """Positions on one issue, in order, and a line for each: all of them, or as many as one question holds."""

    key: str
    rows: tuple[JoinedPosition, ...]
    lines: tuple[Line, ...]

    @cached_property
    def weight(self) -> int:
        """Tokens of the lines."""
        return sum(map(weight, self.lines))


def _cut(piece: _Piece, largest: int) -> list[_Piece]:
    """The piece where it fits into one question; else pieces that do, cut by topic and by what is held."""
    if piece.weight <= largest:
        return [piece]
    cut = parts(
        list(enumerate(zip(piece.rows, piece.lines, strict=True))),
        key=lambda unit: f"{fold(unit[1][0].entries[0].noted.topic)}\n{unit[1][0].key}",
        weight=lambda unit: weight(unit[1][1]),
        largest=largest,
    )
    return [
        _Piece(
            f"{piece.key}\n{rows[0][1][0].key}", tuple(p for _, (p, _) in rows), tuple(line for _, (_, line) in rows)
        )
        for rows in (sorted(some, key=lambda unit: unit[0]) for some in cut)
        if len(rows) > 1
    ]


def _worth_weighing(issue: JoinedIssue) -> bool:
    rows = [p for p in issue.positions if not any(e.flagged for e in p.entries)]
    return len(rows) > 1


async def disagreements(issues: Sequence[JoinedIssue], names: dict[str, str], via: Via, desk: Desk) -> list[Conflict]:
    """Where actors disagree or changed position; issues are weighed side by side, each whole while it fits.

    One that does not is weighed in pieces, its positions on one topic together as far as they fit.
    `via` gives through whom a record came, as far as it may be told.
    """

    def piece_of(issue: JoinedIssue) -> _Piece:
        rows = [p for p in issue.positions if not any(e.flagged for e in p.entries)]
        topic = min(rows, key=lambda p: p.entries[0].place).entries[0].noted.topic
        lines = [Line(label=topic, text=_position_text(p, names, via)) for p in rows]
        return _Piece(f"{fold(topic)}\n{issue.positions[0].key}", tuple(rows), tuple(lines))

    async def ask(block: Sequence[_Piece]) -> list[Conflict]:
        rows = [p for piece in block for p in piece.rows]
        lines = [line for piece in block for line in piece.lines]
        answer = await desk.records(
            "disagreements",
            "where actors disagree",
            lines,
            Disagreements,
            lambda a: _members(a.disagreements),
            lambda a: _two_sides(a.disagreements),
        )
        return _conflicts(
            [(d.kind, d) for d in answer.disagreements] if answer else [],
            [_Weighable(p.key, p.entries[0].place, gathered([e.evidence for e in p.entries]), p.key) for p in rows],
        )

    pieces = [piece for i in issues if _worth_weighing(i) for piece in _cut(piece_of(i), desk.largest)]
    blocks = parts(pieces, key=lambda piece: piece.key, weight=lambda piece: piece.weight, largest=desk.largest)
    return [c for found in await all_of(ask(block) for block in blocks) for c in found]


def _position_text(position: JoinedPosition, names: dict[str, str], through: Via) -> str:
    """A position in the words of its first record.

    Wording that a reader chose for the joined one may be another as soon as it is asked again; so may the sum of all
    ways it came. Either would have every issue weighed again for nothing.
    """
    noted = position.entries[0].noted
    via = ", ".join(dict.fromkeys(through(position.entries[0])))
    parts_ = [
        names[position.actor],
        noted.stance,
        *([noted.said_on] if noted.said_on else []),
        noted.statement,
        *([f"via {via}"] if via else []),
    ]
    return " | ".join(parts_)


async def accounts(records: Records, desk: Desk) -> list[Conflict]:
    """Where two articles give the same particular differently."""
    facts = [e for e in records.facts if not e.flagged]
    if len({e.article.id for e in facts}) < 2:
        return []

    def line(entry: Entry[NotedFact]) -> Line:
        source = f" (according to {entry.noted.according_to})" if entry.noted.according_to else ""
        article = entry.article
        day = f", {article.published[:10]}" if article.published_from == "stated" else ""
        return Line(label=f"{article_label(article)}{day}", text=f"{entry.noted.about}: {entry.noted.value}{source}")

    async def ask(block: Sequence[Entry[NotedFact]]) -> list[Conflict]:
        if len({e.article.id for e in block}) < 2:
            return []
        answer = await desk.records(
            "accounts",
            "where reports contradict each other",
            [line(e) for e in block],
            Accounts,
            lambda a: _members(a.accounts),
            lambda a: _two_sides(a.accounts),
        )
        rows = [_Weighable(e.key, e.place, e.evidence, None) for e in block]
        return _conflicts([("between_reports", a) for a in answer.accounts] if answer else [], rows)

    blocks = parts(
        facts, key=lambda e: f"{fold(e.noted.about)}\n{e.key}", weight=lambda e: weight(line(e)), largest=desk.largest
    )
    return [c for found in await all_of(ask(block) for block in blocks) for c in found]


_Given = WeighedDisagreement | Account


def _members(given: Sequence[_Given]) -> list[tuple[int, ...]]:
    return [side.members for d in given for side in d.sides]


def _two_sides(given: Sequence[_Given]) -> list[str]:
    return [
        f"entry {n} has fewer than two sides with records of their own"
        for n, d in enumerate(given, 1)
        if sum(bool(own) for own in once(side.members for side in d.sides)) < 2
    ]


@dataclass(frozen=True)
class _Weighable:
    key: str
    place: tuple[str, str, str]
    evidence: tuple[Evidence, ...]
    position: str | None


def _conflicts(answers: Sequence[tuple[DisagreementKind, _Given]], rows: Sequence[_Weighable]) -> list[Conflict]:
    found: list[Conflict] = []
    for kind, given in answers:
        seen: set[int] = set()
        sides: list[WeighedSide] = []
        members: list[_Weighable] = []
        for side in given.sides:
            numbers = [n - 1 for n in dict.fromkeys(side.members) if n not in seen]
            seen.update(side.members)
            held = [rows[n] for n in numbers]
            if held:
                positions = tuple(h.position for h in held if h.position)
                sides.append(WeighedSide(side.statement, positions, gathered([h.evidence for h in held])))
                members += held
        if len(sides) > 1:
            first = min(members, key=lambda m: m.place)
            again = sum(c.place == first.place for c in found)
            key = hashlib.sha256(f"{first.key}\n{again}".encode()).hexdigest() if again else first.key
            found.append(Conflict(key, kind, given.summary, tuple(sides), first.place))
    return found


@dataclass(frozen=True)
class ToldOnce:
    """All disagreements, each once, and the contradictions between reports that one between actors tells already."""

    kept: tuple[Conflict, ...]
    repeats: tuple[Conflict, ...]


def told_once(between_actors: Sequence[Conflict], between_reports: Sequence[Conflict]) -> ToldOnce:
    """A contradiction found between actors and between reports is told once: sides that share sentences pairwise."""
    resting: dict[tuple[str, int], list[int]] = {}  # by sentence those between actors that rest on it
    for n, conflict in enumerate(between_actors):
        for place in {(e.article, e.sentence) for side in conflict.sides for e in side.evidence}:
            resting.setdefault(place, []).append(n)
    kept, repeats = [*between_actors], list[Conflict]()
    for conflict in between_reports:
        near = {
            n for side in conflict.sides[:1] for e in side.evidence for n in resting.get((e.article, e.sentence), ())
        }
        told = any(_same_sides(conflict, between_actors[n]) for n in near)
        (repeats if told else kept).append(conflict)
    return ToldOnce(tuple(kept), tuple(repeats))


def _same_sides(one: Conflict, other: Conflict) -> bool:
    mine, theirs = ([{(e.article, e.sentence) for e in side.evidence} for side in c.sides] for c in (one, other))
    pairs = [{j for j, sentences in enumerate(theirs) if own & sentences} for own in mine]
    return all(pairs) and len(set().union(*pairs)) == len(theirs)


async def standings(
    questions: Sequence[JoinedQuestion],
    issues: Sequence[JoinedIssue],
    events: Sequence[JoinedEvent],
    names: dict[str, str],
    desk: Desk,
) -> dict[str, Standing]:
    """Which questions later articles answer, by the question's key; those not named stay open."""

    def day(key: str) -> str:
        return key[:10]

    def asked_on(question: JoinedQuestion) -> str:
        """The last day on which it was still asked; of an article without a stated day it is not known."""
        return max(day(e.place[0]) for e in question.entries)

    told: list[_Told] = []
    for position in (p for issue in issues for p in issue.positions):
        last = max(position.entries, key=lambda e: e.place)
        if not last.flagged and last.place[0] != "9999":
            told.append(
                _Told(day(last.place[0]), f"{names[position.actor]}: {last.noted.statement}", last.evidence[:2])
            )
    for event in events:
        latest = max(event.entries, key=lambda e: e.place)
        if not latest.flagged and latest.place[0] != "9999":
            told.append(_Told(day(latest.place[0]), latest.noted.what, latest.evidence[:2]))

    result: dict[str, Standing] = {}
    said = _Said(told)
    bearing = {q.key: said.bearing(q, asked_on(q)) for q in questions if not any(e.flagged for e in q.entries)}

    def asking(question: JoinedQuestion) -> Line:
        return Line("question", f"{asked_on(question)} | {question.question} — {question.why_open}")

    def telling(told: _Told) -> Line:
        return Line("record", f"{told.day} | {told.text}")

    async def ask(block: Sequence[JoinedQuestion]) -> None:
        rows = sorted({t for q in block for t in bearing[q.key]}, key=lambda t: t.place)
        lines = [*map(asking, block), *map(telling, rows)]
        answer = await desk.records(
            "answers",
            "which questions are answered",
            lines,
            WeighedQuestions,
            lambda a: [(q.question, *q.answered_by) for q in a.questions],
        )
        for given in answer.questions if answer else ():
            chosen = [rows[n - 1 - len(block)] for n in given.answered_by if n > len(block)]
            if given.question <= len(block) and chosen:
                result[block[given.question - 1].key] = Standing(given.status, gathered([t.evidence for t in chosen]))

    def weight_of(question: JoinedQuestion) -> int:
        told = sum(weight(telling(t)) for t in bearing[question.key])
        return max(_USUAL, weight(asking(question)) + told)

    askable = [q for q in questions if bearing.get(q.key)]
    blocks = parts(askable, key=lambda q: f"{fold(q.question)}\n{q.key}", weight=weight_of, largest=desk.largest)
    await all_of(ask(block) for block in blocks)
    return result


_USUAL = 600  # tokens of a question and what bears on it: blocks change less when both do
_COMMON = 2_000  # things said that share a word, above which the word alone points to nothing


@dataclass(frozen=True)
class _Told:
    day: str
    text: str
    evidence: tuple[Evidence, ...]

    @property
    def place(self) -> tuple[str, str, tuple[tuple[str, int], ...]]:
        """Where it stands among the others: two articles may say one thing in the same words on one day."""
        return self.day, self.text, tuple((e.article, e.start) for e in self.evidence)


class _Said:
    """What articles say, by its long words."""

    def __init__(self, told: Sequence[_Told]) -> None:
        self._told = told
        self._by_word: dict[str, list[int]] = {}
        for n, row in enumerate(told):
            for word in set(words_of(row.text)):
                self._by_word.setdefault(word, []).append(n)

    def bearing(self, question: JoinedQuestion, asked_on: str) -> list[_Told]:
        """What later articles say that shares at least two long words with the question: the closest twelve."""
        if asked_on == "9999":
            return []
        words = {w for w in words_of(question.question) if len(w) > 4 and w in self._by_word}
        rarest = sorted(words, key=lambda w: (len(self._by_word[w]), w))
        telling = [w for n, w in enumerate(rarest) if n < 2 or len(self._by_word[w]) <= _COMMON]
        shared = Counter(n for w in telling for n in self._by_word[w])
        later = [(count, self._told[n]) for n, count in shared.items() if count >= 2 and self._told[n].day > asked_on]
        closest = sorted(later, key=lambda pair: (-pair[0], pair[1].place))
        return [t for _, t in closest[:12]]
