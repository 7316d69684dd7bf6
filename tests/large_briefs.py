"""Briefs of many articles, made by code: the same call gives the same brief. Sizes grow with the number of articles."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass

from made_briefs import position, run

from summarise.contract import (
    Actor,
    ArticleEntry,
    Brief,
    Check,
    Disagreement,
    Event,
    Evidence,
    Fact,
    Issue,
    OpenQuestion,
    Origin,
    Side,
    SummarySentence,
)
from summarise.render.view import STANCES

OUTLETS = [
    f"The {name} Herald" for name in ("Northern", "Harbour", "Valley", "Morning", "Coastal", "Union", "Lake", "River")
]
_VOCABULARY = """
the council port minister agreed refused talks budget border fishing quota vessel crew harbour official statement
delayed answered question plan inspectors region letter offer court ruling union members vote against after before
during week month supply water bridge railway contract company mayor resident noted said added warned expects
"""
_WORDS = _VOCABULARY.split()


@dataclass(frozen=True)
class Large:
    brief: Brief
    texts: Mapping[str, str]


def large_brief(articles: int, *, words: int = 900, seed: int = 7) -> Large:
    """`articles` texts of about `words` words. Positions rest on 3 sentences each; there are 7.5 an article up to 20
    articles, and 3 for each that follows."""
    dice = random.Random(seed)  # noqa: S311
    texts: dict[str, str] = {}
    sentences: list[list[Evidence]] = []
    entries = []
    for number in range(articles):
        text, spans = _article(dice, number, words)
        name = "a-" + hashlib.sha256(text.encode()).hexdigest()[:16]
        texts[name] = text
        sentences.append(
            [Evidence(article=name, sentence=n, start=a, end=b, quote=text[a:b]) for n, (a, b) in enumerate(spans, 1)]
        )
        entries.append(
            ArticleEntry(
                id=name,
                path=f"day-{number // 8:02d}/article-{number:03d}.txt",
                sha256=hashlib.sha256(text.encode()).hexdigest(),
                title=text.split("\n")[0],
                outlet=OUTLETS[number % len(OUTLETS)],
                author="",
                published=f"2025-{1 + number // 28 % 12:02d}-{1 + number % 28:02d}",
                published_from="stated",
                language="en",
                words=len(text.split()),
                status="used",
                reason="",
                duplicate_of="",
            )
        )

    def some(count: int) -> tuple[Evidence, ...]:
        return tuple(dice.choice(dice.choice(sentences)) for _ in range(count))

    def identity(kind: str, number: int) -> str:
        return f"{kind}-{hashlib.sha256(f'{kind}{number}'.encode()).hexdigest()[:12]}"

    def sentence(count: int) -> str:
        return " ".join(dice.choice(_WORDS) for _ in range(count)).capitalize() + "."

    held = round(7.5 * min(articles, 20) + 3 * max(0, articles - 20))
    actors = [
        Actor(
            id=identity("a", n),
            name=f"Ministry of {dice.choice(_WORDS).capitalize()} {n}",
            kind="government",
            role=sentence(6),
            aliases=(f"ministry {n}", f"officials {n}"),
            joins=(),
            evidence=some(3),
        )
        for n in range(12 + articles // 5)
    ]
    origins = [
        Origin(
            id=identity("o", n),
            report=f"Agency report {n} on the {dice.choice(_WORDS)}",
            kind="agency",
            articles=tuple(dice.sample(sorted(texts), min(articles, 1 + n % 9))),
            evidence=some(2),
        )
        for n in range(5 + articles // 4)
    ]
    by_issue: list[list[object]] = [[] for _ in range(8 + articles // 10)]
    for n in range(held):
        one = position(
            identity("p", n),
            dice.choice(actors).id,
            dice.choice(list(STANCES)),
            sentence(18),
            *some(3),
            quoted=n % 3 == 0,
            via=("Agency",) if n % 4 == 0 else (),
            said_on=f"2025-{1 + n % 12:02d}-{1 + n % 28:02d}" if n % 3 == 0 else "",
            origins=tuple(origin.id for origin in dice.sample(origins, n % 4)),
            checks=(Check(name="numbers", ok=n % 17 > 0, note="" if n % 17 else "a number is not in its evidence"),),
        )
        by_issue[n % len(by_issue)].append(one)
    issues = tuple(
        Issue.model_validate(
            {
                "id": identity("i", n),
                "title": f"the {dice.choice(_WORDS)} of the {dice.choice(_WORDS)} {n}",
                "positions": some_positions,
            }
        )
        for n, some_positions in enumerate(by_issue)
    )
    brief = Brief(
        story="large",
        complete=True,
        title="A large story about ports, budgets and fishing quotas",
        summary=tuple(SummarySentence(text=sentence(25), evidence=some(4), checks=()) for _ in range(8)),
        articles=tuple(entries),
        actors=tuple(actors),
        issues=issues,
        disagreements=tuple(
            Disagreement(
                id=identity("d", n),
                kind="between_actors",
                summary=sentence(12),
                sides=tuple(
                    Side(
                        statement=sentence(10),
                        positions=(issues[n % len(issues)].positions[side].id,),
                        evidence=some(2),
                    )
                    for side in range(2)
                ),
            )
            for n in range(4 + articles // 8)
        ),
        open_questions=tuple(
            OpenQuestion(
                id=identity("q", n),
                question=sentence(10),
                why_open=sentence(14),
                settled_by=sentence(6),
                status="open",
                evidence=some(2),
                answered_by=(),
            )
            for n in range(6 + articles // 5)
        ),
        events=tuple(
            Event(id=identity("e", n), when=f"2025-{1 + n % 12:02d}", what=sentence(9), actors=(), evidence=some(2))
            for n in range(10 + articles // 2)
        ),
        facts=tuple(
            Fact(id=identity("f", n), about=sentence(4), value=sentence(3), according_to="", evidence=some(1))
            for n in range(10 + articles)
        ),
        origins=tuple(origins),
        flags=(),
        left_out=(),
        run=run(),
    )
    return Large(brief, texts)


def _article(dice: random.Random, number: int, words: int) -> tuple[str, list[tuple[int, int]]]:
    """A text of paragraphs of three sentences, and the half-open offsets of its sentences."""
    parts = [f"Article {number} on the {dice.choice(_WORDS)}"]
    spans = [(0, len(parts[0]))]
    at, told = len(parts[0]), 0
    while told < words:
        size = dice.randint(12, 30)
        gap = "\n\n" if len(spans) % 3 == 1 else " "
        sentence = " ".join(dice.choice(_WORDS) for _ in range(size)).capitalize() + "."
        parts += [gap, sentence]
        spans.append((at + len(gap), at + len(gap) + len(sentence)))
        at += len(gap) + len(sentence)
        told += size
    return "".join(parts), spans
