"""The brief on a screen: at every width, with and without colour, and whatever an article says."""

from __future__ import annotations

import re
import unicodedata

import pytest
from made_briefs import position, seeds_brief, source
from test_render_markdown import hostile_brief

from summarise.contract import Issue
from summarise.render.terminal import brief_terminal

SGR = re.compile(r"\x1b\[[\d;]*m")


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in line)


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
@pytest.mark.parametrize("hostile", [False, True])
def test_no_line_is_wider_than_the_terminal(width: int, hostile: bool) -> None:
    text = brief_terminal(hostile_brief() if hostile else seeds_brief(), width=width)
    assert max(columns(line) for line in text.splitlines()) <= width


def test_running_text_is_set_no_wider_than_one_can_read() -> None:
    text = brief_terminal(seeds_brief(), width=200)
    summary = text.splitlines()[3]
    assert 60 < len(summary) <= 100


def test_nothing_in_the_brief_can_reach_the_terminal_as_a_control_character() -> None:
    text = brief_terminal(hostile_brief(), width=100, colour=True)
    assert "\x1b[" in text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", SGR.sub("", text))


def test_without_colour_there_is_no_escape_sequence_at_all() -> None:
    assert "\x1b" not in brief_terminal(seeds_brief(), width=100)


def test_colour_adds_nothing_but_colour() -> None:
    assert SGR.sub("", brief_terminal(seeds_brief(), width=100, colour=True)).split() == (
        brief_terminal(seeds_brief(), width=100).split()
    )


def test_square_brackets_of_an_article_are_no_markup() -> None:
    assert "[bold red]x[/] [link=http://evil.example]y" in brief_terminal(
        seeds_brief(title="[bold red]x[/] [link=http://evil.example]y"), width=100
    )


def test_the_table_of_stances_gives_way_to_lines_where_it_has_no_room() -> None:
    wide, narrow = brief_terminal(seeds_brief(), width=100), brief_terminal(seeds_brief(), width=60)
    assert "WHO STANDS WHERE" in wide
    listed = narrow.partition("WHO STANDS WHERE\n")[2].partition("\n\n")[0]
    named = {issue.title for issue in seeds_brief().issues}
    for actor in {p.actor for issue in seeds_brief().issues for p in issue.positions}:
        name = next(one.name for one in seeds_brief().actors if one.id == actor)
        assert f"• {name}: " in listed
    assert any(title.split()[0] in listed for title in named)
    assert re.search(r"; .* [+−!→›≈»] \w", listed) or re.search(r": .* [+−!→›≈»] \w", listed)


@pytest.mark.parametrize("width", range(90, 121))
def test_no_column_of_the_table_of_stances_is_cut(width: int) -> None:
    brief = seeds_brief()
    first = brief.issues[0]
    word = "Q" * 15
    issues = tuple(
        Issue(
            id=f"i-{n}",
            title=f"{word} {word}",
            positions=tuple(p.model_copy(update={"id": f"p-{n}-{m}"}) for m, p in enumerate(first.positions)),
        )
        for n in range(5)
    )
    shown = brief_terminal(brief.model_copy(update={"issues": issues}), width=width)
    table = shown.partition("WHO STANDS WHERE\n")[2].partition("─")[0]
    assert table.count("Q") in (4 * 30, 5 * 30)  # as many columns as there is room for, each whole


def test_a_long_summary_is_a_list_and_a_short_one_a_paragraph() -> None:
    sentence = seeds_brief().summary[0]
    assert "• Russia has not secured" not in brief_terminal(seeds_brief(), width=100)
    assert brief_terminal(seeds_brief(summary=(sentence,) * 6), width=100).count("• Russia has not secured") == 6


def test_numbers_in_the_summary_lead_to_their_passages() -> None:
    text = brief_terminal(seeds_brief(), width=100)
    assert "rest. [1,2]" in text
    assert "[1]  “Negotiations with Syria’s new government have stalled, the source said" in text


def test_a_long_issue_is_cut_and_says_by_how_much() -> None:
    evidence = source("000_b0d3ce1afcac1d89.txt").evidence("Sparta II")
    many = tuple(position(f"p{n}", "russia", "assesses", f"Statement number {n}.", evidence) for n in range(10))
    text = brief_terminal(seeds_brief(issues=(Issue(id="i", title="One", positions=many),), disagreements=()), width=80)
    assert "Statement number 5." in text
    assert "Statement number 6." not in text
    assert "and 4 more positions in brief.md" in text


def test_an_incomplete_brief_says_so_in_its_second_line() -> None:
    assert "INCOMPLETE" in brief_terminal(seeds_brief(complete=False), width=100).splitlines()[1]


def test_a_file_that_was_not_used_is_shown_with_its_reason() -> None:
    bad = source("000_b0d3ce1afcac1d89.txt").entry(
        id="x", path="b.bin", status="unreadable", reason="not text", words=0
    )
    text = brief_terminal(seeds_brief(articles=(*seeds_brief().articles, bad)), width=80)
    assert "✗ b.bin  unreadable: not text" in text
