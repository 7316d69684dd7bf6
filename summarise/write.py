"""Write: a title and a summary, each sentence with the evidence of the items it names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from summarise.answers import Written
from summarise.asking import Desk, Line, weight
from summarise.check import check, honest, names_in, numbers_in, words_of
from summarise.contract import Actor, Disagreement, Event, Evidence, Issue, OpenQuestion, Origin, SummarySentence
from summarise.records import gathered

_NAMELESS = "an actor named in a passage that talks to a machine"
_MOST_TOKENS = 16_000  # of the records that the summary is written from
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
            basis = "; ".join(f"({o.kind})" if o.id in hidden else f"{o.report} ({o.kind})" for o in rests)
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
    items = _within(found, min(_MOST_TOKENS, desk.largest))
    if not items:
        return Draft("", ())
    lines = [item.line for item in items]

    def unsupported(answer: Written) -> list[str]:
        return [
            f"sentence {n} of the summary names no record" for n, s in enumerate(answer.summary, 1) if not s.records
        ]

    answer = await desk.records(
        "write", "the summary", lines, Written, lambda a: (s.records for s in a.summary), unsupported
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
