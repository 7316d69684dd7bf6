"""The note of one article, by rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from summarise import answers
from summarise.extractive import tables as t
from summarise.extractive.clause import Clause, clause, is_word
from summarise.extractive.happenings import events, facts
from summarise.extractive.holding import held_positions, noted
from summarise.extractive.machine_talk import addressed_to_machine
from summarise.extractive.mentions import Cast
from summarise.extractive.reports import reports
from summarise.extractive.tables import words as table
from summarise.extractive.unsettled import why_open
from summarise.extractive.words import STOP, stem, tokens, trim
from summarise.names import fold, looks_like_person, place_of
from summarise.question import NoteData

_MOST_QUESTIONS = 8


def note_by_rules(data: NoteData) -> answers.Note:
    """Reads one article; the answer points to the numbers of `data.sentences`."""
    flagged = frozenset(s.number for s in data.sentences if addressed_to_machine(s.text))
    clauses = {s.number: clause(s.text) for s in data.sentences}
    sound = {n: c for n, c in clauses.items() if n not in flagged and len(c)}
    cast = Cast(list(sound.values()), list(sound))
    frequency = _frequency(sound.values())
    held = held_positions(sound, cast, flagged, data.outlet, data.title.strip())
    _add_doers(cast, sound)
    return answers.Note(
        subject=_subject(data.title, sound),
        actors=_actors(cast, {h.actor for h in held}),
        positions=noted(held, cast, frequency),
        facts=facts(sound, flagged),
        questions=_questions(sound),
        events=events(sound, cast, flagged),
        reports=reports(data.title, data.outlet, sound),
        doubts=tuple(
            answers.NotedDoubt(
                kind="addressed_to_machine", note="The sentence addresses a program, not a reader.", sentences=(n,)
            )
            for n in sorted(flagged)
        ),
    )


def _frequency(clauses: Iterable[Clause]) -> Counter[str]:
    """How often each stem stands in the article."""
    found: Counter[str] = Counter()
    for word, times in Counter(w for c in clauses for w in tokens(c.text)).items():
        if word.lower() not in STOP:
            found[stem(word)] += times
    return found


def _subject(title: str, clauses: dict[int, Clause]) -> str:
    """The title, unless it talks to a machine; else the first sentence, shortened."""
    if title.strip() and not addressed_to_machine(title):
        return trim(title, 120)
    return trim(next((c.text for c in clauses.values()), ""), 120)


def _add_doers(cast: Cast, clauses: dict[int, Clause]) -> None:
    """Named actors that hold no position but do something, or are named twice and are no mere place."""
    named = Counter(fold(m.text) for m in cast.mentions)
    for m in cast.mentions:
        c = clauses[m.sentence]
        after = m.span.last + 1
        led = m.span.first > 0 and c.low[m.span.first - 1] in t.PREPOSITIONS
        does = after < len(c) and not c.quoted[after] and not led and _finite(c, after)
        person = looks_like_person(m.text) and len(fold(m.text).split()) > 1
        place = place_of(m.text)
        if cast.defined(m.text):
            cast.actor_of(m.text, m.sentence, acts=True)
            continue
        if (
            does
            or (person and (named[fold(m.text)] > 1 or m.text != fold(m.text)))
            or (place and named[fold(m.text)] > 2)
        ):
            if place and _adjective(c, m.span.last):
                continue
            cast.actor_of(m.text, m.sentence, acts=does)


def _finite(c: Clause, n: int) -> bool:
    low = c.low[n]
    if low in {"who", ","}:
        return False
    return low in t.AUXILIARIES or (c.word[n].islower() and is_word(c, n) and (low.endswith("ed") or low in _PAST))


_PAST = table(
    "said told led met went took gave made won lost held sent left came began fled fought "
    "struck hit shot built sought says wants plans seeks met"
)


def _adjective(c: Clause, last: int) -> bool:
    """Whether a demonym only describes what follows: "Russian warplanes"."""
    return (
        last + 1 < len(c)
        and is_word(c, last + 1)
        and c.word[last + 1].islower()
        and not _finite(c, last + 1)
        and c.low[last].endswith(("an", "ish", "ese", "i", "ch", "ian"))
    )


def _actors(cast: Cast, holders: set[str]) -> tuple[answers.NotedActor, ...]:
    return tuple(
        answers.NotedActor(
            name=actor.name,
            entity=cast.entity(key),
            kind=actor.kind,
            role=actor.role,
            aliases=tuple(n for n in sorted(actor.names) if n != actor.name),
            sentences=tuple(actor.sentences),
        )
        for key, actor in cast.actors.items()
        if key in holders or actor.acts or actor.kind == "person" or len(actor.sentences) > 1
    )


def _questions(clauses: dict[int, Clause]) -> tuple[answers.NotedQuestion, ...]:
    found = []
    for number, c in clauses.items():
        why = why_open(c.text)
        if why and not (c.quoted[0] and c.quoted[-1]):
            found.append(
                answers.NotedQuestion(question=trim(c.text, 200), why_open=why, settled_by="", sentences=(number,))
            )
    return tuple(found[:_MOST_QUESTIONS])
