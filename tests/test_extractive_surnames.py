"""Whom a bare surname means, and which capitalised words are no part of a name."""

from __future__ import annotations

import pytest

from summarise.extractive.clause import clause
from summarise.extractive.mentions import Cast
from summarise.extractive.subjects import subject
from summarise.sentences import number


def cast_of(text: str) -> Cast:
    sentences = number(text, "en")
    cast = Cast([clause(s.text) for s in sentences], [s.number for s in sentences])
    for s in sentences:
        cast.see(s.number)
    return cast


def test_a_surname_used_before_and_far_more_often_than_a_full_name_is_somebody_else() -> None:
    cast = cast_of(
        "The bill came late. President Varga said he would sign it. Varga has waited for months. Varga told reporters "
        "that the delay was costly. Lena Varga opened a school, and she spoke to pupils. Varga left early."
    )
    assert cast.actor_of("Varga", 3) == cast.actor_of("President Varga", 2) == "varga"
    assert cast.actor_of("Lena Varga", 5) == "lena varga"
    assert cast.actors["varga"].role == "President"


@pytest.mark.parametrize("told", ["with his wife, Pim Holt,", "and Pim Holt"])
def test_kin_and_who_stands_beside_are_told_from_the_surname(told: str) -> None:
    cast = cast_of(
        f"Senator Holt voted no. Holt had hesitated for a week. Holt {told} left the chamber. Holt said no more."
    )
    assert cast.actor_of("Holt", 2) != cast.actor_of("Pim Holt", 3)


def test_a_surname_before_the_full_name_is_the_same_person_where_nothing_tells_them_apart() -> None:
    cast = cast_of(
        "Senator Holt voted no. Holt had hesitated for a week. Holt said it was hard. Pim Holt, 61, is from Norland. "
        "Holt said no more."
    )
    assert cast.actor_of("Holt", 2) == cast.actor_of("Pim Holt", 4) == "pim holt"


def test_a_word_that_opens_a_sentence_is_not_glued_to_the_name_behind_it() -> None:
    cast = cast_of(
        "Istvan Varga said that talks would go on. Whatever Varga says, few listen. Neither Varga nor his aides came. "
        "Asked again, Varga left."
    )
    assert cast.actor_of("Whatever Varga", 2) == "istvan varga"
    assert list(cast.actors) == ["istvan varga"]
    assert {m.text for m in cast.mentions} == {"Istvan Varga", "Varga"}


def test_a_heading_in_title_case_makes_no_names_of_its_words() -> None:
    cast = cast_of(
        "Varga Signals Openness to Talks With Norland.\n\n"
        "Istvan Varga said that openness was a virtue. Varga left early."
    )
    assert cast.actor_of("Varga Signals Openness", 1) == "istvan varga"
    assert not any("Signals" in m.text or "Openness" in m.text for m in cast.mentions)


@pytest.mark.parametrize(
    ("sentence", "cue", "speaker"),
    [
        ("Varga argued that a register would keep people out, saying it was needed.", "saying", "Varga"),
        ("When Holt pointed out the cost, Varga changed course, adding that money was short.", "adding", "Varga"),
        ("Istvan Varga, head of the party, voiced the anger of many farmers.", "voiced", "Istvan Varga"),
        ("At the dinner, at which all the guests supported Holt, he spoke.", "supported", "the guests"),
        ("He's said that the bill was dead.", "said", "He"),
        ("The bill was viewed somewhat more kindly by farmers.", "viewed", "farmers"),
        ("After winning Norland, Gov. Pim Holt (R), said that he would stay.", "said", "Gov. Pim Holt (R)"),
        ("Varga called the bill “poor,” denounced her vote and said it was late.", "denounced", "Varga"),
        ("Ann Lee: ‘We Will Win’", ":", "Ann Lee"),
    ],
)
def test_the_speaker_is_the_subject_of_the_clause_that_the_cue_goes_with(sentence: str, cue: str, speaker: str) -> None:
    c = clause(sentence)
    span = subject(c, c.low.index(cue))
    assert span is not None
    assert c.phrase(span) == speaker
