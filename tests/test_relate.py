"""Which articles are about the story at all."""

from __future__ import annotations

import asyncio

import pytest
from readers import ScriptedReader

from summarise.answers import Note, NotedActor, Stranger, Strangers
from summarise.asking import Desk
from summarise.errors import ModelUnavailable
from summarise.loading import ArticleText, load_texts
from summarise.question import Question, RecordsData
from summarise.records import Noted
from summarise.relate import Related, related


def _noted(name: str, people: str, subject: str) -> Noted:
    text = f"{subject}\n\n{people} met on Tuesday to talk about it, {name} reports at length for its readers."
    (article,) = load_texts([ArticleText(text=text, path=f"{name}.txt", outlet=name, published="2024-05-01")])
    actors = tuple(
        NotedActor(name=p.strip(), entity=p.strip(), kind="person", role="", aliases=(), sentences=(1,))
        for p in people.split(",")
    )
    note = Note(subject=subject, actors=actors, positions=(), facts=(), questions=(), events=(), reports=(), doubts=())
    return Noted(article=article, note=note, flagged=frozenset())


STRIKE = "Ana Duarte, Rui Costa, Inês Prado, Tomás Reis"
ONE = _noted("Alpha", STRIKE, "The strike at the port goes on.")
TWO = _noted("Beta", STRIKE, "The port strike enters its second week.")
OTHER = _noted("Gamma", "Lars Holm, Grete Lund, Per Dahl", "A museum has bought a painting.")


def _ask(notes: list[Noted], answer: object) -> tuple[Related, ScriptedReader, Desk]:
    reader = ScriptedReader({"related": answer})
    desk = Desk(reader)
    return asyncio.run(related(notes, desk)), reader, desk


def _all_doubtful(question: Question[Strangers]) -> Strangers:
    assert isinstance(question.data, RecordsData)
    doubtful = [r.number for r in question.data.records if r.label == "doubtful"]
    return Strangers(strangers=tuple(Stranger(record=n, reason="a museum") for n in doubtful))


def test_articles_that_share_names_belong_together_without_asking() -> None:
    found, reader, _ = _ask([ONE, TWO], Strangers(strangers=()))
    assert {n.article.path for n in found.notes} == {"Alpha.txt", "Beta.txt"}
    assert reader.asked == []


def test_an_article_that_shares_no_name_is_asked_about_and_left_out_with_the_reason() -> None:
    found, reader, _ = _ask([OTHER, TWO, ONE], _all_doubtful)
    assert found.strangers == {OTHER.article.id: "a museum"}
    assert {n.article.id for n in found.notes} == {ONE.article.id, TWO.article.id}
    assert len(reader.asked) == 1


@pytest.mark.parametrize("answer", [Strangers(strangers=()), ModelUnavailable("down")])
def test_a_doubtful_article_stays_where_the_reader_does_not_call_it_a_stranger(answer: object) -> None:
    found, _, _ = _ask([ONE, TWO, OTHER], answer)
    assert len(found.notes) == 3
    assert not found.strangers


def test_the_story_itself_is_never_a_stranger_whatever_the_answer_says() -> None:
    everything = Strangers(strangers=tuple(Stranger(record=n, reason="no") for n in (1, 2, 3)))
    found, _, _ = _ask([ONE, TWO, OTHER], everything)
    assert set(found.strangers) == {OTHER.article.id}


def test_one_president_and_a_few_countries_do_not_make_two_articles_one_story() -> None:
    summit = _noted("Delta", "Ana Duarte, Lars Holm, Grete Lund, Per Dahl", "A summit on fishing rights opens.")
    found, reader, _ = _ask([ONE, TWO, summit], _all_doubtful)
    assert len(reader.asked) == 1
    assert set(found.strangers) == {summit.article.id}
