"""The subject of a verb in a sentence, without a parser.

The method: from the verb to the left over auxiliaries and adverbs to the noun phrase that ends there, back over an
apposition between commas; to the right where the verb stands first after a quotation ("…," said X).
"""

from __future__ import annotations

from summarise.extractive import tables as t
from summarise.extractive.clause import CLOSE, OPEN, STRAIGHT, Clause, Span, is_name, is_word, verbish
from summarise.extractive.lexicon import IRREGULAR, lemma, row_of
from summarise.extractive.phrases import adverb, ends, noun_phrase_left, noun_phrase_right
from summarise.extractive.tables import words

_ALONE = words("this these those some many several few most all both")  # determiners that may be a subject
_DASHES = {"—", "–", "-", "--"}
_NO_VERB_AFTER = t.OPENING | {"that", "to"}
_LEADING = t.PREPOSITIONS | t.SUBORDINATORS  # what may stand before a participle
_INNER = t.CLAUSE_WORDS - {"and", "but", "or", "nor", "while"} | t.PREPOSITIONS  # what opens a clause within another
_NOT_LONE = {"a", "an"} | t.POSSESSIVES
_QUOTATION_MARKS = STRAIGHT | OPEN | CLOSE
_INVERTING = words(
    """say add note remark comment write report announce declare reply respond answer explain recall observe
    continue conclude tweet post argue insist claim joke quip predict warn think believe maintain confirm admit
    acknowledge concede contend exclaim muse recount opine tell state read agree allege assert estimate reveal
    suggest begin wonder fear indicate intone shout yell mutter"""
)
_WITH_HEARER = frozenset(
    {"tell", "ask", "inform", "remind", "assure", "urge", "warn", "advise", "oppose", "seek", "want", "support"}
)


def subject(c: Clause, verb: int) -> Span | None:
    """The noun phrase that is the subject of the verb at token `verb`; None where none is found."""
    if verb not in c.subjects:
        c.subjects[verb] = None  # a verb that is being looked at is no help to itself
        found = _subject(c, verb)
        if found and all(c.low[n] in t.DETERMINERS or not is_word(c, n) for n in range(found.first, found.last + 1)):
            found = found if c.low[found.last] in _ALONE else None
        c.subjects[verb] = found
    return c.subjects[verb]


def _subject(c: Clause, verb: int) -> Span | None:
    if c.low[verb] in {"according", "per"}:
        return noun_phrase_right(c, verb + (2 if c.low[verb] == "according" else 1))
    if c.low[verb] == ":":
        return noun_phrase_left(c, verb - 1)
    agent = _agent(c, verb)
    if agent:
        return agent
    n = verb - 1
    while n >= 0 and not c.quoted[n] and (c.low[n] in t.AUXILIARIES or c.low[n] in t.ADVERBS or adverb(c, n)):
        if c.low[n] in {"so", "since"} and not is_word(c, n - 1):
            break
        if c.low[n] == "but" and c.low[n - 1] not in {"all", "anything", "nothing"}:
            break
        n -= 1
    if n >= 0 and c.low[n] == "to" and n > 0 and not c.quoted[n - 1]:
        return subject(c, _governor(c, n - 1))
    participle = c.low[verb].endswith("ing") and not any(w in t.AUXILIARIES for w in c.low[n + 1 : verb])
    if n >= 0 and c.low[n] in t.POSSESSIVES and not c.quoted[n]:
        return _main(c, n) or Span(n, n)
    if c.low[verb].endswith("ing") and (n < 0 or (n == 0 and c.low[0] in _LEADING)):
        comma = next((k for k in range(verb, len(c) - 1) if c.low[k] == "," and not c.quoted[k]), -1)
        return noun_phrase_right(c, comma + 1) if comma > 0 else None
    if n < 0 or c.quoted[n]:
        if n >= 0 and not c.quoted[0]:
            return _lone(c, _inverted(c, verb)) or _main(c, verb, outermost=True)
        return _inverted(c, verb) or _main(c, verb)
    low = c.low[n]
    if low in {",", ".", "—", "–", "-", ";", ":"} or low in _DASHES:
        if n > 0 and c.quoted[n - 1] and not participle:
            if not c.quoted[0] and c.word[verb][0].islower():
                return _lone(c, _inverted(c, verb)) or _main(c, verb, outermost=True)
            return _inverted(c, verb) or _main(c, verb)
        if participle:
            return _main(c, verb, outermost=True)
        if low == ",":
            inverted = _inverted(c, verb)
            if _lone(c, inverted) and inverted and not c.low[verb].endswith("ing"):
                return inverted
            return _before_apposition(c, n) or _inverted(c, verb) or _main(c, verb)
        return _before_dash(c, n) or _inverted(c, verb) or _main(c, verb)
    if low == ")":
        return noun_phrase_left(c, n)
    if low in t.RELATIVES and n > 0 and (is_word(c, n - 1) or c.low[n - 1] in {",", ")"}):
        return noun_phrase_left(c, n - 2 if c.low[n - 1] == "," else n - 1)
    if low in {"and", "or", "but"} or (participle and (low in t.PREPOSITIONS or low in t.SUBORDINATORS)):
        return _main(c, verb, outermost=True)
    if participle and not (is_name(c, n) or low in t.SUBJECTS or _bears(c, n)):
        return _main(c, verb) or noun_phrase_left(c, n)
    if low in t.PREPOSITIONS or low in t.SUBORDINATORS:
        return _main(c, verb, outermost=True)
    return noun_phrase_left(c, n)


