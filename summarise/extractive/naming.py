"""The capitalised names of one article: where each stands, which are places, which have an acronym."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from summarise.extractive import tables as t
from summarise.extractive.clause import Clause, Span, is_name, is_word
from summarise.extractive.lexicon import lemma, row_of
from summarise.extractive.tables import words
from summarise.extractive.words import owner
from summarise.names import acronym_of, fold, is_rank, place_of, plain

ORGANISATION = words(
    """party union bank house senate court committee council ministry department office agency institute
    university company corp inc group association federation league organization organisation commission
    board campaign team church school network congress parliament assembly administration movement front
    alliance coalition nations service forces army guard police foundation center centre fund society club
    caucus convention pac hezbollah hamas nato taliban"""
)
_THINGS_AFTER = words(
    """base bases airbase airfield airport port area city province region district river street square act bill
    law deal treaty agreement accord summit conference prize war cup game games era day time times debate
    primary primaries election tower resort hotel building border strait peninsula island islands coast
    valley highway convention center"""
)
_NO_NAMES = t.ADVERBS | t.NO_NAMES | t.SUBORDINATORS
_OFFICES = ORGANISATION | t.ROLE_NOUNS
_OF = ORGANISATION | {"state", "justice"}  # "Bank of England", "Secretary of State"
_CONNECT = frozenset(
    {"of", "the", "for", "and", "al", "de", "von", "van", "bin", "der", "la", "del", "&", "du", "di", "da"}
)


_IN_BRACKETS = re.compile(r"((?:[A-Z][\w’'-]+ |of |the |al-)+[A-Za-z][\w’'-]+) \(([A-Z][A-Z0-9]{1,6})\)")


@dataclass(frozen=True)
class Mention:
    """A capitalised name: tokens of one sentence."""

    sentence: int
    span: Span
    text: str


class Naming:
    """The names of one article: `mentions` in order; `known`, words capitalised inside sentences and never lower case;
    `places`, folded names that are where something is; `acronyms`, folded acronym to its long form; `defined`, the
    long forms folded."""

    def __init__(self, clauses: Sequence[Clause], numbers: Sequence[int]) -> None:
        self._lower = {w for c in clauses for w in c.word if w.islower()}
        self.headings = {n for c, n in zip(clauses, numbers, strict=True) if _headline(c, self._lower)}
        self.known = _capitalised_inside([c for c, n in zip(clauses, numbers, strict=True) if n not in self.headings])
        self.known -= self._lower
        self.places: set[str] = set()
        self.mentions = [m for c, n in zip(clauses, numbers, strict=True) for m in self._names(c, n)]
        self.acronyms = _in_brackets(clauses)
        self.defined = frozenset(map(fold, self.acronyms.values()))

    def _names(self, c: Clause, number: int) -> list[Mention]:
        found: list[Mention] = []
        headline = number in self.headings
        n = 0
        while n < len(c):
            if not c.named[n] or (_opens(c, n) and not self._opening(c, n)):
                n += 1
                continue
            last = n
            while last + 1 < len(c) and not c.low[last].endswith(("’s", "'s")):
                if is_name(c, last + 1) or (c.low[last + 1].startswith(("al-", "el-")) and is_word(c, last + 1)):
                    last += 1
                elif (
                    c.low[last + 1] in _CONNECT
                    and last + 2 < len(c)
                    and is_name(c, last + 2)
                    and (c.low[last + 1] not in {"and", "the", "for"})
                    and (c.low[last + 1] != "of" or c.low[last] in _OF)
                ):
                    last += 2
                else:
                    break
            text = owner(c.phrase(Span(n, last)))
            if not headline and plain(text) not in t.CALENDAR and not c.word[n].isdigit():
                found.append(Mention(number, Span(n, last), text))
                self._note_place(c, n, last, text)
            n = last + 1
        return found

    def _opening(self, c: Clause, n: int) -> bool:
        """Whether the first word of a sentence is a name: seen inside another, known, or with a name behind it."""
        word = owner(c.low[n])
        return (
            word in self.known
            or bool(place_of(word))
            or (n + 1 < len(c) and is_name(c, n + 1) and not self.common(word))
            or c.word[n].isupper()
        )

    def common(self, word: str) -> bool:
        """Whether a capitalised word is none of a name: of a closed class, or in lower case elsewhere."""
        low = word.lower()
        titled = low in t.ROLE_NOUNS or low in ORGANISATION or is_rank(low)
        return not titled and (low in _NO_NAMES or low in self._lower)

    def _note_place(self, c: Clause, first: int, last: int, text: str) -> None:
        after = c.low[last + 1] if last + 1 < len(c) else ""
        before = c.low[first - 1] if first else ""
        if after in _THINGS_AFTER or before in {"in", "at", "near", "into", "outside"} or c.low[last] in _THINGS_AFTER:
            self.places.add(fold(text))


def _in_brackets(clauses: Sequence[Clause]) -> dict[str, str]:
    found: dict[str, str] = {}
    for c in clauses:
        for match in _IN_BRACKETS.finditer(c.text) if " (" in c.text else ():
            parts = match[1].split()
            for k in range(len(parts)):
                if acronym_of(" ".join(parts[k:])) == match[2]:
                    found[fold(match[2])] = re.sub("^[Tt]he ", "", " ".join(parts[k:]))
                    break
    return found


def _capitalised_inside(clauses: Sequence[Clause]) -> set[str]:
    return {owner(c.low[n]) for c in clauses for n, named in enumerate(c.named) if named and not _opens(c, n)}


def _opens(c: Clause, n: int) -> bool:
    """Whether token `n` opens a sentence or a quotation, where a capital says nothing."""
    return n == 0 or (
        not c.word[n - 1][0].isalnum()
        and c.low[n - 1] not in {",", "(", "-", "–", "—", "'", "’", ")"}
        and (c.quoted[n - 1] or c.low[n - 1] in {".", ":", "!", "?"})
    )


def _headline(c: Clause, lower: Collection[str]) -> bool:
    """A heading in title case; one that ends like a sentence shows by words that are no names."""
    long = [n for n, word in enumerate(c.word) if len(word) > 3 and word[0].isalpha()]
    if len(long) < 3 or sum([c.word[n][0].isupper() for n in long]) <= 0.75 * len(long):
        return False
    if len(long) >= 4 and c.word[-1] not in {".", "?", "”"}:
        return True
    inside = [n for n in long if n and c.word[n][0].isupper() and c.low[n] not in _OFFICES]
    verbs = [n for n in inside if c.low[n].endswith("s") and row_of(lemma(c.low[n])) and is_name(c, n - 1)]
    return len([n for n in inside if c.low[n] in lower and not is_rank(c.low[n])]) + 2 * len(verbs) >= 2
