"""Names joined into actors over five outlets, beside annotated mentions.

    python bench/aliases.py FOLDER [--only event_0] [--model ...] [--store PATH]

FOLDER holds a folder an event, in it articles (`<id>.txt`) and their coded mentions (`<id>.json`: text, type,
concept). The articles are noted, `summarise.reconcile.actors.join_actors` joins the names, and nothing else of a brief
is made. A mention is matched to an actor when its text, folded, is one of the names that this actor has in that
article's note; the rest (descriptions, pronouns, parts of names) count against "matched" only.

Of the annotated types three name somebody: ACTOR is one person a concept; COUNTRY and GROUP hold a country or party
together with everyone who speaks or works for it ("Mr. Priebus" under the USA), ACTOR-I is a bucket of all the others.
Hence three selections, in falling order of what they say about joining:

    persons     ACTOR
    countries   ACTOR, and of COUNTRY the mentions that are a name, short name, capital or government of that country
    annotated   ACTOR, COUNTRY and GROUP as they are, bundles and all; recall of 1 would be wrong

Each is scored over all matched mentions and over distinct names (each name once an article), where an often repeated
one weighs no more than a rare one. B³ (Bagga and Baldwin 1998): for each mention, of those that share its actor the
part that shares its concept (precision), and the reverse (recall), averaged. Pairwise: over pairs of mentions of one
event. Totals are over all mentions and pairs of all events.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from reading import add_options, articles, cost, notes, opened, stem, tell

from summarise.asking import Desk
from summarise.errors import SummariseError
from summarise.names import fold
from summarise.question import Reader
from summarise.reconcile.actors import join_actors
from summarise.records import records_of

_COUNTRIES = {
    "USA": "united states|united states of america|us|u s|usa|america|washington|american government|us government",
    "PRK": "north korea|the north|north|dprk|pyongyang|democratic peoples republic of korea|north korean government",
    "KOR": "south korea|the south|south|seoul|republic of korea|south korean government",
    "JPN": "japan|tokyo|japanese government",
    "CHN": "china|beijing|chinese government",
    "RUS": "russia|moscow|kremlin|the kremlin|russian government|russian federation",
    "GBR": "britain|great britain|united kingdom|uk|london|british government",
    "FRA": "france|paris|french government",
    "IRN": "iran|tehran|iranian government|iranian regime|islamic republic|islamic republic of iran",
    "ISR": "israel|jerusalem|israeli government",
    "SYR": "syria|damascus|syrian government|syrian regime",
}
"""The names of a country and of its government, by the code that the annotation uses."""


@dataclass(frozen=True)
class Mention:
    """One annotated mention; `article` is its file's stem, `actor` the key it was matched to."""

    event: str
    article: str
    text: str
    kind: str
    concept: str
    actor: str | None


