"""Which items of two versions of a brief are the same.

An id stays while an item's first record stays; where that record is gone, or another came before it, an item is known
by the sentences it rests on. Sentences are the same where they stand at the same place of the same article; in an
article that was corrected (same path, other text), where they have the same words. A sentence that a correction
reworded, or that another article has too, does not count as the same, but helps to find what belongs together.

Nothing here depends on which of the two versions is the earlier one, nor on the order of any list.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from summarise.contract import Brief, Disagreement, Evidence
from summarise.names import fold

ItemKind = Literal["actor", "position", "disagreement", "question", "event"]
Place = Hashable
"""A sentence as both versions have it."""

ENOUGH = 0.5
"""Share of the sentences of the item with fewer that two items must have in common."""
REWORDED = 0.5
"""Share of the words that a sentence and its corrected form must have in common."""
SAME_WORDS = 0.5
"""Share of the words of the shorter of two statements that make them speak of the same."""
_LONG = 24  # characters from which a sentence is hardly in two articles by chance
_QUOTATION_MARKS = str.maketrans({**dict.fromkeys("“”„‟«»", '"'), **dict.fromkeys("‘’‚‛", "'")})


@dataclass(frozen=True)
class Item:
    """One item of one version, as far as it is compared.

    `value` is what may change of it (name, stance, kind, status, day), `holder` the actor's id of a position, `rests`
    every sentence of it, `known_by` what it is recognised by, of a disagreement side by side.
    """

    kind: ItemKind
    id: str
    what: str
    text: str
    value: str
    rests: Mapping[Place, Evidence]
    known_by: tuple[frozenset[Place], ...]
    words: frozenset[str]
    place: int
    holder: str = ""
    names: frozenset[str] = frozenset()
    origins: int = 0

    @property
    def sentences(self) -> frozenset[Place]:
        return frozenset().union(*self.known_by)

    @property
    def signature(self) -> tuple[str, str, str, str, tuple[str, ...]]:
        """Tells any two items of one version apart that a reader could."""
        return (self.id, self.value, self.what, self.holder, tuple(sorted(map(repr, self.rests))))


Fits = Callable[[Item, Item], bool]


@dataclass(frozen=True)
class Pairs:
    """The items of one kind in two versions: those that are the same, and those that have no counterpart."""

    same: tuple[tuple[Item, Item], ...]
    gone: tuple[Item, ...]
    new: tuple[Item, ...]


class Sentences:
    """The sentences of two versions under names that both have; `corrected` maps ids of articles to their new ids."""

    def __init__(self, before: Brief, after: Brief, corrected: Mapping[str, str]) -> None:
        self._pair: dict[str, str] = {}
        for old, new in corrected.items():
            self._pair[old] = self._pair[new] = " ".join(sorted((old, new)))
        self._reworded: dict[tuple[str, str], str] = {}
        if corrected:
            old_quotes = self._quotes(before, set(corrected))
            new_quotes = self._quotes(after, set(corrected.values()))
            for article in sorted(set(self._pair.values())):
                self._align(article, old_quotes.get(article, set()), new_quotes.get(article, set()))

    def place(self, one: Evidence) -> Place:
        """What makes it the same piece of evidence in both versions."""
        if one.article in self._pair:
            return (self._pair[one.article], _written(one.quote))
        return (one.article, one.start, one.end)

    def trace(self, one: Evidence) -> Place:
        """What it is recognised by, in a corrected form and in another article, too."""
        text = self.reworded(one) or _written(one.quote)
        return text if len(text) >= _LONG else self.place(one)

    def reworded(self, one: Evidence) -> str | None:
        """What a sentence that a correction reworded and its corrected form have in common; None for any other."""
        pair = self._pair.get(one.article)
        return self._reworded.get((pair, _written(one.quote))) if pair is not None else None

    def _quotes(self, brief: Brief, articles: set[str]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for one in _evidence_of(brief):
            if one.article in articles:
                found.setdefault(self._pair[one.article], set()).add(_written(one.quote))
        return found

    def _align(self, article: str, old: set[str], new: set[str]) -> None:
        """Finds for each sentence that is gone the one it most likely became."""
        words = {text: words_of(text) for text in old ^ new}
        candidates = []
        for one in old - new:
            for other in new - old:
                alike = _share(words[one], words[other])
                if alike >= REWORDED:
                    candidates.append((-alike, min(one, other), max(one, other)))
        taken: set[str] = set()
        for _, one, other in sorted(candidates):
            if one not in taken and other not in taken:
                taken |= {one, other}
                # Longer than a sentence must be, so that it counts as one.
                self._reworded[article, one] = self._reworded[article, other] = f"{one}\n{other}".ljust(_LONG)


def items(brief: Brief, sentences: Sentences) -> dict[ItemKind, tuple[Item, ...]]:
    """All items of a version by kind, in the order of the brief."""
    names = {actor.id: actor.name for actor in brief.actors}

    def rests(evidence: Iterable[Evidence]) -> dict[Place, Evidence]:
        found: dict[Place, Evidence] = {}
        for one in evidence:
            found.setdefault(sentences.place(one), one)
        return found

    def known_by(*rows: Sequence[Evidence]) -> tuple[frozenset[Place], ...]:
        return tuple(frozenset(map(sentences.trace, row)) for row in rows if row)

    positions = [position for issue in brief.issues for position in issue.positions]
    return {
        "actor": tuple(
            Item(
                kind="actor",
                id=one.id,
                what=one.name,
                text=one.name,
                value=one.name,
                rests=rests(one.evidence),
                known_by=known_by(one.evidence),
                words=words_of(one.name),
                place=place,
                names=frozenset(filter(None, map(fold, (one.name, *one.aliases)))),
            )
            for place, one in enumerate(brief.actors)
        ),
        "position": tuple(
            Item(
                kind="position",
                id=one.id,
                what=f"{names.get(one.actor) or one.actor}: {one.statement}",
                text=one.statement,
                value=one.stance,
                rests=rests(one.evidence),
                known_by=known_by(one.evidence),
                words=words_of(one.statement),
                place=place,
                holder=one.actor,
                origins=len(one.origins),
            )
            for place, one in enumerate(positions)
        ),
        "disagreement": tuple(
            Item(
                kind="disagreement",
                id=one.id,
                what=one.summary,
                text=one.summary,
                value=one.kind,
                rests=rests(_side_by_side(one)),
                known_by=known_by(*(side.evidence for side in one.sides)),
                words=words_of(one.summary),
                place=place,
            )
            for place, one in enumerate(brief.disagreements)
        ),
        "question": tuple(question_items(brief, sentences)),
        "event": tuple(
            Item(
                kind="event",
                id=one.id,
                what=one.what,
                text=one.what,
                value=one.when,
                rests=rests(one.evidence),
                known_by=known_by(one.evidence),
                words=words_of(one.what),
                place=place,
            )
            for place, one in enumerate(brief.events)
        ),
    }


def question_items(brief: Brief, sentences: Sentences) -> Iterator[Item]:
    """The questions of a version; they rest on what answers them, too, but are known by what opens them."""
    for place, one in enumerate(brief.open_questions):
        rests: dict[Place, Evidence] = {}
        for quote in (*one.answered_by, *one.evidence):
            rests.setdefault(sentences.place(quote), quote)
        yield Item(
            kind="question",
            id=one.id,
            what=one.question,
            text=one.question,
            value=one.status,
            rests=rests,
            known_by=(frozenset(map(sentences.trace, one.evidence)),) if one.evidence else (),
            words=words_of(one.question),
            place=place,
        )


def pair(before: Sequence[Item], after: Sequence[Item], fits: Fits = lambda one, other: True) -> Pairs:
    """Finds the counterparts, one to one: by id, then by evidence (what has most in common first), actors by name last.

    `fits` says whether two items may be one at all.
    """
    same: list[tuple[Item, Item]] = []
    old = sorted(before, key=lambda item: item.signature)
    new = sorted(after, key=lambda item: item.signature)
    for join in (_by_id, _by_evidence, _by_name):
        found = list(join(old, new, fits))
        taken = {id(item) for two in found for item in two}
        old = [item for item in old if id(item) not in taken]
        new = [item for item in new if id(item) not in taken]
        same += found
    return Pairs(same=tuple(same), gone=tuple(old), new=tuple(new))


def joined(gone: Iterable[Item], same: Iterable[tuple[Item, Item]], fits: Fits) -> list[tuple[Item, Item, Item]]:
    """Items without a counterpart that are told within another one in the other version: it, that one, and that one's
    own counterpart.
    """
    found = []
    by_sentence: dict[Place, list[tuple[Item, Item]]] = {}
    for own, whole in same:
        for sentence in whole.sentences:
            by_sentence.setdefault(sentence, []).append((own, whole))
    for item in gone:
        near = {id(whole): (own, whole) for sentence in item.sentences for own, whole in by_sentence.get(sentence, ())}
        candidates = [(own, whole) for own, whole in near.values() if fits(item, whole) and _within(item, own, whole)]
        if candidates:
            own, whole = min(candidates, key=lambda c: (-_alike(item, c[1]), c[1].signature))
            found.append((item, own, whole))
    return found


def words_of(text: str) -> frozenset[str]:
    """The words of a text that can tell it from others."""
    found = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    return frozenset(word for word in found if len(word) > 3 or not word.isascii() or word.isdigit())


def same_words(one: Item, other: Item) -> bool:
    """Whether two statements speak of the same."""
    shared = len(one.words & other.words)
    return shared > 0 and shared >= SAME_WORDS * min(len(one.words), len(other.words))


# ---- ways of being the same


def _by_id(old: Sequence[Item], new: Sequence[Item], fits: Fits) -> Iterator[tuple[Item, Item]]:
    by_id: dict[str, list[Item]] = {}
    for item in new:
        by_id.setdefault(item.id, []).append(item)
    for item in old:
        found = next((other for other in by_id.get(item.id, ()) if fits(item, other)), None)
        if found is not None:
            by_id[item.id] = [other for other in by_id[item.id] if other is not found]
            yield item, found


def _by_evidence(old: Sequence[Item], new: Sequence[Item], fits: Fits) -> list[tuple[Item, Item]]:
    by_sentence: dict[Place, list[int]] = {}
    for at, item in enumerate(new):
        for sentence in item.sentences:
            by_sentence.setdefault(sentence, []).append(at)
    candidates = []
    for n, item in enumerate(old):
        near = {at for sentence in item.sentences for at in by_sentence.get(sentence, ())}
        for at in near:
            other = new[at]
            if _overlaps(item, other) and _may_be(item, other) and fits(item, other):
                candidates.append((-_alike(item, other), sorted((item.signature, other.signature)), n, at))
    chosen: list[tuple[Item, Item]] = []
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for _, _, n, at in sorted(candidates):
        if n not in taken_old and at not in taken_new:
            taken_old.add(n)
            taken_new.add(at)
            chosen.append((old[n], new[at]))
    return chosen


def _by_name(old: Sequence[Item], new: Sequence[Item], fits: Fits) -> Iterator[tuple[Item, Item]]:
    """Actors whose sentences are all others now: the same name, where nobody else has it."""

    def only(rows: Sequence[Item]) -> dict[str, Item]:
        found: dict[str, list[Item]] = {}
        for item in rows:
            if item.kind == "actor" and fold(item.what):
                found.setdefault(fold(item.what), []).append(item)
        return {name: held[0] for name, held in found.items() if len(held) == 1}

    earlier, later = only(old), only(new)
    for name in sorted(earlier.keys() & later.keys()):
        if fits(earlier[name], later[name]):
            yield earlier[name], later[name]


def _overlaps(one: Item, other: Item) -> bool:
    """Enough sentences in common; two disagreements must have some of two sides in common."""
    a, b = one.sentences, other.sentences
    if len(a & b) < ENOUGH * min(len(a), len(b)) or not a & b:
        return False
    return one.kind != "disagreement" or (_sides_met(one, b) and _sides_met(other, a))


def _sides_met(item: Item, sentences: frozenset[Place]) -> bool:
    return sum(bool(side & sentences) for side in item.known_by) >= min(2, len(item.known_by))


def _may_be(one: Item, other: Item) -> bool:
    """What sentences alone do not settle: one sentence tells of several actors, stands and days."""
    if one.kind == "actor":
        return bool(one.names & other.names)
    if one.kind in ("position", "event"):
        return (one.value == other.value != "") or same_words(one, other)
    return True


def _within(item: Item, own: Item, whole: Item) -> bool:
    """Whether `item` is told as a part of `whole`, whose counterpart in the version of `item` is `own`."""
    if not _overlaps(item, whole) or not _may_be(item, whole):
        return False
    if item.kind == "actor":
        return True
    if item.kind == "position" and item.value != whole.value:
        return False
    # A sentence that `own` has, too, does not show that the two became one.
    return bool((item.sentences & whole.sentences) - own.sentences) or same_words(item, whole)


def _alike(one: Item, other: Item) -> float:
    """How much two items have in common: sentences, the value, the words."""
    evidence = _share(one.sentences, other.sentences)
    return evidence + 0.5 * (one.value == other.value) + _share(one.words, other.words)


def _share(one: frozenset[Hashable] | frozenset[str], other: frozenset[Hashable] | frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


# ---- pieces


def _written(quote: str) -> str:
    """Words as written, whatever the white space and the form of quotation marks."""
    return " ".join(unicodedata.normalize("NFKC", quote.translate(_QUOTATION_MARKS)).split())


def _side_by_side(one: Disagreement) -> Iterator[Evidence]:
    """The first sentence of every side, then the second ones."""
    for depth in range(max((len(side.evidence) for side in one.sides), default=0)):
        for side in one.sides:
            if depth < len(side.evidence):
                yield side.evidence[depth]


def _evidence_of(brief: Brief) -> Iterator[Evidence]:
    for actor in brief.actors:
        yield from actor.evidence
    for issue in brief.issues:
        for position in issue.positions:
            yield from position.evidence
    for disagreement in brief.disagreements:
        yield from _side_by_side(disagreement)
    for question in brief.open_questions:
        yield from (*question.evidence, *question.answered_by)
    for event in brief.events:
        yield from event.evidence
