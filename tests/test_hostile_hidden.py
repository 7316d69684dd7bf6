"""What a page does not show is not read, in whichever way it is hidden; what it shows is."""

from __future__ import annotations

import pytest
from hidden_text import IN_BODY, IN_HEAD, PARAGRAPHS, SHOWN, SLIPPED, page

from summarise.loading import styles, web


def read(html: str) -> str:
    document = web.page(html)
    return "\n".join([document.facts.title, *document.body])


@pytest.mark.parametrize("way", IN_BODY)
def test_words_hidden_in_the_body_are_not_read_and_the_others_are(way: str) -> None:
    text = read(page(IN_BODY[way].format(SLIPPED)))
    assert "Zorg" not in text
    assert all(paragraph in text for paragraph in PARAGRAPHS)


@pytest.mark.parametrize("way", IN_HEAD)
def test_words_for_machines_in_the_head_are_not_read(way: str) -> None:
    assert "Zorg" not in read(page(head=IN_HEAD[way].format(SLIPPED)))


@pytest.mark.parametrize("way", SHOWN)
def test_words_that_only_look_hidden_are_read(way: str) -> None:
    assert SLIPPED in read(page(SHOWN[way].format(SLIPPED)))


@pytest.mark.parametrize(
    "selector",
    ["p", "p:first-child", "a + b", "a ~ b", "::before", "[x='a b']", "*", "", "> p", "p[class^=x]", "'", "a]b", "x|y"],
)
def test_a_selector_that_means_more_than_we_know_hides_nothing(selector: str) -> None:
    sheet = styles.sheet([f"{selector} {{display:none}}"])
    assert (sheet.names, sheet.paths) == (frozenset(), ())


def test_a_style_sheet_of_nonsense_is_passed_over() -> None:
    for text in ("{{{{", "}}}}", "@media{", "a{b", "/*", ".x{color:#12}", "@" * 5000, ".x{" * 3000, "a{--x:var(--x)}"):
        assert styles.sheet([text]).names == frozenset()


def test_a_broken_style_sheet_does_not_swallow_the_next() -> None:
    for broken in ("@media print{", "/* never closed", ".a{.b{", "}}}"):
        put = f"<style>{broken}</style>{IN_BODY['class of a style sheet'].format(SLIPPED)}"
        assert "Zorg" not in read(page(put))
