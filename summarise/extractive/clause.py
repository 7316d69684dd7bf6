"""One sentence as tokens: words, offsets, and what stands within quotation marks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from summarise.extractive import tables as t
from summarise.extractive.lexicon import lemma, row_of

_TOKEN = re.compile(
    r"'''|''|``|[“”\"«»„]|(?:[A-Za-z]\.){2,}|(?:Mr|Mrs|Ms|Dr|Gen|Gov|Sen|Rep|Sens|Reps|Lt|Col|Sgt|St|Jr|Sr|Prof|Rev|No)\."
    r"|\b[A-Z]\.(?=\s[A-Z])"
    r"|\b(?i:he|she|it|they|we|you|who|that|there|what|i)(?=['’](?:s|re|ve|d|ll|m)\b)"
    r"|(?<=[a-zI])['’](?:s|re|ve|d|ll|m)\b"
    r"|[^\W_]+(?:['’‘.\-/&][^\W_]+)*['’]?|[^\w\s]|_"
)
OPEN, CLOSE, STRAIGHT = {"“", "«", "„", "``"}, {"”", "»"}, {'"', "''", "'''"}
_MARKS = OPEN | CLOSE | STRAIGHT


@dataclass(frozen=True)
class Span:
    """Tokens `first` to `last`, both included."""

    first: int
    last: int


@dataclass(frozen=True)
class Clause:
    """A sentence as parallel lists: words, lower-case words, offsets, and what is within quotation marks.

    What many rules ask of every token is worked out once: `spoken` (a word or a number), `named`, `verbal`, `tells`
    (outside quotation marks, of a row of `lexicon`), `away` (tokens to the nearest quoted one; empty without any).
    """

    text: str
    word: tuple[str, ...]
    low: tuple[str, ...]
    start: tuple[int, ...]
    end: tuple[int, ...]
    quoted: tuple[bool, ...]
    subjects: dict[int, Span | None] = field(default_factory=dict, compare=False)
    scores: dict[int, float] = field(default_factory=dict, compare=False)
    kinds: dict[int, str] = field(default_factory=dict, compare=False)

    def __len__(self) -> int:
        return len(self.word)

    def phrase(self, span: Span) -> str:
        """The words of a span, as written."""
        return self.text[self.start[span.first] : self.end[span.last]]

    @cached_property
    def spoken(self) -> tuple[bool, ...]:
        return tuple(w[0].isalnum() for w in self.word)

    @cached_property
    def named(self) -> tuple[bool, ...]:
        capital = [spoken and w[0].isupper() for spoken, w in zip(self.spoken, self.word, strict=True)]
        for first in (0, 1):
            if first < len(capital) and (first == 0 or self.quoted[0]) and self.low[first] in _CLOSED:
                capital[first] = False
        return tuple(capital)

    @cached_property
    def verbal(self) -> tuple[bool, ...]:
        return tuple(map(_verbal, self.word, self.low))

    @cached_property
    def tells(self) -> tuple[bool, ...]:
        return tuple(not q and row_of(lemma(w)) != "" for w, q in zip(self.low, self.quoted, strict=True))

    @cached_property
    def away(self) -> tuple[int, ...]:
        if True not in self.quoted:
            return ()
        return tuple(map(min, _since(self.quoted), reversed(_since(self.quoted[::-1]))))


def _since(quoted: tuple[bool, ...]) -> list[int]:
    """Tokens since the last quoted one; all there are where none came before."""
    since, found = len(quoted), []
    for inside in quoted:
        since = 0 if inside else since + 1
        found.append(since)
    return found


def clause(text: str) -> Clause:
    """Tokenises a sentence; quotation marks and all between them count as quoted."""
    found = list(_TOKEN.finditer(text))
    word = tuple(m[0] for m in found)
    marks = [_mark(text, m) if m[0] in _MARKS else "" for m in found]
    inside = next((mark for mark in marks if mark), "") == "close"
    quoted = []
    for mark in marks:
        quoted.append(inside or bool(mark))
        inside = mark == "open" if mark else inside
    return Clause(
        text,
        word,
        tuple(w.lower() for w in word),
        tuple(m.start() for m in found),
        tuple(m.end() for m in found),
        tuple(quoted),
    )


def _mark(text: str, found: re.Match[str]) -> str:
    """Whether a token opens or closes a quotation; straight marks tell by the space beside them."""
    if found[0] in OPEN:
        closes = (
            found[0] == "“"
            and found.start()
            and not text[found.start() - 1].isspace()
            and text[found.end() : found.end() + 1] in {"", " "}
        )
        return "close" if closes else "open"
    if found[0] in CLOSE:
        return "close"
    if found[0] in STRAIGHT:
        before = text[found.start() - 1 : found.start()]
        return "close" if before.strip() and before not in "([—–-" else "open"
    return ""


def is_word(c: Clause, n: int) -> bool:
    """Whether token `n` is there and is a word or a number."""
    return 0 <= n < len(c.word) and c.spoken[n]


_CLOSED = (
    t.DETERMINERS
    | t.PREPOSITIONS
    | t.SUBJECTS
    | t.SUBORDINATORS
    | t.POSSESSIVES
    | t.ADVERBS
    | t.AUXILIARIES
    | t.RELATIVES
)


def is_name(c: Clause, n: int) -> bool:
    """A capitalised word that is not merely the first of its sentence."""
    return 0 <= n < len(c.word) and c.named[n]


def verbish(c: Clause, n: int) -> bool:
    """Whether a token probably is a finite verb: an auxiliary, or a cue in a finite form after a noun."""
    return c.verbal[n]


def _verbal(word: str, low: str) -> bool:
    if low in t.AUXILIARIES:
        return True
    if not (low.endswith("ed") or low in _FINITE) or not low.isalpha() or word[0].isupper():
        return False
    return row_of(lemma(low)) != ""


_FINITE = {"said", "told", "wrote", "says", "thinks", "wants"}
