"""The entries of all notes, in their canonical order, each with its evidence copied from its article.

The order (stated day of publication, then the article's hash, then the place in the note) is a function of the
articles alone. An item of the brief takes its id from the first of its records.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from summarise.answers import (
    Answer,
    Note,
    NotedActor,
    NotedEvent,
    NotedFact,
    NotedPosition,
    NotedQuestion,
    NotedReport,
)
from summarise.article import Article, Sentence
from summarise.contract import Evidence

QUOTES_AN_ARTICLE = 4  # of one item: more is hard to check and adds little


N = TypeVar("N", bound=Answer)


@dataclass(frozen=True, slots=True)
class Noted:
    """The note of one article, and which of its sentences talk to a machine."""

    article: Article
    note: Note
    flagged: frozenset[int]


@dataclass(frozen=True, slots=True)
class Entry(Generic[N]):
    """One entry of one note. `flagged`: it rests on a sentence that talks to a machine."""

    key: str
    article: Article
    noted: N
    evidence: tuple[Evidence, ...]
    flagged: bool

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it stands in the canonical order."""
        return (*article_place(self.article), self.key)


@dataclass(frozen=True)
class Records:
    """All entries of all notes, by kind, in canonical order."""

    actors: tuple[Entry[NotedActor], ...]
    positions: tuple[Entry[NotedPosition], ...]
    facts: tuple[Entry[NotedFact], ...]
    questions: tuple[Entry[NotedQuestion], ...]
    events: tuple[Entry[NotedEvent], ...]
    reports: tuple[Entry[NotedReport], ...]


def article_place(article: Article) -> tuple[str, str]:
    """Where an article stands: by stated day of publication, those without one last, then by hash."""
    stated = article.published if article.published_from == "stated" else ""
    return (stated or "9999", article.id)


def item_id(prefix: str, key: str) -> str:
    """The id of an item whose canonically first record has this key."""
    return f"{prefix}-{key[:12]}"


def evidence(article: Article, numbers: Iterable[int]) -> tuple[Evidence, ...]:
    """The sentences with these numbers, copied from the article, each once, in the order given."""
    found = (_sentence(article, n) for n in dict.fromkeys(numbers))
    return tuple(
        Evidence(article=article.id, sentence=s.number, start=s.start, end=s.end, quote=article.text[s.start : s.end])
        for s in found
        if s is not None
    )


def _sentence(article: Article, number: int) -> Sentence | None:
    """The sentence with this number, for they stand in the order of their numbers; None where there is none."""
    at = bisect_left(article.sentences, number, key=lambda s: s.number)
    found = article.sentences[at] if at < len(article.sentences) else None
    return found if found is not None and found.number == number else None


def gathered(rows: Sequence[Sequence[Evidence]], most: int = QUOTES_AN_ARTICLE) -> tuple[Evidence, ...]:
    """Evidence of several records as one: each record's most telling sentence first, then the second ones.

    No record goes without its first sentence; beyond those at most `most` sentences of one article are kept, so that
    records that say the same do not crowd out those that differ.
    """
    picked: dict[tuple[str, int], Evidence] = {}
    counts: dict[str, int] = {}
    for depth in range(max((len(r) for r in rows), default=0)):
        for row in rows:
            if depth < len(row):
                item = row[depth]
                place = (item.article, item.sentence)
                if place not in picked and (depth == 0 or counts.get(item.article, 0) < most):
                    picked[place] = item
                    counts[item.article] = counts.get(item.article, 0) + 1
    return tuple(picked.values())


def quotation(rows: Sequence[Evidence]) -> str:
    """All that is shown of an item that rests on sentences talking to a machine."""
    return " […] ".join(f"“{e.quote}”" for e in rows)


def _key(article: Article, kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}\n{article.id}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def _entries(
    notes: Sequence[Noted], kind: str, of: Callable[[Note], Sequence[N]], most: int | None = 8, whole: bool = True
) -> tuple[Entry[N], ...]:
    """`whole`: a flagged sentence flags all of the entry; else the entry goes without it where it has others."""
    entries: dict[str, Entry[N]] = {}
    for noted in notes:
        plain = "" if whole else _plain(noted)
        for entry in of(noted.note):
            numbers = tuple(getattr(entry, "sentences", ()))
            if not numbers:
                continue
            if not whole and str(getattr(entry, "report", "")).casefold() in plain:
                numbers = tuple(n for n in numbers if n not in noted.flagged) or numbers
            key = _key(noted.article, kind, entry.model_dump_json())
            entries.setdefault(
                key,
                Entry(
                    key=key,
                    article=noted.article,
                    noted=entry,
                    evidence=evidence(noted.article, numbers[:most]),
                    flagged=not noted.flagged.isdisjoint(numbers),
                ),
            )
    return tuple(entries.values())


def _plain(noted: Noted) -> str:
    """What the article says where it does not talk to a machine, case folded: there a report's maker must be named."""
    return " ".join(s.text for s in noted.article.sentences if s.number not in noted.flagged).casefold()


def records_of(notes: Sequence[Noted]) -> Records:
    """All entries of these notes; of entries that are the same to the letter in one article, one."""
    ordered = sorted(notes, key=lambda n: article_place(n.article))
    return Records(
        actors=_entries(ordered, "actor", lambda n: n.actors),
        positions=_entries(ordered, "position", lambda n: n.positions),
        facts=_entries(ordered, "fact", lambda n: n.facts),
        questions=_entries(ordered, "question", lambda n: n.questions),
        events=_entries(ordered, "event", lambda n: n.events),
        reports=_entries(ordered, "report", lambda n: n.reports, None, whole=False),
    )
