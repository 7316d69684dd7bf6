"""`summarise fix`: a correction from what a person types, checked against the brief that stands, and written down.

An item may be given by its id, by a quotation or by its words; what is written names actors and quotations alone, so
that it holds while the story grows. Without a brief a correction is written unchecked.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from summarise import overrides
from summarise.contract import Actor, Brief, Evidence, Issue, Position
from summarise.errors import ConfigurationError, InputError, OutputError
from summarise.fitting import Called, Candidate, called, fitting, holds, trimmed
from summarise.names import fold
from summarise.output import write_whole
from summarise.overrides import Override, Overrides
from summarise.overrides_lines import with_added, without
from summarise.render import view
from summarise.render.safe import one_line, shorten

KINDS = ("position", "question", "event", "disagreement", "fact", "actor")
"""Of items, in the order in which a quotation is looked for where no kind is given."""
SHOWN = 6
WIDTH = 90


@dataclass(frozen=True)
class Fixed:
    """A correction that was made or taken back: its number in the file, and what to tell of it, a line each."""

    number: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Meant:
    """A correction ready to be written, and what it will change."""

    said: Override
    effect: str


# ---- the file


def add(path: Path, meant: Meant, *, checked: bool = True) -> Fixed:
    """Writes the correction at the end of the file, which is made where there is none."""
    with _alone(path):
        text = overrides.source(path)
        written = with_added(text, meant.said, path)
        number = len(overrides.parsed(written, path).entries)
        _write(path, before=text, after=written)
    unchecked = () if checked else ("there is no brief to check it against: whether it fits, the next one shows",)
    where = f"correction {number} in {one_line(str(path))}; the next summarise brief shows it"
    return Fixed(number, (meant.effect, *unchecked, f"{where} (take it back: undo {number})"))


def undo(path: Path, number: int) -> Fixed:
    """Takes the correction with this number out of the file; the others move up."""
    with _alone(path):
        text = overrides.source(path)
        said = overrides.parsed(text, path).entries
        written = without(text, number, path)
        _write(path, before=text, after=written)
    gone = f"taken back: {said[number - 1].kind_}: {_short(said[number - 1].words, 4 * WIDTH)}"
    return Fixed(number, (gone, f"{len(said) - 1} left in {one_line(str(path))}; the next summarise brief shows it"))


def listed(said: Overrides, brief: Brief | None) -> tuple[str, ...]:
    """A line a correction, numbered as `undo` takes it, and whether the brief that stands has it."""
    came = {entry.what: entry for entry in brief.overrides} if brief is not None else {}
    lines: list[str] = []
    for number, one in enumerate(said.entries, 1):
        entry = came.get(one.words)
        if entry is None:
            state = "not in the brief yet" if brief is not None else ""
        elif entry.applied:
            state = f"applies to {', '.join(entry.items)}" if entry.items else "applies"
            state += f" ({one_line(entry.note)})" if entry.note else ""
        else:
            state = f"does NOT fit: {one_line(entry.note)}"
        lines.append(f"{number}. {one.kind_}: {_short(one.words, 4 * WIDTH)}" + (f" — {state}" if state else ""))
    return tuple(lines)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One correction at a time, over all processes; a person's editor is noticed, not held up (see `_write`)."""
    place = path.resolve().parent
    try:
        import fcntl
    except ImportError:  # Windows has none: there a second one at the same moment is told to try again
        place = Path()
    if place == Path() or not place.is_dir():  # a first correction makes its folder
        yield
        return
    try:
        folder = os.open(place, os.O_RDONLY)
    except OSError as error:
        raise OutputError(f"{one_line(str(place))}: cannot be opened ({error.strerror}); check the folder") from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _write(path: Path, *, before: str, after: str) -> None:
    if overrides.source(path) != before:
        raise ConfigurationError(f"{one_line(str(path))}: it was changed by somebody else just now; try again")
    target = path.resolve()
    mode = target.stat().st_mode if target.exists() else None
    write_whole(target, after)
    if mode is not None:
        target.chmod(stat.S_IMODE(mode))


# ---- actors


def join(names: Sequence[str], brief: Brief | None) -> Meant:
    """These names are one actor, shown by the first."""
    if brief is None:
        said = overrides.made("join", names=tuple(names))
        return Meant(said, said.words)
    actors = [_actor(name, brief) for name in names]
    said = overrides.made("join", names=tuple(map(_name_given, names, actors)))
    distinct = list({a.id: a for a in actors}.values())
    if len(distinct) == 1:
        shown = _short(_name_given(names[0], actors[0]))
        return Meant(said, f"{_told(distinct[0], brief)} has these names already; it stays so, shown as “{shown}”")
    told = " and ".join(_told(a, brief) for a in distinct)
    return Meant(said, f"{told} become one actor, shown as “{_short(_name_given(names[0], actors[0]))}”")


