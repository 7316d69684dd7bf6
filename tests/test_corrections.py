"""What a person says holds: over the model, over the code's own joins, and over every article that arrives."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from readers import Script, ScriptedReader, actor, article, event, fact, note, numbers, position, question
from stories import ALL, EVIL, FIRST, INJECTION, JOINING, NOTES, SECOND, THIRD, content, nothing_is_missing, places
from stories import quotes_are_copied as quotes_are_copied_in

from summarise.answers import (
    ActorGroup,
    ActorGroups,
    Disagreements,
    NotAsked,
    PositionGroup,
    PositionGroups,
    QuestionGroups,
    WeighedDisagreement,
    WeighedSide,
)
from summarise.article import Article
from summarise.contract import Brief, Position
from summarise.overrides import (
    Close,
    Drop,
    Join,
    Override,
    Overrides,
    Part,
    Pin,
    Refile,
    Rename,
    Wrong,
)
from summarise.pipeline import Asked, make
from summarise.question import Question

RUSSIA = "Russia wants to keep its bases in Syria, Bloomberg reports."
TURKEY = "Turkey opposes the Russian bases, its minister said."
MOSCOW = "Moscow will keep the bases, according to Bloomberg."
PAYS = "Nobody knows who will pay for the bases in Syria."
WILL_PAY = "The government in Damascus will pay for the bases in Syria."


def corrected(
    *said: Override,
    articles: Iterable[Article] = ALL,
    script: Mapping[str, Script] = JOINING,
    reader: ScriptedReader | None = None,
) -> Brief:
    asked = Asked(story="s", overrides=Overrides(said))
    return asyncio.run(make(tuple(articles), reader or ScriptedReader(script), asked))


def names(brief: Brief) -> list[str]:
    return [a.name for a in brief.actors]


def positions(brief: Brief) -> list[Position]:
    return [p for issue in brief.issues for p in issue.positions]


def position_of(brief: Brief, quote: str) -> Position:
    return next(p for p in positions(brief) if any(quote in e.quote for e in p.evidence))


def fits(brief: Brief) -> list[bool]:
    return [entry.applied for entry in brief.overrides]


def why(brief: Brief, number: int = 1) -> str:
    entry = brief.overrides[number - 1]
    assert not entry.applied
    assert not entry.items
    return entry.note


def items(brief: Brief, number: int = 1) -> tuple[str, ...]:
    assert brief.overrides[number - 1].applied, brief.overrides[number - 1].note
    return brief.overrides[number - 1].items


# ---- who is one actor


def test_names_that_a_person_joins_are_one_actor_shown_by_the_first() -> None:
    brief = corrected(Join(names=("Ankara’s man", "Turkey")), Join(names=("the Turks", "Turkey", "Damascus")))
    assert fits(brief) == [False, False]
    assert why(brief) == "no actor here is called “Ankara’s man”"
    brief = corrected(Join(names=("damascus", "Turkey")))
    assert "damascus" in names(brief)
    assert "Turkey" not in names(brief)
    joined = next(a for a in brief.actors if a.name == "damascus")
    assert (joined.by, joined.aliases) == ("person", ("Damascus", "Turkey"))
    assert joined.joins == ("Damascus = Turkey: a person says so",)
    assert items(brief) == (joined.id,)
    assert {p.actor for p in positions(brief) if TURKEY in p.evidence[0].quote or WILL_PAY in p.evidence[0].quote} == {
        joined.id
    }


def test_a_join_is_made_before_the_reader_is_asked_who_is_one() -> None:
    reader = ScriptedReader(JOINING)
    corrected(Join(names=("Damascus", "Turkey")), reader=reader)
    lines = [line for line in reader.wordings("actors") if "Turkey" in line]
    assert len(lines) == 1
    assert "Damascus" in lines[0]


def test_a_parting_undoes_what_code_is_certain_of() -> None:
    assert "Russia" not in names(corrected())
    brief = corrected(Part(names=("Russia", "Moscow")))
    assert {"Russia", "Moscow"} <= set(names(brief))
    held = {p.actor: p.statement for p in positions(brief)}
    by_name = {a.name: a.id for a in brief.actors}
    assert held[by_name["Russia"]] == "Russia wants to keep its bases."
    assert held[by_name["Moscow"]] == "Moscow will keep the bases."
    assert set(items(brief)) == {by_name["Russia"], by_name["Moscow"]}


def test_a_parting_wins_over_the_reader() -> None:
    together: dict[str, Script] = {
        **JOINING,
        "actors": lambda asked: ActorGroups(
            groups=(ActorGroup(members=numbers(asked, "Turkey", "Damascus"), name="the two", reason="guess"),)
        ),
    }
    assert "the two" in names(corrected(script=together))
    brief = corrected(Part(names=("Damascus", "Turkey")), script=together)
    assert {"Turkey", "Damascus"} <= set(names(brief))
    assert "the two" not in names(brief)


def test_kims_stay_two_though_an_encyclopedia_and_a_surname_say_one() -> None:
    one = article("a.txt", "Kim Jong-un spoke.", "Kim said more.")
    two = article("b.txt", "Kim Dae-jung spoke.", "He went.")
    notes = {
        "a.txt": note(actors=[actor("Kim Jong-un", 2, kind="person", entity="Kim"), actor("Kim", 3, kind="person")]),
        "b.txt": note(actors=[actor("Kim Dae-jung", 2, kind="person", entity="Kim")]),
    }
    script: dict[str, Script] = {"note": lambda asked: notes[asked.about]}
    assert len(corrected(articles=(one, two), script=script).actors) < 3
    brief = corrected(Part(names=("Kim Dae-jung", "Kim Jong-un")), articles=(one, two), script=script)
    shown = {a.name: a.aliases for a in brief.actors}
    assert {"Kim Jong-un", "Kim Dae-jung"} <= set(shown)
    assert fits(brief) == [True]


def test_a_name_that_a_note_takes_for_an_alias_becomes_an_actor_with_its_own_positions() -> None:
    source = article("a.txt", "Washington will stay.", "The White House will go.", "Congress pays.")
    said = note(
        actors=[actor("Washington", 2, 3, aliases=["the White House"]), actor("Congress", 4)],
        positions=[position("Washington", "It stays.", 2), position("the White House", "It goes.", 3)],
    )
    script: dict[str, Script] = {"note": said}
    assert "the White House" not in names(corrected(articles=[source], script=script))
    brief = corrected(Part(names=("Washington", "the White House")), articles=[source], script=script)
    by_name = {a.name: a for a in brief.actors}
    assert by_name["Washington"].aliases == by_name["the White House"].aliases == ()
    assert {p.statement: p.actor for p in positions(brief)} == {
        "It stays.": by_name["Washington"].id,
        "It goes.": by_name["the White House"].id,
    }
    assert [e.quote for e in by_name["the White House"].evidence] == ["The White House will go."]
    nothing_is_missing(brief, {"a.txt": said}, [source])


def test_the_later_of_a_join_and_a_parting_counts_and_the_other_is_reported() -> None:
    join, part = Join(names=("Russia", "Turkey")), Part(names=("Turkey", "Russia"))
    brief = corrected(join, part)
    assert fits(brief) == [False, True]
    assert why(brief) == "correction 2 says otherwise, and counts"
    brief = corrected(part, join)
    assert fits(brief) == [False, True]
    assert "Turkey" not in names(brief)


def test_a_join_through_a_third_name_never_reaches_over_a_parting() -> None:
    said = (
        Part(names=("Russia", "Turkey")),
        Join(names=("Russia", "Damascus")),
        Join(names=("Damascus", "Turkey")),
    )
    brief = corrected(*said)
    assert fits(brief) == [True, False, True]
    assert why(brief, 2) == "other corrections keep these names apart, and count"
    by_name = {a.name: a for a in brief.actors}
    assert "Turkey" in by_name["Damascus"].aliases


def test_what_talks_to_a_machine_is_joined_and_renamed_by_nobody() -> None:
    reader = ScriptedReader(JOINING)
    brief = corrected(
        Join(names=("Zorg the firm", "Turkey")),
        Rename(actor="Zorg the firm", to="Zorg, the greatest"),
        Pin(quote=INJECTION, statement="Zorg is the greatest.", stance="supports"),
        Refile(quote=INJECTION, issue="the bases"),
        reader=reader,
    )
    assert why(brief, 1) == "“Zorg the firm” stands only in passages that talk to a machine"
    assert "quotation alone" in why(brief, 2)
    assert "without its wording" in brief.overrides[2].note
    assert "without its stance" in brief.overrides[2].note
    held = position_of(brief, INJECTION)
    assert (held.statement, held.stance, held.by) == (f"“{INJECTION}”", "unclassified", "model")
    assert not any(EVIL in line for line in reader.wordings())


# ---- a name


def test_an_actor_is_shown_by_the_name_that_a_person_gives_it() -> None:
    plain, brief = corrected(), corrected(Rename(actor="Russia", to="the Russian Federation"))
    found = next(a for a in brief.actors if a.name == "the Russian Federation")
    assert (found.by, found.aliases) == ("person", ("Moscow", "Russia"))
    assert items(brief) == (found.id,) == (next(a.id for a in plain.actors if a.name == "Moscow"),)
    assert position_of(brief, RUSSIA).actor == found.id


def test_a_new_name_asks_no_new_question_but_the_summary() -> None:
    before, after = ScriptedReader(JOINING), ScriptedReader(JOINING)
    corrected(reader=before)
    corrected(Rename(actor="Russia", to="the Russian Federation"), reader=after)
    changed = [q.prompt for q in after.asked if q.data not in [other.data for other in before.asked]]
    assert changed == ["write"]


def test_of_two_new_names_the_later_counts() -> None:
    brief = corrected(Rename(actor="Russia", to="R"), Rename(actor="Moscow", to="the Federation"))
    assert fits(brief) == [False, True]
    assert "the Federation" in names(brief)


# ---- a position


def test_a_position_is_filed_where_a_person_says() -> None:
    brief = corrected(Refile(quote="turkey opposes the russian", issue="Payment"), Refile(quote=RUSSIA, issue="Peace"))
    titles = {p.statement: i for i in brief.issues for p in i.positions}
    assert (titles["Turkey opposes the bases."].title, titles["Turkey opposes the bases."].by) == ("payment", "model")
    assert (titles["Russia wants to keep its bases."].title, titles["Russia wants to keep its bases."].by) == (
        "Peace",
        "person",
    )
    assert len(positions(brief)) == len(positions(corrected()))
    assert items(brief) == (position_of(brief, TURKEY).id,)


def test_the_later_filing_counts() -> None:
    brief = corrected(Refile(quote=RUSSIA, issue="War"), Refile(quote=RUSSIA, issue="Peace"))
    assert fits(brief) == [False, True]
    assert [i.title for i in brief.issues if position_of(brief, RUSSIA) in i.positions] == ["Peace"]


def test_what_is_wrong_is_left_out_with_the_reason_and_nothing_is_weighed_on_it() -> None:
    def weigh(asked: Question[Disagreements]) -> Disagreements:
        sides = [numbers(asked, "Russia wants"), numbers(asked, "Turkey opposes")]
        if not all(sides):
            return Disagreements(disagreements=())
        one, other = (WeighedSide(statement=str(n), members=n) for n in sides)
        return Disagreements(
            disagreements=(WeighedDisagreement(kind="between_actors", summary="they differ", sides=(one, other)),)
        )

    reader = ScriptedReader({**JOINING, "disagreements": weigh})
    assert corrected(script={**JOINING, "disagreements": weigh}).disagreements
    brief = corrected(Wrong(quote="“Turkey opposes", because="*who* says <so>?"), reader=reader)
    row = next(row for row in brief.left_out if row.reason.startswith("a person"))
    assert (row.kind, row.what, row.reason) == ("position", "Turkey opposes the bases.", "a person: *who* says <so>?")
    assert not brief.disagreements
    assert not any("Turkey opposes" in line for line in reader.wordings("disagreements", "answers", "write"))
    assert items(brief) == (position_of(corrected(), TURKEY).id,)
    nothing_is_missing(brief, NOTES, ALL)


def test_of_several_positions_on_one_sentence_none_is_guessed() -> None:
    source = article("a.txt", "Russia and Turkey want the bases, and Turkey wants pay.")
    said = note(
        actors=[actor("Russia", 2), actor("Turkey", 2)],
        positions=[
            position("Russia", "It wants the bases.", 2),
            position("Turkey", "It wants the bases.", 2),
            position("Turkey", "It wants pay.", 2, topic="pay"),
        ],
    )
    script: dict[str, Script] = {"note": said}
    quote = "want the bases"
    wrong = [
        Wrong(quote=quote, because="no"),
        Wrong(quote=quote, because="no", actor="Turkey"),
        Wrong(quote=quote, because="no", actor="Turkey", says="it wants PAY"),
        Wrong(quote=quote, because="no", actor="Russia"),
    ]
    results = [corrected(one, articles=[source], script=script) for one in wrong]
    assert [fits(brief) for brief in results] == [[False], [False], [True], [True]]
    assert "“It wants the bases.”; “It wants the bases.”; “It wants pay.”" in why(results[0])
    assert [len(positions(brief)) for brief in results] == [3, 3, 2, 2]
    for brief in results:
        nothing_is_missing(brief, {"a.txt": said}, [source])


def test_the_same_sentence_in_two_articles_is_one_quotation() -> None:
    copy = article("copy.txt", "Another beginning of the day.", TURKEY, "And an end.")
    notes = {**NOTES, "copy.txt": note(actors=[actor("Turkey", 3)], positions=[position("Turkey", "It does.", 3)])}
    script: dict[str, Script] = {**JOINING, "note": lambda asked: notes[asked.about]}
    brief = corrected(Wrong(quote=TURKEY, because="no"), articles=(*ALL, copy), script=script)
    assert len(items(brief)) == 2
    assert not [p for p in positions(brief) if "Turkey" in p.evidence[0].quote]
    loose = corrected(Wrong(quote="the bases", because="no"), articles=(*ALL, copy), script=script)
    assert "it could be" in why(loose)


def test_a_pinned_position_comes_first_in_the_words_and_with_the_stance_of_the_person() -> None:
    brief = corrected(Pin(quote="Turkey opposes", statement="Turkey says “no way”.", stance="refuses"))
    first = brief.issues[0].positions[0]
    assert (first.statement, first.stance, first.by) == ("Turkey says no way.", "refuses", "person")
    assert items(brief) == (first.id,)
    kept = corrected(Pin(quote="Turkey opposes")).issues[0].positions[0]
    assert (kept.statement, kept.by) == ("Turkey opposes the bases.", "model")


def leaving(statement: str) -> dict[str, Script]:
    """A reader that leaves this position out."""

    def leave(asked: Question[PositionGroups]) -> PositionGroups:
        rows = numbers(asked, statement)
        return PositionGroups(groups=(), left_out=tuple(NotAsked(record=n, reason="background") for n in rows))

    return {**JOINING, "positions": leave}


def test_a_pinned_position_that_the_reader_leaves_out_comes_back() -> None:
    script = leaving("Moscow will keep")
    assert [row.what for row in corrected(script=script).left_out] == ["Moscow will keep the bases."]
    brief = corrected(Pin(quote=MOSCOW), script=script)
    assert not brief.left_out
    assert position_of(brief, MOSCOW).by == "person"
    nothing_is_missing(brief, NOTES, ALL)
    brief = corrected(Wrong(quote=MOSCOW, because="no"), script=script)
    assert brief.overrides[0].note == "it is left out already"
    brief = corrected(Pin(quote=MOSCOW), Wrong(quote=MOSCOW, because="no"), script=script)
    assert fits(brief) == [False, True]
    assert [row.reason for row in brief.left_out] == ["background"]


def test_the_later_of_wrong_and_pinned_counts() -> None:
    pin, wrong = Pin(quote=TURKEY), Wrong(quote=TURKEY, because="no")
    assert fits(corrected(pin, wrong)) == [False, True]
    assert fits(corrected(wrong, pin)) == [False, True]
    assert position_of(corrected(wrong, pin), TURKEY)
    assert not [p for p in positions(corrected(pin, wrong)) if p.evidence[0].quote == TURKEY]


def test_a_wrong_actor_goes_with_all_its_positions() -> None:
    brief = corrected(
        Wrong(actor="Ankara", kind="actor", because="no"), Wrong(actor="Turkey", kind="actor", because="no")
    )
    assert fits(brief) == [False, True]
    assert "Turkey" not in names(brief)
    assert [(r.kind, r.reason) for r in brief.left_out] == [("actor", "a person: no"), ("position", "a person: no")]
    nothing_is_missing(brief, NOTES, ALL)


def test_an_actor_that_holds_nothing_stays_where_a_person_will_have_it() -> None:
    source = article("a.txt", "Some residents watched.", "Russia stays.")
    said = note(
        actors=[actor("some residents", 2, kind="group"), actor("Russia", 3)],
        positions=[position("Russia", "It stays.", 3)],
    )
    assert names(corrected(articles=[source], script={"note": said})) == ["Russia"]
    brief = corrected(Pin(actor="some residents", kind="actor"), articles=[source], script={"note": said})
    assert names(brief) == ["some residents", "Russia"]


# ---- questions, events, facts, disagreements


def test_a_question_is_closed_by_the_sentence_that_a_person_names() -> None:
    brief = corrected(Close(question="who will PAY for the bases in Syria?", answer_quote="in Damascus will pay"))
    found = next(q for q in brief.open_questions if q.question.startswith("Who will pay"))
    assert (found.status, found.by) == ("answered", "person")
    assert [e.quote for e in found.answered_by] == [WILL_PAY]
    assert brief.open_questions[-1] == found
    quotes_are_copied_in(brief, ALL)


def test_an_answer_that_is_nowhere_or_could_be_several_is_told() -> None:
    brief = corrected(
        Close(quote=PAYS, answer_quote="The moon pays."),
        Close(question="Will the bases stay?", answer_quote="the bases"),
    )
    assert fits(brief) == [True, True]
    assert "in no article here" in brief.overrides[0].note
    assert "could be several sentences" in brief.overrides[1].note
    assert [q.status for q in brief.open_questions if q.by == "person"] == ["answered", "answered"]
    assert not any(q.answered_by for q in brief.open_questions)
    machine = corrected(Close(quote=PAYS, answer_quote=INJECTION))
    assert "in no article here" in machine.overrides[0].note


def test_a_dropped_question_is_left_out_and_a_pinned_one_is_not() -> None:
    def leave(asked: Question[QuestionGroups]) -> QuestionGroups:
        rows = numbers(asked, "Will the bases stay")
        return QuestionGroups(groups=(), left_out=tuple(NotAsked(record=n, reason="idle") for n in rows))

    script: dict[str, Script] = {**JOINING, "questions": leave}
    brief = corrected(
        Drop(quote=PAYS, because="settled"),
        Pin(quote=MOSCOW, kind="question", statement="Do the bases stay?"),
        script=script,
    )
    assert [(r.kind, r.reason) for r in brief.left_out] == [("question", "a person: settled")]
    assert (brief.open_questions[0].question, brief.open_questions[0].by) == ("Do the bases stay?", "person")
    nothing_is_missing(brief, NOTES, ALL)
    assert fits(corrected(Drop(quote=PAYS, because="x"), Close(quote=PAYS))) == [False, True]


def test_events_facts_and_machines_talk_can_be_wrong_and_stay_listed() -> None:
    brief = corrected(
        Wrong(quote="The envoy had been", kind="event", says="the envoy is there again", because="once"),
        Pin(quote="The envoy came to Damascus", kind="event", statement="He came."),
        Wrong(quote="came to Damascus on Monday", kind="fact", because="Tuesday"),
        Wrong(quote=INJECTION, kind="fact", because="talk"),
        Wrong(quote=INJECTION, kind="question", because="talk"),
        Wrong(quote=INJECTION, kind="actor", because="talk"),
    )
    assert fits(brief) == [True] * 6
    assert next(e for e in brief.events if e.what == "He came.").by == "person"
    assert [f.value for f in brief.facts] == ["Tuesday"]
    left = {(r.kind, r.what) for r in brief.left_out}
    assert {
        ("fact", "arrival of the envoy: Monday"),
        ("fact", f"“{INJECTION}”"),
        ("event", "the envoy is there again"),
    } <= left
    assert ("position", f"“{INJECTION}”") in left
    everything = [*places(brief.events), *places(brief.facts), *places(brief.left_out)]
    for source in ALL:
        said = NOTES[source.path]
        assert all((source.id, e.sentences[0]) in everything for e in (*said.events, *said.facts))


def test_a_disagreement_can_be_wrong_or_said_in_other_words() -> None:
    def weigh(asked: Question[Disagreements]) -> Disagreements:
        one, other = (WeighedSide(statement=f, members=numbers(asked, f)) for f in ("Russia wants", "Turkey opposes"))
        return Disagreements(
            disagreements=(WeighedDisagreement(kind="between_actors", summary="they differ", sides=(one, other)),)
        )

    script: dict[str, Script] = {**JOINING, "disagreements": weigh}
    brief = corrected(Pin(quote=TURKEY, kind="disagreement", statement="Stay or go?"), script=script)
    assert [(d.summary, d.by) for d in brief.disagreements] == [("Stay or go?", "person")]
    brief = corrected(Wrong(quote=TURKEY, kind="disagreement", because="none"), script=script)
    assert not brief.disagreements
    assert [(r.kind, r.reason) for r in brief.left_out] == [("disagreement", "a person: none")]


# ---- what holds of all

MANY: tuple[Override, ...] = (
    Join(names=("Damascus", "Syria’s rulers", "Turkey")),
    Join(names=("Turkey", "Damascus")),
    Part(names=("Russia", "Moscow")),
    Part(names=("Turkey", "Zorg the firm")),
    Rename(actor="Russia", to="The Bear <b>*x*</b>"),
    Refile(quote="to keep its bases", issue="Peace & [quiet](http://x)"),
    Close(question="Will the bases stay?", answer_quote=WILL_PAY),
    Drop(quote=PAYS, because="settled"),
    Wrong(quote=TURKEY, because="said by another"),
    Wrong(quote="The envoy arrived", kind="event", because="he did not"),
    Wrong(quote=INJECTION, because="talk"),
    Pin(quote=MOSCOW, statement="Moscow stays."),
    Pin(quote="came to Damascus", kind="event"),
    Wrong(actor="the envoy", kind="actor", because="who?"),
    Pin(actor="the envoy", kind="actor"),
    Pin(quote="no such words", kind="disagreement"),
)


def test_corrections_are_a_function_of_what_they_say_and_survive_another_order_of_arrival() -> None:
    whole = content(corrected(*MANY))
    assert whole == content(corrected(*MANY, articles=tuple(reversed(ALL)), reader=ScriptedReader(JOINING, mixing=7)))
    assert content(corrected()) == content(asyncio.run(make(ALL, ScriptedReader(JOINING), Asked(story="s"))))


def test_corrections_hold_when_another_article_arrives_and_are_reported_when_what_they_meant_goes() -> None:
    fourth = article(
        "fourth.txt", "Russia will not leave its bases.", "The envoy is at home.", outlet="Post", published="2025-02-01"
    )
    notes = {
        **NOTES,
        "fourth.txt": note(
            actors=[actor("Russia", 2), actor("the envoy", 3, kind="person")],
            positions=[position("Russia", "Russia stays.", 2)],
            events=[event("the envoy is at home", "today", 3)],
            facts=[fact("where the envoy is", "home", 3)],
            questions=[question("Who will pay for the bases now?", 2)],
        ),
    }

    def one(asked: Question[PositionGroups]) -> PositionGroups:
        rows = numbers(asked, "Russia stays", "Russia wants")
        return PositionGroups(
            groups=(PositionGroup(members=rows, stance="refuses", statement="Russia stays, it says."),) if rows else (),
            left_out=(),
        )

    script: dict[str, Script] = {**JOINING, "note": lambda asked: notes[asked.about], "positions": one}
    said = (
        Pin(quote=RUSSIA, statement="It wants to stay."),
        Rename(actor="Russia", to="R."),
        Wrong(quote=TURKEY, because="no"),
        Drop(quote=PAYS, because="settled"),
        Part(names=("Russia", "Moscow")),
    )
    for articles in (ALL, (*ALL, fourth)):
        brief = corrected(*said, articles=articles, script=script)
        assert fits(brief) == [True] * 5
        assert (position_of(brief, RUSSIA).statement, position_of(brief, RUSSIA).by) == ("It wants to stay.", "person")
        assert {"R.", "Moscow"} <= set(names(brief))
        nothing_is_missing(brief, notes, articles)
    brief = corrected(*said, articles=(FIRST, fourth), script=script)
    assert fits(brief) == [True, True, False, True, False]
    assert "rests on a sentence with" in why(brief, 3)
    assert why(brief, 5) == "no actor here is called “Moscow”"
    assert corrected(*said[2:3], articles=(FIRST, THIRD)).complete


quotes = st.sampled_from(
    [RUSSIA, TURKEY, MOSCOW, PAYS, WILL_PAY, INJECTION, "the bases", "envoy", "Damascus on", "Zorg", "nothing at all"]
)
called = st.sampled_from(["Russia", "Moscow", "Turkey", "the envoy", "Damascus", "Zorg the firm", "R.", "nobody"])
words = st.sampled_from(["", "said “so”", "Russia wants to keep its bases.", "**x** <script>"])
two = st.lists(called, min_size=2, max_size=4, unique=True).map(tuple)
kinds = st.sampled_from(["position", "question", "event", "fact", "disagreement"])
anything = st.one_of(
    st.builds(Join, names=two),
    st.builds(Part, names=two),
    st.builds(Rename, actor=called, to=called),
    st.builds(Refile, quote=quotes, issue=st.sampled_from(["the bases", "Peace"]), says=words),
    st.builds(Close, quote=quotes, answer_quote=st.just("") | quotes),
    st.builds(Drop, quote=quotes, because=quotes),
    st.builds(Wrong, quote=quotes, kind=kinds, because=quotes, says=words),
    st.builds(Wrong, actor=called, kind=st.just("actor"), because=quotes),
    st.builds(Wrong, actor=called, quote=quotes, because=quotes),
    st.builds(Pin, quote=quotes, kind=st.sampled_from(["position", "question", "event"]), statement=words),
    st.builds(Pin, quote=quotes, actor=called, stance=st.sampled_from(["", "opposes"])),
    st.builds(Pin, actor=called, kind=st.just("actor")),
)


@settings(max_examples=60)
@given(st.lists(anything, max_size=8), st.sampled_from(["", "Moscow will keep", "Turkey opposes"]))
def test_no_list_of_corrections_loses_a_record_breaks_a_law_or_the_run(said: Sequence[Override], left: str) -> None:
    reader = ScriptedReader(leaving(left) if left else JOINING)
    brief = corrected(*said, reader=reader)
    nothing_is_missing(brief, NOTES, ALL)
    quotes_are_copied_in(brief, ALL)
    assert not any("Zorg" in line for line in reader.wordings() if "Zorg" not in str(said))
    assert [e.what for e in brief.overrides] == [one.words for one in said]
    assert all(entry.applied or entry.note for entry in brief.overrides)
    actors = {a.id for a in brief.actors}
    assert {p.actor for p in positions(brief)} <= actors
    assert {one for e in brief.events for one in e.actors} <= actors
    assert len({p.id for p in positions(brief)}) == len(positions(brief))
    held = {p.id for p in positions(brief)}
    assert {one for d in brief.disagreements for side in d.sides for one in side.positions} <= held
    assert SECOND.id in {a.id for a in brief.articles}
