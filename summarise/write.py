"""Write: a title and a summary, each sentence with the evidence of the items it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from summarise.answers import Written
from summarise.asking import Desk, Line, all_of, weight
from summarise.blocks import parts
from summarise.check import check, honest, names_in, numbers_in, words_of
from summarise.contract import Actor, Disagreement, Event, Evidence, Issue, OpenQuestion, Origin, SummarySentence
from summarise.records import gathered

_NAMELESS = "an actor named in a passage that talks to a machine"
_MOST_TOKENS = 16_000  # of the records that the summary is written from
_CHOSEN_FROM = 4  # times what one question holds, up to which the items told by most articles are chosen
_ROUNDS = 12  # in each the text shrinks to a small part: more are never needed
_SHRINKS = 0.8  # share of the text that a round may leave at most
_ORIGINS = 40  # of one position that are named
_EVIDENCE = 8  # sentences shown under one sentence of the summary


@dataclass(frozen=True)
class Draft:
    """The title and the summary; the title is empty where the reader had no answer."""

    title: str
    summary: tuple[SummarySentence, ...]


@dataclass(frozen=True)
class _Item:
    line: Line
    evidence: tuple[Evidence, ...]


def _items(
    issues: Sequence[Issue],
    actors: Sequence[Actor],
    disagreements: Sequence[Disagreement],
    questions: Sequence[OpenQuestion],
    events: Sequence[Event],
    origins: Sequence[Origin],
    hidden: frozenset[str],
) -> list[_Item]:
    names = {a.id: _NAMELESS if a.id in hidden else a.name for a in actors}
    origin_of = {o.id: o for o in origins}
    items = [
        _Item(Line("disagreement", d.summary), gathered([s.evidence for s in d.sides]))
        for d in disagreements
        if d.id not in hidden
    ]
    for issue in issues:
        for p in issue.positions:
            if p.id in hidden:
                continue
            rests = [origin_of[o] for o in p.origins if o in origin_of]
            basis = "; ".join(f"({o.kind})" if o.id in hidden else f"{o.report} ({o.kind})" for o in rests[:_ORIGINS])
            basis += f"; and {len(rests) - _ORIGINS} more" if len(rests) > _ORIGINS else ""
            said = f", {p.said_on}" if p.said_on else ""
            text = f"{issue.title}: {names[p.actor]} ({p.stance}{said}): {p.statement}"
            items.append(_Item(Line("position", f"{text} [{len(rests)} independent origin(s): {basis}]"), p.evidence))
    holders = {p.actor for issue in issues for p in issue.positions if p.id not in hidden}
    items += [
        _Item(Line("actor", f"{a.name}: {a.role}"), a.evidence)
        for a in actors
        if a.role and a.id in holders and a.id not in hidden
    ]
    items += [
        _Item(Line("question", f"{q.question} — {q.why_open} ({q.status})"), q.evidence)
        for q in questions
        if q.id not in hidden
    ]
    items += [
        _Item(Line("event", f"{e.when or 'undated'}: {e.what}"), e.evidence) for e in events if e.id not in hidden
    ]
    items += [
        _Item(Line("origin", f"{o.report} ({o.kind}): passed on by {len(o.articles)} article(s)"), o.evidence)
        for o in origins
        if len(o.articles) > 1 and o.id not in hidden
    ]
    return items


async def _condensed(items: Sequence[_Item], desk: Desk, most: int) -> list[_Item]:
    """Items that one question can hold: of a few more than that those that rest on the most articles; else what is
    said of all of them part by part, in as many rounds as it takes.

    The parts of a round are asked about side by side. One without an answer is told by those of its items that rest
    on the most articles.
    """
    rows = list(items)
    for _ in range(_ROUNDS):
        if sum(weight(item.line) for item in rows) <= _CHOSEN_FROM * most:
            return _within(rows, most)
        order = {id(item): n for n, item in enumerate(rows)}
        blocks = parts(
            rows,
            key=lambda item: f"{item.line.label}\n{item.line.text}",
            weight=lambda item: weight(item.line),
            largest=most,
        )
        blocks = [sorted(block, key=lambda item: order[id(item)]) for block in blocks]
        blocks.sort(key=lambda block: order[id(block[0])])
        told = await all_of(_told(block, desk) for block in blocks)
        if sum(weight(item.line) for block in told for item in block) > _SHRINKS * sum(weight(i.line) for i in rows):
            break
        rows = [item for block in told for item in block]
    return _within(rows, most)


async def _told(block: Sequence[_Item], desk: Desk) -> list[_Item]:
    """What the summary of some items says, sentence by sentence, as items."""
    lines = [item.line for item in block]
    answer = await desk.records(
        "write", "a part of the summary", lines, Written, lambda a: (s.records for s in a.summary), _unsupported
    )
    if answer is None:
        return _within(block, max(1, sum(map(weight, lines)) // 10)) or list(block[:1])
    rows: list[_Item] = []
    for given in answer.summary:
        held = [block[n - 1] for n in dict.fromkeys(given.records)]
        evidence = _bearing_out(given.text, gathered([item.evidence for item in held]))
        labels = Counter(item.line.label for item in held)
        rows.append(_Item(Line(labels.most_common(1)[0][0], honest(given.text, evidence)), evidence))
    return rows


def _unsupported(answer: Written) -> list[str]:
    return [f"sentence {n} of the summary names no record" for n, s in enumerate(answer.summary, 1) if not s.records]


def _within(items: Sequence[_Item], most: int) -> list[_Item]:
    """As many items as fit: disagreements first, then by how many articles they rest on; in their own order again."""
    ranked = sorted(
        range(len(items)),
        key=lambda n: (items[n].line.label != "disagreement", -len({e.article for e in items[n].evidence}), n),
    )
    kept: set[int] = set()
    total = 0
    for n in ranked:
        total += weight(items[n].line)
        if total > most:
            break
        kept.add(n)
    return [item for n, item in enumerate(items) if n in kept]


def _bearing_out(text: str, rows: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The first of the sentences, and those of the others that hold a name or number of the text not yet shown."""
    kept = list(rows[:_EVIDENCE])
    wanted = names_in(text) | numbers_in(text)
    shown = " ".join(e.quote for e in kept)
    wanted -= set(words_of(shown)) | numbers_in(shown)
    for row in rows[_EVIDENCE:]:
        more = wanted & (set(words_of(row.quote)) | numbers_in(row.quote))
        if more:
            kept.append(row)
            wanted -= more
    return tuple(kept)


