"""What changed, in words: counts first, a line a change with its quotation, and nothing of it acts on a reader."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_versions import Paper, briefs, ref
from markdown_it import MarkdownIt

from summarise.change import Change, ChangeKind, Changes
from summarise.changes import WORTH, changes
from summarise.contract import Brief, Evidence, Stance
from summarise.render.changes import (
    COUNTED,
    VERBS,
    Sources,
    change_line,
    change_lines,
    changes_markdown,
    changes_text,
    counted,
    counts_line,
    kinds_line,
)

PAPER = Paper("one.txt", "Russia wants to keep its bases.", "It does not.", "Nobody knows.", "More follows.")
SOURCES = Sources(paths={PAPER.id: "one.txt"}, flagged=frozenset({(PAPER.id, 4)}))
HOSTILE = (
    "](http://evil.example) <img src=x onerror=alert(1)> \x1b]52;c;QUJD\x07 | # x\n\n## Files \u202e www.evil.example"
)


def of(*found: Change, before: int | None = 1, after: int = 2) -> Changes:
    return Changes(story="bases", before=ref(before) if before else None, after=ref(after), changes=found)


def change(kind: ChangeKind, what: str = "", **known: object) -> Change:
    return Change.model_validate({"kind": kind, "item": "x-1", "what": what, **known})


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (
            change("disagreement_opened", "Are the talks stalled?", after="between_actors"),
            "Actors disagree: Are the talks stalled? (new)",
        ),
        (
            change("disagreement_opened", "First for, then against.", after="changed_over_time"),
            "Changed over time: First for, then against. (new)",
        ),
        (change("disagreement_settled", "Which day?", before="between_reports"), "No longer in dispute: Which day?"),
        (
            change("stance_changed", "Russia: Keeps it.", before="undecided", after="opposes", gained=[PAPER[1]]),
            "Russia now opposes: Keeps it. (before: undecided)",
        ),
        (
            change("stance_changed", "Russia: Keeps it.", before="supports", after="declines_to_comment"),
            "Russia now declines to comment: Keeps it. (before: supports; read anew from the same sentences)",
        ),
        (
            change("question_answered", "Who pays?", before="open", after="answered"),
            "Answered: Who pays? (before: open)",
        ),
        (
            change("question_answered", "Who pays?", before="open", after="partly_answered"),
            "Partly answered: Who pays? (before: open)",
        ),
        (
            change("question_reopened", "Who pays?", before="answered", after="open"),
            "Reopened: Who pays? (before: answered)",
        ),
        (change("question_opened", "Who pays?", after="open"), "New question: Who pays?"),
        (change("question_opened", "Who pays?", after="answered"), "New question, answered already: Who pays?"),
        (change("question_withdrawn", "Who pays?", before="open"), "Question withdrawn: Who pays? (before: open)"),
        (change("position_new", "EU: Eases sanctions.", after="offers"), "New: EU offers: Eases sanctions."),
        (change("position_withdrawn", "EU: Eases them.", before="offers"), "Withdrawn: EU offers: Eases them."),
        (
            change(
                "evidence_gained", "EU: Eases them.", gained=[PAPER[1], PAPER[2]], before="1 origin", after="2 origins"
            ),
            "2 more sentences: EU: Eases them. (rests on 2 origins, before 1 origin)",
        ),
        (change("evidence_lost", "Russia", lost=[PAPER[1]]), "1 sentence fewer: Russia"),
        (
            change("evidence_reworded", "EU: Eases them.", gained=[PAPER[1]], lost=[PAPER[2]]),
            "Sentence corrected: EU: Eases them.",
        ),
        (
            change("joined", "Russia", before="the Kremlin", after="Russia"),
            "Told as one now: Russia (before apart: the Kremlin)",
        ),
        (
            change("parted", "the Kremlin", before="Russia", after="the Kremlin"),
            "Told apart now: the Kremlin (before part of: Russia)",
        ),
        (change("actor_new", "EU"), "New actor: EU"),
        (change("actor_withdrawn", "EU"), "Actor withdrawn: EU"),
        (
            change("actor_renamed", "Moscow", before="Russia", after="Moscow"),
            "Named otherwise: Moscow (before: Russia)",
        ),
        (change("event_new", "Talks.", after="2025-01-28"), "New event: Talks. (28 January 2025)"),
        (change("event_withdrawn", "Talks.", before=""), "Event withdrawn: Talks. (undated)"),
        (
            change("event_redated", "Talks.", before="2025-01", after="2025-01-28"),
            "Another date: Talks. (now: 28 January 2025; before: January 2025)",
        ),
        (change("article_added", "a.txt", after="used"), "New article: a.txt"),
        (change("article_added", "a.txt", after="duplicate"), "New file: a.txt (duplicate)"),
        (change("article_added", "a.txt", before="failed", after="used"), "Article read now: a.txt (before: failed)"),
        (change("article_corrected", "a.txt"), "Article corrected: a.txt"),
        (change("article_withdrawn", "a.txt", before="used"), "Article gone: a.txt"),
        (change("article_withdrawn", "a.txt", before="duplicate"), "File gone: a.txt (duplicate)"),
        (
            change("article_withdrawn", "a.txt", before="used", after="failed"),
            "Article no longer read: a.txt (now: failed)",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_change_is_one_line_that_a_reader_understands(told: Change, line: str) -> None:
    assert change_line(told) == line


def test_every_kind_of_change_and_every_stance_has_its_words() -> None:
    assert set(COUNTED) == set(WORTH) == set(get_args(ChangeKind))
    assert list(COUNTED) == list(WORTH), "counted in the order in which they are told"
    assert set(VERBS) == set(get_args(Stance))


@pytest.mark.parametrize(
    ("article", "because"),
    [
        (change("article_withdrawn", "one.txt", was=PAPER.id, before="used"), "the article that said so is gone"),
        (
            change("article_withdrawn", "one.txt", was=PAPER.id, before="used", after="failed"),
            "the article that said so was not read this time",
        ),
        (change("article_corrected", "one.txt", was=PAPER.id), "the article was corrected"),
    ],
)
def test_what_is_gone_with_its_article_says_so(article: Change, because: str) -> None:
    gone = change("position_withdrawn", "EU: Eases them.", was="x-1", before="offers", lost=[PAPER[1]])
    assert change_lines(of(gone, article))[0] == f"Withdrawn: EU offers: Eases them. ({because})"
    assert change_lines(of(gone))[0] == "Withdrawn: EU offers: Eases them."


def test_the_counts_name_the_versions_and_when_the_earlier_one_was_made() -> None:
    new = change("actor_new", "EU")
    assert counts_line(of(new)) == "1 change since version 1 of 20 November 2026, 04:10 UTC"
    assert (
        counts_line(of(before=3, after=4)) == "No change but of wording since version 3 of 22 November 2026, 04:10 UTC"
    )
    assert counts_line(of(new, new, before=2, after=1)) == (
        "2 changes from version 2 of 21 November 2026, 04:10 UTC back to version 1 of 20 November 2026, 04:10 UTC"
    )
    assert counts_line(of(before=None, after=1)) == "Version 1 of 20 November 2026, 04:10 UTC: there is none before it"
    assert kinds_line(counted(of(new, change("stance_changed", "a: b"), new))) == "1 stance changed, 2 new actors"


def test_markdown_has_the_counts_first_then_each_change_with_its_quotations() -> None:
    shown = changes_markdown(
        of(
            change(
                "stance_changed",
                "Russia: Stays.",
                before="supports",
                after="opposes",
                gained=[PAPER[1]],
                lost=[PAPER[2]],
            ),
            change("evidence_gained", "Russia", gained=[PAPER[1], PAPER[2], PAPER[3]]),
            change("actor_new", "EU", gained=[PAPER[1]]),
        ),
        SOURCES,
    )
    assert shown == (
        "## What changed\n\n"
        "*3 changes since version 1 of 20 November 2026, 04:10 UTC: "
        "1 stance changed, 1 item with more evidence, 1 new actor*\n\n"
        "- **Russia now opposes**: Stays. (before: supports)\n"
        "  - “Russia wants to keep its bases.” — one\\.txt, sentence 1\n"
        "  - no longer: “It does not.” — one\\.txt, sentence 2\n"
        "- **3 more sentences**: Russia\n"
        "  - “Russia wants to keep its bases.” — one\\.txt, sentence 1\n"
        "  - “It does not.” — one\\.txt, sentence 2\n"
        "  - “Nobody knows.” — one\\.txt, sentence 3\n"
        "- **New actor**: EU"
    )


def test_of_many_quotations_one_gained_and_one_lost_are_shown() -> None:
    told = change(
        "stance_changed", "a: b", before="opposes", after="supports", gained=[PAPER[1], PAPER[2]], lost=[PAPER[3]]
    )
    shown = changes_text(of(told), SOURCES)
    assert PAPER[1].quote in shown
    assert f"no longer: “{PAPER[3].quote}”" in shown
    assert PAPER[2].quote not in shown
    assert "and 1 more sentence\n" in shown


def test_a_sentence_that_talks_to_a_machine_is_marked() -> None:
    told = of(change("position_new", "EU: “More follows.”", after="unclassified", gained=[PAPER[4]]))
    assert "⚑ addressed to a machine: one.txt, sentence 4" in changes_text(told, SOURCES)
    assert "⚑ addressed to a machine: one\\.txt, sentence 4" in changes_markdown(told, SOURCES)


def test_a_sentence_that_was_just_told_is_named_and_not_quoted_again() -> None:
    told = of(change("position_new", f"EU: {PAPER[1].quote}", after="supports", gained=[PAPER[1], PAPER[2]]))
    assert changes_text(told, SOURCES).count(PAPER[1].quote) == 1
    assert "    one.txt, sentence 1\n    “It does not.” one.txt, sentence 2\n" in changes_text(told, SOURCES)


def test_a_long_list_is_cut_only_where_that_is_asked_for() -> None:
    many = of(*(change("actor_new", f"Actor {n}") for n in range(20)))
    assert changes_text(many).count("•") == 20
    short = changes_text(many, most=8)
    assert short.count("•") == 8
    assert short.endswith("… and 12 more (summarise diff)\n")


def test_a_screen_gets_lines_no_longer_than_it_is_wide() -> None:
    told = of(change("position_new", "EU: " + "Eases sanctions. " * 20, after="offers", gained=[PAPER[1]]))
    assert all(len(line) <= 60 for line in changes_text(told, SOURCES, width=60).splitlines())


# ---- nothing acts


@pytest.mark.parametrize("kind", get_args(ChangeKind))
def test_hostile_words_stay_words_in_markdown_and_on_a_screen(kind: ChangeKind) -> None:
    quote = Evidence(article="a-1", sentence=1, start=0, end=1, quote=HOSTILE)
    told = change(kind, HOSTILE, before=HOSTILE, after=HOSTILE, gained=[quote], lost=[quote])
    sources = Sources(paths={"a-1": HOSTILE})
    page = changes_markdown(of(told), sources)
    html = MarkdownIt("gfm-like").render(page)
    assert html.count("<h2>") == 1
    assert not any(tag in html for tag in ("<a ", "<img", "<script", "<h1", "<table"))
    for shown in (page, changes_text(of(told), sources), change_line(told)):
        assert not any(char in shown for char in "\x1b\x07\u202e")
    assert "\n" not in change_line(told)


@given(briefs(), briefs())
def test_any_changes_have_a_line_each_and_a_section(before: Brief, after: Brief) -> None:
    told = changes(before, after, before_ref=ref(1), after_ref=ref(2))
    sources = Sources.of(before, after)
    assert changes_text(told, sources).count("• ") == len(told.changes)
    assert len([line for line in changes_markdown(told, sources).splitlines() if line.startswith("- **")]) == len(
        told.changes
    )
    assert all(line and "\n" not in line for line in change_lines(told))


@given(st.text(), st.text(), st.text(), st.sampled_from(get_args(ChangeKind)))
def test_any_text_makes_one_line(what: str, before: str, after: str, kind: ChangeKind) -> None:
    line = change_line(change(kind, what, before=before, after=after))
    assert len(line.splitlines()) == 1
