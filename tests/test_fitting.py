"""What a person means by a quotation or a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarise.contract import Evidence
from summarise.fitting import Called, Candidate, called, fitting, holds, is_whole


def sentence(quote: str, article: str = "a", number: int = 1) -> Evidence:
    return Evidence(article=article, sentence=number, start=0, end=len(quote), quote=quote)


def item(key: str, *quotes: str, article: str = "a", says: str = "", names: str = "", more: str = "") -> Candidate:
    return Candidate(
        key=key,
        shown=says or key,
        evidence=tuple(sentence(q, article) for q in quotes),
        more=(sentence(more, article),) if more else (),
        says=(says,),
        names=frozenset({names} if names else ()),
    )


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("“We hope to keep the bases,” he said.", "we hope to\n keep the bases"),
        ("“We hope to keep the bases,” he said.", '"We hope to keep the bases," he'),
        ("It’s Syria's — now.", "it's syria’s - now"),
        ("He said «no».", "“He said "),
        ("Die Straße", "DIE STRASSE"),
        ("A 100% <b>*sure*</b> [thing](x)", "<B>*sure*</b> [thing]"),
    ],
)
def test_typography_case_and_white_space_are_no_difference(text: str, quote: str) -> None:
    assert holds(text, quote)


@pytest.mark.parametrize("quote", ["", " … ", "we hope to keep our bases", "bases we", "'\".,"])
def test_other_words_are_and_no_words_point_to_nothing(quote: str) -> None:
    assert not holds("“We hope to keep the bases,” he said.", quote)


@given(st.text(max_size=40))
def test_a_sentence_is_all_of_itself_in_whatever_marks(text: str) -> None:
    assert is_whole(text, f"“{text}”…") == is_whole(f"{text}.", text)
    assert is_whole(text, text) <= holds(text, text)


def test_a_whole_sentence_counts_before_a_part_and_what_is_shown_before_what_is_not() -> None:
    rows = [item("1", "The bases stay for long."), item("2", "The bases stay."), item("3", "x", more="The bases go.")]
    assert fitting(rows, quote="the bases stay").keys == ("2",)
    assert fitting(rows, quote="bases go").keys == ("3",)
    assert fitting([*rows, item("4", "The bases go.")], quote="The bases go").keys == ("4",)


def test_an_actor_narrows_and_words_decide_where_several_are_left() -> None:
    rows = [item("1", "They talk.", says="One.", names="russia"), item("2", "They talk.", says="Two.", names="turkey")]
    both = fitting(rows, quote="They talk")
    assert (both.keys, [c.key for c in both.several]) == ((), ["1", "2"])
    assert both.why == "it could be “One.”; “Two.”: add says, or quote more"
    assert fitting(rows, quote="They talk", actor="the Turkey").keys == ("2",)
    assert fitting(rows, quote="They talk", says="“one”").keys == ("1",)
    assert fitting(rows, quote="They talk", says="Three.").keys == ()
    assert fitting(rows, says="two").keys == ("2",)
    assert fitting(rows, quote="They talk", actor="Syria").why == "nothing here is of an actor called “Syria”"


def test_one_sentence_in_articles_of_their_own_means_all_its_items() -> None:
    rows = [item("1", "They talk.", article="a"), item("2", "They talk.", "x", article="b")]
    assert fitting(rows, quote="they talk.").keys == ("1", "2")
    assert fitting([*rows, item("3", "They talk.", article="b")], quote="they talk.").keys == ()
    assert fitting([rows[0], item("2", "Now they talk.", article="b")], quote="the").keys == ()


def test_an_actor_goes_by_the_name_shown_before_others() -> None:
    cast = [
        Called("1", "Syria", "syria", frozenset({"damascus"}), frozenset({"government"})),
        Called("2", "Russia", "russia", frozenset({"moscow"}), frozenset({"government", "syria", "damascus"})),
    ]
    assert [called(n, cast).keys for n in ("Syria", "Damascus", "the Kremlin", "Moscow")] == [
        ("1",),
        ("1",),
        (),
        ("2",),
    ]
    assert called("the government", cast).why == (
        "“the government” could be 2 actors: “Syria”; “Russia”; give another of its names"
    )
