"""A person's corrections as a reader of the brief sees them, in Markdown and on a screen."""

from __future__ import annotations

import pytest
from made_briefs import seeds_brief
from test_render_markdown import HOSTILE, hostile_brief, shown

from summarise.contract import Brief, OverrideEntry
from summarise.render.markdown import brief_markdown
from summarise.render.terminal import brief_terminal
from summarise.render.view import corrected


def entry(what: str, *items: str, applied: bool = True, note: str = "") -> OverrideEntry:
    return OverrideEntry(kind="pin", what=what, applied=applied, items=items, note=note)


APPLIED = entry("the position on “opposes” stays", "p2", "turkey", "i1", "q1", "e1", "d1", "p99")
UNFIT = entry("“A” and “B” are one actor", applied=False, note="no actor here is called “A”")
BRIEF = seeds_brief(overrides=(APPLIED, UNFIT))


def lines_with(page: str, words: str) -> list[str]:
    return [line for line in page.splitlines() if words in line]


@pytest.mark.parametrize("words", ["Türkiye", "Opposes the Russian military", "Will Russia keep", "Sparta II leaves"])
def test_what_a_person_corrected_is_marked_where_it_stands(words: str) -> None:
    assert any("corrected by a person" in line for line in lines_with(shown(BRIEF), words))
    screen = " ".join(brief_terminal(BRIEF, width=400).split())
    assert any("corrected by a person" in after[:200] for after in screen.split(words)[1:])


def test_nothing_else_is_marked_and_without_corrections_nothing_is() -> None:
    assert corrected(BRIEF) == set(APPLIED.items)
    assert not any("corrected by a person" in line for line in lines_with(shown(BRIEF), "Wants to keep its two bases"))
    for page in (brief_markdown(seeds_brief()), brief_terminal(seeds_brief())):
        assert "person" not in page.replace(", person", "")


def test_an_item_in_a_persons_words_is_marked_without_its_correction() -> None:
    actors = tuple(a.model_copy(update={"by": "person"}) if a.id == "eu" else a for a in BRIEF.actors)
    assert corrected(seeds_brief(actors=actors)) == {"eu"}


def test_every_correction_is_listed_and_one_that_does_not_fit_says_why() -> None:
    page = shown(BRIEF)
    assert "Corrections by a person" in page
    assert lines_with(page, "the position on “opposes” stays (applies)")
    assert lines_with(page, "“A” and “B” are one actor (⚠ does not fit (any more): no actor here is called “A”)")
    screen = brief_terminal(BRIEF, width=200)
    assert "1 correction applied" in screen
    assert lines_with(screen, "“A” and “B” are one actor ⚠ does not fit (any more): no actor here is called “A”")


def test_hostile_corrections_are_text() -> None:
    said = tuple(entry(HOSTILE, "p1", applied=n % 2 == 0, note=HOSTILE) for n in range(40))
    brief = hostile_brief().model_copy(update={"overrides": said})
    plain = Brief.model_validate(brief.model_dump(by_alias=True) | {"overrides": ()})
    from markdown_it import MarkdownIt

    tags = [MarkdownIt("gfm-like").render(brief_markdown(one)) for one in (brief, plain)]
    assert all("<script" not in page and "<img" not in page and "<a " not in page for page in tags)
    assert "\x1b" not in brief_terminal(brief)
    assert "and 8 more" in brief_terminal(brief)
