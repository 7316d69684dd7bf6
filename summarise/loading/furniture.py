"""Page furniture in a text: menus, share buttons, adverts, cookie notes, lists of other articles, comments.

A text file may be a careless copy of a web page. Each line gets a weight from fixed numbers learned on such copies
(`python bench/cleaning.py FOLDER --fit` learns them again); the article is the stretch of lines with the greatest sum,
less those inside it that are plainly not its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from summarise.loading import features, metadata

WEIGHTS = {
    "constant": 0.03,
    "length": -0.18,
    "tiny": -0.26,
    "ends": 1.02,
    "function": 0.18,
    "capitals": -0.73,
    "digits": 2.09,
    "commas": 0.75,
    "cues": -1.40,
    "address": 0.17,
    "date": -0.63,
    "rights": -1.40,
    "repeated": -0.93,
    "lower": -0.69,
    "quote": 0.50,
    "bullet": -2.29,
    "question": -0.50,
    "prose_before": 0.46,
    "prose_after": 0.45,
    "prose_3_before": 0.27,
    "prose_3_after": 0.05,
    "gap_before": -0.52,
    "gap_after": -0.70,
    "density": 2.52,
    "rest": -0.20,
    "cues_after": -0.50,
    "function_before": 0.47,
    "function_after": 0.40,
    "length_before": -0.35,
    "cued_before": -1.17,
    "comments_near": -1.09,
    "comments_before": -0.78,
    "tails_before": -0.48,
    "tail_before": -1.25,
    "headline_before": -0.51,
    "headline_to_come": -1.82,
    "dates_near": -0.87,
}
"""Logistic weights, by feature: the sum is above zero for a line of the article."""

INSIDE = -1.0
"""Weight below which a line inside the article's stretch is left out."""

CLEAN = 0.9
"""Share of the text, in code points, from which what is left is all article and nothing inside it is left out."""

MOST_LINES = 20_000
"""Lines above which a text is no copy of a page and is kept whole."""

_FEWEST_SIGNS = 2
_SIGNS = 0.03
"""Share of the lines that must be signs of furniture for a text to be taken for a copy of a page."""

_LABEL = 80
"""Code points below which a line can be a label, a link or a notice."""

_ENDS = 4
"""Lines beyond the article's stretch in which its byline is looked for."""

_ALIKE = 0.6
"""Share of its words from which a line says what the page's title says."""

_ABOVE = 25
"""Lines above the article's stretch in which its headline is looked for."""


@dataclass(frozen=True)
class Kept:
    """Indices into the lines: the article's body in order, and its headline (-1: none found)."""

    body: tuple[int, ...]
    headline: int


def kept(lines: Sequence[str]) -> Kept:
    """What of these lines (one paragraph or block each, none empty) is the article."""
    if not lines:
        return Kept((), -1)
    if len(lines) > MOST_LINES or not is_copy_of_a_page(lines):
        return _with_headline(lines, tuple(range(len(lines))))
    weights = [sum(WEIGHTS[name] * value for name, value in row.items()) for row in features.table(lines)]
    stretch = best_stretch(lines, weights)
    body = tuple(index for index in stretch if weights[index] > INSIDE)
    if _size(lines, body) > CLEAN * _size(lines, range(len(lines))):
        body = tuple(stretch)  # an article as written: a list of short lines inside it is its own
    if not any(len(lines[index]) > 1 for index in body):
        body = tuple(range(len(lines)))  # nothing looks like prose: a person reads more from all than from nothing
    return _with_headline(lines, body)


def _size(lines: Sequence[str], indices: Sequence[int]) -> int:
    return sum(len(lines[index]) for index in indices)


def is_copy_of_a_page(lines: Sequence[str]) -> bool:
    """Whether there is any sign of furniture: short lines made of the words of menus, or a note of rights.

    Without it, odd lines are the article's own: a transcript, a list of points, a ticker.
    """
    signs = sum(len(text) < _LABEL and features.sign_of_furniture(text) for text in lines)
    return signs >= max(_FEWEST_SIGNS, _SIGNS * len(lines))


def best_stretch(lines: Sequence[str], weights: Sequence[float]) -> range:
    """The neighbouring lines with the greatest sum of weights, long lines counting more (Kadane)."""
    best, best_range = float("-inf"), range(len(lines))
    total, start = 0.0, 0
    for index, (text, weight) in enumerate(zip(lines, weights, strict=True)):
        if total <= 0:
            total, start = 0.0, index
        total += weight * (min(len(text), 200) / 60 + 0.3)
        if total > best:
            best, best_range = total, range(start, index + 1)
    return best_range


def _with_headline(lines: Sequence[str], body: tuple[int, ...]) -> Kept:
    headline = _headline(lines, body)
    indices = {index for index in body if index != headline}
    first, last = body[0], body[-1]
    for index in (
        *range(max(headline + 1, first - _ENDS, 0), first),
        *range(last + 1, min(last + 1 + _ENDS, len(lines))),
    ):
        if metadata.byline(lines[index]):
            indices.add(index)
    return Kept(tuple(sorted(indices)) or body, headline)


def _headline(lines: Sequence[str], body: tuple[int, ...]) -> int:
    """The line that repeats the page's title; the first line of a bare text; the nearest above that can be one."""
    first = body[0]
    repeated = features.headline(lines[: first + 3])
    if repeated >= max(0, first - _ABOVE) and metadata.looks_like_title(lines[repeated]):
        return repeated
    if first == 0:
        return 0 if len(body) > 1 and (metadata.looks_like_title(lines[0]) or _capitalised(lines[0])) else -1
    above = range(first - 1, max(-1, first - 1 - _ABOVE), -1)
    similar = max(above, key=lambda index: _likeness(lines[index], lines[0]), default=0)
    if similar and _likeness(lines[similar], lines[0]) >= _ALIKE:
        return similar
    if _can_be_headline(lines[0], 5):
        return 0
    for index in above:
        if _can_be_headline(lines[index], 3):
            return index
    return first if len(body) > 1 and metadata.looks_like_title(lines[first]) else -1


def _can_be_headline(text: str, fewest_words: int) -> bool:
    wide = not text.isascii() and len(text.split()) < 3
    long_enough = wide or len(text.split()) >= fewest_words
    return long_enough and metadata.looks_like_title(text) and features.line(text, 1).cues < 0.3


def _likeness(text: str, title: str) -> float:
    """Share of the words of a line that stand in the page's title, for lines of four words and more."""
    words = text.casefold().split()
    known = set(title.casefold().split())
    return sum(word in known for word in words) / len(words) if 4 <= len(words) <= 40 else 0.0


def _capitalised(text: str) -> bool:
    """A short sentence in title case, as some papers print a headline with its full stop."""
    one = features.line(text, 1)
    return len(text.split()) <= 20 and one.capitals > 0.6
