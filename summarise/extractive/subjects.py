"""The subject of a verb in a sentence, without a parser.

The method: from the verb to the left over auxiliaries and adverbs to the noun phrase that ends there, back over an
apposition between commas; to the right where the verb stands first after a quotation ("…," said X).
"""

from __future__ import annotations

from summarise.extractive import tables as t
from summarise.extractive.clause import CLOSE, OPEN, STRAIGHT, Clause, Span, is_name, is_word, verbish
from summarise.extractive.lexicon import lemma, row_of

_DASHES = {"—", "–", "-", "--"}
_NO_VERB_AFTER = t.DETERMINERS | t.POSSESSIVES | {"that", "to"}
_INVERTING = frozenset({"_say", "assesses", "alleges", "predicts"})
_WITH_HEARER = frozenset(
    {"tell", "ask", "inform", "remind", "assure", "urge", "warn", "advise", "oppose", "seek", "want", "support"}
)


def subject(c: Clause, verb: int) -> Span | None:
    """The noun phrase that is the subject of the verb at token `verb`; None where none is found."""
    if verb not in c.subjects:
        c.subjects[verb] = None  # a verb that is being looked at is no help to itself
        c.subjects[verb] = _subject(c, verb)
    return c.subjects[verb]


def _subject(c: Clause, verb: int) -> Span | None:
    if c.low[verb] in {"according", "per"}:
        return noun_phrase_right(c, verb + (2 if c.low[verb] == "according" else 1))
    agent = _agent(c, verb)
    if agent:
        return agent
    n = verb - 1
    while n >= 0 and not c.quoted[n] and (c.low[n] in t.AUXILIARIES or c.low[n] in t.ADVERBS or _adverb(c, n)):
        if c.low[n] in {"so", "but", "since"} and not is_word(c, n - 1):
            break
        n -= 1
    if n >= 0 and c.low[n] == "to" and n > 0 and not c.quoted[n - 1]:
        return subject(c, _governor(c, n - 1))
    participle = c.low[verb].endswith("ing") and not any(w in t.AUXILIARIES for w in c.low[n + 1 : verb])
    if n >= 0 and c.low[n] in t.POSSESSIVES and not c.quoted[n]:
        return _main(c, n) or Span(n, n)
    if c.low[verb].endswith("ing") and (n < 0 or (n == 0 and c.low[0] in t.PREPOSITIONS | t.SUBORDINATORS)):
        comma = next((k for k in range(verb, len(c) - 1) if c.low[k] == "," and not c.quoted[k]), -1)
        return noun_phrase_right(c, comma + 1) if comma > 0 else None
    if n < 0 or c.quoted[n]:
        return _inverted(c, verb) or _main(c, verb)
    low = c.low[n]
    if low in {",", ".", "—", "–", "-", ";", ":"} or low in _DASHES:
        if n > 0 and c.quoted[n - 1] and not participle:
            return _inverted(c, verb) or _main(c, verb)
        if participle:
            return _main(c, verb)
        if low == ",":
            inverted = _inverted(c, verb)
            if inverted and not c.low[verb].endswith("ing") and _ends(c, inverted.last + 1):
                return inverted
            return _before_apposition(c, n) or _inverted(c, verb) or _main(c, verb)
        return _before_dash(c, n) or _inverted(c, verb) or _main(c, verb)
    if low == ")":
        return noun_phrase_left(c, n)
    if low in t.RELATIVES and n > 0 and (is_word(c, n - 1) or c.low[n - 1] in {",", ")"}):
        return noun_phrase_left(c, n - 2 if c.low[n - 1] == "," else n - 1)
    if low in {"and", "or", "but"} or (participle and (low in t.PREPOSITIONS or low in t.SUBORDINATORS)):
        return _main(c, verb)
    if participle and not (is_name(c, n) or low in t.SUBJECTS or low in t.ROLE_NOUNS):
        return _main(c, verb) or noun_phrase_left(c, n)
    if low in t.PREPOSITIONS or low in t.SUBORDINATORS:
        return _main(c, verb)
    return noun_phrase_left(c, n)


