"""What happened or is due at a time the article gives, and particulars on which another account could differ."""

from __future__ import annotations

import re
from collections.abc import Iterable

from summarise.answers import NotedEvent, NotedFact
from summarise.extractive import tables as t
from summarise.extractive.clause import Clause
from summarise.extractive.mentions import Cast
from summarise.extractive.moments import moments
from summarise.extractive.speech import attributions
from summarise.extractive.words import STOP, has_any, trim

_NUMBER = (
    r"(?:(?:at least|more than|about|around|some|over|nearly|almost|up to|as many as|an estimated|"
    r"fewer than|less than) )?(?P<n>\$?\d[\d,.]*(?:\s?%|(?: (?:million|billion|trillion|"
    r"percent|per cent))\b)?|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"dozens|hundreds|thousands|scores)\b(?: of)?)"
)
_COUNTED = re.compile(rf"{_NUMBER}(?: (?P<what>[a-z][\w-]*(?: [a-z][\w-]*)?))?", re.IGNORECASE)
_TOLL = re.compile(
    r"\b(?:kill(?:ed|ing|s)?|dead|death toll|died|dies|wounded|injured|casualties|arrested|"
    r"detained|displaced|missing)\b",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"\bto (?P<what>(?:remove|unload|load|deliver|evacuate|withdraw|transfer|carry|bring|"
    r"supply|collect|transport|attack|defend|protect|rescue|bomb|seize|release|free|arrest|"
    r"discuss|sign)\b[^,.;]{3,60})"
)
_STATE = re.compile(
    r"(?P<about>(?:[Tt]he |[Nn]egotiations|[Tt]alks|[Mm]eeting|[Dd]eal)[^,.;]{0,50}?) (?:have|"
    r"has|had|were|was|are|is) (?:\w+ly )?(?P<what>stalled|collapsed|failed|constructive|"
    r"productive|suspended|successful|cancelled|canceled|postponed|concluded|rejected|approved|"
    r"terminated)\b"
)


# Pieces of which a sentence has one where the pattern matches.
_TOLLS = ("kill", "dea", "die", "wounded", "injured", "casualties", "arrested", "detained", "displaced", "missing")
_STATES = (
    *("stalled", "collapsed", "failed", "constructive", "productive", "suspended", "successful", "cancelled"),
    *("canceled", "postponed", "concluded", "rejected", "approved", "terminated"),
)
_NOT_COUNTED = t.AUXILIARIES | t.PREPOSITIONS
_UNITS = t.words("days weeks months years hours minutes km kilometres kilometers miles")
_TIMES = t.CALENDAR | _UNITS


def events(clauses: dict[int, Clause], cast: Cast, skip: frozenset[int]) -> tuple[NotedEvent, ...]:
    """Sentences with a date that is not merely when somebody said something."""
    found: list[NotedEvent] = []
    for number, c in clauses.items():
        if number in skip or len(c) < 5:
            continue
        dates = moments(c.text)[:2]
        cues = [a.cue for a in attributions(c) if a.row in {"_say"}] if dates else []
        for m in dates:
            at = next((n for n in range(len(c)) if c.end[n] > m.start), 0)
            if c.quoted[at] or any(0 < at - cue <= 3 for cue in cues):
                continue
            who = tuple(dict.fromkeys(cast.actors[k].name for k in _actors_in(c, number, cast)))
            found.append(NotedEvent(what=trim(_told(c, m.start)), when=m.when, actors=who, sentences=(number,)))
    return tuple(found)


def _told(c: Clause, at: int) -> str:
    """The sentence, or the part between semicolons that the date stands in."""
    start = max(c.text.rfind(";", 0, at), -1) + 1
    end = c.text.find(";", at)
    return c.text[start : end if end > 0 else None].strip()


def _actors_in(c: Clause, number: int, cast: Cast) -> Iterable[str]:
    for m in cast.named_in(number):
        for key, actor in cast.actors.items():
            if m.text in actor.names and actor.kind != "media":
                yield key


def facts(clauses: dict[int, Clause], skip: frozenset[int]) -> tuple[NotedFact, ...]:
    """Numbers with what they count, purposes, and how something went."""
    found: list[NotedFact] = []
    for number, c in clauses.items():
        if number in skip:
            continue
        states = has_any(c.text, _STATES) and _STATE.search(c.text)
        toll = has_any(c.text.lower(), _TOLLS) and _TOLL.search(c.text)
        if not (toll or states or _PURPOSE.search(c.text)):
            continue
        said = next((a.speaker for a in attributions(c) if a.row == "_say"), "")
        for match in _PURPOSE.finditer(c.text):
            found.append(_fact(c, number, c.text[: match.start()], "to " + match["what"], said))
        for match in _STATE.finditer(c.text) if states else ():
            found.append(
                NotedFact(
                    about=trim(match["about"], 120),
                    value=trim(match["what"], 80),
                    according_to=said,
                    sentences=(number,),
                )
            )
        if toll:
            for match in _COUNTED.finditer(c.text):
                counted = _counted(match)
                if counted:
                    found.append(_fact(c, number, c.text, counted, said))
    return tuple(dict.fromkeys(found))


def _counted(match: re.Match[str]) -> str:
    """A number with what it counts, without the verb or preposition behind it; empty for years and days."""
    what = (match["what"] or "").split()
    while what and (what[-1].lower() in STOP or what[-1].lower() in _NOT_COUNTED):
        what.pop()
    if re.fullmatch(r"(?:19|20)\d\d", match["n"]) or not what or what[0].lower() in _TIMES:
        return ""
    return " ".join([match[0][: match.end("n") - match.start()], *what])


def _fact(c: Clause, number: int, about: str, value: str, said: str) -> NotedFact:
    return NotedFact(
        about=trim(about.strip(" ,"), 160),
        value=trim(value.strip(), 100),
        according_to=trim(said, 80),
        sentences=(number,),
    )
