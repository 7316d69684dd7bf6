"""Note: one question an article, from that article alone; several where it is longer than the model takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from summarise.answers import Answer, Note, NotedActor, NotedReport
from summarise.article import Article, Sentence
from summarise.asking import all_of
from summarise.contract import OriginKind
from summarise.extractive.encoded import decoded
from summarise.extractive.machine_talk import addressed_to_machine
from summarise.names import fold
from summarise.question import NoteData, NumberedSentence, Question, Reader
from summarise.reconcile.actors import names_of
from summarise.records import Noted

_LISTS = ("actors", "positions", "facts", "questions", "events", "reports", "doubts")

Suspicious = Callable[[Article], frozenset[int]]


def _faults(numbers: frozenset[int]) -> Callable[[Note], list[str]]:
    def faults(note: Note) -> list[str]:
        found: list[str] = []
        for name in _LISTS:
            for index, entry in enumerate(getattr(note, name), 1):
                if not numbers.issuperset(entry.sentences):
                    wrong = next(n for n in entry.sentences if n not in numbers)
                    found.append(f"{name}, entry {index}: there is no sentence {wrong}")
                elif not entry.sentences:
                    found.append(f"{name}, entry {index}: it names no sentence")
        return found

    return faults


def note_question(article: Article, sentences: Sequence[Sentence], *, write_in: str) -> Question[Note]:
    """The question about these sentences of one article."""
    data = NoteData(
        title=article.title,
        outlet="" if addressed_to_machine(article.outlet) else article.outlet,
        language=article.language,
        write_in=write_in,
        sentences=tuple(NumberedSentence(number=s.number, text=s.text) for s in sentences),
    )
    return Question("note", article.path, data, Note, _faults(frozenset(s.number for s in sentences)))


def windows(
    article: Article, fits: Callable[[Question[Note]], bool], *, write_in: str = ""
) -> Iterator[Question[Note]]:
    """Questions about the article's sentences in as few runs as fit; a run is halved until it does, a sentence fits."""

    def split(run: Sequence[Sentence]) -> Iterator[Question[Note]]:
        question = note_question(article, run, write_in=write_in)
        if len(run) <= 1 or fits(question):
            yield question
        else:
            yield from split(run[: len(run) // 2])
            yield from split(run[len(run) // 2 :])

    yield from split(article.sentences)


def _together(notes: Sequence[Note]) -> Note:
    if len(notes) == 1:
        return notes[0]
    first = notes[0]
    return first.model_copy(update={name: tuple(e for n in notes for e in getattr(n, name)) for name in _LISTS})


_WORD = re.compile(r"[^\W_][\w’'.@-]*[^\W_]|[^\W_]")
_ENOUGH = 2  # plain words that an entry and a passage share by more than accident


@dataclass(frozen=True)
class _Spoken:
    """What only a passage that talks to a machine says: plain words, and names, numbers and addresses."""

    number: int
    words: frozenset[str]
    names: frozenset[str]

    def is_heard_in(self, words: frozenset[str]) -> bool:
        """Whether somebody who uses these words took them from the passage."""
        return not self.names.isdisjoint(words) or len(self.words & words) >= _ENOUGH


def _spoken(article: Article, flagged: frozenset[int]) -> tuple[_Spoken, ...]:
    if not flagged:
        return ()
    plain = {w for s in article.sentences if s.number not in flagged for w in _words_of(s.text)}
    found = []
    for sentence in article.sentences:
        if sentence.number in flagged:
            hidden = decoded(sentence.text)
            tokens = [(t, at) for said in (sentence.text, hidden) for at, t in enumerate(_WORD.findall(said))]
            names = {
                t.casefold() for t, at in tokens if not t.isalpha() or not t[1:].islower() or (at and t[0].isupper())
            }
            own = (_words_of(sentence.text) | _words_of(hidden)) - plain
            found.append(_Spoken(sentence.number, own, own & names))
    return tuple(found)


def _words_of(text: str) -> frozenset[str]:
    return frozenset(t.casefold() for t in _WORD.findall(text) if len(t) > 3)


def _with_what_it_repeats(note: Note, article: Article, flagged: frozenset[int]) -> Note:
    """An entry that says in its own words what only a passage that talks to a machine says rests on that passage.

    Wherever it points: a reader that obeyed the passage may have pointed anywhere.
    """
    spoken = _spoken(article, flagged)

    def heard(text: str) -> list[int]:
        words = _words_of(text)
        return [s.number for s in spoken if s.is_heard_in(words)]

    def resting(entry: Any) -> Any:
        if isinstance(entry, NotedActor):  # known elsewhere, too: it goes without what the passage says of it
            told = {"entity": entry.entity, "role": entry.role}
            kept = tuple(name for name in entry.aliases if not heard(name))
            entry = entry.model_copy(
                update={"aliases": kept, **{k: "" if heard(said) else said for k, said in told.items()}}
            )
        taken = heard(" ".join(_texts(entry)))
        return entry.model_copy(update={"sentences": tuple(dict.fromkeys((*entry.sentences, *taken)))})

    if not spoken:
        return note
    return note.model_copy(update={name: tuple(map(resting, getattr(note, name))) for name in _LISTS})


def _texts(entry: Answer) -> Iterator[str]:
    for name in type(entry).model_fields:
        value = getattr(entry, name)
        yield from (part for part in (value if isinstance(value, tuple) else (value,)) if isinstance(part, str))


def _without_flagged_names(note: Note, article: Article, flagged: frozenset[int]) -> Note:
    """No actor goes by what only a passage that talks to a machine calls it; one named nowhere else rests on it."""
    if not flagged:
        return note
    plain = " ".join(s.text.casefold() for s in article.sentences if s.number not in flagged)
    spoken = [(s.number, s.text.casefold()) for s in article.sentences if s.number in flagged]

    def cleaned(actor: NotedActor) -> NotedActor:
        aliases = tuple(
            n for n in actor.aliases if n.casefold() in plain or not any(n.casefold() in t for _, t in spoken)
        )
        only = [] if actor.name.casefold() in plain else [n for n, text in spoken if actor.name.casefold() in text]
        return actor.model_copy(update={"aliases": aliases, "sentences": (*actor.sentences, *only)})

    return note.model_copy(update={"actors": tuple(map(cleaned, note.actors))})


def _with_all_actors(note: Note, flagged: frozenset[int]) -> Note:
    """Everyone who holds a position is an actor, listed or not, and one beside what is said to a machine."""
    everyone = {fold(name) for a in note.actors for name in names_of(a)}
    clean = (a for a in note.actors if flagged.isdisjoint(a.sentences))
    unflagged = {fold(name) for a in clean for name in names_of(a)}
    missing: dict[str, NotedActor] = {}
    for p in sorted(note.positions, key=lambda p: not flagged.isdisjoint(p.sentences)):
        known = unflagged if flagged.isdisjoint(p.sentences) else everyone
        if p.actor.strip() and fold(p.actor) not in known:
            actor = NotedActor(name=p.actor, entity="", kind="other", role="", aliases=(), sentences=p.sentences)
            missing.setdefault(fold(p.actor), actor)
    return note.model_copy(update={"actors": (*note.actors, *missing.values())}) if missing else note


_UNNAMED_SOURCE = re.compile(
    r"\b(sources?|officials?|persons?|people|someone|diplomats?|aides?|insiders?|unnamed|anonymous)\b", re.IGNORECASE
)


def _with_all_reports(note: Note) -> Note:
    """Everyone through whom a position came is a report that the article passes on, listed or not."""
    known = [set(fold(r.report).split()) for r in note.reports]
    speakers = {fold(n) for a in note.actors if a.kind not in ("media", "other") for n in (a.name, *a.aliases)}
    missing: dict[str, NotedReport] = {}
    for p in note.positions:
        for name in p.via:
            words = set(fold(name).split())
            if words and fold(name) != fold(p.actor) and not any(words <= k or k <= words for k in known):
                kind: OriginKind = "statement" if fold(name) in speakers else "outlet"
                kind = "unnamed_source" if _UNNAMED_SOURCE.search(name) else kind
                before = missing[fold(name)].sentences if fold(name) in missing else ()
                missing[fold(name)] = NotedReport(
                    report=name, kind=kind, sentences=tuple(dict.fromkeys((*before, *p.sentences)))
                )
    return note.model_copy(update={"reports": (*note.reports, *missing.values())}) if missing else note


async def note(
    article: Article,
    reader: Reader,
    *,
    write_in: str,
    suspicious: Suspicious,
) -> Noted:
    """The note of one article; raises a `ModelError` where the reader has no answer.

    `suspicious` tells, without the reader, which of its sentences talk to a machine.
    """

    first, *others = windows(article, reader.fits, write_in=write_in)
    notes = await all_of(map(reader.ask, (first, *others))) if others else [await reader.ask(first)]
    whole = _together(notes)
    known = article.to_machine
    found = set(suspicious(article) if known is None else known)
    found.update(n for d in whole.doubts if d.kind == "addressed_to_machine" for n in d.sentences)
    flagged = frozenset(found)
    named = _with_all_actors(
        _with_what_it_repeats(_without_flagged_names(whole, article, flagged), article, flagged), flagged
    )
    return Noted(article=article, note=_with_all_reports(named), flagged=flagged)