def _ends(c: Clause, n: int) -> bool:
    """Whether a clause can end before token `n`."""
    return n >= len(c) or c.low[n] in {".", ",", ";", ":", "(", "who", "—", "–"}


def _agent(c: Clause, verb: int) -> Span | None:
    """Of a passive verb, the phrase after "by"."""
    n = verb - 1
    while n >= 0 and (_adverb(c, n) or c.low[n] in t.ADVERBS):
        n -= 1
    if verb + 1 < len(c) and c.low[verb + 1] == "by" and c.low[verb].endswith("ed") and not c.quoted[verb + 1]:
        return noun_phrase_right(c, verb + 2)
    if n >= 0 and c.low[n] in {"is", "are", "was", "were", "be", "been", "being"} and not c.low[verb].endswith("ing"):
        for k in range(verb + 1, min(verb + 4, len(c) - 1)):
            if c.low[k] == "by" and not c.quoted[k]:
                return noun_phrase_right(c, k + 1)
    return None


def _adverb(c: Clause, n: int) -> bool:
    return (
        c.low[n].endswith("ly")
        and len(c.low[n]) > 4
        and c.word[n][0].islower()
        and c.low[n] not in {"family", "ally", "rally"}
    )


def _governor(c: Clause, n: int) -> int:
    """The verb that a "to" after token `n` hangs on: the nearest to the left that looks like one, else `n`."""
    for k in range(n, max(-1, n - 4), -1):
        if verbish(c, k) or bool(row_of(lemma(c.low[k]))):
            return k
    return n


def _main(c: Clause, verb: int) -> Span | None:
    """The subject of an earlier verb of the sentence, the nearest first; else the phrase that opens it."""
    for n in range(verb - 1, 0, -1):
        if (
            not c.quoted[n]
            and verbish(c, n)
            and c.low[n - 1] not in _NO_VERB_AFTER
            and not c.low[n - 1].endswith(("'s", "’s"))
            and not _embedded(c, n)
            and c.subjects.get(n, 0) is not None
        ):
            found = subject(c, n)
            if found and found.last < verb:
                return found
    if not len(c) or c.quoted[0]:
        return None
    if c.low[0] in t.PREPOSITIONS:
        comma = next((k for k in range(verb) if c.low[k] == "," and not c.quoted[k]), -1)
        return noun_phrase_right(c, comma + 1) if comma > 0 else None
    return noun_phrase_right(c, 0)


def _embedded(c: Clause, verb: int) -> bool:
    """Whether a verb has a pronoun for subject that a clause word introduces: "for what he has done"."""
    n = verb - 1
    while n > 0 and (c.low[n] in t.AUXILIARIES or c.low[n] in t.ADVERBS or _adverb(c, n)):
        n -= 1
    return (
        n > 0
        and c.low[n] in t.SUBJECTS
        and (c.low[n - 1] in t.SUBORDINATORS or c.low[n - 1] in t.PREPOSITIONS)
        and c.low[n - 1] not in {"and", "but"}
    )


def _inverted(c: Clause, verb: int) -> Span | None:
    """The subject after the verb: `said Putin`, `says a source`."""
    n = verb + 1
    after_quote = verb > 0 and (c.quoted[verb - 1] or (verb > 1 and c.quoted[verb - 2]))
    if n < len(c) and (c.low[n] in t.PREPOSITIONS or c.low[n] in t.TIME_WORDS):
        return None
    if lemma(c.low[verb]) in _WITH_HEARER and not (after_quote and c.low[verb] in {"asked", "asks", "warned", "warns"}):
        return None
    if row_of(lemma(c.low[verb])) not in _INVERTING and c.low[verb] not in {"asked", "asks"}:
        return None
    if not after_quote and n < len(c) and c.low[n] in t.SUBJECTS:
        return None
    if n < len(c) and (
        is_name(c, n)
        or (c.low[n] in t.DETERMINERS | t.POSSESSIVES | t.SUBJECTS and c.low[n] != "no")
        or c.low[n] in t.ROLE_NOUNS
        or c.word[n][0].isdigit()
        or (is_word(c, n) and is_name(c, n + 1))
        or c.low[n] in t.NUMBERS
    ):
        return noun_phrase_right(c, n)
    return None


