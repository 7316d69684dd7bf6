"""What a person means: the item that a quotation points to, and the actor that goes by a name.

One rule for the corrections of a brief under way and for `summarise fix`, which looks at a finished one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from summarise.contract import Evidence
from summarise.names import fold

_DOUBLE = re.compile(r"[\"“”„‟«»〝〞「」『』]|''|``|‘‘|’’")
_SINGLE = re.compile(r"[‘’‚‛ʼʻ`´′‹›]")
_DASHES = re.compile(r"[‐‑‒–—―−]")
_SHOWN = 5


@dataclass(frozen=True)
class Candidate:
    """An item that could be meant. `evidence` is what a brief shows of it, `more` what else its records rest on.

    `says` are its wordings (the one shown, and those of its records), `names` those of its actor, folded.
    """

    key: str
    shown: str
    evidence: tuple[Evidence, ...]
    more: tuple[Evidence, ...] = ()
    says: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Fit:
    """What is meant (keys), or why nothing is; `several` where more than one thing could be and none is chosen."""

    keys: tuple[str, ...]
    why: str = ""
    several: tuple[Candidate, ...] = ()


def folded(text: str) -> str:
    """The form in which quotations are compared: white space, quotation marks, dashes and case are of one kind."""
    text = _DASHES.sub("-", _SINGLE.sub("'", _DOUBLE.sub('"', text)))
    return " ".join(text.casefold().split())


@lru_cache(maxsize=32_768)
def trimmed(quote: str) -> str:
    """A quotation folded, without the marks, dots and commas that whoever quotes puts around it."""
    return folded(quote).strip(" \"'.,;:…")


def holds(sentence: str, quote: str) -> bool:
    """Whether the quotation stands in the sentence."""
    wanted = trimmed(quote)
    return bool(wanted) and wanted in trimmed(sentence)


def is_whole(sentence: str, quote: str) -> bool:
    """Whether the quotation is all of the sentence."""
    return trimmed(sentence) == trimmed(quote) != ""


def fitting(candidates: Sequence[Candidate], *, quote: str = "", actor: str = "", says: str = "") -> Fit:
    """The one item that is meant, or all on which the very same sentence stands in different articles.

    A quotation that is all of a sentence counts before one that is part of it, a sentence that is shown before one
    that is not; `actor` narrows what is meant, and `says` decides where several items are left.
    """
    rows = list(candidates)
    if actor:
        rows = [c for c in rows if fold(actor) in c.names]
        if not rows:
            return Fit((), f"nothing here is of an actor called “{actor}”")
    if not quote:
        rows = [c for c in rows if any(trimmed(s) == trimmed(says) for s in c.says)]
        return _one(rows, [[] for _ in rows], f"nothing here reads “{says}”" if says else "no words are given")
    found = _pointed_to(rows, trimmed(quote))
    if not found:
        whose = f" of “{actor}”" if actor else ""
        return Fit((), f"nothing here{whose} rests on a sentence with “{quote}”")
    rows, sentences = [c for c, _ in found], [where for _, where in found]
    if says and len(rows) > 1:
        told = [n for n, c in enumerate(rows) if any(trimmed(s) == trimmed(says) for s in c.says)]
        if told:
            rows, sentences = [rows[n] for n in told], [sentences[n] for n in told]
    return _one(rows, sentences, "")


def _pointed_to(rows: Sequence[Candidate], wanted: str) -> list[tuple[Candidate, list[Evidence]]]:
    """The items that a quotation (trimmed) points to, and by which sentences: those of the surest kind there is."""
    kinds: list[list[tuple[Candidate, list[Evidence]]]] = [[], [], [], []]
    for candidate in rows if wanted else ():
        for places, sentences in ((0, candidate.evidence), (1, (*candidate.evidence, *candidate.more))):
            inside = [(e, flat) for e in sentences if wanted in (flat := trimmed(e.quote))]
            whole = [e for e, flat in inside if flat == wanted]
            if whole:
                kinds[places].append((candidate, whole))
            if inside:
                kinds[places + 2].append((candidate, [e for e, _ in inside]))
    return next((kind for kind in kinds if kind), [])


def _one(rows: Sequence[Candidate], sentences: Sequence[Sequence[Evidence]], why: str) -> Fit:
    if not rows:
        return Fit((), why)
    if len(rows) == 1 or _copies(sentences):
        return Fit(tuple(c.key for c in rows))
    listed = "; ".join(f"“{c.shown}”" for c in rows[:_SHOWN])
    more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    return Fit((), f"it could be {listed}{more}: add says, or quote more", tuple(rows))


def _copies(sentences: Sequence[Sequence[Evidence]]) -> bool:
    """Whether every item is pointed to in an article of its own, by one and the same sentence."""
    articles = [{e.article for e in where} for where in sentences]
    apart = sum(map(len, articles)) == len(set().union(*articles)) and all(articles)
    return apart and len({trimmed(e.quote) for where in sentences for e in where}) == 1


@dataclass(frozen=True)
class Called:
    """An actor and its names, folded: the one shown, those that articles use first, and all others."""

    key: str
    shown: str
    name: str
    proper: frozenset[str]
    others: frozenset[str]

    @property
    def names(self) -> frozenset[str]:
        return self.proper | self.others | {self.name}


def called(name: str, actors: Collection[Called]) -> Fit:
    """The actor of this name: by the name shown, else by a name that an article uses first, else by any."""
    wanted = fold(name)
    tiers: list[list[Called]] = [
        [a for a in actors if wanted == a.name],
        [a for a in actors if wanted in a.proper],
        [a for a in actors if wanted in a.others],
    ]
    found = next((tier for tier in tiers if tier), [])
    if not found:
        return Fit((), f"no actor here is called “{name}”")
    if len(found) > 1:
        listed = "; ".join(f"“{a.shown}”" for a in found[:_SHOWN])
        return Fit((), f"“{name}” could be {len(found)} actors: {listed}; give another of its names")
    return Fit((found[0].key,))
