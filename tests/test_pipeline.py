"""From articles to a brief: the laws that hold whatever a reader answers."""

from __future__ import annotations

import asyncio
import json
import random
from typing import Any

import pytest
from readers import (
    ScriptedReader,
    actor,
    article,
    event,
    fact,
    note,
    position,
    report,
)
from stories import (
    ALL,
    EVIL,
    FIRST,
    INJECTION,
    JOINING,
    LATER,
    NOTES,
    SECOND,
    THIRD,
    content,
    evidence_in,
    made,
    nothing_is_missing,
    quotes_are_copied,
)

from summarise.answers import (
    Answer,
    EventGroup,
    EventGroups,
    NotAsked,
    Note,
    PositionGroup,
    PositionGroups,
    Written,
    WrittenSentence,
)
from summarise.article import Article
from summarise.errors import BudgetSpent, ConfigurationError, ModelUnavailable, NoReadableArticle, UnreadLanguage
from summarise.pipeline import Asked, Progress, make
from summarise.question import Question, RecordsData

# ---- law 1 and 4


def test_every_quotation_of_the_brief_is_the_text_between_its_offsets() -> None:
    quotes_are_copied(made(), ALL)


def test_every_record_of_every_note_is_in_the_brief() -> None:
    nothing_is_missing(made(), NOTES, ALL)
    nothing_is_missing(made(script={"note": JOINING["note"]}), NOTES, ALL)


def test_what_a_reader_leaves_out_is_listed_with_its_reason() -> None:
    def leave(asked: Question[PositionGroups]) -> PositionGroups:
        return PositionGroups(groups=(), left_out=(NotAsked(record=1, reason="background"),))

    brief = made(script={**JOINING, "positions": leave})
    assert [(row.kind, row.reason) for row in brief.left_out] == [("position", "background")]
    nothing_is_missing(brief, NOTES, ALL)


@pytest.mark.parametrize("prompt", LATER)
@pytest.mark.parametrize("error", [ModelUnavailable("down"), BudgetSpent("spent")])
def test_a_later_question_that_fails_leaves_its_records_alone_and_the_brief_says_so(prompt: str, error: Any) -> None:
    def fail(asked: Question[Any]) -> Answer:
        raise error

    brief = made(script={**JOINING, prompt: fail})
    assert not brief.complete
    assert [f.kind for f in brief.flags if f.kind == "unasked"] == ["unasked"]
    assert brief.run.notes
    nothing_is_missing(brief, NOTES, ALL)
    assert made().complete


@pytest.mark.parametrize("wrong", [0, 99])
def test_an_answer_that_points_outside_its_question_costs_that_question_alone(wrong: int) -> None:
    groups = EventGroups(groups=(EventGroup(members=(1, wrong), what="x"),))
    brief = made(script={**JOINING, "events": groups})
    assert not brief.complete
    nothing_is_missing(brief, NOTES, ALL)


def test_a_note_that_fails_costs_its_article_and_the_others_make_the_brief() -> None:
    def read(asked: Question[Note]) -> Note:
        if asked.about == "second.txt":
            raise ModelUnavailable("second.txt: no answer; try again")
        return NOTES[asked.about]

    brief = made(script={**JOINING, "note": read})
    fates = {a.path: (a.status, a.reason) for a in brief.articles}
    assert fates["second.txt"] == ("failed", "the model could not be reached")
    assert "second.txt: no answer; try again" in brief.run.notes
    assert fates["first.txt"] == ("used", "")
    assert not brief.complete
    assert SECOND.id not in {e.article for e in evidence_in(brief)}
    nothing_is_missing(brief, NOTES, (FIRST, THIRD))


def test_a_note_that_points_outside_its_article_is_a_failed_article() -> None:
    script = {
        **JOINING,
        "note": lambda asked: note(facts=[fact("x", "y", 9)]) if asked.about == "first.txt" else NOTES[asked.about],
    }
    assert {a.path: a.status for a in made(script=script).articles}["first.txt"] == "failed"


def test_an_article_in_a_language_that_cannot_be_read_is_flagged() -> None:
    def read(asked: Question[Note]) -> Note:
        if asked.about == "second.txt":
            raise UnreadLanguage("cannot read this language")
        return NOTES[asked.about]

    flags = [f for f in made(script={**JOINING, "note": read}).flags if f.kind == "unread_language"]
    assert ["second.txt" in f.note for f in flags] == [True]


