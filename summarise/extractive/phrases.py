"""The noun phrase that ends or begins at a word, without a parser."""

from __future__ import annotations

from summarise.extractive import tables as t
from summarise.extractive.clause import Clause, Span, is_name, is_word, verbish

_OF_TIME = t.CALENDAR | t.DETERMINERS
_OBJECT = t.DETERMINERS | {"to", "that"}


def ends(c: Clause, n: int) -> bool:
    """Whether a clause can end before token `n`."""
    return n >= len(c) or c.low[n] in {".", ",", ";", ":", "(", "who", "—", "–"}


def adverb(c: Clause, n: int) -> bool:
    """Whether a lower-case word in -ly is an adverb."""
    return (
        c.low[n].endswith("ly")
        and len(c.low[n]) > 4
        and c.word[n][0].islower()
        and c.low[n] not in {"family", "ally", "rally"}
    )


def noun_phrase_left(c: Clause, last: int) -> Span | None:
    """The noun phrase that ends at token `last`, as long as it can be, without dates at its end."""
    last = _without_time(c, last)
    n, first = last, last + 1
    while n >= 0 and last - n < 24:
        low = c.low[n]
        if low in {")", "]"}:
            opening = next((k for k in range(n, -1, -1) if c.low[k] in {"(", "["}), -1)
            if opening < 0:
                break
            n = opening - 1
            continue
        if c.quoted[n] and c.low[n] in {'"', "”", "“"} and n == last:
            break
        if not is_word(c, n) and low not in {"&", "$", "'", "’", "%", "#", "@"}:
            break
        if low in t.SUBORDINATORS and not (low in {"and", "or"} and _joins_names(c, n, last)):
            break
        if (n < last and verbish(c, n)) and (
            not low.endswith("ed")
            or c.low[n + 1] in t.DETERMINERS
            or (n and is_name(c, n + 1) and (is_name(c, n - 1) or c.low[n - 1] in t.SUBJECTS))
        ):
            break
        if low in {"which", "whom"} and n < last and c.low[n - 1] in t.PREPOSITIONS:
            break  # "at which all the guests said"
        if low in {"who", "which"} and n < last and n > 1:
            return noun_phrase_left(c, n - 2 if c.low[n - 1] == "," else n - 1)
        if (low in t.RELATIVES and n < last) or (low.endswith("ed") and n < last and c.low[n + 1] in t.DETERMINERS):
            break
        first = n
        if low in t.SUBJECTS and n == last:
            break
        n -= 1
    if first > last or (first == last and c.low[first] == "there"):
        return None
    return _trimmed(c, first, last)


def _joins_names(c: Clause, n: int, last: int) -> bool:
    after = is_name(c, n + 1) or (c.low[n + 1] in t.OPENING and n + 1 < last)
    return n > 0 and after and (is_name(c, n - 1) or c.low[n - 1] in t.ROLE_NOUNS)


def _trimmed(c: Clause, first: int, last: int) -> Span | None:
    """Drops leading prepositional phrases ("On Tuesday Trump", "In a speech the minister") and adverbs."""
    moved = True
    while moved and first < last:
        moved = False
        while first < last and (
            c.low[first] in t.ADVERBS
            or adverb(c, first)
            or c.low[first] in {"meanwhile", "however"}
            or c.low[first] in t.TIME_WORDS
        ):
            first, moved = first + 1, True
        if c.low[first] in t.PREPOSITIONS:
            for n in range(last, first, -1):
                starts = c.low[n] in t.STARTING or (
                    is_name(c, n)
                    and c.low[n] not in t.TIME_WORDS
                    and (not is_name(c, n - 1) or c.low[n - 1] in t.CALENDAR)
                )
                if (
                    starts
                    and c.low[n - 1] not in t.PREPOSITIONS
                    and n - 1 > first - 1
                    and (n - 1 > first or c.low[n] in t.SUBJECTS)
                ):
                    return _trimmed(c, n, last)
            run = last
            while run > first and c.low[run] not in t.PREPOSITIONS and c.low[run] not in t.DETERMINERS:
                run -= 1
            return Span(min(run + 1, last), last) if run >= first and run < last else None
    return Span(first, last)


def _without_time(c: Clause, last: int) -> int:
    n = last
    while n > 0 and (c.low[n] in t.CALENDAR or (c.word[n].isdigit() and n > 1)):
        n -= 1
        if n > 0 and c.low[n] in {"on", "in", "last", "this", "late", "early", "earlier", "of", "a", "since"}:
            n -= 1
            if c.low[n] in {"on", "in", "late", "early"}:
                n -= 1
    return n if n >= 0 and is_word(c, n) else last


def noun_phrase_right(c: Clause, first: int) -> Span | None:
    """The noun phrase that begins at token `first`."""
    n = first
    while n < len(c) and n - first < 16:
        low = c.low[n]
        if (not is_word(c, n) and low not in {"&", "$", "#", "@", "'", "’"}) or c.quoted[n]:
            break
        if n > first and (low in t.SUBORDINATORS and not (low in {"and"} and is_name(c, n - 1) and is_name(c, n + 1))):
            break
        if n > first and (
            low in t.AUXILIARIES
            or low in t.RELATIVES
            or (low in t.TIME_WORDS and not is_name(c, n + 1))
            or verbish(c, n)
        ):
            break
        if (
            n > first
            and low in t.PREPOSITIONS
            and low not in {"of", "for", "at", "in", "with", "from", "to", "on", "close"}
        ):
            break
        if (
            n > first
            and low in {"on", "in", "during", "at"}
            and n + 1 < len(c)
            and (c.low[n + 1] in _OF_TIME or c.word[n + 1].isdigit())
        ):
            break
        if n > first and (
            low in t.SUBJECTS
            or (low.endswith("ed") and n + 1 < len(c) and c.low[n + 1] in _OBJECT)
            or (low.endswith("ed") and c.word[n].islower() and is_name(c, n - 1))
        ):
            break
        n += 1
        if low in t.SUBJECTS:
            break
    if n == first:
        return None
    if n + 2 < len(c) and c.low[n] == "," and not is_name(c, n - 1) and is_name(c, n + 1) and is_name(c, n + 2):
        last = n + 2
        while last + 1 < len(c) and is_name(c, last + 1):
            last += 1
        if ends(c, last + 1):
            return Span(n + 1, last)  # "according to the EU's top diplomat, Kaja Kallas"
    return Span(first, n - 1)
