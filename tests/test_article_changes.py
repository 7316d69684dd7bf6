"""What became of the files between two versions: a text is known by itself, whatever its file is called."""

from __future__ import annotations

import pytest
from hypothesis import given
from made_versions import Paper, briefs, version

from summarise.article_changes import article_changes, corrected
from summarise.contract import Brief

FIRST = Paper("first.txt", "Russia wants to keep its two bases in Syria.")
SECOND = Paper("second.txt", "Moscow hopes to retain both its bases.")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([FIRST], [FIRST, FIRST.renamed("z.txt", "duplicate")], [("article_added", "z.txt", "", "duplicate")]),
        (
            [FIRST, FIRST.renamed("z.txt", "duplicate")],
            [FIRST.renamed("z.txt")],
            [("article_withdrawn", "first.txt", "duplicate", "")],
        ),
        ([FIRST], [FIRST.renamed("first.txt", "failed")], [("article_withdrawn", "first.txt", "used", "failed")]),
        ([FIRST.renamed("first.txt", "failed")], [FIRST], [("article_added", "first.txt", "failed", "used")]),
        (
            [FIRST],
            [FIRST.renamed("old.txt"), Paper("first.txt", "Other.")],
            [("article_added", "first.txt", "", "used")],
        ),
        (
            [Paper("x.pdf", status="unreadable")],
            [Paper("x.pdf", "Text.")],
            [("article_added", "x.pdf", "unreadable", "used")],
        ),
        ([FIRST, SECOND], [FIRST.renamed("second.txt"), SECOND.renamed("first.txt")], []),
        (
            [FIRST],
            [Paper("first.txt", "Other.", status="unrelated")],
            [("article_withdrawn", "first.txt", "used", "unrelated")],
        ),
    ],
    ids=["copy", "copy gone", "failed", "read at last", "moved aside", "mended", "swapped", "another story"],
)
def test_files_are_told_by_their_text(
    before: list[Paper], after: list[Paper], expected: list[tuple[str, str, str, str]]
) -> None:
    found = article_changes(version(*before), version(*after))
    assert [(c.kind, c.what, c.before, c.after) for c in found] == expected


def test_a_correction_names_both_texts() -> None:
    mended = Paper("first.txt", "Russia wants to keep one base in Syria.")
    found = article_changes(version(FIRST, SECOND), version(mended, SECOND))
    assert [change.kind for change in found] == ["article_corrected"]
    assert corrected(found) == {FIRST.id: mended.id}


@given(briefs(), briefs())
def test_the_number_of_files_adds_up(before: Brief, after: Brief) -> None:
    """What is added or withdrawn for good is all by which the numbers of files differ."""
    found = article_changes(before, after)
    added = sum(change.kind == "article_added" and not change.was for change in found)
    withdrawn = sum(change.kind == "article_withdrawn" and not change.after for change in found)
    assert len(after.articles) - len(before.articles) == added - withdrawn
    assert len(corrected(found)) == len(set(corrected(found).values()))
