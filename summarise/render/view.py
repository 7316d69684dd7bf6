"""What the renderings share: numbered evidence, dates and stances in words, who stands where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from summarise.contract import (
    Actor,
    ArticleEntry,
    Brief,
    Check,
    Disagreement,
    Event,
    Evidence,
    Issue,
    OpenQuestion,
    OriginKind,
    Position,
    Stance,
)
from summarise.render.safe import one_line

# Symbol and words: a stance is never told by its colour alone. One column wide in every terminal.
STANCES: dict[Stance, tuple[str, str]] = {
    "supports": ("+", "for"),
    "opposes": ("−", "against"),
    "demands": ("!", "demands"),
    "offers": ("→", "offers"),
    "accepts": ("✓", "accepts"),
    "refuses": ("×", "refuses"),
    "denies": ("≠", "denies"),
    "alleges": ("›", "alleges"),
    "assesses": ("≈", "assesses"),
    "predicts": ("»", "predicts"),
    "undecided": ("?", "undecided"),
    "declines_to_comment": ("○", "no comment"),
    "unclassified": ("·", "says"),
}

ORIGIN_KINDS: dict[OriginKind, str] = {
    "agency": "agency report",
    "outlet": "outlet's report",
    "statement": "statement",
    "document": "document",
    "unnamed_source": "unnamed source",
}

LONGEST_PARAGRAPH = 5
"""Sentences of a summary up to which it is one paragraph; a longer one is a list."""

_MONTHS = [
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
]
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d:\d\d)\S*)?)?)?$")


def stance(value: Stance) -> str:
    """Symbol and word: "+ for"."""
    return " ".join(STANCES[value])


def _spell_one(iso: str) -> str:
    found = _ISO.match(iso)
    if not found or not 1 <= int(found[2] or 1) <= 12:
        return iso
    year, month, day, clock = found.groups()
    words = [str(int(day))] if day else []
    words += [_MONTHS[int(month) - 1]] if month else []
    return " ".join([*words, year]) + (f", {clock}" if clock else "")


@lru_cache(maxsize=1024)  # a brief names the same few days again and again
def spell_date(iso: str) -> str:
    """An ISO 8601 date or range in words, as precise as it is: "January 2025", "28 January to 2 February 2025".

    What is no ISO date comes back as it is, but for what would act unseen.
    """
    iso = one_line(iso)
    start, _, end = iso.partition("/")
    if ".." in (start, end):
        return f"until {_spell_one(end)}" if start == ".." else f"since {_spell_one(start)}"
    if not end or start == end:
        return _spell_one(start)
    first, last = _spell_one(start), _spell_one(end)
    if start[:7] == end[:7] and len(start) == len(end) == 10:
        return f"{first.split(' ')[0]}–{last}"
    if start[:4] == end[:4] and "," not in first:
        first = first.removesuffix(" " + start[:4])
    return f"{first} to {last}"


def count(number: int, one: str, many: str = "") -> str:
    """ "1 article", "2 articles"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


@dataclass
class Footnotes:
    """Numbers evidence from 1 in the order of first use; the same passage keeps its number."""

    _numbers: dict[tuple[str, int, int], int] = field(default_factory=dict)
    used: list[Evidence] = field(default_factory=list)

    def number(self, evidence: Evidence) -> int:
        key = (evidence.article, evidence.start, evidence.end)
        if key not in self._numbers:
            self.used.append(evidence)
            self._numbers[key] = len(self.used)
        return self._numbers[key]

    def numbers(self, evidence: Iterable[Evidence]) -> list[int]:
        return list(dict.fromkeys(self.number(one) for one in evidence))


@dataclass(frozen=True)
class Standing:
    """One row of the table actor × issue: `stances[i]` are the distinct stances on `StanceTable.issues[i]`."""

    actor: str
    stances: tuple[tuple[Stance, ...], ...]


@dataclass(frozen=True)
class StanceTable:
    """Who stands where, on the issues where most is said. `more_*` count what did not fit."""

    issues: tuple[Issue, ...]
    rows: tuple[Standing, ...]
    more_issues: int
    more_actors: int


def stance_table(brief: Brief, *, columns: int, rows: int) -> StanceTable:
    """At most `columns` issues and `rows` actors: those with most to compare, in the brief's own order."""
    spread = {issue.id: (len({p.actor for p in issue.positions}), len(issue.positions)) for issue in brief.issues}
    ranked = sorted(brief.issues, key=lambda issue: spread[issue.id], reverse=True)
    chosen = {issue.id for issue in ranked[:columns]}
    issues = tuple(issue for issue in brief.issues if issue.id in chosen)

    held: dict[str, list[list[Stance]]] = {}
    for column, issue in enumerate(issues):
        for position in issue.positions:
            cells = held.setdefault(position.actor, [[] for _ in issues])
            if position.stance not in cells[column]:
                cells[column].append(position.stance)
    names = actor_names(brief)
    order = [actor.id for actor in brief.actors] + [actor for actor in held if actor not in names]
    speaking = [actor for actor in order if actor in held]
    busiest = sorted(speaking, key=lambda actor: sum(map(bool, held[actor])), reverse=True)[:rows]
    return StanceTable(
        issues=issues,
        rows=tuple(
            Standing(names.get(actor, actor), tuple(tuple(cell) for cell in held[actor]))
            for actor in speaking
            if actor in busiest
        ),
        more_issues=len(brief.issues) - len(issues),
        more_actors=len(speaking) - len(busiest),
    )


