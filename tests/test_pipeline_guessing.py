"""From articles to a brief, with notes and answers of every kind: the laws hold whatever a reader says."""

from __future__ import annotations

import hashlib
import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from readers import (
    NOTHING,
    Script,
    ScriptedReader,
    actor,
    event,
    fact,
    note,
    position,
    question,
    report,
)
from stories import ALL, EVIL, JOINING, content, evidence_in, made, nothing_is_missing, quotes_are_copied

from summarise.answers import (
    Account,
    Accounts,
    ActorGroup,
    ActorGroups,
    Answer,
    Disagreements,
    EventGroup,
    EventGroups,
    IssueGroup,
    IssueGroups,
    NotAsked,
    Note,
    PositionGroup,
    PositionGroups,
    QuestionGroup,
    QuestionGroups,
    ReportGroup,
    ReportGroups,
    WeighedDisagreement,
    WeighedSide,
    Written,
    WrittenSentence,
)
from summarise.article import Article
from summarise.question import Question, RecordsData


def guessed(asked: Question[Any]) -> Answer:
    """Some valid answer to a later question, a function of the question alone."""
    assert isinstance(asked.data, RecordsData)
    seed = hashlib.sha256(f"{asked.prompt}{asked.data.model_dump_json()}".encode()).digest()
    chance = random.Random(seed)  # noqa: S311
    left = [r.number for r in asked.data.records]
    chance.shuffle(left)
    lists: list[tuple[int, ...]] = []
    while left:
        size = chance.randrange(1, 4)
        lists.append(tuple(left[:size]))
        left = left[size:]
    lists = lists[: chance.randrange(1, 4)]
    if asked.prompt == "actors":
        return ActorGroups(groups=tuple(ActorGroup(members=m, name="N", reason="r") for m in lists))
    if asked.prompt == "reports":
        return ReportGroups(groups=tuple(ReportGroup(members=m, report="R") for m in lists))
    if asked.prompt == "events":
        return EventGroups(groups=tuple(EventGroup(members=m, what="W") for m in lists))
    if asked.prompt == "issues":
        return IssueGroups(groups=tuple(IssueGroup(members=m, title=f"T{n % 2}") for n, m in enumerate(lists)))
    out = tuple(NotAsked(record=n, reason="none") for n in lists[-1])
    if asked.prompt == "positions":
        groups = tuple(PositionGroup(members=m, stance="assesses", statement="S") for m in lists[:-1])
        answer = PositionGroups(groups=groups, left_out=out)
        return PositionGroups(groups=(), left_out=out) if asked.faults(answer) else answer
    if asked.prompt == "questions":
        asking = tuple(QuestionGroup(members=m, question="Q", why_open="", settled_by="") for m in lists[:-1])
        return QuestionGroups(groups=asking, left_out=out)
    if asked.prompt in ("disagreements", "accounts") and len(lists) > 1:
        sides = tuple(WeighedSide(statement="S", members=m) for m in lists)
        if asked.prompt == "accounts":
            return Accounts(accounts=(Account(summary="D", sides=sides),))
        return Disagreements(disagreements=(WeighedDisagreement(kind="between_actors", summary="D", sides=sides),))
    if asked.prompt == "write":
        return Written(title="T", summary=tuple(WrittenSentence(text="X", records=m) for m in lists))
    return NOTHING[asked.prompt]


GUESSING: dict[str, Script] = dict.fromkeys(NOTHING, guessed)
SENTENCES = st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple)
NAMES = st.sampled_from(
    ["Russia", "Moscow", "Turkey", "the envoy", "Vladimir Putin", "Putin", "a source", "", ".", "he", "Zorg"]
)
WORDS = st.sampled_from(
    ["Russia keeps the bases", "the bases", "Who pays for the bases?", "not 5", "{{ 7*7 }}", "Bloomberg", ""]
)
WHEN = st.sampled_from(
    ["Tue", "Wed", "-1d", "2025-01-28", "--01-28", "-1m", "", "soon", "../Tue", "0001-01-01/..", "9998-12-31/.."]
)
KINDS = st.sampled_from(["person", "government", "group"])
NOTED = st.builds(
    note,
    actors=st.lists(
        st.builds(lambda n, s, k, e: actor(n, *s, kind=k, entity=e), NAMES, SENTENCES, KINDS, NAMES), max_size=3
    ),
    positions=st.lists(
        st.builds(
            lambda n, w, s, t, v, d: position(n, w, *s, topic=t, via=v, said_on=d),
            NAMES,
            WORDS,
            SENTENCES,
            WORDS,
            st.lists(NAMES, max_size=2),
            WHEN,
        ),
        max_size=4,
    ),
    facts=st.lists(st.builds(lambda a, v, s: fact(a, v, *s), WORDS, WORDS, SENTENCES), max_size=2),
    questions=st.lists(st.builds(lambda w, s: question(w, *s), WORDS, SENTENCES), max_size=3),
    events=st.lists(
        st.builds(lambda w, d, s, n: event(w, d, *s, actors=[n]), WORDS, WHEN, SENTENCES, NAMES), max_size=4
    ),
    reports=st.lists(st.builds(lambda n, s: report(n, *s), NAMES, SENTENCES), max_size=2),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.tuples(NOTED, NOTED, NOTED), st.permutations(ALL), st.integers(0, 99))
def test_whatever_is_noted_and_answered_the_laws_hold(
    notes: tuple[Note, Note, Note], order: list[Article], seed: int
) -> None:
    by_path = {a.path: said for a, said in zip(ALL, notes, strict=True)}
    script = {**GUESSING, "note": lambda asked: by_path[asked.about]}
    brief = made(ALL, script)
    assert content(made(order, reader=ScriptedReader(script, mixing=seed))) == content(brief)
    assert brief.complete
    if evidence_in(brief):
        quotes_are_copied(brief, ALL)
    nothing_is_missing(brief, by_path, ALL)
    ids = [
        i.id
        for i in (
            *brief.actors,
            *brief.issues,
            *brief.disagreements,
            *brief.open_questions,
            *brief.events,
            *brief.facts,
            *brief.origins,
        )
    ]
    ids += [p.id for i in brief.issues for p in i.positions]
    assert len(set(ids)) == len(ids)
    positions = [p for i in brief.issues for p in i.positions]
    assert {p.actor for p in positions} | {a for e in brief.events for a in e.actors} <= {a.id for a in brief.actors}
    assert {o for p in positions for o in p.origins} <= {o.id for o in brief.origins}
    assert all(p.origins for p in positions)
    assert {p for d in brief.disagreements for s in d.sides for p in s.positions} <= {p.id for p in positions}


def test_the_wording_of_flagged_records_goes_into_no_later_question() -> None:
    for script in (JOINING, {**GUESSING, "note": JOINING["note"]}):
        reader = ScriptedReader(script)
        made(reader=reader)
        assert {q.prompt for q in reader.asked} >= {"actors", "issues", "events", "reports", "accounts", "write"}
        assert not [w for w in reader.wordings() if EVIL in w]