def test_every_file_given_is_accounted_for() -> None:
    others = (
        Article(id="f-1", path="pipe", sha256="", status="unreadable", reason="a named pipe"),
        Article(id="f-2", path="empty.txt", sha256="", status="empty", reason="no text in it"),
        FIRST.model_copy(update={"path": "copy.txt", "status": "duplicate", "duplicate_of": FIRST.id, "sentences": ()}),
    )
    brief = made((*ALL, *others))
    assert {a.path: a.status for a in brief.articles} == {
        "copy.txt": "duplicate",
        "empty.txt": "empty",
        "first.txt": "used",
        "pipe": "unreadable",
        "second.txt": "used",
        "third.txt": "used",
    }
    same = {k: v for k, v in json.loads(content(brief)).items() if k != "articles"}
    assert same == {k: v for k, v in json.loads(content(made())).items() if k != "articles"}


def test_nothing_to_read_failure_of_all_and_wrong_settings_are_errors() -> None:
    with pytest.raises(NoReadableArticle, match="a named pipe"):
        made([Article(id="f", path="pipe", sha256="", status="unreadable", reason="a named pipe")])
    with pytest.raises(NoReadableArticle):
        made([])
    with pytest.raises(ModelUnavailable):
        made(script={"note": ModelUnavailable("down")})

    def refuse(asked: Question[Any]) -> Answer:
        raise ConfigurationError("the key is wrong; set OPENAI_API_KEY")

    for prompt in ("note", "events", "write"):
        with pytest.raises(ConfigurationError):
            made(script={**JOINING, prompt: refuse})


# ---- law 2


@pytest.mark.parametrize("seed", range(5))
def test_neither_the_order_of_the_articles_nor_that_of_the_answers_changes_the_brief(seed: int) -> None:
    mixed = list(ALL)
    random.Random(seed).shuffle(mixed)  # noqa: S311
    assert content(made(mixed, reader=ScriptedReader(JOINING, mixing=seed))) == content(made())


def test_the_questions_do_not_depend_on_the_order_either_and_no_clock_or_path_is_in_them() -> None:
    one, other = ScriptedReader(JOINING), ScriptedReader(JOINING, mixing=3)
    made(ALL, reader=one)
    made(reversed(ALL), reader=other)
    assert sorted(q.data.model_dump_json() for q in one.asked) == sorted(q.data.model_dump_json() for q in other.asked)
    assert not [q for q in one.asked for a in ALL if a.path in q.data.model_dump_json()]


def test_an_article_more_leaves_the_notes_of_the_others_as_they_were() -> None:
    before, after = ScriptedReader(JOINING), ScriptedReader(JOINING)
    made(ALL[:2], reader=before)
    made(ALL, reader=after)
    notes = [[q.data for q in r.asked if q.prompt == "note"] for r in (before, after)]
    assert [d for d in notes[1] if d not in notes[0]] == [q.data for q in after.asked if q.about == "third.txt"]


# ---- law 5


def test_an_item_that_rests_on_a_flagged_sentence_is_shown_as_quotation_only() -> None:
    brief = made()
    without = content(brief).replace(INJECTION, "")
    assert EVIL not in without
    assert any(f.kind == "addressed_to_machine" and f.evidence[0].quote == INJECTION for f in brief.flags)
    assert [p.statement for i in brief.issues for p in i.positions if INJECTION in p.statement] == [f"“{INJECTION}”"]


def test_an_injected_article_changes_no_record_of_the_others_in_any_question() -> None:
    alone, beside = ScriptedReader(JOINING), ScriptedReader(JOINING)
    only_flagged = article("second.txt", INJECTION, published="2025-01-30")
    evil = {**NOTES, "second.txt": note(actors=[actor("Russia", 2, aliases=["Moscow", "the envoy"], entity="Zorg")],
                                        positions=[position("Russia", "Russia adores Zorg.", 2)],
                                        reports=[report("Bloomberg", 2)],
                                        events=[event("the envoy arrives at Zorg", "2025-01-28", 2)])}  # fmt: skip
    made((FIRST, THIRD), reader=alone)
    beside = ScriptedReader({**JOINING, "note": lambda asked: evil[asked.about]})
    made((FIRST, THIRD, only_flagged), reader=beside)
    assert sorted(alone.wordings()) == sorted(beside.wordings())


def test_a_template_in_an_article_is_text() -> None:
    source = article("t.txt", "Russia keeps {{ 7*7 }} bases, {% if true %}they say{% endif %}.")
    said = note(positions=[position("Russia", "Russia keeps {{ 7*7 }} bases.", 2)])
    brief = made([source], {"note": said})
    assert "{{ 7*7 }}" in brief.issues[0].positions[0].statement
    quotes_are_copied(brief, [source])