def _lone(c: Clause, span: Span | None) -> Span | None:
    """An inverted subject in the middle of a sentence that began before the quotation: only where a clause ends."""
    return span if span and ends(c, span.last + 1) and c.low[span.first] not in _NOT_LONE else None


def _bears(c: Clause, n: int) -> bool:
    """Whether a participle behind this noun is about it: "groups supporting", "a message reading"."""
    low = c.low[n]
    plural = low.endswith("s") and not low.endswith(("ss", "us", "is")) and len(low) > 3 and low not in t.TIME_WORDS
    return low in t.ROLE_NOUNS or low in t.DOCUMENT_NOUNS or plural or low == "those"


def _agent(c: Clause, verb: int) -> Span | None:
    """Of a passive verb, the phrase after "by"."""
    n = verb - 1
    while n >= 0 and (adverb(c, n) or c.low[n] in t.ADVERBS):
        n -= 1
    if verb + 1 < len(c) and c.low[verb + 1] == "by" and c.low[verb].endswith("ed") and not c.quoted[verb + 1]:
        return noun_phrase_right(c, verb + 2)
    if n >= 0 and c.low[n] in {"is", "are", "was", "were", "be", "been", "being"} and not c.low[verb].endswith("ing"):
        for k in range(verb + 1, min(verb + 7, len(c) - 1)):
            if c.low[k] == "by" and not c.quoted[k]:
                return noun_phrase_right(c, k + 1)
            if k > verb + 2 and not (c.low[k] in t.ADVERBS or adverb(c, k) or c.low[k] in {"more", "less", "most"}):
                break
    return None


def _governor(c: Clause, n: int) -> int:
    """The verb that a "to" after token `n` hangs on: the nearest to the left that looks like one, else `n`."""
    for k in range(n, max(-1, n - 4), -1):
        if verbish(c, k) or row_of(lemma(c.low[k])) or (c.low[k] in IRREGULAR and c.low[k] != "according"):
            return k
    return n


def _main(c: Clause, verb: int, *, outermost: bool = False) -> Span | None:
    """The subject of an earlier verb of the sentence, the nearest first; else the phrase that opens it.

    With `outermost` the first verb of the clause that is not inside a subordinate one: whom "adding" goes with.
    """
    every = range(_part(c, verb), verb) if outermost else range(verb - 1, 0, -1)
    for n in every:
        if (
            n
            and not c.quoted[n]
            and verbish(c, n)
            and c.low[n - 1] not in _NO_VERB_AFTER
            and not c.low[n - 1].endswith(("'s", "’s"))
            and not _embedded(c, n)
            and c.subjects.get(n, 0) is not None
        ):
            found = subject(c, n)
            if found and found.last < verb and not (outermost and _subordinate(c, found)):
                return found
    return _opening(c, verb)


