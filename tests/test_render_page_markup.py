"""Elements of the page: text cannot become markup, links cannot leave, and nothing is there that is not listed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import summarise.render.page as page
from summarise.render.page.markup import Html, joined, link, spread, tag, words
from summarise.render.safe import clean, one_line


def test_text_is_escaped_in_an_element_and_in_an_attribute() -> None:
    made = tag("p", {"aria-label": "\"a\" & 'b' <c>"}, "<b> & \"x\" 'y'")
    assert made.source == ("""<p aria-label="&quot;a&quot; &amp; 'b' &lt;c&gt;">&lt;b&gt; &amp; "x" 'y'</p>""")


@given(st.text())
def test_no_text_holds_a_character_that_could_begin_or_end_markup(text: str) -> None:
    assert not re.search(r"[<>]|&(?!(?:amp|lt|gt);)", joined(text).source)
    quoted = tag("p", {"aria-label": f"x{text}"}).source.removeprefix('<p aria-label="').removesuffix('"></p>')
    assert not re.search(r"[<>\"]|&(?!(?:amp|lt|gt|quot);)", quoted)


@given(st.text())
def test_a_text_is_shown_as_it_is_but_for_what_acts_unseen(text: str) -> None:
    back = joined(text).source
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        back = back.replace(entity, character)
    assert back == clean(text)


def test_pieces_of_a_page_and_text_cannot_be_taken_for_each_other() -> None:
    with pytest.raises(TypeError):
        tag("b", None, "x") + "<script>"  # type: ignore[operator]
    assert joined(tag("b", None, "x"), "<i>").source == "<b>x</b>&lt;i&gt;"


@pytest.mark.parametrize(
    "name", ["script", "style", "iframe", "img", "form", "object", "base", "meta", "P", "p onclick"]
)
def test_an_element_that_is_not_listed_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no element"):
        tag(name)


@pytest.mark.parametrize(
    "name", ["style", "onclick", "src", "srcdoc", "action", "target", "xlink:href", "href onclick"]
)
def test_an_attribute_that_is_not_listed_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no attribute"):
        tag("a", {name: "x"})


@pytest.mark.parametrize("href", ["javascript:alert(1)", "http://x", "//x", "#", "#a b", "x", "#A", "data:,", "#a\nb"])
def test_a_link_out_of_the_page_is_refused(href: str) -> None:
    with pytest.raises(ValueError, match="out of the page"):
        tag("a", {"href": href})


def test_a_drawing_is_numbers_and_a_few_letters() -> None:
    assert tag("path", {"d": "M0 0h9v9h-9z"}).source == '<path d="M0 0h9v9h-9z"></path>'
    with pytest.raises(ValueError, match="no drawing"):
        tag("path", {"d": "url(x)"})


def test_attributes_that_are_not_set_are_left_out_and_true_stands_alone() -> None:
    attributes = {"hidden": True, "id": None, "class": "", "open": False, "value": "", "data-o": ""}
    assert tag("option", attributes).source == '<option hidden value="" data-o=""></option>'


def test_empty_pieces_leave_no_separator_behind() -> None:
    assert joined("a", None, "", "b", between=" · ").source == "a · b"


def test_words_that_are_none_are_a_dash() -> None:
    assert words("\u200b \n").source == "<bdi>–</bdi>"


def test_no_other_module_of_the_page_makes_html_of_its_own() -> None:
    """The document's frame is written out in `page.py`, of strings that are the program's own."""
    for module in Path(next(iter(page.__path__))).glob("*.py"):
        code = module.read_text(encoding="utf-8")
        if module.name != "markup.py":
            assert not re.search(r"\bHtml\(", code), module.name
        if module.name not in ("markup.py", "page.py"):
            assert ".source" not in code, module.name
    assert Html("x") == Html("x")


def test_an_element_in_pieces_is_the_same_element() -> None:
    attributes = {"class": "x", "hidden": True}
    children = ["<a>", None, ["b", [tag("b", None, "c")]], tag("s", None), ""]
    assert joined(spread("ul", attributes, *children)) == tag("ul", attributes, *children)


def test_the_pieces_of_an_element_are_made_when_it_is_their_turn() -> None:
    made = []

    def items() -> Iterator[Html]:
        for number in range(3):
            made.append(number)
            yield tag("li", None, str(number))

    pieces = spread("ul", None, tag("li", None, "first"), items())
    seen = [(piece.source, len(made)) for piece in pieces]
    assert seen == [
        ("<ul>", 0),
        ("<li>first</li>", 0),
        ("<li>0</li>", 1),
        ("<li>1</li>", 2),
        ("<li>2</li>", 3),
        ("</ul>", 3),
    ]


def test_an_element_in_pieces_that_is_not_listed_is_refused() -> None:
    with pytest.raises(ValueError, match="no element"):
        next(spread("script"))


@pytest.mark.parametrize("anchor", ["", "A", "a b", 'a"><b>', "é", "//x", "a\n", "1"])
def test_a_link_leads_to_an_anchor_of_the_page_or_is_refused(anchor: str) -> None:
    assert link("e1", "<1>", words("x")) == tag("a", {"href": "#e1"}, "<1>", words("x"))
    with pytest.raises(ValueError, match="out of the page"):
        link(anchor, "x")


@given(st.text())
def test_words_are_an_element_of_their_own_direction(text: str) -> None:
    assert words(text) == tag("bdi", None, one_line(text) or "–")