def part(names: Sequence[str], brief: Brief | None) -> Meant:
    """No two of these names are one actor."""
    if brief is None:
        said = overrides.made("part", names=tuple(names))
        return Meant(said, said.words)
    actors = [_actor(name, brief) for name in names]
    said = overrides.made("part", names=tuple(map(_name_given, names, actors)))
    distinct = list({a.id: a for a in actors}.values())
    if len(distinct) == len(actors):
        return Meant(said, f"{' and '.join(_told(a, brief) for a in distinct)} stand apart already; they stay so")
    listed_names = " and ".join(f"“{_short(name)}”" for name in names)
    return Meant(said, f"{listed_names} become actors of their own; now {_told(distinct[0], brief)} has them")


def rename(actor: str, to: str, brief: Brief | None) -> Meant:
    """The actor is shown by another name."""
    if brief is None:
        said = overrides.made("rename", actor=actor, to=to)
        return Meant(said, said.words)
    found = _actor(actor, brief)
    said = overrides.made("rename", actor=_name_given(actor, found), to=to)
    _must_not_talk(brief, found)
    return Meant(said, f"{_told(found, brief)} will be shown as “{_short(to)}”")


def _called(brief: Brief) -> list[Called]:
    return [
        Called(a.id, _short(a.name), fold(a.name), frozenset(), frozenset(map(fold, a.aliases))) for a in brief.actors
    ]


def _actor(name: str, brief: Brief) -> Actor:
    """The actor of this name or id; raises `InputError`."""
    by_id = {a.id: a for a in brief.actors}
    if name.strip() in by_id:
        return by_id[name.strip()]
    fit = called(name, _called(brief))
    if fit.keys:
        return by_id[fit.keys[0]]
    raise InputError(f"{_short(fit.why, 3 * WIDTH)}; summarise brief lists the actors, and an id will do, too")


def _name_given(typed: str, actor: Actor) -> str:
    return actor.name if typed.strip() == actor.id else typed


def _told(actor: Actor, brief: Brief) -> str:
    return f"“{_short(actor.name)}” ({_count(len(_held(actor, brief)), 'position')})"


def _held(actor: Actor, brief: Brief) -> list[Position]:
    return [p for issue in brief.issues for p in issue.positions if p.actor == actor.id]


def _must_not_talk(brief: Brief, actor: Actor) -> None:
    if _talks(actor, brief):
        raise InputError(
            f"{actor.id} rests on a passage that talks to a machine, and stays its quotation; mark it wrong instead"
        )


def _talks(actor: Actor, brief: Brief) -> bool:
    """Whether the actor rests on a passage that talks to a machine, so that its name is that quotation."""
    flagged = view.flagged(brief)
    return any((e.article, e.sentence) in flagged for e in actor.evidence)


# ---- items


@dataclass(frozen=True)
class _Item:
    """An item of the brief that is meant, and how a correction points to it."""

    kind: str
    id: str
    words: str
    evidence: tuple[Evidence, ...]
    quote: str
    actor: str = ""
    says: str = ""

    @property
    def named(self) -> str:
        whose = f" of “{_short(self.actor)}”" if self.actor and self.kind == "position" else ""
        return f"the {self.kind} “{_short(self.words)}”{whose} ({_rests_on(self.evidence)})"


def refile(what: str, issue: str, brief: Brief | None, *, actor: str = "", says: str = "") -> Meant:
    """The position stands under another issue."""
    if brief is None:
        said = overrides.made("refile", quote=what, issue=issue, actor=actor, says=says)
        return Meant(said, said.words)
    item = _item(what, brief, ("position",), actor=actor, says=says)
    titles = {i.id: i.title for i in brief.issues}
    title = titles.get(issue.strip(), issue)
    now = next(i for i in brief.issues if any(p.id == item.id for p in i.positions))
    there = next((i for i in brief.issues if fold(i.title) == fold(title)), None)
    said = overrides.made("refile", quote=item.quote, issue=title, actor=item.actor, says=item.says)
    return Meant(said, f"{item.named} {_moves(now, there, title)}")