def _part(c: Clause, verb: int) -> int:
    """Where the coordinate part of the sentence that holds the verb begins: after ";" or ", but X"."""
    for n in range(verb - 2, 0, -1):
        if c.quoted[n]:
            continue
        if c.low[n] == ";":
            return n + 1
        if (
            c.low[n] == ","
            and c.low[n + 1] in {"but", "and", "while", "though", "although"}
            and n + 2 < verb
            and (is_name(c, n + 2) or c.low[n + 2] in t.STARTING)
        ):
            return n + 2
    return 0


def _subordinate(c: Clause, span: Span) -> bool:
    """Whether a subject stands in a clause that hangs on another: "when Ann said", "that Ann"."""
    before = c.low[span.first - 1] if span.first else ""
    return before in _INNER


_OPENERS = _LEADING | {"ahead", "according", "given", "asked"}


def _opening(c: Clause, verb: int) -> Span | None:
    """The phrase that opens the sentence, behind a first clause or adverbial that ends in a comma."""
    if not len(c) or c.quoted[0]:
        return None
    first = 0
    while first < verb and (c.low[first] in t.ADVERBS or c.low[first] in {"however", ",", "and", "but"}):
        first += 1
    if c.low[first] in _OPENERS or c.low[first].endswith("ing"):
        comma = next((k for k in range(first, verb) if c.low[k] in {",", "―"} and not c.quoted[k]), -1)
        if comma < 0:
            return None
        first = comma + 1
    return noun_phrase_right(c, first) if first < verb else None


def _embedded(c: Clause, verb: int) -> bool:
    """Whether a verb has a pronoun for subject that a clause word introduces: "for what he has done"."""
    n = verb - 1
    while n > 0 and (c.low[n] in t.AUXILIARIES or c.low[n] in t.ADVERBS or adverb(c, n)):
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
    if lemma(c.low[verb]) not in _INVERTING and c.low[verb] not in {"asked", "asks"}:
        return None
    if n < len(c) and c.low[n] in t.CLAUSE_WORDS:
        return None
    if not after_quote and n < len(c) and c.low[n] in t.SUBJECTS:
        return None
    if n < len(c) and (
        is_name(c, n)
        or (c.low[n] in t.STARTING and c.low[n] != "no")
        or c.low[n] in t.ROLE_NOUNS
        or c.word[n][0].isdigit()
        or (is_word(c, n) and is_name(c, n + 1))
        or c.low[n] in t.NUMBERS
    ):
        return noun_phrase_right(c, n)
    return None


def _before_apposition(c: Clause, comma: int) -> Span | None:
    for n in range(comma - 1, max(-1, comma - 30), -1):
        if c.quoted[n] and c.low[n] in _QUOTATION_MARKS:
            continue
        if c.low[n] == "," and not (n and c.word[n - 1][0].isdigit() and c.word[n + 1][0].isdigit()):
            between = range(n + 1, comma)
            if n and (is_word(c, n - 1) or c.low[n - 1] == ")") and c.low[n + 1] not in {"and", "but"}:
                found = noun_phrase_left(c, n - 1)
                if found and not is_name(c, found.last) and all(is_name(c, k) for k in between):
                    return Span(n + 1, comma - 1)  # "the bloc's chief diplomat, Kaja Kallas,"
                deeper = found and (c.low[found.first] in t.PREPOSITIONS or c.low[found.first].endswith("ing"))
                if deeper and is_name(c, n + 1):
                    return Span(n + 1, comma - 1)  # "After winning Ohio, Gov. Ann Lee (R), said"
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
