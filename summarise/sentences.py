"""Numbered sentences: what a reader points to, and what every quotation is copied from.

Segmentation is sentencex's, in the article's language; on top of it stand three rules of ours:
a paragraph break ends a sentence, a very long sentence is divided at the best boundary inside it, and a crumb is
joined to its neighbour in the paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from summarise.article import Sentence

LONGEST = 600
"""Width above which a sentence is divided. A character counts 1, an ideograph, kana or hangul syllable 2."""

PORTION = 10_000
"""Code points of a paragraph that are looked at together."""

SHORTEST = 15
"""Width below which a piece is joined to its neighbour in the same paragraph."""

_BREAK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]|[\U00020000-\U0003ffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_QUOTATION_MARKS = str.maketrans(dict.fromkeys('"“”„‟«»‹›「」『』()[]', " "))
_INNER_BOUNDARIES = (
    re.compile(r"[.!?…。！？؟۔।]+[\"'”’»)\]」』]*(?=\s+[^\sa-z]|[^\s\W\d_a-zA-Z.])"),
    re.compile(r"[;；؛](?=\s|[^\x00-\x7f])|\s[—–-](?=\s)|—"),
    re.compile(r":(?=\s)|[,，、،](?=\s|[^\x00-\x7f])"),
    re.compile(r"(?=\s)"),
)


@dataclass(frozen=True)
class _Span:
    """Half-open offsets in code points."""

    start: int
    end: int


def number(text: str, language: str = "") -> tuple[Sentence, ...]:
    """The sentences of `text` in order, numbered from 1.

    `language` is an ISO 639-1 code; for an unknown or empty one the rules for English are used. Sentences do not
    overlap, carry no whitespace at their ends, and cover every character that is not whitespace.
    """
    spans = [span for paragraph in _paragraphs(text) for span in _sentences(text, paragraph, language)]
    return tuple(
        Sentence(number=index, start=span.start, end=span.end, text=text[span.start : span.end])
        for index, span in enumerate(spans, 1)
    )


def _paragraphs(text: str) -> Iterator[_Span]:
    start = 0
    for gap in _BREAK.finditer(text):
        yield from _trimmed(text, start, gap.start())
        start = gap.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[_Span]:
    """The span without whitespace at its ends; nothing where only whitespace is left."""
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if right > left:
        yield _Span(start + left, start + right)


def _sentences(text: str, paragraph: _Span, language: str) -> list[_Span]:
    pieces = [
        shorter
        for portion in _portions(text, paragraph)
        for found in _segments(text, portion, language)
        for shorter in _divided(text, found, language)
    ]
    return _joined(text, pieces)


def _portions(text: str, span: _Span) -> Iterator[_Span]:
    """A paragraph in portions of at most `PORTION`, since sentencex takes four times as long for twice the marks."""
    start = span.start
    while span.end - start > PORTION:
        last = text[start + PORTION - 2 * LONGEST : start + PORTION]
        ends = [match.end() for match in _INNER_BOUNDARIES[0].finditer(last)] or [last.rfind(" ") + 1]
        cut = start + PORTION - len(last) + (ends[-1] or len(last))
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, span.end)


def _segments(text: str, span: _Span, language: str) -> list[_Span]:
    """What sentencex finds, as trimmed offsets; the whole span where its answer does not add up to the text."""
    import sentencex

    piece = _SURROGATE.sub("\ufffd", text[span.start : span.end])  # which sentencex cannot take; as long as before
    segments = sentencex.segment(language or "en", piece)
    if "".join(segments) != piece:
        return [span]
    found: list[_Span] = []
    at = span.start
    for segment in segments:
        found.extend(_trimmed(text, at, at + len(segment)))
        at += len(segment)
    return found


def _divided(text: str, span: _Span, language: str) -> list[_Span]:
    """The span, or where it is too wide, its parts: at inner sentence ends if there are any, else at weaker marks."""
    if _width(text, span) <= LONGEST:
        return [span]
    cut = _best_cut(text, span, language)
    parts = [*_trimmed(text, span.start, cut), *_trimmed(text, cut, span.end)]
    done: list[_Span] = []
    while parts:
        part = parts.pop(0)
        if _width(text, part) <= LONGEST:
            done.append(part)
            continue
        cut = _best_cut(text, part, language)
        parts[:0] = [*_trimmed(text, part.start, cut), *_trimmed(text, cut, part.end)]
    return done


def _best_cut(text: str, span: _Span, language: str) -> int:
    """Where to divide: the boundary of the strongest kind nearest to the middle, well inside the span.

    Only a window around the middle is looked at, so that a line of megabytes is divided in linear steps.
    """
    length = span.end - span.start
    window = _Span(span.start + SHORTEST, span.end - SHORTEST)
    middle = span.start + length // 2
    if length > 4 * LONGEST:
        middle = span.start + LONGEST // 2
        window = _Span(span.start + SHORTEST, span.start + LONGEST)
    for cuts in _cuts(text, window, language):
        if cuts:
            return min(cuts, key=lambda cut: abs(cut - middle))
    return middle


def _cuts(text: str, window: _Span, language: str) -> Iterator[list[int]]:
    piece = text[window.start : window.end]
    bare = piece.translate(_QUOTATION_MARKS)  # sentencex never divides inside quotation marks
    inner = _segments(bare, _Span(0, len(bare)), language)
    yield [window.start + _after_marks(piece, part.end) for part in inner[:-1]]
    for boundary in _INNER_BOUNDARIES:
        yield [window.start + match.end() for match in boundary.finditer(piece) if match.end() < len(piece)]


def _after_marks(piece: str, at: int) -> int:
    """Past the closing quotation marks that stand right behind a sentence end."""
    while at < len(piece) and piece[at] in '"”’»)]」』':
        at += 1
    return at


def _joined(text: str, spans: list[_Span]) -> list[_Span]:
    """Pieces below `SHORTEST` go to the sentence before them, at the start of a paragraph to the one after."""
    joined: list[_Span] = []
    for span in spans:
        if joined and min(_width(text, span), _width(text, joined[-1])) < SHORTEST:
            whole = _Span(joined[-1].start, span.end)
            if _width(text, whole) <= LONGEST:
                joined[-1] = whole
                continue
        joined.append(span)
    return joined


def _width(text: str, span: _Span) -> int:
    if span.end - span.start > 2 * LONGEST:
        return span.end - span.start
    piece = text[span.start : span.end]
    return len(piece) if piece.isascii() else len(piece) + len(_WIDE.findall(piece))