def actor_names(brief: Brief) -> dict[str, str]:
    """Actor ids to names."""
    return {actor.id: actor.name for actor in brief.actors}


def positions_by_id(brief: Brief) -> dict[str, Position]:
    return {position.id: position for issue in brief.issues for position in issue.positions}


def article_by_id(brief: Brief) -> dict[str, ArticleEntry]:
    """Article ids to what was read; of identical files the one that was used."""
    found: dict[str, ArticleEntry] = {}
    for article in brief.articles:
        if article.id not in found or article.status == "used":
            found[article.id] = article
    return found


def used_articles(brief: Brief) -> list[ArticleEntry]:
    return [article for article in brief.articles if article.status == "used"]


def published(article: ArticleEntry) -> str:
    """An article's date in words, and whether it was inferred."""
    return spell_date(article.published) + (" (inferred)" if article.published_from == "inferred" else "")


def origins_of_first_claim(brief: Brief) -> int:
    """On how many independent origins the position rests that the summary opens with; 0 where it opens with none.

    Of several positions that share sentences with the opening it is the one whose sentences are all there, or the most.
    """
    opening = {(one.article, one.start) for sentence in brief.summary[:1] for one in sentence.evidence}
    positions = [position for issue in brief.issues for position in issue.positions]

    def shared(position: Position) -> tuple[float, int]:
        there = sum((e.article, e.start) in opening for e in position.evidence)
        return (there / max(1, len(position.evidence)), there)

    best = max(positions, key=shared, default=None)
    return len(best.origins) if best and shared(best)[1] else 0


def counts_line(brief: Brief) -> str:
    """ "2 articles, 28–29 January 2025 · 1 independent origin behind the first claim · complete"."""
    used = used_articles(brief)
    dates = sorted(article.published[:10] for article in used if article.published)
    when = spell_date(f"{dates[0]}/{dates[-1]}") if dates else "undated"
    parts = [f"{count(len(used), 'article')}, {when}"]
    if central := origins_of_first_claim(brief):
        parts.append(f"{count(central, 'independent origin')} behind the first claim")
    elif brief.origins:
        parts.append(f"passing on {count(len(brief.origins), 'origin')}")
    parts.append("complete" if brief.complete else "INCOMPLETE: see the files")
    return " · ".join(parts)


def reader(brief: Brief) -> str:
    """Who read the articles, in words."""
    return "the embedded rules, without a model" if brief.run.model == "extractive" else brief.run.model


def run_line(brief: Brief) -> str:
    """Who read, how long it took and what it cost; an unknown cost is left out, not called 0."""
    usage = brief.run.usage
    parts = [f"read by {reader(brief)}", f"{brief.run.seconds:.1f} s"]
    if usage.calls or usage.reused:
        parts.append(f"{count(usage.calls, 'call')}, {usage.reused} reused")
    if usage.input_tokens or usage.output_tokens:
        parts.append(f"{usage.input_tokens:,} + {usage.output_tokens:,} tokens")
    if usage.cost is not None and usage.calls:
        parts.append(f"${usage.cost:.4f}")
    return " · ".join(parts)


def joins(actor: Actor) -> list[str]:
    """Why an actor's names were taken for one ("A = B: reason"), where there is anything to tell."""
    return [join for join in actor.joins if len({name.strip() for name in join.partition(":")[0].split(" = ")}) > 1]


def failed_checks(position: Position) -> list[Check]:
    return [check for check in position.checks if not check.ok]


def rests_on(position: Position) -> str:
    """On how many independent origins a position rests."""
    return count(len(position.origins), "origin") if position.origins else ""


def open_first(brief: Brief) -> tuple[list[OpenQuestion], list[OpenQuestion]]:
    """Questions that are still (partly) open, and those that were answered."""
    still = [question for question in brief.open_questions if question.status != "answered"]
    return still, [question for question in brief.open_questions if question.status == "answered"]


def where(evidence: Evidence, articles: dict[str, ArticleEntry]) -> str:
    """File, sentence number, outlet and date of a passage."""
    article = articles.get(evidence.article)
    if article is None:
        return f"{evidence.article}, sentence {evidence.sentence}"
    parts = [article.path, f"sentence {evidence.sentence}", article.outlet, spell_date(article.published)]
    return ", ".join(part for part in parts if part)


CORRECTED = "corrected by a person"
UNFIT = "does not fit (any more)"


def corrected(brief: Brief) -> set[str]:
    """Ids of the items that a person's corrections apply to, or that have a person's words."""
    found = {item for one in brief.overrides if one.applied for item in one.items}
    items: tuple[Actor | Disagreement | Event | Issue | OpenQuestion, ...]
    items = (*brief.actors, *brief.issues, *brief.disagreements, *brief.open_questions, *brief.events)
    return (
        found
        | {item.id for item in items if item.by == "person"}
        | {position.id for issue in brief.issues for position in issue.positions if position.by == "person"}
    )


def flagged(brief: Brief) -> set[tuple[str, int]]:
    """Sentences (article id, number) that talk to a machine."""
    return {
        (evidence.article, evidence.sentence)
        for flag in brief.flags
        if flag.kind == "addressed_to_machine"
        for evidence in flag.evidence
    }
