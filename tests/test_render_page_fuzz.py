"""Nothing an article or a model says becomes markup: 20,000 generated texts through the page and through Markdown."""

from __future__ import annotations

import re

import lxml.html
import pytest
from hostile import brief_of, harmless, texts
from large_briefs import Large
from lxml.etree import _Comment, _Element, _ProcessingInstruction
from markdown_it import MarkdownIt

from summarise.render.markdown import brief_markdown
from summarise.render.page import brief_page
from summarise.render.page.markup import ATTRIBUTES, TAGS
from summarise.render.safe import one_line

ROUNDS = 4
PAGES = 13
"""Pages a round; together they hold more than 20,000 texts (counted below)."""

OF_THE_HEAD = {"html", "head", "meta", "style", "script"}


def page_of(large: Large) -> _Element:
    return lxml.html.document_fromstring(brief_page(large.brief, large.texts))


def skeleton(tree: _Element) -> list[tuple[str, ...]]:
    """Every element in order, with its attributes and what of them is ours."""
    ours = ("class", "id", "href", "role", "data-a", "data-i", "data-o", "hidden", "scope", "type")
    return [(str(one.tag), *(f"{k}={v}" if k in ours else k for k, v in one.attrib.items())) for one in tree.iter()]


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_whatever_is_said_the_page_has_the_elements_it_would_have_with_harmless_words(round_: int) -> None:
    expected = skeleton(page_of(brief_of(harmless())))
    for seed in range(PAGES):
        assert skeleton(page_of(brief_of(texts(1000 * round_ + seed)))) == expected


def test_the_pages_of_one_run_hold_more_than_20000_texts() -> None:
    source, count = texts(0), 0

    def counted() -> str:
        nonlocal count
        count += 1
        return source()

    brief_of(counted)
    assert count * ROUNDS * PAGES >= 20_000


def test_elements_attributes_and_links_are_those_of_the_lists_dates_and_languages_being_hostile_too() -> None:
    for seed in range(6):
        tree = page_of(brief_of(texts(seed), dates=True))
        ids = [one.get("id") for one in tree.iter() if one.get("id")]
        assert len(ids) == len(set(ids))
        for element in tree.iter():
            assert not isinstance(element, _Comment | _ProcessingInstruction)
            if element.tag in OF_THE_HEAD:
                continue
            assert element.tag in TAGS
            assert set(element.attrib) <= {name.lower() for name in ATTRIBUTES}
            assert (element.get("href") or "#")[0] == "#"
        assert len(tree.xpath("//script")) == len(tree.xpath("//style")) == 1


def test_what_is_said_is_shown_to_the_letter() -> None:
    large = brief_of(texts(5))
    tree = page_of(large)
    claims = [one_line(bdi.text_content()) for bdi in tree.xpath("//li[contains(@class, 'pos')]/p[@class='claim']/bdi")]
    by_actor = [  # on the page, an issue's positions stand by actor
        one_line(position.statement)
        for issue in large.brief.issues
        for actor in dict.fromkeys(position.actor for position in issue.positions)
        for position in issue.positions
        if position.actor == actor
    ]
    assert claims == by_actor
    assert one_line(tree.findtext(".//title")) == one_line(large.brief.title)


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_in_markdown_nothing_becomes_a_link_an_image_or_html(round_: int) -> None:
    reader = MarkdownIt("gfm-like")
    for seed in range(PAGES):
        html = reader.render(brief_markdown(brief_of(texts(1000 * round_ + seed, most=2)).brief))
        assert not re.search(r"<(?!/?(?:h[1-6]|p|em|strong|[uo]l|li|table|thead|tbody|t[rhd]|br|hr|a|sup)\b)", html)
        assert not re.search(r'(?:href|src)="(?!#)', html)
