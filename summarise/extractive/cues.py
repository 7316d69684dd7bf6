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
    if heads(c, n):
        return True
    if c.quoted[n] or not c.word[n][0].isalpha():
        return False
    low = c.low[n]
    if low in _PREPOSITION_CUES:
        return low != "according" or (n + 1 < len(c) and c.low[n + 1] == "to")
    return low not in _NEVER and low not in t.PREPOSITIONS


def heads(c: Clause, n: int) -> bool:
    """Whether token `n` is the colon of a heading: "Ann Lee: 'We will win'", "MODERATOR: Thank you"."""
    return (
        c.low[n] == ":"
        and 0 < n <= 8
        and n + 2 < len(c)
        and not any(c.quoted[: n + 1])
        and (c.quoted[n + 1] or c.word[n + 1] in {"‘", "'"} or c.word[n + 1][0].isupper())
        and all(is_name(c, k) or c.low[k] in t.PREPOSITIONS or not c.word[k].islower() for k in range(n))
    )


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
    helper = _helper(c, n)
    out += [f"h={helper}/{form}", f"hr={helper}/{row}", f"bw={base}/{who}", f"hw={helper}/{who}/{form}"]
    out += [f"at={_place(c, n)}", f"nnn={_kind(c, n + 3)}", f"ppp={_kind(c, n - 3)}", f"bnn={base}/{after}/{after2}"]
    out += _quotation(c, n, row)
    span = subject(c, n)
    if span:
        first, last = _kind(c, span.first), _kind(c, span.last)
        out += [f"sf={first}", f"sl={last}", f"sfl={first}/{last}", f"sn={min(span.last - span.first, 8)}"]
        out += [f"sb={_kind(c, span.first - 1)}/{form}", f"slr={last}/{row}"]
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


def _helper(c: Clause, n: int) -> str:
    """The auxiliary or "to" that governs the word, over adverbs: its class; "none" where there is none."""
    k = n - 1
    while k >= 0 and not c.quoted[k] and (c.low[k] in t.ADVERBS or c.low[k].endswith("ly")):
        k -= 1
    if k < 0 or c.quoted[k]:
        return "none"
    low = c.low[k]
    if low == "to":
        return "to"
    if low in t.AUXILIARIES:
        return _AUXILIARY.get(low, "modal" if not low.endswith(("n't", "n’t")) else "not")
    return "none"


def _place(c: Clause, n: int) -> str:
    """How far from its subject the word stands, and whether the subject opens the sentence."""
    span = subject(c, n)
    if span is None:
        return "none"
    if span.first > n:
        return "after"
    away = n - span.last
    opens = "opens" if span.first <= 1 or (span.first <= 2 and c.quoted[0]) else "within"
    return f"{opens}/{'near' if away <= 2 else 'mid' if away <= 5 else 'far'}"


def _quotation(c: Clause, n: int, row: str) -> list[str]:
    """Whether a quotation begins right after the word, or ends right before it or its subject."""
    found = []
    after = next((d for d in range(1, 4) if n + d < len(c) and c.quoted[n + d]), 0)
    if after:
        found += [f"qa={after}/{c.low[n + 1] if after > 1 else ''}", f"rqa={row}"]
    span = subject(c, n)
    left = span.first if span and span.first < n else n
    if left > 0 and (c.quoted[left - 1] or (left > 1 and c.quoted[left - 2] and c.low[left - 1] == ",")):
        found += ["qb", f"rqb={row}"]
    if found:
        return found
    return ["qno"] if not any(c.quoted) else []


_AUXILIARY = (
    dict.fromkeys(("is", "are", "was", "were", "be", "been", "being", "am", "'s", "’s", "'re", "’re"), "be")
    | dict.fromkeys(("has", "have", "had", "having", "'ve", "’ve"), "have")
    | dict.fromkeys(("do", "does", "did"), "do")
)


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
    if low.endswith(("'s", "’s")):
        return "poss"
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
        return lows[-1] if lows[-1] in {"it", "who"} else "us" if lows[-1] in {"i", "we", "you"} else "pron"
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
