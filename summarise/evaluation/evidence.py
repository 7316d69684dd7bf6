"""Which of a brief's passages count, and which spans of a reference they bear out.

What counts is bounded, so that citing much does not pay: quotations of 15 to 600 characters that stand in their article
at most twice; of an item's quotations in one article the first four, and 800 characters; and of what an item quotes
15 % must lie in sentences that the reference item marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from summarise.contract import Evidence
from summarise.evaluation.articles import Articles, folded
from summarise.evaluation.reference import Span, places_of

SHORTEST, LONGEST = 15, 600
"""Characters of a quotation that counts, folded."""
REPEATS = 2
"""How often a quotation that counts may stand in its article."""
QUOTES, CHARACTERS = 4, 800
"""How much of one item's evidence counts in one article."""
OVERLAP = 12
"""Characters that a quotation and a span must share (all of a shorter span)."""
FOCUS = 0.15
"""Share of an item's counted text that must lie in sentences which the reference item marks."""


@dataclass(frozen=True)
class Quotation:
    """One quotation of a brief, its article named by the file."""

    file: str
    quote: str

    def is_short(self) -> bool:
        return len(folded(self.quote)) < SHORTEST

    def is_long(self) -> bool:
        return len(folded(self.quote)) > LONGEST

    def is_vague(self, articles: Articles) -> bool:
        """Whether it stands in too many places to point at one."""
        return not self.is_short() and len(articles.places(self.file, self.quote)) > REPEATS

    def counts(self, articles: Articles) -> bool:
        places = articles.places(self.file, self.quote)
        return not self.is_short() and not self.is_long() and 1 <= len(places) <= REPEATS


def quotations(evidence: Iterable[Evidence], file_of: Mapping[str, str]) -> list[Quotation]:
    """Evidence with the file's name for the article's id; "" where the brief lists no such article."""
    return [Quotation(file_of.get(one.article, ""), one.quote) for one in evidence]


@dataclass(frozen=True)
class Marked:
    """One span of a reference: where it stands in its article, and the characters of the sentences around it."""

    file: str
    places: tuple[range, ...]
    around: frozenset[int]


def marked(spans: Iterable[Span], articles: Articles) -> tuple[Marked, ...]:
    """The spans of one reference item, found in the articles."""
    found: list[Marked] = []
    for span in spans:
        places = places_of(span, articles)
        around = frozenset(at for place in places for at in articles.sentences_around(span.article, place))
        found.append(Marked(span.article, places, around))
    return tuple(found)


@dataclass(frozen=True)
class Cited:
    """What counts of one item's evidence: characters by file. `quotes` is all it gave, `over` those past the bound."""

    characters: Mapping[str, frozenset[int]]
    quotes: int
    over: int

    def hits(self, spans: Iterable[Marked]) -> int:
        """How many of an item's spans it bears out; 0 where too little of what it quotes is about that item."""
        spans = tuple(spans)
        count = sum(any(self._overlaps(span.file, place) for place in span.places) for span in spans)
        if not count:
            return 0
        near = 0
        for file, quoted in self.characters.items():
            around = frozenset[int]().union(*(span.around for span in spans if span.file == file))
            near += len(quoted & around)
        return count if near >= FOCUS * sum(map(len, self.characters.values())) else 0

    def _overlaps(self, file: str, place: range) -> bool:
        quoted = self.characters.get(file)
        return quoted is not None and len(quoted.intersection(place)) >= min(OVERLAP, len(place))


def cited(evidence: tuple[Evidence, ...], file_of: Mapping[str, str], articles: Articles) -> Cited:
    """What counts of one item's evidence. A quotation given twice counts, and is bounded, once."""
    characters: dict[str, frozenset[int]] = {}
    taken: Counter[str] = Counter()
    over = 0
    for one in dict.fromkeys(quotations(evidence, file_of)):
        if not one.counts(articles):
            continue
        places = articles.places(one.file, one.quote)
        before = characters.get(one.file, frozenset())
        if taken[one.file] == QUOTES or len(before.union(places[0])) > CHARACTERS:
            over += 1
            continue
        taken[one.file] += 1
        characters[one.file] = before.union(*places)
    return Cited(characters, quotes=len(evidence), over=over)
