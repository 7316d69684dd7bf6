"""How well page furniture is removed: `python bench/cleaning.py FOLDER [--fit]`.

FOLDER holds `index.json`, `gold.json` (id -> articleBody) and `pages/<id>.html.gz`, as the article extraction benchmark
(scrapinghub/article-extraction-benchmark) has them, and `dump.py`, which says what a careless text copy of a page is.

The score is that benchmark's: of the shingles of four tokens (\\w+) of body and gold, counted, the shares that are
right, too much and missing on each page; precision and recall are means over pages, F1 is made from those means.
The title, which `Article.text` has on top, is no part of the gold and is not counted.

`--fit` learns the weights of `summarise.loading.furniture` again (logistic regression on the dumps and on the gold
bodies as clean texts), prints them, and first the score of five-fold cross-validation: the honest figure for pages
that the weights have not seen.
"""

from __future__ import annotations

import argparse
import difflib
import gzip
import importlib.util
import json
import math
import random
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the checkout, installed or not

from summarise.loading import features, furniture, plain, web
from summarise.loading.document import Document, UnreadableError

_TOKEN = re.compile(r"\w+")
_FOLDS = 5
_CLEAN_SHARE = 0.35


@dataclass(frozen=True)
class Page:
    id: str
    split: str
    html: bytes
    dump: str
    body: str


@dataclass(frozen=True)
class Hits:
    """Shares of the shingles of one page: in both, in ours only, in the gold only."""

    right: float
    extra: float
    missing: float


@dataclass(frozen=True)
class Score:
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall)

    def __str__(self) -> str:
        return f"precision {self.precision:.3f}  recall {self.recall:.3f}  F1 {self.f1:.3f}"


@dataclass(frozen=True)
class Sample:
    """A text to learn from: its lines, their features, which belong to the article, how much each counts."""

    page: str
    lines: list[str]
    rows: np.ndarray
    truth: np.ndarray
    weights: np.ndarray
    body: str
    dump: bool


def pages(folder: Path) -> list[Page]:
    spec = importlib.util.spec_from_file_location("dump", folder / "dump.py")
    assert spec is not None
    assert spec.loader is not None
    dump = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(dump)
    gold = json.loads((folder / "gold.json").read_text("utf-8"))
    found = []
    for entry in json.loads((folder / "index.json").read_text("utf-8")):
        html = gzip.decompress((folder / "pages" / f"{entry['id']}.html.gz").read_bytes())
        body = gold[entry["id"]]["articleBody"]
        found.append(Page(entry["id"], entry.get("split", ""), html, dump.dump(html), body))
    return found


def shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    return Counter(tuple(tokens[at : at + 4]) for at in range(max(1, len(tokens) - 3)) if tokens[at : at + 4])


def compare(gold: str, found: str) -> Hits:
    wanted, got = shingles(gold), shingles(found)
    right, extra, missing = (sum(part.values()) for part in (wanted & got, got - wanted, wanted - got))
    total = right + extra + missing or 1
    return Hits(right / total, extra / total, missing / total)


def score(hits: Sequence[Hits]) -> Score:
    return Score(
        statistics.mean(hit.right / (hit.right + hit.extra) for hit in hits if hit.right + hit.extra > 0),
        statistics.mean(hit.right / (hit.right + hit.missing) for hit in hits if hit.right + hit.missing > 0),
    )


def body_of(read: Callable[[Page], Document], page: Page) -> str:
    try:
        return "\n".join(read(page).body)
    except UnreadableError:
        return ""


def measure(found: list[Page]) -> None:
    for what, read in (
        ("HTML", lambda page: web.file(page.html)),
        ("dumped to text", lambda page: plain.text(page.dump)),
        ("clean text kept", lambda page: plain.text("Title: -\n\n" + page.body)),
    ):
        for split in sorted({page.split for page in found}):
            chosen = [page for page in found if page.split == split]
            started = time.perf_counter()
            hits = [compare(page.body, body_of(read, page)) for page in chosen]
            seconds = (time.perf_counter() - started) / len(chosen)
            print(f"{what:16} {split or 'all':5} {len(chosen):3} pages  {score(hits)}  {seconds:.3f} s a page")


