"""What the renderings share: dates in words, numbered evidence, the table of stances."""

from __future__ import annotations

import pytest
from made_briefs import run, seeds_brief

from summarise.contract import Usage
from summarise.render import view


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2025-01-28", "28 January 2025"),
        ("2025-01", "January 2025"),
        ("2025", "2025"),
        ("2025-01-28T11:32", "28 January 2025, 11:32"),
        ("2025-01-28T11:32:05+00:00", "28 January 2025, 11:32"),
        ("2025-01-28/2025-01-29", "28–29 January 2025"),
        ("2025-01-28/2025-02-02", "28 January to 2 February 2025"),
        ("2024-12-28/2025-01-02", "28 December 2024 to 2 January 2025"),
        ("2025-01-28/2025-01-28", "28 January 2025"),
        ("2025-13-01", "2025-13-01"),
        ("soon", "soon"),
        ("", ""),
    ],
)
def test_a_date_is_spelled_as_precisely_as_it_is_known(iso: str, words: str) -> None:
    assert view.spell_date(iso) == words


def test_the_table_keeps_the_issues_with_most_to_compare_and_counts_the_rest() -> None:
    table = view.stance_table(seeds_brief(), columns=2, rows=2)
    assert [issue.id for issue in table.issues] == ["i1", "i5"]
    assert table.more_issues == 3
    assert [row.actor for row in table.rows] == ["Russia", "Türkiye"]
    assert table.rows[1].stances == (("opposes", "predicts"), ("offers",))
    assert table.more_actors == 3


def test_the_counts_say_how_many_articles_of_what_days_and_whether_all_was_read() -> None:
    assert view.counts_line(seeds_brief()) == (
        "2 articles, 29 January 2025 · 1 independent origin behind the first claim · complete"
    )


def test_a_summary_that_opens_with_no_position_says_how_many_origins_there_are() -> None:
    assert "passing on 2 origins" in view.counts_line(seeds_brief(summary=()))


def test_an_unknown_cost_is_left_out_and_a_known_one_is_given() -> None:
    unknown = seeds_brief(run=run(usage=Usage(calls=3, input_tokens=1200, output_tokens=30)))
    known = seeds_brief(run=run(usage=Usage(calls=3, input_tokens=1200, output_tokens=30, cost=0.0125)))
    assert "$" not in view.run_line(unknown)
    assert view.run_line(known).endswith("3 calls, 0 reused · 1,200 + 30 tokens · $0.0125")
