"""Check: does a statement claim more than its evidence? Tests by code, independent of whoever wrote the statement.

A check that fails is shown and counted, not hidden. Names and negations are compared only where statement and evidence
are in the same language (both English: the lists below are); numbers always.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarise.contract import Check, Evidence
from summarise.names import fold, plain

_NUMBER_WORDS = {
    w: str(n)
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "  # noqa: SIM905
        "seventeen eighteen nineteen twenty".split()
    )
} | {
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "seventy": "70",
    "eighty": "80",
    "ninety": "90",
    "hundred": "100",
}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATION = re.compile(
    r"\b(?:not|no|never|nor|neither|none|nobody|nothing|without|cannot|\w+n't|den(?:y|ies|ied|ying)|refus\w+|declin\w+|"
    r"reject\w+|unlikely|unclear|unable|unwilling|fail(?:s|ed|ing)?|lack\w*|oppos\w+|against|end(?:s|ed|ing)?|stop\w*|false|"
    r"wrong|incorrect|silent|hasn|isn|dis\w{5,}|un\w{5,}|in(?:ability|adequate|sufficient)\w*|ban\w*|halt\w*|stall\w*|absent|absence|only|rather)\b",
    re.IGNORECASE,
)
_PLAIN_NOT = re.compile(r"\b(?:not|no|never|nor|neither|none|nobody|nothing|cannot|\w+n't)\b", re.IGNORECASE)
_REFERENCE = re.compile(
    r"\b(?:he|she|they|it|we|i|his|her|their|its|our|my|him|them|who|which|"
    r"the (?:\w+ ){0,2}(?:source|official|officials|statement|minister|president|diplomat|spokes\w+|lawyer|lawyers|"
    r"leader|group|government|country|company|report|newspaper|agency|bloc|ministry|administration|authorities|investigators?|attorney|delegation))\b",
    re.IGNORECASE,
)
_CALENDAR = frozenset(
    (
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    )
)
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DATE = re.compile(
    rf"\b\d{{4}}-\d\d(?:-\d\d)?\b|\b(?:\d{{1,2}} )?{_MONTH}(?: \d{{1,2}}\b)?(?:,? \d{{4}})?|"
    r"\b(?:in|since|of|by) \d{4}\b"
)
_NAME = re.compile(r"(?<![.!?…] )(?<!^)\b[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")


_QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|„([^„“”]+)[“”]|«([^«»]+)»")


def honest(text: str, evidence: Sequence[Evidence]) -> str:
    """The text without quotation marks around words that none of its sentences has: only code quotes.

    Single words and parts count where they stand in a sentence to the letter, typography and case aside.
    """
    shown = " ".join(_flat(e.quote) for e in evidence)

    def kept(match: re.Match[str]) -> str:
        inside = next(group for group in match.groups() if group is not None)
        return match[0] if _flat(inside).strip(" .,;:!?…") in shown else inside

    return _QUOTED.sub(kept, text)


def _flat(text: str) -> str:
    return " ".join(re.sub(r"[‘’‛`´]", "'", text).casefold().split())


def names_in(text: str) -> set[str]:
    """The words of the capitalised names of a text, plain, without those that begin a sentence."""
    return {w for name in _NAME.findall(text) for w in words_of(name)} - _CALENDAR


def numbers_in(text: str) -> set[str]:
    """The numbers of a text, in digits without separators; number words up to ninety, too."""
    found = {m.replace(",", "").rstrip(".") for m in _NUMBER.findall(text)}
    return found | {_NUMBER_WORDS[w] for w in re.findall(r"[a-z]+", text.casefold()) if w in _NUMBER_WORDS}


def check(
    statement: str,
    evidence: Sequence[Evidence],
    *,
    actor: Sequence[str] = (),
    known: Sequence[str] = (),
    english: bool = True,
) -> tuple[Check, ...]:
    """The checks of one statement. `actor`: the names of whose position it is; `known`: names it may use besides."""
    text = " ".join(e.quote for e in evidence)
    checks = [_actor(actor, text)] if actor else []
    checks.append(_numbers(statement, text, known))
    if english:
        checks += [_negations(statement, text), _names(statement, text, (*actor, *known))]
    return tuple(checks)


def _actor(names: Sequence[str], text: str) -> Check:
    words = set(fold(text).split()) | set(plain(text).split())
    for name in names:
        parts = [w for w in fold(name).split() if len(w) > 2 or w.isupper()] or fold(name).split()
        if parts and (words.issuperset(parts) or parts[-1] in words or parts[-1].removeprefix("al-") in words):
            return Check(name="actor", ok=True, note="")
    if _REFERENCE.search(text):
        return Check(name="actor", ok=True, note="referred to, not named")
    return Check(name="actor", ok=False, note=f"{names[0]} is neither named nor referred to in the evidence")


def _numbers(statement: str, text: str, known: Sequence[str]) -> Check:
    """Days and years of dates that code has worked out may stand in a date, and nowhere else."""
    have = numbers_in(text)
    dated = {n.lstrip("0") for k in known for n in re.findall(r"\d+", k)}
    in_dates = {n for m in _DATE.finditer(statement) for n in numbers_in(m[0]) if n in dated}
    counted = numbers_in(_DATE.sub(" ", statement))
    missing = sorted(((numbers_in(statement) - in_dates) | counted) - have - {"1"})
    return Check(name="numbers", ok=not missing, note=f"not in the evidence: {', '.join(missing)}" if missing else "")


def _negations(statement: str, text: str) -> Check:
    ok = not _PLAIN_NOT.search(statement) or bool(_NEGATION.search(text))
    return Check(name="negation", ok=ok, note="" if ok else "the statement says “not”, the evidence does not")


def _names(statement: str, text: str, known: Sequence[str]) -> Check:
    have = _CALENDAR | set(words_of(text)) | {w for k in known for w in words_of(k)}  # dates are checked as numbers
    stems = {w[:4] for w in have if len(w) > 3}
    missing = [
        name
        for name in _NAME.findall(statement)
        if not any(w in have or w[:4] in stems for w in words_of(name) or [""])
    ]
    return Check(
        name="names",
        ok=not missing,
        note=f"not in the evidence: {', '.join(dict.fromkeys(missing))}" if missing else "",
    )


def words_of(text: str) -> list[str]:
    """The words of a text as names are compared: plain, without punctuation."""
    return re.findall(r"\w+", plain(text))