def _before_apposition(c: Clause, comma: int) -> Span | None:
    for n in range(comma - 1, max(-1, comma - 30), -1):
        if c.quoted[n] and c.low[n] in STRAIGHT | OPEN | CLOSE:
            continue
        if c.low[n] == "," and not (n and c.word[n - 1][0].isdigit() and c.word[n + 1][0].isdigit()):
            between = range(n + 1, comma)
            if n and (is_word(c, n - 1) or c.low[n - 1] == ")") and c.low[n + 1] not in {"and", "but"}:
                found = noun_phrase_left(c, n - 1)
                if found and not is_name(c, found.last) and all(is_name(c, k) for k in between):
                    return Span(n + 1, comma - 1)  # "the bloc's chief diplomat, Kaja Kallas,"
                deeper = found and c.low[found.first] in t.PREPOSITIONS
                if found and not deeper and len(between) < 28:
                    # "Ben Sasse, a senator from Nebraska, and X, ..." is rare enough to be left
                    inner = (
                        _before_apposition(c, n)
                        if found.first > 0 and c.low[found.first - 1] == "," and not is_name(c, found.last)
                        else None
                    )
                    return inner or found
            return None
    return None


def _before_dash(c: Clause, dash: int) -> Span | None:
    for n in range(dash - 1, -1, -1):
        if c.low[n] in _DASHES:
            return noun_phrase_left(c, n - 1)
    return None


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
        if n < last and (
            (verbish(c, n) and not c.low[n].endswith("ed"))
            or (verbish(c, n) and n + 1 <= last and c.low[n + 1] in t.DETERMINERS)
        ):
            break
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
    after = is_name(c, n + 1) or (c.low[n + 1] in t.DETERMINERS | t.POSSESSIVES and n + 1 < last)
    return n > 0 and after and (is_name(c, n - 1) or c.low[n - 1] in t.ROLE_NOUNS)


def _trimmed(c: Clause, first: int, last: int) -> Span | None:
    """Drops leading prepositional phrases ("On Tuesday Trump", "In a speech the minister") and adverbs."""
    moved = True
    while moved and first < last:
        moved = False
        while first < last and (
            c.low[first] in t.ADVERBS
            or _adverb(c, first)
            or c.low[first] in {"meanwhile", "however"}
            or c.low[first] in t.TIME_WORDS
        ):
            first, moved = first + 1, True
        if c.low[first] in t.PREPOSITIONS:
            for n in range(last, first, -1):
                starts = c.low[n] in t.DETERMINERS | t.POSSESSIVES | t.SUBJECTS or (
                    is_name(c, n)
                    and c.low[n] not in t.TIME_WORDS
                    and (not is_name(c, n - 1) or c.low[n - 1] in t.TIME_WORDS | t.MONTHS)
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
    while n > 0 and (c.low[n] in t.TIME_WORDS or c.low[n] in t.MONTHS or (c.word[n].isdigit() and n > 1)):
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
            and (c.low[n + 1] in t.TIME_WORDS | t.MONTHS | t.DETERMINERS or c.word[n + 1].isdigit())
        ):
            break
        if n > first and (
            low in t.SUBJECTS
            or (low.endswith("ed") and n + 1 < len(c) and c.low[n + 1] in t.DETERMINERS | {"to", "that"})
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
        if _ends(c, last + 1):
            return Span(n + 1, last)  # "according to the EU's top diplomat, Kaja Kallas"
    return Span(first, n - 1)
