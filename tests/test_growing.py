"""Large stories: every question fits the window, few calls follow one another, and what is asked grows evenly."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import growing
import pytest
import readers
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import quotes_are_copied

from summarise.answers import Supports
from summarise.asked import Asked
from summarise.asking import weight
from summarise.contract import Actor, Brief, Evidence, Issue, Origin, Position
from summarise.loading import ArticleText, load_texts
from summarise.names import alike_by, same_actor
from summarise.noting import note
from summarise.pipeline import make
from summarise.relate import _people, _together
from summarise.support import with_support
from summarise.write import _items

ROOM = 4  # of a window, the part that is kept for the answer


def made(count: int, window: int) -> tuple[Brief, growing.Waves]:
    reader = growing.Waves(window)
    return asyncio.run(make(growing.articles(count), reader, Asked(story="story"))), reader


@pytest.mark.parametrize(("count", "window"), [(24, 8_000), (24, 128_000)])
def test_every_question_fits_the_window_and_nothing_is_dropped(count: int, window: int) -> None:
    brief, reader = made(count, window)
    kept = min(16_000, window // ROOM)
    assert {kind: size for kind, size in reader.largest.items() if size + kept > window} == {}
    assert brief.complete
    assert sum(a.status == "used" for a in brief.articles) == count
    quotes_are_copied(brief, growing.articles(count))
    shown = {(e.article, e.sentence) for i in brief.issues for p in i.positions for e in p.evidence}
    shown |= {(e.article, e.sentence) for left in brief.left_out for e in left.evidence}
    assert len(shown) >= brief.run.counts["records.positions"]
    assert sum(len(e.evidence) for e in brief.events) >= brief.run.counts["records.events"]


def test_a_story_eight_times_as_long_takes_hardly_more_steps_and_eight_times_the_tokens() -> None:
    (_, few), (_, many) = made(4, 32_000), made(32, 32_000)
    assert many.waves <= few.waves + 2
    assert many.tokens < 8 * few.tokens * 1.3


def test_the_parts_of_a_long_article_are_read_side_by_side() -> None:
    reader = growing.Waves(8_000)
    text = "\n\n".join(
        f"The council met for the {n}th time and spoke of the harbour at some length." for n in range(900)
    )
    (article,) = load_texts([ArticleText(text=text)])

    async def read() -> None:
        await note(article, reader, write_in="", suspicious=lambda _: frozenset())

    asyncio.run(read())
    assert reader.calls["note"] > 3
    assert reader.waves == 1


def evidence(count: int) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            article=f"a-{n:016x}", sentence=1, start=0, end=40, quote=f"The line wants {n} more ferries by spring."
        )
        for n in range(count)
    )


def position(articles: int, origins: int = 1) -> Position:
    return Position(
        id="p-1",
        actor="a-1",
        stance="demands",
        statement="Wants more ferries.",
        quoted=False,
        via=(),
        said_on="",
        evidence=evidence(articles),
        origins=tuple(f"o-{n}" for n in range(origins)),
        checks=(),
        by="model",
    )


def test_a_position_that_thousands_of_articles_tell_is_checked_within_one_question() -> None:
    desk = readers.desk({"support": Supports(faults=())})
    issue = Issue(id="i-1", title="Ferries", positions=(position(5_000),))
    asyncio.run(with_support((issue,), desk, hidden=frozenset()))
    (asked,) = desk.reader.asked  # type: ignore[attr-defined]
    assert sum(len(record.text) for record in asked.data.records) < 4 * desk.largest


def test_a_position_with_hundreds_of_origins_is_one_short_line_of_the_summary() -> None:
    origins = [Origin(id=f"o-{n}", report=f"Agency {n}", kind="agency", articles=(), evidence=()) for n in range(500)]
    issue = Issue(id="i-1", title="Ferries", positions=(position(1, 500).model_copy(update={"actor": "a-1"}),))
    actor = line_of_ferries()
    (line,) = [i.line for i in _items([issue], [actor], [], [], [], origins, frozenset()) if i.line.label == "position"]
    assert "500 independent origin(s)" in line.text
    assert "and 460 more" in line.text
    assert weight(line) < 1_000


def line_of_ferries() -> Actor:
    return Actor(id="a-1", name="The line", kind="organisation", role="", aliases=(), joins=(), evidence=())


NAMES = st.lists(
    st.sampled_from(("Anna Berg", "Ben Cole", "Cleo Dahl", "Dan Egk", "Eva Falk", "Finn Gray")), max_size=4, unique=True
)


@settings(max_examples=30, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=12))
def test_articles_are_put_together_as_if_every_pair_were_compared(casts: Sequence[Sequence[str]]) -> None:
    notes = [
        readers.noted(
            readers.article(f"Story {n}.", f"It is told {n} times."),
            readers.note(actors=[readers.actor(name, 1, kind="person") for name in cast]),
        )
        for n, cast in enumerate(casts)
    ]
    people = [_people(one) for one in notes]
    found = _together(notes)
    ids = [one.article.id for one in notes]
    groups = {n: {n} for n in range(len(notes))}
    for i in range(len(notes)):
        for j in range(i + 1, len(notes)):
            if people[i].meet(people[j]):
                whole = groups[i] | groups[j]
                groups.update(dict.fromkeys(whole, whole))
    for i in range(len(notes)):
        for j in range(len(notes)):
            assert (found.find(ids[i]) == found.find(ids[j])) == (j in groups[i])


KINDS = ("person", "government", "organisation", "group", "media", "other")
WORDS = (
    "Anna Berg Carla al-Assad Assad the Ministry Department of Justice HTS Hayat Tahrir al-Sham G7 Group Seven Kremlin"
)
SOME = st.lists(st.sampled_from([*WORDS.split(), "Russia", "Moscow", "Party"]), min_size=1, max_size=4).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(SOME, SOME, st.sampled_from(KINDS))
def test_names_that_are_certainly_one_have_a_trait_in_common(one: str, other: str, kind: str) -> None:
    reason = same_actor((one,), kind, (other,), kind)
    assert not reason or "surname" in reason or alike_by(one) & alike_by(other)


def test_an_issue_too_long_for_one_question_is_weighed_in_pieces() -> None:
    _, reader = made(16, 8_000)
    assert reader.calls["disagreements"] > 3
