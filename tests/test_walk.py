"""A recorded walk: the brief of the first seed, the second arrives, the first is corrected, the second is withdrawn."""

from __future__ import annotations

import asyncio

import pytest
from stories import evidence_in

from summarise.api import Made
from summarise.change import Change, Changes
from summarise.recording import CORRECTED, WALK, walk

Steps = tuple[Made, Made, Made, Made]


@pytest.fixture(scope="module")
def steps() -> Steps:
    first, second, third, fourth = asyncio.run(walk(WALK))
    return first, second, third, fourth


def of_kind(changes: Changes | None, kind: str) -> list[Change]:
    assert changes is not None
    return [change for change in changes.changes if change.kind == kind]


def about_the_ships(change: Change) -> bool:
    return any(purpose in e.quote for e in (*change.gained, *change.lost) for purpose in CORRECTED)


def test_every_step_is_a_version_and_only_the_later_ones_have_changes(steps: Steps) -> None:
    assert [made.version.number for made in steps if made.version] == [1, 2, 3, 4]
    assert steps[0].changes is None
    assert all(made.changes and made.changes.changes for made in steps[1:])


def test_no_answer_is_asked_for_twice_on_the_way(steps: Steps) -> None:
    assert [made.brief.run.usage.reused for made in steps[1:]] == [1, 1, 1], "the note of the article that stayed"


def test_the_second_article_opens_a_contradiction_that_its_own_sentences_bear_out(steps: Steps) -> None:
    opened = [change for change in of_kind(steps[1].changes, "disagreement_opened") if about_the_ships(change)]
    assert len(opened) == 1
    second = next(a.id for a in steps[1].brief.articles if a.path.startswith("001"))
    assert second in {e.article for e in opened[0].gained}


def test_a_correction_settles_the_contradiction_and_is_told_as_one(steps: Steps) -> None:
    settled = [change for change in of_kind(steps[2].changes, "disagreement_settled") if about_the_ships(change)]
    assert len(settled) == 1
    (corrected,) = of_kind(steps[2].changes, "article_corrected")
    assert corrected.what.startswith("000")
    assert not of_kind(steps[2].changes, "article_added")


def test_what_rested_on_the_withdrawn_article_is_gone_with_it(steps: Steps) -> None:
    second = next(a.id for a in steps[1].brief.articles if a.path.startswith("001"))
    assert second not in {e.article for e in evidence_in(steps[3].brief)}
    assert "Caliber.az" in {change.what for change in of_kind(steps[3].changes, "actor_withdrawn")}
    assert {a.path[:3] for a in steps[3].brief.articles} == {"000"}