def _moves(now: Issue, there: Issue | None, title: str) -> str:
    if there is None:
        return f"moves from “{_short(now.title)}” to a new issue, “{_short(title)}”"
    if there.id == now.id:
        return f"stands under “{_short(now.title)}” already; it stays there"
    return f"moves from “{_short(now.title)}” to “{_short(there.title)}”"


def close(what: str, brief: Brief | None, *, answer_quote: str = "") -> Meant:
    """The question is answered."""
    if brief is None:
        said = overrides.made("close", question=what, answer_quote=answer_quote)
        return Meant(said, said.words)
    item = _item(what, brief, ("question",))
    said = overrides.made("close", question=item.words, quote=item.quote, answer_quote=answer_quote)
    shown = not answer_quote or any(holds(e.quote, answer_quote) for e in _all_evidence(brief))
    seek = "" if shown else "; no sentence that the brief shows holds the answer: it will be looked for in the articles"
    return Meant(
        said, f"{item.named} will stand as answered{f' by “{_short(answer_quote)}”' if answer_quote else ''}{seek}"
    )


def drop(what: str, because: str, brief: Brief | None) -> Meant:
    """The question is none of the story's."""
    if brief is None:
        said = overrides.made("drop", question=what, because=because)
        return Meant(said, said.words)
    item = _item(what, brief, ("question",))
    said = overrides.made("drop", question=item.words, quote=item.quote, because=because)
    return Meant(said, f"{item.named} goes to what was left out")


def wrong(what: str, because: str, brief: Brief | None, *, kind: str = "", actor: str = "", says: str = "") -> Meant:
    """The item is wrong."""
    if brief is None:
        given = {"actor": what} if kind == "actor" and not actor else {"quote": what, "actor": actor, "says": says}
        said = overrides.made("wrong", **given, kind=kind, because=because)
        return Meant(said, said.words)
    item = _item(what, brief, (kind,) if kind else KINDS, actor=actor, says=says)
    said = overrides.made("wrong", quote=item.quote, actor=item.actor, says=item.says, kind=item.kind, because=because)
    return Meant(said, f"{item.named} goes to what was left out{_with_it(item, brief)}")


def _with_it(item: _Item, brief: Brief) -> str:
    """What else a correction of this kind takes along."""
    if item.kind == "actor":
        held = sum(p.actor == item.id for i in brief.issues for p in i.positions)
        return f", and with it {_count(held, 'position')}" if held else ""
    sides = [d for d in brief.disagreements if any(item.id in side.positions for side in d.sides)]
    return f"; {_count(len(sides), 'disagreement')} that it is part of will be weighed without it" if sides else ""


def pin(
    what: str,
    brief: Brief | None,
    *,
    kind: str = "",
    actor: str = "",
    says: str = "",
    statement: str = "",
    stance: str = "",
) -> Meant:
    """The item stays, in these words where some are given."""
    if brief is None:
        given = {"actor": what} if kind == "actor" and not actor else {"quote": what, "actor": actor, "says": says}
        said = overrides.made("pin", **given, kind=kind, statement=statement, stance=stance)
        return Meant(said, said.words)
    kinds = tuple(k for k in KINDS if k != "fact") if not kind else (kind,)
    item = _item(what, brief, kinds, actor=actor, says=says, lost=True)
    said = overrides.made(
        "pin",
        quote=item.quote,
        actor=item.actor,
        says=item.says,
        kind=item.kind,
        statement=statement,
        stance=stance,
    )
    back = not item.id
    effect = "comes back" if back else "stays" + (" and stands first in its list" if item.kind != "event" else "")
    words = f", as “{_short(statement)}”" if statement else ""
    return Meant(said, f"{item.named} {effect}{f', with the stance {stance}' if stance else ''}{words}")


