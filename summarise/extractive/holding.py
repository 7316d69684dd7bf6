"""Positions: which attributions of an article are somebody's stand, whose, and through whom it came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from summarise.answers import NotedPosition
from summarise.contract import Stance
from summarise.extractive import tables as t
from summarise.extractive.clause import Clause
from summarise.extractive.mentions import Cast
from summarise.extractive.moments import moments
from summarise.extractive.reports import media_in
from summarise.extractive.speech import (
    PLAIN,
    Attribution,
    attributions,
    complement,
    in_relative,
    is_wish,
    modal,
    outer,
    says,
)
from summarise.extractive.stance import stance_of
from summarise.extractive.tables import words as table
from summarise.extractive.words import STOP, content, overlap, owner, stem, tokens, trim
from summarise.names import fold

_SURE = 0.5  # likelihood from which a cue that takes no side makes a position
_WISH = 0.15  # the same where the cue itself takes a side ("opposes")
_NO_STAND = table(
    "show find see read hear call meet visit watch know remember wonder list name estimate count face look hold"
)
_BEFORE_A_NOUN = t.OPENING | t.PREPOSITIONS
_NO_NOUN = t.STARTING | t.PREPOSITIONS | t.SUBORDINATORS
_PAIR = 0.3  # shared content words over which a quotation belongs to the indirect speech before it


@dataclass(frozen=True)
class Held:
    """A position in the making: the actor's key, the sentences, and what the answer needs."""

    actor: str
    number: int
    base: str
    stance: Stance
    statement: str
    said: str
    quoted: bool
    via: tuple[str, ...]
    said_on: str
    sentences: tuple[int, ...]


def held_positions(
    clauses: dict[int, Clause], cast: Cast, skip: frozenset[int], outlet: str = "", title: str = ""
) -> tuple[Held, ...]:
    """All positions of an article, in its order; `skip` are sentences that nothing may be taken from."""
    found: list[Held] = []
    for number, c in clauses.items():
        if number in skip or c.text.strip() == title or (c.word[-1] == "?" and not any(c.quoted)):
            continue  # a headline says what the article says below; a question states nothing
        found += _of_sentence(c, number, cast, fold(outlet))
    return _with_quotations(found)


def _of_sentence(c: Clause, number: int, cast: Cast, own: str) -> list[Held]:
    cast.see(number)
    cues = attributions(c, _WISH)
    speakers: dict[int, str] = {}
    for a in cues:
        speakers[a.cue] = cast.actor_of(a.speaker, number) if a.likely >= _sure(a) or (is_wish(a) and a.speaker) else ""
    strong = tuple(sorted((a for a in cues if _takes_a_stand(c, a)), key=lambda a: in_relative(c, a)))
    found: dict[str, Held] = {}
    for a in strong:
        actor = speakers[a.cue]
        if not actor or cast.actors[actor].kind == "media":
            continue
        over = outer(c, a, tuple(b for b in cues if b.likely >= _sure(b)))
        via = media_in(c.text) if cast.unnamed(actor) or over else []
        if over is not None:
            above = speakers[over.cue]
            if above and above == actor:
                continue
            medium = bool(above) and (cast.actors[above].kind == "media" or cast.unnamed(above))
            if above and not medium:
                continue
            if medium and (modal(c, a.cue) or cast.unnamed(actor)) and not is_wish(a):
                continue
            if medium and cast.unnamed(above):
                via = [cast.actors[above].name, *via]
        if actor in found:
            continue
        found[actor] = Held(
            actor=actor,
            number=number,
            base=a.base,
            stance=stance_of(c, a),
            statement=trim(c.text),
            said=complement(c, a),
            quoted=_quotes(c),
            via=tuple(dict.fromkeys(v for v in via if v != cast.actors[actor].name and fold(v) != own)),
            said_on=_said_on(c, a),
            sentences=(number,),
        )
    # an unnamed source that only tells what somebody did is the way it came, not a holder of its own
    carried = {v for h in found.values() for v in h.via}
    return [h for h in found.values() if not (cast.unnamed(h.actor) and cast.actors[h.actor].name in carried)]


def _sure(a: Attribution) -> float:
    return 0.3 if a.base in PLAIN else _SURE


def _takes_a_stand(c: Clause, a: Attribution) -> bool:
    if a.base in _NO_STAND or not a.speaker or _passive(c, a) or _participle_adjective(c, a.cue):
        return False
    if is_wish(a) and a.likely >= _WISH and c.low[a.cue] not in {"fight", "push", "press", "charge"}:
        return a.likely >= _SURE or not (modal(c, a.cue) or c.low[a.cue].endswith("ing"))
    return a.likely >= _sure(a) and (says(a) or a.row in {"supports", "opposes", "_say"} or a.likely > 0.75)


