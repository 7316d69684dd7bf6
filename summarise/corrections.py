"""A person's corrections, applied to the joined records: what is renamed, re-filed, closed, dropped, wrong, or stays.

`join` and `part` have acted before (`reconcile/said.py`). What is wrong goes before anything is weighed, so that
nothing rests on it; every record of it stands among what was left out. An item that rests on sentences talking to a
machine stays their quotation: no correction gives it words, a stance or a name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from summarise.answers import NotedFact, NotedPosition
from summarise.contract import Actor, Disagreement, Evidence, Issue, LeftOut, OpenQuestion
from summarise.fitting import Called, Candidate, Fit, called, fitting, holds, is_whole, trimmed
from summarise.ledger import Ledger
from summarise.names import fold
from summarise.overrides import Close, Drop, ItemKind, Overrides, Pin, Refile, Rename, Wrong
from summarise.reconcile.actors import Cast, JoinedActor, names_of
from summarise.reconcile.events import JoinedEvent
from summarise.reconcile.positions import JoinedPosition, Omitted
from summarise.reconcile.questions import JoinedQuestion, OmittedQuestion, alone
from summarise.records import Entry, Noted, Records, article_place, evidence, gathered, item_id, quotation
from summarise.weigh import Conflict, Standing, ToldOnce

_MACHINE = "it rests on a passage that talks to a machine, and is shown as its quotation alone"
_LETTERS: dict[str, str] = {
    "actor": "a",
    "position": "p",
    "question": "q",
    "event": "e",
    "fact": "f",
    "disagreement": "d",
}

I = TypeVar("I", Issue, Actor, OpenQuestion, Disagreement)  # noqa: E741
Existence = Wrong | Drop | Pin | Close
AnyEntry = Entry[Any]


@dataclass(frozen=True)
class Asked:
    """The questions as they stand, with what became of them."""

    joined: tuple[JoinedQuestion, ...]
    omitted: tuple[OmittedQuestion, ...]
    standing: dict[str, Standing]


@dataclass(frozen=True)
class Taken:
    """The positions that stand, and the records that became none."""

    joined: list[JoinedPosition]
    omitted: list[Omitted]


class Corrections:
    """The corrections of one brief under way; each stage hands its results through, in the order of the methods."""

    def __init__(self, overrides: Overrides) -> None:
        self.ledger = Ledger(overrides)
        self.left_out: list[LeftOut] = []
        self._pinned: dict[str, int] = {}
        self._wrong_actors: dict[str, str] = {}
        self._called: tuple[Called, ...] = ()

    # ---- stages

    def events(self, told: Sequence[JoinedEvent]) -> tuple[JoinedEvent, ...]:
        """The events without those that are wrong, in the words that a person gave."""
        candidates = [_candidate(e.key, e.what, e.entries, [e.what, *(x.noted.what for x in e.entries)]) for e in told]
        verdicts = self._verdicts("event", candidates)
        kept: list[JoinedEvent] = []
        for event in told:
            said = verdicts.get(event.key, ())
            if self._goes("event", event.key, event.what, event.entries, said):
                continue
            words = self._words(said, event.entries)
            kept.append(replace(event, what=words, by_person=True) if words else event)
        return tuple(kept)

    def facts(self, records: Records) -> Records:
        """The records without the particulars that are wrong."""
        candidates = [_candidate(e.key, e.noted.value, (e,), [e.noted.value, e.noted.about]) for e in records.facts]
        verdicts = self._verdicts("fact", candidates)

        def kept(entry: Entry[NotedFact]) -> bool:
            what = f"{entry.noted.about}: {entry.noted.value}"
            return not self._goes("fact", entry.key, what, (entry,), verdicts.get(entry.key, ()))

        return replace(records, facts=tuple(filter(kept, records.facts)))

    def cast(self, cast: Cast) -> Cast:
        """The actors under the names that a person gave, without those that are wrong."""
        actors = self._renamed(cast.actors)
        self._called = tuple(map(_called, actors))
        candidates = [_candidate(a.key, _shown(a.name, a.entries), a.entries, ()) for a in actors]
        verdicts = self._verdicts("actor", candidates)
        gone = {a.key for a in actors if self._goes("actor", a.key, a.name, a.entries, verdicts.get(a.key, ()))}
        for key in gone:
            self._wrong_actors[key] = _because(verdicts[key])
        return cast.with_actors(tuple(a for a in actors if a.key not in gone))

    def positions(self, joined: Sequence[JoinedPosition], omitted: Sequence[Omitted], cast: Cast) -> Taken:
        """The positions without those that are wrong or a wrong actor's, and with those that a person will have."""
        left = {o.entry.key: o for o in omitted}
        lost = [
            self._position(o.entry.key, o.what, (o.entry,), cast.of(o.entry.article, o.entry.noted.actor))
            for o in omitted
        ]
        found = [self._position(p.key, p.statement, p.entries, p.actor) for p in joined]
        verdicts = self._verdicts("position", found, lost)
        kept: list[JoinedPosition] = []
        for position in (*joined, *self._brought_back(verdicts, left, cast)):
            said = verdicts.get(position.key, ())
            what = position.statement
            if self._goes("position", position.key, what, position.entries, said):
                continue
            if position.actor in self._wrong_actors:
                for number, _ in said:
                    self.ledger.misses(number, "its actor is marked wrong, and its positions with it")
                self._leave_out("position", what, position.entries, self._wrong_actors[position.actor])
                continue
            kept.append(self._worded(position, said))
        present = {p.key for p in kept}
        return Taken(kept, [o for o in omitted if o.entry.key not in present])

    def refiled(self, positions: Sequence[JoinedPosition]) -> dict[str, str]:
        """The issue's title that a person gives a position, by its key."""
        filed: dict[str, tuple[int, str]] = {}
        candidates = [self._position(p.key, p.statement, p.entries, p.actor) for p in positions]
        for number, said in self.ledger.of(Refile):
            fit = fitting(candidates, quote=said.quote, actor=said.actor, says=said.says)
            if not fit.keys:
                self.ledger.misses(number, fit.why)
            for key in fit.keys:
                if key in filed and fold(filed[key][1]) != fold(said.issue):
                    self.ledger.overruled(filed[key][0], number)
                filed[key] = (number, said.issue)
                self.ledger.applies(number, [item_id("p", key)])
        return {key: issue for key, (_, issue) in filed.items()}

    def conflicts(self, told: ToldOnce) -> ToldOnce:
        """The disagreements without those that are wrong; one told twice stands where a person will have it."""

        def candidate(conflict: Conflict) -> Candidate:
            rows = [side.evidence for side in conflict.sides]
            says = (conflict.summary, *(side.statement for side in conflict.sides))
            return Candidate(conflict.key, conflict.summary, gathered(rows), tuple(e for r in rows for e in r), says)

        verdicts = self._verdicts("disagreement", [*map(candidate, told.kept)], [*map(candidate, told.repeats)])
        kept: list[Conflict] = []
        back = [c for c in told.repeats if any(isinstance(said, Pin) for _, said in verdicts.get(c.key, ()))]
        for conflict in (*told.kept, *back):
            said = verdicts.get(conflict.key, ())
            if reason := _because(said):
                rows = gathered([side.evidence for side in conflict.sides])
                self.left_out.append(LeftOut(kind="disagreement", what=conflict.summary, reason=reason, evidence=rows))
            else:
                words = next((s.statement for _, s in reversed(said) if isinstance(s, Pin) and s.statement), "")
                kept.append(replace(conflict, summary=words, by_person=True) if words else conflict)
        return ToldOnce(tuple(kept), tuple(c for c in told.repeats if c not in back))

    def questions(
        self,
        joined: Sequence[JoinedQuestion],
        omitted: Sequence[OmittedQuestion],
        standing: Mapping[str, Standing],
        notes: Sequence[Noted],
    ) -> Asked:
        """The questions without those that are none, with those that a person will have; closed as a person says."""

        def candidate(question: JoinedQuestion) -> Candidate:
            says = [question.question, *(e.noted.question for e in question.entries)]
            return _candidate(question.key, question.question, question.entries, says)

        lost = [replace(alone(o.entry), by_person=True) for o in omitted]
        verdicts = self._verdicts("question", [*map(candidate, joined)], [*map(candidate, lost)])
        back = [q for q in lost if any(isinstance(said, Pin) for _, said in verdicts.get(q.key, ()))]
        states = dict(standing)
        kept: list[JoinedQuestion] = []
        for question in (*joined, *back):
            said = verdicts.get(question.key, ())
            if self._goes("question", question.key, question.question, question.entries, said):
                continue
            words = self._words(said, question.entries)
            closing = [(n, s) for n, s in said if isinstance(s, Close)]
            for number, close in closing:
                rows = self._answer(number, close, notes)
                before = states.get(question.key)
                states[question.key] = Standing("answered", rows or (before.answered_by if before else ()))
            if words or closing:
                question = replace(question, question=words or question.question, by_person=True)
            kept.append(question)
        present = {q.key for q in back}
        return Asked(tuple(kept), tuple(o for o in omitted if o.entry.key not in present), states)

    def stays(self, actor: JoinedActor) -> bool:
        """Whether a person will have this actor, though it holds nothing."""
        return item_id("a", actor.key) in self._pinned

    def first(self, items: Sequence[I]) -> tuple[I, ...]:
        """The items, those that a person pinned first, in the order of the file."""
        return tuple(sorted(items, key=lambda item: self._pinned.get(item.id, len(items) + 10**6)))

    def first_of_issues(self, issues: Sequence[Issue]) -> tuple[Issue, ...]:
        """The issues, each with its pinned positions first."""
        if not self._pinned:
            return tuple(issues)

        def ordered(issue: Issue) -> Issue:
            rows = sorted(issue.positions, key=lambda p: self._pinned.get(p.id, 10**6))
            return issue.model_copy(update={"positions": tuple(rows)})

        return tuple(map(ordered, issues))

    # ---- pieces

    def _renamed(self, actors: Sequence[JoinedActor]) -> list[JoinedActor]:
        rows = {a.key: a for a in actors}
        by: dict[str, int] = {}
        for number, said in self.ledger.of(Rename):
            fit = called(said.actor, [_called(a) for a in rows.values()])
            if not fit.keys:
                self.ledger.misses(number, fit.why)
                continue
            actor = rows[fit.keys[0]]
            if _flagged(actor.entries):
                self.ledger.misses(number, _MACHINE)
                continue
            if actor.key in by:
                self.ledger.overruled(by[actor.key], number)
            by[actor.key] = number
            in_text = _used(actor.name, actor.entries) and actor.name != said.to
            aliases = {*actor.aliases, *([actor.name] if in_text else [])} - {said.to}
            rows[actor.key] = replace(
                actor,
                name=said.to,
                aliases=tuple(sorted(aliases, key=lambda n: (fold(n), n))),
                by_person=True,
            )
            self.ledger.applies(number, [item_id("a", actor.key)])
        return list(rows.values())

    def _position(
        self, key: str, statement: str, entries: Sequence[Entry[NotedPosition]], actor: str | None
    ) -> Candidate:
        """A position; one of nobody known may be any actor's, as a person says."""
        names = next((one.names for one in self._called if one.key == actor), frozenset[str]())
        if actor is None:
            names = frozenset[str]().union(*(one.names for one in self._called))
        names |= {fold(e.noted.actor) for e in entries}
        return _candidate(key, statement, entries, [statement, *(e.noted.statement for e in entries)], names)

    def _fit(self, said: Existence, candidates: Sequence[Candidate]) -> Fit:
        if isinstance(said, Close | Drop):
            return fitting(candidates, quote=said.quote, says=said.question)
        if said.kind != "actor":
            return fitting(candidates, quote=said.quote, actor=said.actor, says=said.says)
        rows = list(candidates)
        if said.actor:
            who = called(said.actor, self._called)
            if not who.keys or not said.quote:
                return who
            rows = [c for c in candidates if c.key in who.keys]
        return fitting(rows, quote=said.quote)

    def _verdicts(
        self, kind: ItemKind, candidates: Sequence[Candidate], lost: Sequence[Candidate] = ()
    ) -> dict[str, list[tuple[int, Existence]]]:
        """What is said of the items of this kind; `lost` are those left out already, which a pin brings back.

        Where one correction has an item stay and another has it go, the later counts.
        """
        verdicts: dict[str, list[tuple[int, Existence]]] = {}
        for number, said in self.ledger.all():
            if not isinstance(said, Existence):
                continue
            about = "question" if isinstance(said, Close | Drop) else said.kind
            if about != kind:
                continue
            fit = self._fit(said, candidates)
            if not fit.keys and not fit.several and lost:
                again = self._fit(said, lost)
                fit = again if again.keys or again.several else fit
            if not fit.keys:
                self.ledger.misses(number, fit.why)
            for key in fit.keys:
                earlier = verdicts.setdefault(key, [])
                for other, before in [row for row in earlier if _goes(row[1]) != _goes(said)]:
                    self.ledger.overruled(other, number)
                    earlier.remove((other, before))
                earlier.append((number, said))
                self.ledger.applies(number, [item_id(_LETTERS[kind], key)])
        out_already = {c.key for c in lost}
        for key, rows in verdicts.items():
            pins = [number for number, said in rows if isinstance(said, Pin)]
            if pins:
                self._pinned[item_id(_LETTERS[kind], key)] = pins[-1]
            elif key in out_already:
                for number, _ in rows:
                    self.ledger.applies(number, note="it is left out already")
        return verdicts

    def _goes(
        self,
        kind: ItemKind,
        key: str,
        what: str,
        entries: Sequence[AnyEntry],
        said: Sequence[tuple[int, Existence]],
    ) -> bool:
        """Whether a person takes the item out; then it stands among what was left out."""
        reason = _because(said)
        if reason:
            self._leave_out(kind, what, entries, reason)
        return bool(reason)

    def _leave_out(self, kind: str, what: str, entries: Sequence[AnyEntry], reason: str) -> None:
        rows = gathered([e.evidence for e in entries])
        shown = quotation(rows) if _flagged(entries) else what
        self.left_out.append(LeftOut(kind=kind, what=shown, reason=reason, evidence=rows))

    def _words(self, said: Sequence[tuple[int, Existence]], entries: Sequence[AnyEntry]) -> str:
        """The wording that a person gives; none for what talks to a machine."""
        given = [(n, s.statement) for n, s in said if isinstance(s, Pin) and s.statement]
        if given and _flagged(entries):
            for number, _ in given:
                self.ledger.applies(number, note=f"without its wording: {_MACHINE}")
            return ""
        return given[-1][1] if given else ""

    def _worded(self, position: JoinedPosition, said: Sequence[tuple[int, Existence]]) -> JoinedPosition:
        words = self._words(said, position.entries)
        stances = [(n, s.stance) for n, s in said if isinstance(s, Pin) and s.stance]
        if stances and _flagged(position.entries):
            for number, _ in stances:
                self.ledger.applies(number, note=f"without its stance: {_MACHINE}")
            stances = []
        if words:
            position = replace(position, statement=words, by_person=True)
        if stances:
            position = replace(position, stance=stances[-1][1] or position.stance, by_person=True)
        return position

    def _brought_back(
        self, verdicts: Mapping[str, Sequence[tuple[int, Existence]]], left: Mapping[str, Omitted], cast: Cast
    ) -> list[JoinedPosition]:
        """Positions of records that were left out and that a person will have."""
        back: list[JoinedPosition] = []
        for key, omitted in left.items():
            pins = [(n, s) for n, s in verdicts.get(key, ()) if isinstance(s, Pin)]
            if not pins:
                continue
            entry = omitted.entry
            actor = cast.of(entry.article, entry.noted.actor)
            who = [fit.keys[0] for _, s in pins if s.actor and (fit := called(s.actor, self._called)).keys]
            actor = actor or next(iter(who), None)
            if actor is None:
                for number, _ in pins:
                    self.ledger.misses(number, "nobody here is known to hold it: add actor, with a name of one")
                continue
            back.append(JoinedPosition(key, actor, entry.noted.stance, entry.noted.statement, (entry,), by_person=True))
        return back

    def _answer(self, number: int, said: Close, notes: Sequence[Noted]) -> tuple[Evidence, ...]:
        """The sentence of each article that holds the answer; a sentence that talks to a machine answers nothing."""
        if not said.answer_quote:
            return ()
        for matches in (is_whole, holds):
            found: list[Evidence] = []
            for noted in sorted(notes, key=lambda n: article_place(n.article)):
                plain = [s for s in noted.article.sentences if s.number not in noted.flagged]
                found += evidence(noted.article, [s.number for s in plain if matches(s.text, said.answer_quote)])
            if len({trimmed(e.quote) for e in found}) > 1:
                self.ledger.applies(number, note="its answer could be several sentences: quote more of it")
                return ()
            if found:
                return gathered([[e] for e in found])
        self.ledger.applies(number, note="the sentence with its answer is in no article here")
        return ()


