"""How likely a word of a sentence is the cue of an attribution: a linear model over closed-class features.

The weights (`cues.json`) were learned by `bench/learn_cues.py` from annotated US news. Features are the word's base
form, where it was seen often enough, the row of `lexicon` it stands in, its ending, and the kinds of words around it;
never a name. A cue added to `lexicon` is therefore found without learning anew: its row's weight works for it.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from pathlib import Path

from summarise.extractive import tables as t
from summarise.extractive.clause import Clause, Span, is_name
from summarise.extractive.lexicon import IRREGULAR, NOUN_CUES, lemma, row_of
from summarise.extractive.subjects import subject

_NEVER = t.AUXILIARIES | t.ADVERBS | t.STARTING | t.SUBORDINATORS | t.TIME_WORDS | t.PREPOSITIONS
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
    low = c.low[n]
    if low == ":":
        return heads(c, n)
    if c.quoted[n] or not low[0].isalpha():
        return False
    if low in _PREPOSITION_CUES:
        return low != "according" or (n + 1 < len(c) and c.low[n + 1] == "to")
    return low not in _NEVER


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


@dataclass(frozen=True)
class _Word:
    """What a word says of itself, wherever it stands: base form, row of `lexicon`, ending; and the features of that."""

    base: str
    row: str
    form: str
    features: tuple[str, ...]
    suffix: str


@lru_cache(maxsize=16384)
def _word(low: str) -> _Word:
    base = lemma(low)
    row = row_of(base) or ("noun" + NOUN_CUES[low] if low in NOUN_CUES else "no")
    form = _form(low)
    own = ("bias", f"b={base}", f"bf={base}/{form}", f"row={row}", f"form={form}", f"rf={row}/{form}")
    return _Word(base, row, form, own, f"suf={low[-3:]}")


def features(c: Clause, n: int) -> list[str]:
    """Names of the features of token `n` that are on."""
    word = _word(c.low[n])
    base, row, form = word.base, word.row, word.form
    kind = c.kinds or _kinds(c)
    before, after = kind[n - 1], kind[n + 1]
    after2, before2 = kind[n + 2], kind[n - 2]
    span = subject(c, n)
    who = _who(c, span)
    case = "upper" if c.word[n][0].isupper() and n else "lower"
    out = [
        *word.features,
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
        word.suffix,
        f"pn={before}/{after}",
        f"bn={base}/{after}",
        f"bp={base}/{before}",
    ]
    helper = _helper(c, n)
    out += [f"h={helper}/{form}", f"hr={helper}/{row}", f"bw={base}/{who}", f"hw={helper}/{who}/{form}"]
    out += [f"at={_place(c, n, span)}", f"nnn={kind[n + 3]}", f"ppp={kind[n - 3]}", f"bnn={base}/{after}/{after2}"]
    out += _quotation(c, n, row, span)
    if span:
        first, last = kind[span.first], kind[span.last]
        out += [f"sf={first}", f"sl={last}", f"sfl={first}/{last}", f"sn={min(span.last - span.first, 8)}"]
        out += [f"sb={kind[span.first - 1]}/{form}", f"slr={last}/{row}"]
    if c.away:
        out += [f"q={min(c.away[n], 6)}", f"rq={row}/{min(c.away[n], 4)}"]
    if True in c.tells[max(0, n - 4) : n]:
        out.append(f"cuebefore/{form}")
    if True in c.tells[n + 1 : n + 4]:
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


def _place(c: Clause, n: int, span: Span | None) -> str:
    """How far from its subject the word stands, and whether the subject opens the sentence."""
    if span is None:
        return "none"
    if span.first > n:
        return "after"
    away = n - span.last
    opens = "opens" if span.first <= 1 or (span.first <= 2 and c.quoted[0]) else "within"
    return f"{opens}/{'near' if away <= 2 else 'mid' if away <= 5 else 'far'}"


def _quotation(c: Clause, n: int, row: str, span: Span | None) -> list[str]:
    """Whether a quotation begins right after the word, or ends right before it or its subject."""
    if not c.away:
        return ["qno"]
    found = []
    after = next((d for d in range(1, 4) if n + d < len(c) and c.quoted[n + d]), 0)
    if after:
        found += [f"qa={after}/{c.low[n + 1] if after > 1 else ''}", f"rqa={row}"]
    left = span.first if span and span.first < n else n
    if left > 0 and (c.quoted[left - 1] or (left > 1 and c.quoted[left - 2] and c.low[left - 1] == ",")):
        found += ["qb", f"rqb={row}"]
    return found


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


def _kinds(c: Clause) -> dict[int, str]:
    """What each token is, and the three places before the first and behind the last; kept in the clause."""
    c.kinds.update((n, "BOS" if n < 0 else "EOS" if n >= len(c) else _kind(c, n)) for n in range(-3, len(c) + 3))
    return c.kinds


def _kind(c: Clause, n: int) -> str:
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


def _who(c: Clause, span: Span | None) -> str:
    """The kind of the subject: a person's pronoun, a name, a role, a document, a thing, none."""
    if span is None:
        return "none"
    lows = c.low[span.first : span.last + 1]
    if lows[-1] in t.SUBJECTS:
        return lows[-1] if lows[-1] in {"it", "who"} else "us" if lows[-1] in {"i", "we", "you"} else "pron"
    if not t.ROLE_NOUNS.isdisjoint(lows):
        return "role"
    if not t.DOCUMENT_NOUNS.isdisjoint(lows):
        return "doc"
    if True in c.named[span.first : span.last + 1]:
        return "name" if c.named[span.last] else "named"
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
        total = sum(map(weight.get, features(c, n), repeat(0.0)))
        c.scores[n] = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
    return c.scores[n]