def sample(page: Page, text: str, *, is_dump: bool) -> Sample:
    lines = plain.blocks(text)
    truth = labels(lines, page.body) if is_dump else np.ones(len(lines))
    names = list(furniture.WEIGHTS)
    rows = np.array([[row[name] for name in row] for row in features.table(lines)])
    assert not names or names == list(features.table(["x"])[0]), "the weights do not name the features"
    weights = np.array([math.sqrt(min(400, len(line))) + 2 for line in lines])
    weights *= (1.0 if is_dump else _CLEAN_SHARE) / weights.sum()
    return Sample(page.id, lines, rows, truth, weights, page.body, is_dump)


def labels(lines: list[str], body: str) -> np.ndarray:
    """1 for a line at least half of whose tokens stand in the gold, in its order."""
    owners = [(index, token.lower()) for index, line in enumerate(lines) for token in _TOKEN.findall(line)]
    gold = [token.lower() for token in _TOKEN.findall(body)]
    matcher = difflib.SequenceMatcher(None, [token for _, token in owners], gold, autojunk=False)
    hit, size = np.zeros(len(lines)), np.zeros(len(lines))
    for index, _ in owners:
        size[index] += 1
    for block in matcher.get_matching_blocks():
        for index, _ in owners[block.a : block.a + block.size]:
            hit[index] += 1
    return (hit >= np.maximum(size, 1) / 2).astype(float)


def fit(samples: list[Sample], ridge: float = 1e-3) -> np.ndarray:
    """Logistic regression by Newton's method."""
    rows = np.vstack([one.rows for one in samples])
    truth = np.concatenate([one.truth for one in samples])
    weights = np.concatenate([one.weights for one in samples])
    weights /= weights.sum()
    found = np.zeros(rows.shape[1])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-rows @ found))
        slope = rows.T @ (weights * (chance - truth)) + ridge * found
        curve = (rows * (weights * chance * (1 - chance))[:, None]).T @ rows + ridge * np.eye(len(found))
        found -= np.linalg.solve(curve, slope)
    return found


def decide(one: Sample, weights: np.ndarray) -> Hits:
    values = (one.rows @ weights).tolist()
    stretch = furniture.best_stretch(one.lines, values)
    return compare(one.body, "\n".join(one.lines[index] for index in stretch if values[index] > furniture.INSIDE))


def learn(found: list[Page]) -> None:
    samples = [sample(page, page.dump, is_dump=True) for page in found]
    samples += [sample(page, page.body, is_dump=False) for page in found if page.body.strip()]
    ids = sorted({page.id for page in found})
    hits: dict[bool, list[Hits]] = {True: [], False: []}
    for seed in (1, 2, 3):
        order = random.Random(seed).sample(ids, len(ids))  # noqa: S311
        fold = {name: place % _FOLDS for place, name in enumerate(order)}
        for current in range(_FOLDS):
            weights = fit([one for one in samples if fold[one.page] != current])
            for one in samples:
                if fold[one.page] == current:
                    hits[one.dump].append(decide(one, weights))
    print(f"{_FOLDS}-fold cross-validation, dumps:       {score(hits[True])}")
    print(f"{_FOLDS}-fold cross-validation, clean texts: {score(hits[False])}")
    for name, value in zip(features.table(["x"])[0], fit(samples), strict=True):
        print(f'    "{name}": {value:.2f},')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fit", action="store_true", help="learn the weights again and print them")
    arguments = parser.parse_args()
    if not (arguments.folder / "index.json").exists():
        print(f"skipped: no index.json in {arguments.folder}")
        return
    found = pages(arguments.folder)
    if arguments.fit:
        learn(found)
    else:
        measure(found)


if __name__ == "__main__":
    main()
