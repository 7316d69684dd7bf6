"""Versions of one story's brief made by code: by hand, item by item, and by Hypothesis."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st
from made_briefs import run

from summarise.change import VersionRef
from summarise.contract import (
    Actor,
    ArticleEntry,
    Brief,
    Disagreement,
    Event,
    Evidence,
    Issue,
    OpenQuestion,
    Position,
    Side,
    Stance,
)

T = TypeVar("T")


def ref(number: int) -> VersionRef:
    return VersionRef(number=number, made=f"2026-11-{19 + number:02d}T04:10:05Z")


class Paper:
    """One file and its text, a sentence a line."""

    def __init__(self, path: str, *lines: str, status: str = "used", **known: str) -> None:
        self.path, self.lines, self.status, self.known = path, lines, status, known
        self.text = "\n".join(lines)
        self.id = "a-" + hashlib.sha256(self.text.encode()).hexdigest()[:16]

    def renamed(self, path: str, status: str = "used") -> Paper:
        return Paper(path, *self.lines, status=status)

    def __getitem__(self, number: int) -> Evidence:
        """The sentence with this number, from 1."""
        start = sum(len(line) + 1 for line in self.lines[: number - 1])
        quote = self.lines[number - 1]
        return Evidence(article=self.id, sentence=number, start=start, end=start + len(quote), quote=quote)

    @property
    def entry(self) -> ArticleEntry:
        known = dict.fromkeys(ArticleEntry.model_fields, "") | {
            **{"id": self.id, "path": self.path, "words": len(self.text.split()), "status": self.status},
            **{"published_from": "unknown", "sha256": hashlib.sha256(self.text.encode()).hexdigest(), **self.known},
        }
        return ArticleEntry.model_validate(known)


def actor(id: str, name: str, *evidence: Evidence, aliases: Sequence[str] = ()) -> Actor:
    return Actor(
        id=id, name=name, kind="government", role="", aliases=tuple(aliases), joins=(), evidence=tuple(evidence)
    )


def position(
    id: str, actor: str, stance: Stance, statement: str, *evidence: Evidence, origins: Sequence[str] = ()
) -> Position:
    return Position(
        **{"id": id, "actor": actor, "stance": stance, "statement": statement, "evidence": tuple(evidence)},
        **{"quoted": False, "via": (), "said_on": "", "origins": tuple(origins), "checks": (), "by": "model"},
    )


def question(
    id: str, words: str, *evidence: Evidence, status: str = "open", answers: Sequence[Evidence] = ()
) -> OpenQuestion:
    return OpenQuestion.model_validate(
        {
            **{"id": id, "question": words, "why_open": "", "settled_by": "", "status": status},
            **{"evidence": tuple(evidence), "answered_by": tuple(answers)},
        }
    )


def event(id: str, when: str, what: str, *evidence: Evidence) -> Event:
    return Event(id=id, when=when, what=what, actors=(), evidence=tuple(evidence))


def disagreement(id: str, summary: str, *sides: Evidence, kind: str = "between_reports") -> Disagreement:
    rows = tuple(Side(statement=one.quote, positions=(), evidence=(one,)) for one in sides)
    return Disagreement.model_validate({"id": id, "kind": kind, "summary": summary, "sides": rows})


def version(*papers: Paper, positions: Sequence[Position] = (), **parts: Any) -> Brief:
    """A brief of these papers; its positions stand under one issue."""
    known: dict[str, Any] = dict.fromkeys(
        ("summary", "actors", "disagreements", "open_questions", "events", "facts", "origins", "flags", "left_out"), ()
    )
    known |= {"story": "bases", "complete": True, "title": "Bases", "run": run()}
    known["articles"] = tuple(sorted((paper.entry for paper in papers), key=lambda entry: entry.path))
    known["issues"] = (Issue(id="i-1", title="The bases", positions=tuple(positions)),) if positions else ()
    return Brief(**known | parts)


# ---- by Hypothesis

_NAMES = ("Russia", "the Kremlin", "Türkiye", "Syria", "")
_STATEMENTS = ("Wants to keep the bases.", "Wants the bases gone.", "Offers wheat.", "希望保留基地。", "")
_CONTENTS = tuple(
    tuple(line.format(n=n) for line in lines)
    for n in range(2)
    for lines in (
        ("Russia wants to keep its bases in Syria, says report {n}.", "The talks stalled on day {n}.", "No.", "Yes."),
        ("Russia wants to keep all its bases in Syria, says report {n}.", "Türkiye opposes all bases.", "No."),
        ("The envoy of Syria called the talks constructive.", "Türkiye opposes all bases.", "Wheat came in {n} ships."),
    )
)


def brief_of_seed(seed: int) -> Brief:
    """Any brief over a small world, so that two of them often have something in common."""
    deal = random.Random(seed)  # noqa: S311 (an example, no secret)

    def some(rows: Sequence[T], least: int = 1) -> tuple[T, ...]:
        return tuple(deal.choices(rows, k=deal.randint(least, 3))) if rows else ()

    def ids(prefix: str) -> list[str]:
        return deal.sample([f"{prefix}-{n}" for n in range(5)], deal.randint(0, 4))

    files: list[Paper] = []
    for path in sorted(deal.sample(["a.txt", "b.txt", "c.txt", "d.txt"], deal.randint(0, 4))):
        one = Paper(path, *deal.choice(_CONTENTS), status=deal.choice(["used", "used", "used", "failed", "unrelated"]))
        # Of equal texts the first that is read is used, the others are copies.
        read = any(other.id == one.id and other.status == "used" for other in files)
        files.append(one.renamed(path, "duplicate") if read else one)
    sentences = [one[n + 1] for one in files if one.status == "used" for n in range(len(one.lines))]

    actors = tuple(actor(id, deal.choice(_NAMES), *some(sentences), aliases=some(_NAMES)) for id in ids("a"))
    holders = [one.id for one in actors] or ["a-nobody"]
    stances: list[Stance] = ["supports", "opposes", "undecided"]
    return version(
        *files,
        actors=actors,
        positions=tuple(
            position(
                id,
                deal.choice(holders),
                deal.choice(stances),
                deal.choice(_STATEMENTS),
                *some(sentences),
                origins=some(["o-1", "o-2"], least=0),
            )
            for id in ids("p")
        ),
        open_questions=tuple(
            question(
                id,
                deal.choice(_STATEMENTS),
                *some(sentences),
                status=deal.choice(["open", "partly_answered", "answered"]),
                answers=some(sentences, least=0),
            )
            for id in ids("q")
        ),
        events=tuple(
            event(id, deal.choice(["2025-01-28", "2025-01", ""]), deal.choice(_STATEMENTS), *some(sentences))
            for id in ids("e")
        ),
        disagreements=tuple(disagreement(id, deal.choice(_STATEMENTS), *some(sentences)) for id in ids("d")),
    )


def briefs() -> st.SearchStrategy[Brief]:
    return st.integers(0, 2**32).map(brief_of_seed)
