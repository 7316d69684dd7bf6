"""How likely a word of a sentence is the cue of an attribution: a linear model over closed-class features.

The weights (`cues.json`) were learned by `bench/learn_cues.py` from annotated US news. Features are the word's base
form, where it was seen often enough, the row of `lexicon` it stands in, its ending, and the kinds of words around it;
never a name. A cue added to `lexicon` is therefore found without learning anew: its row's weight works for it.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache
from pathlib import Path

from summarise.extractive import tables as t
from summarise.extractive.clause import Clause, is_name
from summarise.extractive.lexicon import IRREGULAR, NOUN_CUES, lemma, row_of
from summarise.extractive.subjects import subject

_NEVER = t.AUXILIARIES | t.ADVERBS | t.DETERMINERS | t.POSSESSIVES | t.SUBJECTS | t.SUBORDINATORS | t.TIME_WORDS
_PREPOSITION_CUES = frozenset({"according", "per", "by"})
_OWN = (
    t.PREPOSITIONS
    | t.AUXILIARIES
    | t.SUBJECTS
    | t.SUBORDINATORS
    | t.POSSESSIVES
    | t.DETERMINERS
    | {",", ".", ":", "!", "?"}
)


def candidate(c: Clause, n: int) -> bool:
    """Whether token `n` may be a cue at all: a word outside quotation marks that is not of a closed class."""
    if c.quoted[n] or not c.word[n][0].isalpha():
        return False
    low = c.low[n]
    if low in _PREPOSITION_CUES:
        return low != "according" or (n + 1 < len(c) and c.low[n + 1] == "to")
    return low not in _NEVER and low not in t.PREPOSITIONS


def features(c: Clause, n: int) -> list[str]:
    """Names of the features of token `n` that are on."""
    low = c.low[n]
    base = lemma(low)
    row = row_of(base) or ("noun" + NOUN_CUES[low] if low in NOUN_CUES else "no")
    form = _form(low)
    before, after = _kind(c, n - 1), _kind(c, n + 1)
    after2, before2 = _kind(c, n + 2), _kind(c, n - 2)
    who = _who(c, n)
    case = "upper" if c.word[n][0].isupper() and n else "lower"
    out = [
        "bias",
        f"b={base}",
        f"bf={base}/{form}",
        f"row={row}",
        f"form={form}",
        f"rf={row}/{form}",
        f"case={case}",
        f"p={before}",
        f"n={after}",
        f"pp={before2}/{before}",
        f"nn={after}/{after2}",
        f"pf={before}/{form}",
        f"rn={row}/{after}",
        f"rp={row}/{before}",
        f"who={who}",
        f"rw={row}/{who}",
        f"wf={who}/{form}",
        f"fn={form}/{after}",
        f"suf={low[-3:]}",
        f"pn={before}/{after}",
        f"bn={base}/{after}",
        f"bp={base}/{before}",
    ]
    if any(c.quoted):
        near = next(
            d for d in range(len(c)) if (n - d >= 0 and c.quoted[n - d]) or (n + d < len(c) and c.quoted[n + d])
        )
        out += [f"q={min(near, 6)}", f"rq={row}/{min(near, 4)}"]
    if any(
        row_of(lemma(w)) and not q for w, q in zip(c.low[max(0, n - 4) : n], c.quoted[max(0, n - 4) : n], strict=True)
    ):
        out.append(f"cuebefore/{form}")
    if any(row_of(lemma(w)) and not q for w, q in zip(c.low[n + 1 : n + 4], c.quoted[n + 1 : n + 4], strict=True)):
        out.append(f"cueafter/{form}/{row}")
    if "that" in c.low[n + 1 : n + 5]:
        out.append(f"that/{form}")
    return out


def _form(low: str) -> str:
    if low in IRREGULAR:
        return "ing" if low.endswith("ing") else "s" if low.endswith("s") else "past"
    for ending in ("ing", "ed", "s"):
        if low.endswith(ending):
            return ending
    return "base"


def _kind(c: Clause, n: int) -> str:
    if n not in c.kinds:
        c.kinds[n] = _kind_of(c, n)
    return c.kinds[n]


def _kind_of(c: Clause, n: int) -> str:
    if n < 0:
        return "BOS"
    if n >= len(c):
        return "EOS"
    low = c.low[n]
    if c.quoted[n]:
        return "quote"
    if low in _OWN:
        return low
    if not c.word[n][0].isalnum():
        return "punct"
    if low in t.ROLE_NOUNS:
        return "role"
    if low in t.DOCUMENT_NOUNS:
        return "doc"
    if low in t.TIME_WORDS or low in t.MONTHS:
        return "time"
    if is_name(c, n):
        return "name"
    if low in t.ADVERBS or low.endswith("ly"):
        return "adv"
    if low[0].isdigit():
        return "num"
    if row_of(lemma(low)) and low.endswith(("ed", "ing")):
        return "verb"
    return low[-2:] if low[-2:] in {"ed", "ng", "on", "er", "rs", "al", "nt"} else "w"


def _who(c: Clause, n: int) -> str:
    """The kind of the subject: a person's pronoun, a name, a role, a document, a thing, none."""
    span = subject(c, n)
    if span is None:
        return "none"
    lows = [c.low[k] for k in range(span.first, span.last + 1)]
    if lows[-1] in t.SUBJECTS:
        return lows[-1] if lows[-1] in {"it", "who"} else "pron"
    if any(w in t.ROLE_NOUNS for w in lows):
        return "role"
    if any(w in t.DOCUMENT_NOUNS for w in lows):
        return "doc"
    if any(is_name(c, k) for k in range(span.first, span.last + 1)):
        return "name" if is_name(c, span.last) else "named"
    return "thing"


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    path = Path(__file__).parent / "cues.json"
    table: dict[str, float] = json.loads(path.read_text("utf-8"))
    return table


def likelihood(c: Clause, n: int) -> float:
    """Probability, 0 to 1, that token `n` is the cue of an attribution."""
    if n not in c.scores:
        weight = _weights()
        total = sum(weight.get(f, 0.0) for f in features(c, n))
        c.scores[n] = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
    return c.scores[n]
