"""The timeline: what a date can mean, and where it stands."""

from __future__ import annotations

import datetime
from itertools import pairwise

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_briefs import position, seeds_brief, source, texts

from summarise.contract import Event, Issue, Stance
from summarise.render.page import brief_page
from summarise.render.page.timeline import Axis, Span, days

FIRST = "000_b0d3ce1afcac1d89.txt"


def day(iso: str) -> int:
    return datetime.date.fromisoformat(iso).toordinal()


@pytest.mark.parametrize(
    ("iso", "first", "last"),
    [
        ("2025-01-28", "2025-01-28", "2025-01-28"),
        ("2025-01-28T10:30", "2025-01-28", "2025-01-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("2025-01-28/2025-02", "2025-01-28", "2025-02-28"),
        ("2025-02/2025-01", "2025-01-31", "2025-02-01"),
        ("2025-01/..", "2025-01-01", None),
        ("../2025-01", None, "2025-01-31"),
    ],
)
def test_a_date_means_all_the_days_it_can_mean(iso: str, first: str | None, last: str | None) -> None:
    assert days(iso) == Span(day(first) if first else None, day(last) if last else None)


@pytest.mark.parametrize("iso", ["", "..", "../..", "yesterday", "2025-13", "2025-02-30", "0000", "2025-1-1"])
def test_what_is_no_date_is_undated(iso: str) -> None:
    assert days(iso) is None


@given(st.lists(st.tuples(st.integers(1, 800_000), st.integers(0, 4000)), min_size=1, max_size=20))
def test_bars_stand_within_the_axis_in_the_order_of_their_dates(made: list[tuple[int, int]]) -> None:
    spans = [Span(first, first + length) for first, length in made]
    axis = Axis(spans)
    for span in spans:
        start, width = axis.bar(span)
        assert start >= 0
        assert width > 0
        assert start + width <= 100.001
    starts = [axis.bar(span)[0] for span in sorted(spans, key=lambda span: span.first or 0)]
    assert all(a <= b + 1.7 for a, b in pairwise(starts))


def test_a_year_of_silence_leaves_room_for_the_week_that_matters() -> None:
    week = [Span(first, first) for first in range(day("2025-01-26"), day("2025-02-02"))]
    axis = Axis([Span(day("2017-01-01"), day("2017-01-01")), *week])
    assert 100 - axis.bar(week[0])[0] > 30


def timeline_of(*events: Event, **changes: object) -> list[str]:
    tree = lxml.html.document_fromstring(brief_page(seeds_brief(events=events, **changes), texts()))
    return [" ".join(one.text_content().split()) for one in tree.xpath("//*[@id='timeline']//li")]


def event(name: str, when: str, what: str) -> Event:
    evidence = source(FIRST).evidence("Sparta II")
    return Event(id=name, when=when, what=what, actors=(), evidence=(evidence,))


def test_events_and_dated_positions_stand_in_order_and_what_is_undated_last() -> None:
    rows = timeline_of(event("e1", "2025-01-28", "later"), event("e2", "2024", "earlier"), event("e3", "", "some day"))
    assert rows[0].startswith("2024")
    assert "undated" in rows[-1]
    assert any("Mikhail Bogdanov" in row and "28 January 2025" in row for row in rows)


def test_a_position_that_changed_says_from_what_to_what() -> None:
    evidence = source(FIRST).evidence("Sparta II")
    issue = seeds_brief().issues[0]
    turned = issue.model_copy(
        update={
            "positions": (
                position("p1", "russia", "opposes", "No.", evidence, said_on="2025-01-03"),
                position("p2", "russia", "supports", "Yes.", evidence, said_on="2025-01-20"),
                position("p3", "russia", "supports", "Yes again.", evidence, said_on="2025-01-21"),
            )
        }
    )
    rows = timeline_of(issues=(turned,), disagreements=())
    assert "from against to for" in rows[1]
    assert "from" not in rows[2]


def test_a_turn_is_told_from_the_latest_position_that_was_surely_before_it() -> None:
    stances: list[tuple[str, Stance, str]] = [
        ("p1", "opposes", "2025-01-10"),
        ("p2", "supports", "2025-01-03"),
        ("p3", "demands", "2025-01-10"),  # on the same day as another: the one told first counts
        ("p4", "accepts", "2025-01-20"),
        ("p5", "accepts", "2025-01-25"),
        ("p6", "refuses", "2025-01"),  # perhaps after all of them, perhaps before
        ("p7", "refuses", "2024/.."),
        ("p8", "offers", "../2025-02"),
        ("p9", "undecided", "2025-03"),
    ]
    evidence = source(FIRST).evidence("Sparta II")
    held = tuple(position(name, "russia", stance, "It.", evidence, said_on=when) for name, stance, when in stances)
    issues = (Issue(id="i-1", title="it", positions=held),)
    rows = timeline_of(issues=issues, disagreements=())
    told = sorted(row.partition("Russia ")[2] for row in rows if "Russia " in row)
    assert told == sorted(
        [
            "from for to against on it",
            "for on it",
            "from for to demands on it",
            "from against to accepts on it",
            "accepts on it",
            "refuses on it",
            "refuses on it",
            "offers on it",
            "from offers to undecided on it",
        ]
    )