def _passive(c: Clause, a: Attribution) -> bool:
    """ "was charged", "is said to be": the subject is not the one who says it."""
    n = a.cue - 1
    while n > 0 and (c.low[n] in t.ADVERBS or c.low[n].endswith("ly")):
        n -= 1
    being = n >= 0 and c.low[n] in {"is", "are", "was", "were", "be", "been", "being"}
    finite = c.low[a.cue].endswith("ed") or c.low[a.cue] in {
        "said",
        "told",
        "seen",
        "known",
        "thought",
        "held",
        "found",
    }
    return being and finite and a.row != "_attitude" and (a.span is None or a.span.first < a.cue)


def _participle_adjective(c: Clause, cue: int) -> bool:
    """ "alleged collusion", "the proposed law": no verb at all."""
    after = c.low[cue + 1] if cue + 1 < len(c) else ""
    before = c.low[cue - 1] if cue else ""
    return c.low[cue].endswith("ed") and before in _BEFORE_A_NOUN and after.isalpha() and after not in _NO_NOUN


def _quotes(c: Clause) -> bool:
    return sum(q and w[0].isalnum() for q, w in zip(c.quoted, c.word, strict=True)) >= 3


def _said_on(c: Clause, a: Attribution) -> str:
    for m in moments(c.text):
        first = next((n for n in range(len(c)) if c.start[n] >= m.start), len(c))
        if -4 <= first - a.cue <= 5 and "/" not in m.when:
            between = c.low[min(first, a.cue) : max(first, a.cue)]
            if "that" not in between:
                return m.when
    return ""


def _with_quotations(found: Sequence[Held]) -> tuple[Held, ...]:
    """A quotation right after indirect speech of the same actor about the same goes to it."""
    out: list[Held] = []
    for h in found:
        before = next((b for b in reversed(out) if b.actor == h.actor), None)
        if before and 0 < h.number - before.sentences[-1] <= 1 and (h.quoted or before.quoted):
            shared = content(h.said) & content(before.said)
            if len(shared) >= 2 and overlap(content(h.said), content(before.said)) >= _PAIR:
                out[out.index(before)] = replace(
                    before, sentences=(*before.sentences, h.number), quoted=before.quoted or h.quoted
                )
                continue
        out.append(h)
    return tuple(out)


def noted(held: Sequence[Held], cast: Cast, frequency: Counter[str]) -> tuple[NotedPosition, ...]:
    return tuple(
        NotedPosition(
            actor=cast.actors[h.actor].name,
            topic=topic(h.said or h.statement, frequency),
            stance=h.stance,
            statement=h.statement,
            quoted=h.quoted,
            via=h.via,
            said_on=h.said_on,
            sentences=h.sentences,
        )
        for h in held
    )


_LENGTH = {1: 0.8, 2: 1.0, 3: 0.85, 4: 0.7}  # a heading of two words reads best


def topic(text: str, frequency: Counter[str]) -> str:
    """A short heading: the run of content words (joined by "of", "in", "the") whose stems the article uses most."""
    runs: list[list[str]] = [[]]
    for word in tokens(text):
        low = word.lower()
        if low in STOP and not (low in {"of", "the", "in", "on"} and runs[-1]):
            runs.append([])
        else:
            runs[-1].append(word)
    best, score = "", 0.0
    for run in runs:
        while run and run[-1].lower() in STOP:
            run.pop()
        counts = [w.lower() not in STOP for w in run]
        weight = [min(frequency[stem(w)], 6) ** 0.5 if counted else 0.0 for w, counted in zip(run, counts, strict=True)]
        bounds = [counted and not _verbal(w) for w, counted in zip(run, counts, strict=True)]
        for first in range(len(run)):
            for last in range(first, min(len(run), first + 5)) if bounds[first] else ():
                if len(run[last]) < 2:
                    break
                if not bounds[last]:
                    continue
                carrying = sum(counts[first : last + 1])
                value = sum(weight[first : last + 1]) * _LENGTH.get(carrying, 0.5)
                if value > score:
                    best, score = " ".join(run[first : last + 1]), value
    best = owner(best) or " ".join([w for w in tokens(text) if len(w) > 1 and w.lower() not in STOP][:3])
    return best[:1].upper() + best[1:] if best else "Statements"


def _verbal(word: str) -> bool:
    return word.islower() and (
        word.endswith("ing") or word.endswith(("ed", "ly")) or word in t.AUXILIARIES or word in t.ADVERBS
    )