def _item(
    what: str, brief: Brief, kinds: Sequence[str], *, actor: str = "", says: str = "", lost: bool = False
) -> _Item:
    """The one item that is meant by an id, a quotation or its words; raises `InputError` with the candidates."""
    by_kind = {kind: list(_candidates(brief, kind)) for kind in kinds}
    for kind, rows in by_kind.items():
        for one in rows:
            if one.key == what.strip():
                return _pointed(kind, one, rows, brief)
    reasons: list[str] = []
    for kind, rows in by_kind.items():
        if kind == "actor" and (found := called(what, _called(brief))).keys:
            one = next(c for c in rows if c.key == found.keys[0])
            return _pointed(kind, one, rows, brief)
        for given in ({"says": what}, {"quote": what, "says": says}):
            fit = fitting(rows, actor=actor if kind == "position" else "", **given)
            if fit.keys:
                one = next(c for c in rows if c.key == fit.keys[0])
                return _pointed(kind, one, rows, brief, quote=given.get("quote", ""))
            if fit.several:
                raise InputError(_several(what, kind, fit.several))
            reasons.append(fit.why)
    if lost:
        for row in brief.left_out:
            if row.kind in kinds and any(
                holds(e.quote, what) or trimmed(row.what) == trimmed(what) for e in row.evidence
            ):
                quote = next((e.quote for e in row.evidence if holds(e.quote, what)), row.evidence[0].quote)
                return _Item(row.kind, "", row.what, row.evidence, quote, actor)
    kind_words = " or ".join(kinds[:2]) if len(kinds) < len(KINDS) - 1 else "item"
    raise InputError(
        f"no {kind_words} here rests on a sentence with “{_short(what)}”, reads so or has that id"
        f"{f' and is of an actor called “{_short(actor)}”' if actor else ''}; summarise brief shows them"
    )


def _several(what: str, kind: str, found: Sequence[Candidate]) -> str:
    listed_ = "; ".join(f"{c.key} (“{_short(c.shown, 60)}”)" for c in found[:SHOWN])
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"“{_short(what)}” could be {_count(len(found), kind)}: {listed_}{more}; give one of these ids"


def _pointed(kind: str, one: Candidate, rows: Sequence[Candidate], brief: Brief, *, quote: str = "") -> _Item:
    """The item with a sentence, and no more besides than it takes, by which nothing but it is meant."""
    if kind == "actor":
        actor = next(a for a in brief.actors if a.id == one.key)
        if not _talks(actor, brief) and called(actor.name, _called(brief)).keys:
            return _Item(kind, one.key, actor.name, one.evidence, "", actor.name)
    whose = ""
    if kind == "position":
        held = next(p for i in brief.issues for p in i.positions if p.id == one.key)
        holder = next((a for a in brief.actors if a.id == held.actor), None)
        whose = holder.name if holder and fold(holder.name) and not _talks(holder, brief) else ""
    sentences = sorted(one.evidence, key=lambda e: not (quote and holds(e.quote, quote)))
    for says in ("", one.shown):
        for row in sentences:
            fit = fitting(rows, quote=row.quote, actor=whose, says=says)
            if one.key in fit.keys and (len(fit.keys) == 1 or not says):
                return _Item(kind, one.key, one.shown, one.evidence, row.quote, whose, says)
    raise InputError(f"{one.key} cannot be told from others by its sentences and words; correct it by hand")


def _candidates(brief: Brief, kind: str) -> Iterator[Candidate]:
    if kind == "position":
        names = {a.id: frozenset({fold(a.name), *map(fold, a.aliases)}) for a in brief.actors}
        for p in (p for i in brief.issues for p in i.positions):
            yield Candidate(p.id, p.statement, p.evidence, (), (p.statement,), names.get(p.actor, frozenset()))
    elif kind == "question":
        for q in brief.open_questions:
            yield Candidate(q.id, q.question, q.evidence, (), (q.question,))
    elif kind == "event":
        for e in brief.events:
            yield Candidate(e.id, e.what, e.evidence, (), (e.what,))
    elif kind == "fact":
        for f in brief.facts:
            yield Candidate(f.id, f.value, f.evidence, (), (f.value, f.about))
    elif kind == "disagreement":
        for d in brief.disagreements:
            rows = tuple(e for side in d.sides for e in side.evidence)
            yield Candidate(d.id, d.summary, rows, (), (d.summary,))
    elif kind == "actor":
        for a in brief.actors:
            yield Candidate(a.id, a.name, a.evidence, (), (a.name,))
    else:
        raise InputError(f"there is no kind {one_line(kind)!r} of item; there are {', '.join(KINDS)}")


def _all_evidence(brief: Brief) -> Iterator[Evidence]:
    for kind in KINDS:
        for one in _candidates(brief, kind):
            yield from one.evidence


def _rests_on(rows: Sequence[Evidence]) -> str:
    return f"{_count(len(rows), 'sentence')} of {_count(len({e.article for e in rows}), 'article')}"


def _count(number: int, one: str) -> str:
    return f"{number} {one}{'' if number == 1 else 's'}"


def _short(text: str, most: int = WIDTH) -> str:
    return shorten(one_line(text), most)