def _candidate(
    key: str,
    shown: str,
    entries: Sequence[AnyEntry],
    says: Sequence[str],
    names: frozenset[str] = frozenset(),
) -> Candidate:
    rows = [e.evidence for e in entries]
    more = tuple(dict.fromkeys(e for row in rows for e in row))
    return Candidate(key, _shown(shown, entries), gathered(rows), more, tuple(dict.fromkeys(says)), names)


def _shown(words: str, entries: Sequence[AnyEntry]) -> str:
    return quotation(gathered([e.evidence for e in entries])) if _flagged(entries) else words


def _flagged(entries: Sequence[AnyEntry]) -> bool:
    return any(e.flagged for e in entries)


def _called(actor: JoinedActor) -> Called:
    flagged = _flagged(actor.entries)
    others = {fold(n) for e in actor.entries for n in names_of(e.noted)} | {fold(n) for n in actor.aliases}
    proper = frozenset(fold(e.noted.name) for e in actor.entries)
    return Called(
        key=actor.key,
        shown=_shown(actor.name, actor.entries),
        name="" if flagged else fold(actor.name),
        proper=proper,
        others=frozenset() if flagged else frozenset(others),
    )


def _used(name: str, entries: Sequence[AnyEntry]) -> bool:
    wanted = " ".join(name.casefold().split())
    return any(wanted in " ".join(e.article.text.casefold().split()) for e in entries)


def _goes(said: Existence) -> bool:
    return isinstance(said, Wrong | Drop)


def _because(said: Sequence[tuple[int, Existence]]) -> str:
    """Why a person takes it out; empty where nobody does."""
    return next((f"a person: {s.because}" for _, s in reversed(said) if isinstance(s, Wrong | Drop)), "")
