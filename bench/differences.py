"""Differing accounts found, and false alarms, on annotated clusters of articles about one event.

    python bench/differences.py FOLDER [--clusters N | --only fk01,fk16] [--model ...] [--store PATH]

FOLDER holds `disagreements.json` and a folder of articles (`<id>.txt`) a cluster, annotated with what their reports
give differently: an attribute (a number of dead civilians, an actor, a cause), its values with the articles that give
each, and a verdict (real, evolving_toll, breakdown_only, annotation_error, uncertain). The articles are noted and
`summarise.weigh.accounts` is asked for contradictions; nothing else of a brief is made. `--clusters N`: of the first
N/2 clusters by name with a real or evolving difference, and the first N/2 that are annotated as having none.

An annotated difference is found when one contradiction has two sides that split the articles of two of its values:

- a count: one side rests on an article of the one value and states that number (where its statement has no number:
  its evidence from these articles has it), the other likewise with the other value. Numbers count in figures or words;
  one that stands in none of its value's articles (a sum made by the annotator) is not asked for. The column "or in
  evidence" also counts sides whose statement has another number but whose evidence has the one that differs.
- an actor or cause: each side rests on articles of its value and on none of the other, and its statement shares a
  word of four letters or more with the value that the other value does not have.

A false alarm is a contradiction in a cluster that is annotated as having no difference (some have differences that
nobody annotated: they are printed to be judged by hand). Contradictions that match no annotation in an annotated
cluster, or lie in one about which the annotation says nothing, are counted by themselves.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from reading import add_options, articles, cost, notes, opened, stem, tell

from summarise.asking import Desk
from summarise.errors import SummariseError
from summarise.question import Reader
from summarise.records import records_of
from summarise.render.safe import one_line
from summarise.weigh import Conflict, WeighedSide, accounts

WANTED = ("real", "evolving_toll")
_COUNTS = "nb_"  # attributes of this prefix are numbers
_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+|\d+|[a-z]+", re.IGNORECASE)


@dataclass(frozen=True)
class Value:
    """One value of a difference and the articles (file stems) that give it. `told`: it stands in one of them."""

    value: str
    articles: frozenset[str]
    told: bool


@dataclass(frozen=True)
class Difference:
    """One annotated difference of a cluster."""

    attribute: str
    verdict: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Cluster:
    """The annotation of one cluster. `none`: annotated as having no difference."""

    name: str
    none: bool
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Result:
    """What was found in one cluster: for each difference the contradictions that match it, by place."""

    cluster: Cluster
    conflicts: tuple[Conflict, ...]
    matches: tuple[frozenset[int], ...]
    loosely: tuple[bool, ...]
    stems: dict[str, str]
    failures: tuple[str, ...]

    @property
    def unmatched(self) -> list[Conflict]:
        """Contradictions that match no annotated difference."""
        matched = frozenset().union(*self.matches)
        return [c for n, c in enumerate(self.conflicts) if n not in matched]


def numbers(text: str) -> set[int]:
    """The whole numbers of a text, in figures ("1,300") or words up to ninety-nine ("twenty-five")."""
    found: set[int] = set()
    tens = 0
    for token in _NUMBER.findall(text.casefold()):
        if token[0].isdigit():
            found.add(int(token.replace(",", "")))
        elif token in _TENS:
            found.add(10 * (_TENS.index(token) + 2))
        elif token in _UNITS:
            found.add(tens + _UNITS.index(token))
        tens = 10 * (_TENS.index(token) + 2) if token in _TENS else 0
    return found


def clusters_of(folder: Path) -> list[Cluster]:
    """All annotated clusters, by name."""

    def value(cluster: str, attribute: str, row: dict[str, object]) -> Value:
        stems = [str(name) for name in row["articles"]] if isinstance(row["articles"], list) else []
        paths = [folder / cluster / f"{name}.txt" for name in stems]
        texts = [p.read_text("utf-8") for p in paths if p.is_file()]
        told = not attribute.startswith(_COUNTS) or any(int(str(row["value"])) in numbers(t) for t in texts)
        return Value(str(row["value"]), frozenset(stems), told)

    def cluster_of(row: dict[str, object]) -> Cluster:
        given = row["disagreements"] if isinstance(row["disagreements"], list) else []
        name = str(row["cluster"])
        differences = (
            Difference(d["attribute"], d["verdict"], tuple(value(name, d["attribute"], v) for v in d["values"]))
            for d in given
        )
        return Cluster(name, bool(row["no_annotated_difference"]), tuple(differences))

    rows = json.loads((folder / "disagreements.json").read_text("utf-8"))
    return sorted(map(cluster_of, rows), key=lambda c: c.name)


def chosen(clusters: Sequence[Cluster], given: argparse.Namespace) -> list[Cluster]:
    """The clusters that the options name; all by default."""
    if given.only:
        return [c for c in clusters if c.name in given.only.split(",")]
    if not given.clusters:
        return list(clusters)
    with_some = [c for c in clusters if any(d.verdict in WANTED for d in c.differences)]
    without = [c for c in clusters if c.none]
    half = given.clusters // 2
    return [*with_some[: given.clusters - half], *without[:half]]


def matches(difference: Difference, conflict: Conflict, stems: dict[str, str], *, loosely: bool = False) -> bool:
    """Whether a contradiction is this annotated difference; the module says when. `loosely`: or in evidence."""
    is_count = difference.attribute.startswith(_COUNTS)

    def holds(side: WeighedSide, value: Value) -> bool:
        own = [e.quote for e in side.evidence if stems[e.article] in value.articles]
        stated, shown = numbers(side.statement), set().union(*map(numbers, own))
        said = stated | shown if loosely else stated or shown
        return bool(own) and (not value.told or int(value.value) in said)

    def names(side: WeighedSide, value: Value, other: Value) -> bool:
        resting = {stems[e.article] for e in side.evidence}
        telling = _words(value.value) - _words(other.value)
        return bool(resting & value.articles and not resting & other.articles and telling & _words(side.statement))

    for one, other in permutations(difference.values, 2):
        for side, against in permutations(conflict.sides, 2):
            if is_count and holds(side, one) and holds(against, other):
                return True
            if not is_count and names(side, one, other) and names(against, other, one):
                return True
    return False


def _words(text: str) -> set[str]:
    return {w for w in re.findall(r"\w+", text.casefold()) if len(w) > 3}


async def measured(cluster: Cluster, folder: Path, reader: Reader) -> Result:
    """The contradictions that the articles of one cluster hold, beside its annotation."""
    loaded = articles(folder / cluster.name)
    desk = Desk(reader, language="en")
    conflicts = await accounts(records_of(await notes(loaded, reader)), desk)
    stems = {a.id: stem(a) for a in loaded}
    tell(f"{cluster.name}: {len(conflicts)} contradictions")
    return Result(
        cluster,
        tuple(conflicts),
        tuple(frozenset(n for n, c in enumerate(conflicts) if matches(d, c, stems)) for d in cluster.differences),
        tuple(any(matches(d, c, stems, loosely=True) for c in conflicts) for d in cluster.differences),
        stems,
        tuple(desk.failures),
    )


def report(results: Sequence[Result]) -> None:
    """Prints each cluster and the totals."""
    for result in results:
        kind = "no difference" if result.cluster.none else "" if result.cluster.differences else "not annotated"
        print(f"\n{result.cluster.name}  {len(result.stems)} articles  {kind}".rstrip())
        for difference, found in zip(result.cluster.differences, result.matches, strict=True):
            values = " / ".join(f"{v.value}{'' if v.told else ' (in no text)'}" for v in difference.values)
            print(
                f"  {'found ' if found else 'missed'}  {difference.verdict:16} {difference.attribute}: {values}"
                f"{f'  ({len(found)} contradictions)' if len(found) > 1 else ''}"
            )
        for n, conflict in enumerate(result.conflicts):
            matched = any(n in found for found in result.matches)
            print(f"  {'=' if matched else '+'} {one_line(conflict.summary)}")
            for side in conflict.sides:
                resting = sorted({result.stems[e.article] for e in side.evidence})
                print(f"      {one_line(side.statement)}  [{', '.join(resting)}]")
        for failure in result.failures:
            print(f"  failed: {one_line(failure)}")

    due, found_of, loose = Counter[str](), Counter[str](), Counter[str]()
    for result in results:
        for difference, found, shown in zip(result.cluster.differences, result.matches, result.loosely, strict=True):
            due[difference.verdict] += 1
            found_of[difference.verdict] += bool(found)
            loose[difference.verdict] += shown
    none = [r for r in results if r.cluster.none]
    silent = [r for r in results if not r.cluster.none and not r.cluster.differences]
    annotated = [r for r in results if r.cluster.differences]
    print(f"\n{len(results)} clusters, {sum(len(r.stems) for r in results)} articles")
    print("| annotated difference | found | or in evidence | of |\n|---|---|---|---|")
    for verdict in (*WANTED, *sorted(set(due) - set(WANTED))):
        print(f"| {verdict} | {found_of[verdict]} | {loose[verdict]} | {due[verdict]} |")
    print("\n| contradictions | count | clusters with any | clusters |\n|---|---|---|---|")
    for title, rows in (
        ("false alarms: no annotated difference", none),
        ("matching no annotation, annotated clusters", annotated),
        ("clusters about which the annotation is silent", silent),
    ):
        extra = [len(r.unmatched) for r in rows]
        print(f"| {title} | {sum(extra)} | {sum(map(bool, extra))} | {len(rows)} |")
    if failed := sum(len(r.failures) for r in results):
        print(f"\n{failed} questions without an answer: the figures are not complete")


async def run(given: argparse.Namespace) -> None:
    """All clusters side by side."""
    async with opened(given) as reader:

        async def one(cluster: Cluster) -> Result | None:
            try:
                return await measured(cluster, given.folder, reader)
            except SummariseError as error:
                tell(f"{cluster.name}: {error}")
                return None

        wanted = chosen(clusters_of(given.folder), given)
        results = await asyncio.gather(*map(one, wanted))
        report([r for r in results if r is not None])
        print(cost(reader))


def main() -> int:
    """Reads the options, runs, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clusters", type=int, help="how many clusters, half of them without any difference")
    parser.add_argument("--only", help="names of clusters, with commas")
    add_options(parser)
    given = parser.parse_args()
    if not (given.folder / "disagreements.json").is_file():
        print(f"{given.folder}: skipped, there is no disagreements.json; give the folder of annotated clusters")
        return 0
    asyncio.run(run(given))
    return 0


if __name__ == "__main__":
    sys.exit(main())
