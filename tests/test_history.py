"""A story's versions out of a real store: any of them again, what changed between two, the history of all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from made_versions import Paper, actor, position, question, version

from summarise.contract import Brief
from summarise.errors import InputError
from summarise.history import brief_of, compared, json_of, log, question_lives, stored
from summarise.render.canonical import brief_json, canonical_json
from summarise.store import Series, Store

SERIES = Series("bases", "/news/bases")
FIRST = Paper("first.txt", "Russia wants to keep its bases.", "Nobody knows who pays.")
SECOND = Paper("second.txt", "Moscow will pay for the bases, it said.")


def put(store: Store, brief: Brief, series: Series = SERIES) -> None:
    loaded = brief.model_dump(by_alias=True)
    run = loaded.pop("run")
    store.record(
        series,
        inputs=f"sha256:{len(store.versions(series))}",
        content=canonical_json(loaded),
        run=canonical_json(run),
        complete=brief.complete,
        texts={FIRST.id: FIRST.text, SECOND.id: SECOND.text},
        answers=(),
    )


def three_versions() -> tuple[Brief, Brief, Brief]:
    """A question is opened; an article answers it; the question's wording changes and the brief is incomplete."""
    russia = actor("a-1", "Russia", FIRST[1], aliases=("Moscow",))
    keeps = position("p-1", "a-1", "supports", "Wants to keep its bases.", FIRST[1])
    asked = question("q-1", "Who pays?", FIRST[2])
    answered = question("q-1", "Who pays?", FIRST[2], status="answered", answers=(SECOND[1],))
    known = {"actors": (russia,), "positions": (keeps,)}
    return (
        version(FIRST, open_questions=(asked,), **known),
        version(FIRST, SECOND, open_questions=(answered,), **known),
        version(
            FIRST,
            SECOND,
            open_questions=(answered.model_copy(update={"question": "At whose cost?"}),),
            complete=False,
            **known,
        ),
    )


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.in_memory() as opened:
        for brief in three_versions():
            put(opened, brief)
        yield opened


def test_any_version_is_read_back_as_it_was(store: Store) -> None:
    for number, brief in enumerate(three_versions(), 1):
        assert brief_of(stored(store, SERIES, number)) == brief
        assert json_of(stored(store, SERIES, number)) == brief_json(brief)
    assert stored(store, SERIES).number == 3


def test_without_a_number_the_newest_is_compared_with_the_one_before(store: Store) -> None:
    found = compared(store, SERIES)
    assert (found.changes.before.number, found.changes.after.number) == (2, 3)  # type: ignore[union-attr]
    assert found.changes.changes == ()


def test_one_number_is_compared_with_the_newest_and_two_with_each_other(store: Store) -> None:
    one, two, back = (compared(store, SERIES, numbers).changes for numbers in ((1,), (1, 2), (2, 1)))
    assert [(c.before.number, c.after.number) for c in (one, two, back) if c.before] == [(1, 3), (1, 2), (2, 1)]
    assert [c.kind for c in two.changes] == ["question_answered", "article_added"]
    assert [c.kind for c in one.changes] == ["question_answered", "article_added"]
    assert [c.kind for c in back.changes] == ["question_reopened", "article_withdrawn"]


def test_a_first_version_has_nothing_before_it() -> None:
    with Store.in_memory() as store:
        put(store, three_versions()[0])
        assert compared(store, SERIES).changes.before is None
        assert compared(store, SERIES, (1,)).changes.changes == ()


def test_a_version_that_does_not_exist_is_an_error_that_names_those_that_do(store: Store) -> None:
    with pytest.raises(InputError, match=r"/news/bases: there is no version 7; there are 1–3"):
        compared(store, SERIES, (7,))
    with pytest.raises(InputError, match="make one with summarise brief"):
        compared(store, Series("other", ""))
    with pytest.raises(InputError, match="other: no version"):
        log(store, Series("other", ""))


def test_versions_that_were_removed_leave_gaps_that_nothing_stumbles_over(store: Store) -> None:
    store.gc(keep_versions=1, older_than_days=0)
    assert compared(store, SERIES).changes.before is None
    assert [entry.version.number for entry in log(store, SERIES).versions] == [3]
    with pytest.raises(InputError, match=r"there is no version 1; there are 3$"):
        stored(store, SERIES, 1)


def test_the_log_counts_what_changed_from_version_to_version(store: Store) -> None:
    entries = log(store, SERIES).versions
    assert [(entry.version.number, entry.articles, entry.complete) for entry in entries] == [
        (1, 1, True),
        (2, 2, True),
        (3, 2, False),
    ]
    assert [entry.changes for entry in entries] == [{}, {"question_answered": 1, "article_added": 1}, {}]


def test_a_questions_life_is_that_of_all_versions(store: Store) -> None:
    (life,) = question_lives(store, SERIES)
    assert (life.id, life.question) == ("q-1", "At whose cost?")
    assert [(moment.version.number, moment.status) for moment in life.moments] == [(1, "open"), (2, "answered")]


def test_a_version_of_another_release_cannot_be_compared_but_its_json_can_be_shown(store: Store) -> None:
    store.record(
        SERIES, inputs="x", content='{"schema":"brief/9"}', run='{"seconds":1}', complete=True, texts={}, answers=()
    )
    with pytest.raises(InputError, match="version 4 was made by another release"):
        compared(store, SERIES)
    assert json_of(stored(store, SERIES)) == '{\n "schema": "brief/9",\n "run": {\n  "seconds": 1\n }\n}\n'