@dataclass(frozen=True)
class Event:
    """The mentions of one event, the names of its actors by key, and the questions that got no answer."""

    name: str
    mentions: tuple[Mention, ...]
    actors: dict[str, str]
    failures: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """2PR / (P + R), 0 where both are."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def _bare(name: str) -> str:
    return fold(name).removeprefix("the ")


_COUNTRY_NAMES = {code: frozenset(map(_bare, names.split("|"))) for code, names in _COUNTRIES.items()}


def _country(mention: Mention) -> bool:
    return mention.kind == "COUNTRY" and _bare(mention.text) in _COUNTRY_NAMES.get(mention.concept, ())


SELECTIONS: dict[str, Callable[[Mention], bool]] = {
    "persons": lambda m: m.kind == "ACTOR",
    "countries": lambda m: m.kind == "ACTOR" or _country(m),
    "annotated": lambda m: m.kind in ("ACTOR", "COUNTRY", "GROUP"),
}


def _shares(
    mentions: Sequence[Mention], own: Callable[[Mention], Hashable], other: Callable[[Mention], Hashable]
) -> float:
    sizes = Counter(map(own, mentions))
    both = Counter((own(m), other(m)) for m in mentions)
    return sum(both[own(m), other(m)] / sizes[own(m)] for m in mentions) / len(mentions) if mentions else 0.0


def _of_actor(mention: Mention) -> Hashable:
    return (mention.event, mention.actor)


def _of_concept(mention: Mention) -> Hashable:
    return (mention.event, mention.concept)


def b_cubed(mentions: Sequence[Mention]) -> Score:
    """B³ of matched mentions."""
    return Score(_shares(mentions, _of_actor, _of_concept), _shares(mentions, _of_concept, _of_actor))


def _pairs(groups: Iterable[Hashable]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(groups).values())


def pairwise(mentions: Sequence[Mention]) -> Score:
    """Pairs of matched mentions that are joined, and that should be."""
    right = _pairs((_of_actor(m), _of_concept(m)) for m in mentions)
    joined, due = _pairs(map(_of_actor, mentions)), _pairs(map(_of_concept, mentions))
    return Score(right / joined if joined else 0.0, right / due if due else 0.0)


def once(mentions: Iterable[Mention]) -> list[Mention]:
    """Each name once an article, concept and actor."""
    return list({(m.event, m.article, fold(m.text), m.concept, m.actor): m for m in mentions}.values())


async def measured(folder: Path, reader: Reader) -> Event:
    """The annotated mentions of one event, each with the actor that its name was joined into."""
    loaded = articles(folder)
    desk = Desk(reader, language="en")
    cast = await join_actors(records_of(await notes(loaded, reader)), desk)
    mentions: list[Mention] = []
    for article in loaded:
        path = folder / f"{stem(article)}.json"
        rows = json.loads(path.read_text("utf-8"))["mentions"] if path.is_file() else []
        mentions += [
            Mention(folder.name, stem(article), m["mention"], m["type"], m["concept"], cast.of(article, m["mention"]))
            for m in rows
        ]
    tell(f"{folder.name}: {len(loaded)} articles, {len(cast.actors)} actors")
    return Event(folder.name, tuple(mentions), {a.key: a.name for a in cast.actors}, tuple(desk.failures))


def _row(title: str, mentions: Sequence[Mention]) -> str:
    matched = [m for m in mentions if m.actor]
    cells = [title, str(len(mentions)), f"{len(matched) / len(mentions):.2f}" if mentions else "–"]
    for score in (b_cubed(matched), pairwise(matched)):
        cells += [f"{score.precision:.3f}", f"{score.recall:.3f}", f"{score.f1:.3f}"]
    return f"| {' | '.join(cells)} |"


def report(events: Sequence[Event]) -> None:
    """Prints a table a selection, and which joins are wrong or missing."""
    for name, wanted in SELECTIONS.items():
        print(f"\n{name}")
        print("| event | mentions | matched | B³ P | R | F1 | pairs P | R | F1 |")
        print("|---|---|---|---|---|---|---|---|---|")
        rows = {event.name: [m for m in event.mentions if wanted(m)] for event in events}
        everything = [m for mentions in rows.values() for m in mentions]
        for title, mentions in rows.items():
            print(_row(title, mentions))
        print(_row("all", everything))
        print(_row("all, distinct names", once(everything)))
    for event in events:
        _mistakes(event)


def _mistakes(event: Event) -> None:
    """Actors with two concepts, concepts with two actors, among persons and names of countries."""
    rows = [m for m in event.mentions if m.actor and SELECTIONS["countries"](m)]
    by_actor: dict[str, Counter[str]] = {}
    by_concept: dict[str, Counter[str]] = {}
    for m in rows:
        by_actor.setdefault(event.actors[m.actor or ""], Counter())[m.concept] += 1
        by_concept.setdefault(m.concept, Counter())[event.actors[m.actor or ""]] += 1
    for title, groups in (("merged", by_actor), ("split", by_concept)):
        for name, parts in groups.items():
            if len(parts) > 1:
                print(f"{event.name} {title}: {name}: {', '.join(f'{n} ({c})' for n, c in parts.most_common())}")
    for failure in event.failures:
        print(f"{event.name} failed: {failure}")


async def run(given: argparse.Namespace, folders: Sequence[Path]) -> None:
    """All events side by side."""
    async with opened(given) as reader:

        async def one(folder: Path) -> Event | None:
            try:
                return await measured(folder, reader)
            except SummariseError as error:
                tell(f"{folder.name}: {error}")
                return None

        events = await asyncio.gather(*map(one, folders))
        report([e for e in events if e is not None])
        print(cost(reader))


def main() -> int:
    """Reads the options, runs, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", help="names of events, with commas")
    parser.add_argument("--limit", type=int, help="how many events, by name")
    add_options(parser)
    given = parser.parse_args()
    wanted = given.only.split(",") if given.only else None
    folders = sorted(p for p in given.folder.glob("*") if list(p.glob("*.txt")) and (not wanted or p.name in wanted))
    if not folders:
        print(f"{given.folder}: skipped, no folder of annotated articles there; give the folder of events")
        return 0
    asyncio.run(run(given, folders[: given.limit]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
