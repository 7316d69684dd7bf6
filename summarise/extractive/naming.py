"""The capitalised names of one article: where each stands, which are places, which have an acronym."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from summarise.extractive import tables as t
from summarise.extractive.clause import Clause, Span, is_name, is_word
from summarise.extractive.tables import words
from summarise.names import acronym_of, fold, place_of, plain

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
_CONNECT = frozenset(
    {"of", "the", "for", "and", "al", "de", "von", "van", "bin", "der", "la", "del", "&", "du", "di", "da"}
)


@dataclass(frozen=True)
class Mention:
    """A capitalised name: tokens of one sentence."""

    sentence: int
    span: Span
    text: str


class Naming:
    """The names of one article: `mentions` in order; `known`, words capitalised inside sentences and never lower case;
    `places`, folded names that are where something is; `acronyms`, folded acronym to its long form."""

    def __init__(self, clauses: Sequence[Clause], numbers: Sequence[int]) -> None:
        self.known = _capitalised_inside(clauses)
        self.places: set[str] = set()
        self.mentions = [m for c, n in zip(clauses, numbers, strict=True) for m in self._names(c, n)]
        self.acronyms = _in_brackets(clauses)

    def _names(self, c: Clause, number: int) -> list[Mention]:
        found: list[Mention] = []
        headline = _headline(c)
        n = 0
        while n < len(c):
            if not is_name(c, n) or (_opens(c, n) and not self._opening(c, n)):
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
                    and (c.low[last + 1] != "of" or c.low[last] in ORGANISATION | {"state", "justice"})
                ):
                    last += 2
                else:
                    break
            text = re.sub(r"[’']s?$", "", c.phrase(Span(n, last)))
            if not headline and plain(text) not in t.TIME_WORDS | t.MONTHS and not c.word[n].isdigit():
                found.append(Mention(number, Span(n, last), text))
                self._note_place(c, n, last, text)
            n = last + 1
        return found

    def _opening(self, c: Clause, n: int) -> bool:
        """Whether the first word of a sentence is a name: seen inside another, known, or with a name behind it."""
        word = re.sub(r"[’']s?$", "", c.low[n])
        return (
            word in self.known
            or bool(place_of(word))
            or (n + 1 < len(c) and is_name(c, n + 1) and word not in t.ADVERBS)
            or c.word[n].isupper()
        )

    def _note_place(self, c: Clause, first: int, last: int, text: str) -> None:
        after = c.low[last + 1] if last + 1 < len(c) else ""
        before = c.low[first - 1] if first else ""
        if after in _THINGS_AFTER or before in {"in", "at", "near", "into", "outside"} or c.low[last] in _THINGS_AFTER:
            self.places.add(fold(text))


def _in_brackets(clauses: Sequence[Clause]) -> dict[str, str]:
    found: dict[str, str] = {}
    for c in clauses:
        for match in re.finditer(
            r"((?:[A-Z][\w’'-]+ |of |the |al-)+[A-Za-z][\w’'-]+) \(([A-Z][A-Z0-9]{1,6})\)", c.text
        ):
            parts = match[1].split()
            for k in range(len(parts)):
                if acronym_of(" ".join(parts[k:])) == match[2]:
                    found[fold(match[2])] = re.sub("^[Tt]he ", "", " ".join(parts[k:]))
                    break
    return found


def _capitalised_inside(clauses: Sequence[Clause]) -> set[str]:
    lower = {c.low[n] for c in clauses for n in range(len(c)) if c.word[n].islower()}
    found = {
        re.sub(r"[’']s?$", "", c.low[n])
        for c in clauses
        if not _headline(c)
        for n in range(len(c))
        if is_name(c, n) and not _opens(c, n)
    }
    return found - lower


def _opens(c: Clause, n: int) -> bool:
    """Whether token `n` opens a sentence or a quotation, where a capital says nothing."""
    return n == 0 or (
        not c.word[n - 1][0].isalnum()
        and c.low[n - 1] not in {",", "(", "-", "–", "—", "'", "’", ")"}
        and (c.quoted[n - 1] or c.low[n - 1] in {".", ":", "!", "?"})
    )


def _headline(c: Clause) -> bool:
    long = [n for n in range(len(c)) if is_word(c, n) and len(c.word[n]) > 3 and c.word[n][0].isalpha()]
    return (
        len(long) >= 4
        and sum(c.word[n][0].isupper() for n in long) > 0.75 * len(long)
        and c.word[-1] not in {".", "?", "”"}
    )