async def write(
    issues: Sequence[Issue],
    actors: Sequence[Actor],
    disagreements: Sequence[Disagreement],
    questions: Sequence[OpenQuestion],
    events: Sequence[Event],
    origins: Sequence[Origin],
    desk: Desk,
    *,
    hidden: frozenset[str],
    english: Callable[[Sequence[Evidence]], bool],
) -> Draft:
    """Title and summary. `hidden`: ids of items that rest on flagged sentences: their wording goes into no question.

    `english` tells whether a sentence of the summary and its evidence are both English.
    """
    found = _items(issues, actors, disagreements, questions, events, origins, hidden)
    items = await _condensed(found, desk, min(_MOST_TOKENS, desk.largest))
    if not items:
        return Draft("", ())
    lines = [item.line for item in items]
    answer = await desk.records(
        "write", "the summary", lines, Written, lambda a: (s.records for s in a.summary), _unsupported
    )
    if answer is None:
        return Draft("", ())
    known = [n for a in actors for n in (a.name, *a.aliases)] + [o.report for o in origins] + [e.when for e in events]
    sentences: list[SummarySentence] = []
    for given in answer.summary:
        evidence = _bearing_out(given.text, gathered([items[n - 1].evidence for n in dict.fromkeys(given.records)]))
        text = honest(given.text, evidence)
        checks = check(text, evidence, known=known, english=english(evidence))
        sentences.append(SummarySentence(text=text, evidence=evidence, checks=checks))
    return Draft(honest(answer.title.strip(), [e for item in items for e in item.evidence]), tuple(sentences))
