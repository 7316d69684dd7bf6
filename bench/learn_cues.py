"""Learns the weights in cues.json: `python bench/learn_cues.py FOLDER` (texts and annotations as in attribution.py).

A logistic regression over the features of `summarise.extractive.cues`, full batch (Adam), with an L2 penalty. A word is
a positive example where it is the head of an annotated cue. Words seen too rarely get no feature of their own, so the
weights hold classes of words and common verbs, never names. Needs numpy. Measure with attribution.py on other articles.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from summarise.extractive import cues
from summarise.extractive import tables as t
from summarise.extractive.clause import Clause, clause, is_word
from summarise.extractive.lexicon import lemma, row_of
from summarise.sentences import number

L2, STEPS, RATE = 4.0, 250, 0.06
_LITTLE = t.AUXILIARIES | t.ADVERBS | t.PREPOSITIONS | t.DETERMINERS | t.POSSESSIVES | t.SUBJECTS | t.SUBORDINATORS
_OF_A_WORD = ("b=", "bf=", "bn=", "bp=", "bw=", "bnn=")


@dataclass(frozen=True)
class Example:
    """One candidate word: its features, whether it heads a cue, and how much it counts."""

    features: tuple[str, ...]
    is_cue: bool
    weight: float


def _head(c: Clause, tokens: list[int]) -> int:
    """The word of a cue that says most: a known cue verb, else the first that is no little word."""
    full = [n for n in tokens if is_word(c, n) and c.low[n] not in _LITTLE and not c.low[n].endswith("ly")]
    return next((n for n in full if row_of(lemma(c.low[n]))), (full or tokens)[0])


def examples(folder: Path) -> list[Example]:
    """All candidate words of the folder's articles."""
    found: list[Example] = []
    for path in sorted(folder.glob("*.json")):
        raw = path.with_suffix(".txt").read_bytes().decode("utf-8")
        annotated = json.loads(path.read_text("utf-8"))["annotations"][0]["attributions"]
        spans = [[(s["start"], s["end"]) for s in a["cue"]] for a in annotated if a["cue"] and a["source"]]
        for s in number(raw, "en"):
            c = clause(s.text)
            within: dict[int, int] = {}
            for cue in spans:
                tokens = [
                    n for n in range(len(c)) if any(a < s.start + c.end[n] and s.start + c.start[n] < b for a, b in cue)
                ]
                within |= {n: _head(c, tokens) for n in tokens}
            heads = set(within.values())
            for n in range(len(c)):
                if cues.candidate(c, n):
                    beside = n in within and n not in heads  # another word of a cue: neither clearly one nor not
                    found.append(Example(tuple(cues.features(c, n)), n in heads, 0.3 if beside else 1.0))
    return found


def learned(rows: list[Example]) -> dict[str, float]:
    """Weights by feature."""
    seen = Counter(f for row in rows for f in set(row.features))
    positive = Counter(f for row in rows if row.is_cue for f in set(row.features))
    kept = sorted(
        f for f, n in seen.items() if n >= 3 and (not f.startswith(_OF_A_WORD) or positive[f] >= 2 or n >= 15)
    )
    index = {f: n for n, f in enumerate(kept)}
    columns = [[index[f] for f in row.features if f in index] for row in rows]
    flat = np.concatenate([np.array(c, dtype=np.int64) for c in columns])
    row_of_flat = np.repeat(np.arange(len(rows)), [len(c) for c in columns])
    target = np.array([row.is_cue for row in rows], dtype=float)
    counts = np.array([row.weight for row in rows])
    w, m, v = (np.zeros(len(kept)) for _ in range(3))
    for step in range(1, STEPS + 1):
        p = 1 / (1 + np.exp(-np.bincount(row_of_flat, w[flat], len(rows))))
        gradient = np.bincount(flat, ((p - target) * counts)[row_of_flat], len(w)) / len(rows) + L2 / len(rows) * w
        m, v = 0.9 * m + 0.1 * gradient, 0.99 * v + 0.01 * gradient**2
        rate = RATE * (1.0 if step < 0.72 * STEPS else 0.3)
        w -= rate * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.99**step)) + 1e-8)
    return {f: round(float(w[n]), 3) for f, n in index.items() if abs(w[n]) > 0.02}


def main() -> int:
    if len(sys.argv) != 2 or not any(Path(sys.argv[1]).glob("*.json")):
        print(__doc__)
        return 2
    weights = learned(examples(Path(sys.argv[1])))
    out = Path(cues.__file__).parent / "cues.json"
    out.write_text(json.dumps(weights, ensure_ascii=False, sort_keys=True, indent=0) + "\n", "utf-8")
    print(f"{out}: {len(weights)} weights")
    return 0


if __name__ == "__main__":
    sys.exit(main())
