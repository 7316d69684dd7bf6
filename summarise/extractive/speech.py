"""Who says what in one sentence: the attributions that `cues` finds, each with its speaker.

An attribution inside what another one reports belongs to the outer speaker; `outer` tells which.
"""

from __future__ import annotations

from dataclasses import dataclass

from summarise.extractive import tables as t
from summarise.extractive.clause import Clause, Span
from summarise.extractive.cues import candidate, likelihood
from summarise.extractive.lexicon import NOUN_CUES, lemma, row_of
from summarise.extractive.subjects import subject
from summarise.extractive.tables import words as table

THRESHOLD = 0.44
"""Likelihood over which an attribution counts as there (best paired F1 in cross-validation)."""

_LEAST = 0.04  # below it a word is no cue, however many of them there are

_WISHES = table("opposes supports demands offers refuses denies accepts alleges undecided predicts")


PLAIN = table(
    "say tell state declare announce claim insist explain clarify add warn stress emphasize "
    "emphasise reaffirm reiterate confirm"
)
"""Verbs that hardly mean anything but speech; where their speaker is known they need less likelihood."""

_PRONOUNS = t.SUBJECTS | {"they", "her", "him", "his", "their"}
_DEALS = table("agreement deal accord understanding compromise truce ceasefire")


@dataclass(frozen=True)
class Attribution:
    """One cue: its token, base form, row of `lexicon`, likelihood, speaker (None unknown) and the speaker's words."""

    cue: int
    base: str
    row: str
    likely: float
    span: Span | None
    speaker: str


def attributions(c: Clause, threshold: float | None = None) -> tuple[Attribution, ...]:
    """The attributions of a sentence, left to right.

    Without a threshold, of each speaker as many as the likelihoods of all its cues together make likelier than
    `THRESHOLD` (two words that are each likely to one third are one attribution rather than none); with one, every
    cue that reaches it, of two side by side the likelier.
    """
    every = [
        _attribution(c, n) for n in range(len(c)) if candidate(c, n) and (likelihood(c, n) >= _LEAST or _dealt(c, n))
    ]
    every.sort(key=lambda a: (-a.likely, a.cue))
    if threshold is None:
        by_speaker: dict[str, list[Attribution]] = {}
        for a in every:
            by_speaker.setdefault(a.speaker, []).append(a)
        kept = [a for rows in by_speaker.values() for a in rows[: _count([r.likely for r in rows])]]
    else:
        kept = []
        for a in every:
            if a.likely >= threshold and not any(abs(a.cue - b.cue) <= 1 for b in kept):
                kept.append(a)
    return tuple(sorted(kept, key=lambda a: a.cue))


def _attribution(c: Clause, n: int) -> Attribution:
    span, base, dealt = subject(c, n), lemma(c.low[n]), _dealt(c, n)
    row = "accepts" if dealt else row_of(base) or NOUN_CUES.get(c.low[n], "")
    likely = max(likelihood(c, n), 0.6 if dealt else 0.0)
    return Attribution(n, base, row, likely, span, c.phrase(span) if span else "")


def _count(likelihoods: list[float]) -> int:
    """The largest k for which "at least k of these are cues" is likelier than `THRESHOLD`, taken as independent."""
    exactly = [1.0]
    for p in likelihoods:
        exactly = [x * (1 - p) + y * p for x, y in zip([*exactly, 0.0], [0.0, *exactly], strict=True)]
    tail = 1.0
    for k in range(len(likelihoods)):
        tail -= exactly[k]
        if tail < THRESHOLD:
            return k
    return len(likelihoods)


def _dealt(c: Clause, n: int) -> bool:
    """Whether the verb concludes a deal: "reached a preliminary agreement"."""
    return lemma(c.low[n]) in {"reach", "sign", "strike", "conclude"} and not _DEALS.isdisjoint(c.low[n + 1 : n + 5])


def in_relative(c: Clause, a: Attribution) -> bool:
    """Whether the cue stands in a relative clause about its speaker: "Turkey, which backed the rebels, …"."""
    if a.span is None or a.span.last > a.cue:
        return False
    between = c.low[a.span.last + 1 : a.cue]
    opens = next((n for n in range(len(between) - 1, -1, -1) if between[n] in t.RELATIVES), -1)
    return opens >= 0 and "," not in between[opens:]


def says(a: Attribution) -> bool:
    """Whether the cue is a verb of saying (what follows or precedes is reported speech)."""
    return a.row in {"_say", "alleges", "assesses", "predicts", "denies"} or a.base in {
        "according",
        "per",
        "urge",
        "demand",
        "ask",
        "insist",
    }


def outer(c: Clause, a: Attribution, others: tuple[Attribution, ...]) -> Attribution | None:
    """The attribution in whose reported words `a` stands, if any: before it, or after it at the end of the sentence."""
    for b in others:
        if b.cue == a.cue or not says(b) or (b.span and a.span and b.span == a.span):
            continue
        if b.cue < a.cue and b.base not in {"according", "per"}:
            between = c.low[b.cue + 1 : a.span.first if a.span and a.span.first > b.cue else a.cue]
            if not any(w in {"while", "but", ";", "as"} for w in between) and (a.span is None or a.span.first > b.cue):
                return b
        if b.cue > a.cue and (b.span is None or b.span.first > a.cue):
            before = c.low[b.span.first - 1] if b.span and b.span.first and b.span.first < b.cue else c.low[b.cue - 1]
            if before == "," or b.base in {"according", "per"}:
                return b
    return None


def negated(c: Clause, cue: int) -> bool:
    """Whether a "not", "never" or "no" stands among the words before the cue."""
    return any(
        w in {"not", "never", "n't", "no", "hardly"} or w.endswith(("n't", "n’t")) for w in c.low[max(0, cue - 3) : cue]
    )


def complement(c: Clause, a: Attribution) -> str:
    """What is said: the words after the cue, or before the speaker where the speaker ends the sentence."""
    after = c.text[c.end[a.cue] :].strip(" ,.;:")
    ends = a.cue if a.span is None or a.span.first > a.cue else a.span.first
    before = c.text[: c.start[ends]].strip(" ,.;:") if ends else ""
    if a.span and a.span.first > a.cue:
        after = c.text[c.end[a.span.last] :].strip(" ,.;:")
    if a.base in {"according", "per"} or len(before) > 2 * len(after):
        return before or after
    return after


def is_wish(a: Attribution) -> bool:
    """Whether the cue itself takes a side, whatever is said."""
    return a.row in _WISHES


def modal(c: Clause, cue: int) -> bool:
    """Whether the verb is only possible or future: "may ask", "to ask", "is unlikely to ask"."""
    before = c.low[max(0, cue - 3) : cue]
    return any(
        w in {"would", "could", "may", "might", "should", "can", "will", "unlikely", "likely", "to"} for w in before
    )


def is_pronoun(text: str) -> bool:
    return text.lower() in _PRONOUNS