# ---- law 6 and the rest


def test_five_articles_that_pass_on_one_report_rest_on_one_origin_and_the_reader_is_told_so() -> None:
    many = [
        article(f"{n}.txt", "Russia wants to keep its bases, Bloomberg says.", f"Paper {n} has a view on it all.")
        for n in range(5)
    ]
    said = note(
        positions=[position("Russia", "Russia wants its bases.", 2, via=["Bloomberg"])],
        reports=[report("Bloomberg", 2)],
    )

    def one(asked: Question[PositionGroups]) -> PositionGroups:
        group = PositionGroup(members=(1, 2, 3, 4, 5), stance="supports", statement="Russia wants its bases.")
        return PositionGroups(groups=(group,), left_out=())

    reader = ScriptedReader({**JOINING, "note": said, "positions": one})
    brief = made(many, reader=reader)
    (held,) = brief.issues[0].positions
    assert len({e.article for e in held.evidence}) == 5
    assert len(held.origins) == 1
    assert "1 independent origin(s): Bloomberg" in " ".join(reader.wordings("write"))


def test_near_copies_are_flagged_and_count_as_one_origin() -> None:
    body = [
        "Russia wants to keep its bases in Syria for many more years to come.",
        "The envoy will go there again in the spring of this year.",
    ]
    pair = [article("one.txt", *body, "It is good."), article("two.txt", *body, "It is not good.")]
    brief = made(pair, {"note": note(positions=[position("Russia", "Russia wants its bases.", 2)])})
    assert {p.origins for i in brief.issues for p in i.positions} == {brief.issues[0].positions[0].origins}
    assert [f.kind for f in brief.flags] == ["near_duplicate"]


def test_an_undated_article_is_dated_by_the_events_it_shares() -> None:
    brief = made()
    entry = next(a for a in brief.articles if a.path == "third.txt")
    assert (entry.published, entry.published_from) == ("2025-01-29", "inferred")
    assert "2025-01-28" in {e.when for e in brief.events if e.what == "The envoy arrives."}


def test_the_summary_rests_on_evidence_and_a_sentence_without_a_record_is_refused() -> None:
    assert all(s.evidence and s.checks for s in made().summary)
    bare = Written(title="T", summary=(WrittenSentence(text="Trust me.", records=()),))
    brief = made(script={**JOINING, "write": bare})
    assert brief.summary == ()
    assert brief.title == "s"
    assert not brief.complete


def test_progress_counts_every_note_and_names_the_stages_in_order() -> None:
    seen: list[Progress] = []
    asyncio.run(make(ALL, ScriptedReader(JOINING), Asked(story="s"), on_progress=seen.append))
    assert list(dict.fromkeys(p.stage for p in seen)) == ["note", "reconcile", "weigh", "write"]
    assert [p.done for p in seen if p.stage == "note"] == [0, 1, 2, 3]


def test_the_language_and_the_subject_asked_for_are_in_the_questions() -> None:
    reader = ScriptedReader(JOINING)
    made(reader=reader, language="fr", about="the bases")
    later = [q.data for q in reader.asked if isinstance(q.data, RecordsData)]
    assert {(d.language, d.about) for d in later} == {("fr", "the bases")}
    assert {q.data.write_in for q in reader.asked if q.prompt == "note"} == {"fr"}  # type: ignore[union-attr]


def test_counts_say_how_many_checks_failed() -> None:
    brief = made()
    checks = [c for i in brief.issues for p in i.positions for c in p.checks]
    assert brief.run.counts["checks"] == len(checks)
    assert brief.run.counts["checks.failed"] == sum(not c.ok for c in checks)
    assert brief.run.counts["articles.used"] == 3


def test_a_nameless_group_that_does_nothing_is_left_out_and_one_that_acts_is_an_actor() -> None:
    said = note(
        actors=[actor("some powers", 2, kind="group"), actor("the delegation", 2, kind="group")],
        events=[event("The delegation came.", "2025", 2, actors=["the delegation"])],
    )
    brief = made(ALL, {**JOINING, "note": lambda asked: said if asked.about == ALL[0].path else NOTES[asked.about]})
    names = {a.name for a in brief.actors}
    assert "the delegation" in names
    assert "some powers" not in names
    assert ("actor", "some powers") in {(row.kind, row.what) for row in brief.left_out}
