"""How an actor stands on what is said: the cue's row of `lexicon`, else telling words, else unclassified."""

from __future__ import annotations

import re
from typing import cast

from summarise.contract import Stance
from summarise.extractive.clause import Clause
from summarise.extractive.speech import Attribution, complement, negated

_OPPOSITE = {
    "supports": "opposes",
    "accepts": "refuses",
    "offers": "refuses",
    "opposes": "unclassified",
    "demands": "unclassified",
    "refuses": "accepts",
    "denies": "unclassified",
    "predicts": "unclassified",
    "alleges": "unclassified",
}
_FIRST: tuple[tuple[str, str], ...] = (
    (
        r"\b(?:declin|refus)\w+ (?:to )?(?:comment|discuss|say|answer|speak)|\b(?:no|without)"
        r" comment\b|\bdid(?: not|n[’']t) (?:immediately )?(?:respond|reply|comment|return)",
        "declines_to_comment",
    ),
    (r"\bnot (?:specify|say|disclose|elaborate|mention|decided)|\bmade no mention|\bundecided\b", "undecided"),
)
_TELLING: tuple[tuple[str, str], ...] = (
    (r"\b(?:den(?:y|ies|ied)|not true|untrue|false|baseless|fabricat\w+|nonsense|never happened|no truth)\b", "denies"),
    (
        r"\b(?:will not|won[’']t|would not|cannot|can[’']t|never) (?:accept|agree|allow|negotiate|"
        r"support|talk|permit|give)\b|\b(?:reject|refus)\w*",
        "refuses",
    ),
    (
        r"\b(?:must|should|needs? to|ought to|has to|have to|demand\w*|call(?:s|ed|ing)? (?:for|"
        r"on)|urg(?:e|ed|es|ing)|importance of (?:respect|ensur)\w+)\b",
        "demands",
    ),
    (
        r"\b(?:oppos(?:e|es|ed|ing)|against|unacceptable|condemn\w*|wrong|disgrac\w+|terrible|disaster|outrag\w+)\b",
        "opposes",
    ),
    (r"\b(?:ready to|willing to|offer\w*|prepared to|pledg\w+|promis\w+)\b", "offers"),
    (
        r"\b(?:support\w*|in favou?r|welcom\w+|back(?:s|ed|ing)|hop(?:e|es|ed|eful)|want(?:s|"
        r"ed)?|seek(?:s|ing)?|keen|commit\w+|intention\w*|working to|steadfast|agreed|reached an? (?:\w+ )"
        r"*agreement)\b",
        "supports",
    ),
    (r"\b(?:will|would|unlikely|likely|expect\w*|going to)\b", "predicts"),
    (
        r"\b(?:constructive|difficult|good|bad|important|successful|positive|serious|technical|"
        r"possible|strong|weak|historic|great)\b",
        "assesses",
    ),
)
_AGAINST = re.compile(
    r"^ to (?:\w+ly )?(?:curb|reduce|block|stop|prevent|limit|end|ban|halt|oust|remove|weaken|restrict|counter)\b"
)
_FIRST_RE = tuple((re.compile(p, re.IGNORECASE), s) for p, s in _FIRST)
_TELLING_RE = tuple((re.compile(p, re.IGNORECASE), s) for p, s in _TELLING)


def stance_of(c: Clause, a: Attribution) -> Stance:
    """The stance of one attribution; "unclassified" where neither cue nor words tell."""
    near = c.text[c.start[max(0, a.cue - 4)] : c.end[min(len(c) - 1, a.cue + 22)]]
    for pattern, stance in _FIRST_RE:
        if pattern.search(near):
            return cast(Stance, stance)
    row = a.row.lstrip("_")
    if a.base == "call" and "for" not in c.low[a.cue + 1 : a.cue + 3] and "on" not in c.low[a.cue + 1 : a.cue + 3]:
        row = "assesses"
    if row in {"supports", "demands", "undecided"} and _AGAINST.search(c.text[c.end[a.cue] :][:40]):
        return "opposes" if not negated(c, a.cue) else "unclassified"
    if row and not a.row.startswith("_"):
        if row == "assesses":
            told = _told(complement(c, a))
            return cast(Stance, told if told in {"predicts", "denies"} else "assesses")
        return cast(Stance, _OPPOSITE.get(row, row) if negated(c, a.cue) else row)
    return cast(Stance, _told(complement(c, a)))


def _told(text: str) -> str:
    for pattern, stance in _TELLING_RE:
        if pattern.search(text):
            return stance
    return "unclassified"
