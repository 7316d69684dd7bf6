"""The little language of dates, and the day of an article that states none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarise.dates import Anchor, Span, best, infer_published, interval, published_day, resolve, span_of

WEDNESDAY = "2025-01-29"
NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@pytest.mark.parametrize(
    ("expression", "iso"),
    [
        ("2025-01-28", "2025-01-28"),
        ("2025-01", "2025-01"),
        ("2025", "2025"),
        ("2025-01-28T11:32:00+01:00", "2025-01-28"),
        ("--01-28", "2025-01-28"),
        ("--01-29", "2025-01-29"),
        ("--01-30", "2024-01-30"),
        ("--01-30+", "2025-01-30"),
        ("--01-28+", "2026-01-28"),
        ("--01", "2025-01"),
        ("--12", "2024-12"),
        ("--12+", "2025-12"),
        ("Tue", "2025-01-28"),
        ("Wed", "2025-01-29"),
        ("Thu", "2025-01-23"),
        ("Tuesday", "2025-01-28"),
        ("Tue+", "2025-02-04"),
        ("Thu+", "2025-01-30"),
        ("Tue-1w", "2025-01-21"),
        ("0d", "2025-01-29"),
        ("-1d", "2025-01-28"),
        ("+1d", "2025-01-30"),
        ("-1w", "2025-01-20/2025-01-26"),
        ("-2w", "2025-01-13/2025-01-19"),
        ("-1m", "2024-12"),
        ("+1m", "2025-02"),
        ("-1y", "2024"),
        ("0y", "2025"),
        ("-3y", "2022"),
        ("2025-01-20/Tue", "2025-01-20/2025-01-28"),
        ("../+1d", "../2025-01-30"),
        ("Mon/..", "2025-01-27/.."),
        ("", ""),
    ],
)
def test_each_form_is_read_relative_to_the_day_of_publication(expression: str, iso: str) -> None:
    assert resolve(expression, WEDNESDAY) == iso


@pytest.mark.parametrize("expression", ["Tue", "-1d", "--01-28", "+1m", "0y"])
def test_what_depends_on_an_unknown_day_of_publication_stays_unknown(expression: str) -> None:
    assert resolve(expression, "") == ""
    assert resolve(expression, "2025-01") == ""


@pytest.mark.parametrize("expression", ["2025-01-28", "2025-01", "2025", "2024-12-08/2025-01-28"])
def test_a_full_date_needs_no_day_of_publication(expression: str) -> None:
    assert resolve(expression, "") == expression


@pytest.mark.parametrize(
    ("expression", "published", "iso"),
    [
        ("--12-31", "2025-01-02", "2024-12-31"),
        ("--01-01", "2025-01-01", "2025-01-01"),
        ("--01-02+", "2024-12-31", "2025-01-02"),
        ("--12", "2025-01-02", "2024-12"),
        ("-1m", "2025-01-31", "2024-12"),
        ("+1m", "2024-12-31", "2025-01"),
        ("-1d", "2025-01-01", "2024-12-31"),
        ("Tue", "2025-01-01", "2024-12-31"),
        ("--02-29", "2025-06-01", "2024-02-29"),
        ("--02-29", "2024-02-29", "2024-02-29"),
        ("--02-29", "2024-02-28", "2020-02-29"),
        ("--02-29+", "2025-06-01", "2028-02-29"),
        ("--02-29+", "2097-01-01", "2104-02-29"),
        ("-1y", "2024-02-29", "2023"),
    ],
)
def test_dates_around_new_year_and_29_february(expression: str, published: str, iso: str) -> None:
    assert resolve(expression, published) == iso


@pytest.mark.parametrize(
    "nonsense",
    ["2025-13", "2025-02-30", "0000", "9999", "--13", "--02-30", "yesterday", "Tue-", "Tue--1w", "1d1", "/", "../..",
     "a/b", "2025-02-01/2025-01-01", "-999y", "+999y"],
)  # fmt: skip
def test_nonsense_is_no_date(nonsense: str) -> None:
    assert (
        resolve(nonsense, "0500-01-01" if nonsense == "-999y" else "9500-01-01" if "999y" in nonsense else WEDNESDAY)
        == ""
    )


PIECES = st.sampled_from(
    [
        "/",
        "..",
        "-",
        "+",
        "--",
        "Tue",
        "Wed",
        "d",
        "w",
        "m",
        "y",
        "0",
        "1",
        "28",
        "02-29",
        "0001-01-01",
        "9998-12-31",
        "2025",
        " ",
    ]
)
EXPRESSIONS = st.one_of(st.text(max_size=30), st.lists(PIECES, max_size=6).map("".join))


@given(st.lists(EXPRESSIONS, max_size=4), st.one_of(EXPRESSIONS, st.dates().map(date.isoformat)))
def test_no_text_raises_and_what_is_resolved_can_be_read_again(texts: list[str], published: str) -> None:
    resolved = [resolve(text, published) for text in texts]
    for when in resolved:
        assert resolve(when, "") == when
        span = interval(when)
        assert (span is None) == (when == "")
    assert best(resolved) in {*resolved, ""}
    best(texts)
    published_day(published)
    anchors = [Anchor(text, span) for text in texts for when in resolved if (span := interval(when))]
    assert infer_published(anchors, texts) == "" or published_day(infer_published(anchors, texts))


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)), st.integers(0, 6))
def test_a_weekday_is_within_the_seven_days_up_to_publication(day: date, weekday: int) -> None:
    latest = span_of(NAMES[weekday], day)
    after = span_of(NAMES[weekday] + "+", day)
    assert latest is not None
    assert after is not None
    assert latest.first.weekday() == after.first.weekday() == weekday
    assert timedelta(0) <= day - latest.first < timedelta(7)
    assert after.first - latest.first == timedelta(7)


@given(
    st.dates(min_value=date(1900, 1, 1), max_value=date(2090, 1, 1)),
    st.dates(min_value=date(1900, 1, 1), max_value=date(2090, 1, 1)),
)
def test_a_day_without_a_year_is_the_latest_one_before_publication_or_the_next_after(
    day: date, published: date
) -> None:
    text = f"--{day:%m-%d}"
    before, after = span_of(text, published), span_of(text + "+", published)
    assert before is not None
    assert after is not None
    assert before.last <= published <= after.first
    assert (before.first.month, before.first.day) == (after.first.month, after.first.day) == (day.month, day.day)


def test_the_date_told_sharpest_is_the_event_s_unless_the_others_contradict_it() -> None:
    assert best(["2025-01", "2025-01-28", ""]) == "2025-01-28"
    assert best(["2025-01-28", "2025-01-27", "2025-01-28"]) == "2025-01-28"
    assert best(["", ""]) == ""


def test_an_undated_article_gets_the_day_that_its_shared_events_and_weekdays_agree_on() -> None:
    tuesday, december = interval("2025-01-28"), interval("2024-12")
    assert tuesday is not None
    assert december is not None
    shared = [Anchor("Tue", tuesday), Anchor("Tue", tuesday), Anchor("-1m", december)]
    assert infer_published(shared, ["Tue", "Wed", "Mon", "Tue", "-1m"]) == "2025-01-29"
    assert infer_published([Anchor("-1d", tuesday)], ["-1d"]) == "2025-01-29"


def test_the_inferred_day_is_that_of_most_anchors() -> None:
    day = date(2025, 1, 28)
    shared = [Anchor("-1d", Span(day, day)), Anchor("-1d", Span(day, day)), Anchor("0d", Span(day, day))]
    assert infer_published(shared, []) == "2025-01-29"


def test_last_month_alone_does_not_give_a_day_even_beside_weekdays() -> None:
    december = interval("2024-12")
    assert december is not None
    assert infer_published([Anchor("-1m", december)], ["-1m"]) == ""
    assert infer_published([Anchor("-1m", december)], ["-1m", "Wed"]) == ""


def test_a_date_that_does_not_depend_on_the_day_infers_nothing() -> None:
    day = date(2025, 1, 28)
    assert infer_published([Anchor("2025-01-28", Span(day, day)), Anchor(" 2025-01-28", Span(day, day))], ["Wed"]) == ""
    assert infer_published([], ["Tue"]) == ""


def test_spans_are_written_in_the_shortest_form() -> None:
    assert Span(date(2024, 2, 1), date(2024, 2, 29)).iso() == "2024-02"
    assert Span(date(2023, 2, 1), date(2023, 2, 28)).days == 28
    assert Span(date(2024, 1, 1), date(2024, 12, 31)).iso() == "2024"
    assert Span(date(2024, 1, 1), date(2024, 1, 2)).iso() == "2024-01-01/2024-01-02"
