"""Nothing that an article or a model says acts on a screen or becomes markup."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from summarise.render.safe import clean, escape_markdown, one_line, shorten

# Format characters with a glyph: signs that stand before or over numbers.
VISIBLE = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}

HOSTILE = [
    "[a](http://evil.example/x)",
    "![x](https://evil.example/p.png)",
    "[a][1]\n\n[1]: http://evil.example",
    "[^1]: x",
    "<script>alert(1)</script>",
    "<img src=x onerror=y>",
    "<http://evil.example>",
    "<!-- x -->",
    "http://evil.example/a?b=c",
    "HTTPS://evil.example",
    "//evil.example/x",
    "//localhost/x",
    "www.evil.example",
    "evil.example",
    "mailto:a@evil.example",
    "a@evil.example",
    "ftp://evil.example",
    "# heading #",
    "## x",
    "> quote",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "123456789) item",
    "---",
    "===",
    "***",
    "```\ncode\n```",
    "~~~ x",
    "~~gone~~",
    "`code`",
    "    code",
    "\tcode",
    "| a | b |\n|---|---|",
    "a | b\\| c",
    "&lt;b&gt; &#60;",
    "&copy",
    "**bold** __bold__ _it_ *it*",
    "$x^2$",
    "C:\\temp\\*",
    "trailing \\",
    "[ ] task",
    "[x] task",
    "{{ 7*7 }} {% x %}",
    ":smile: a:b",
    "C #",
    "He said: “No.” U.S. 3.5 11:32 e.g. this-one",
]

PIECES = st.lists(
    st.one_of(
        st.sampled_from(HOSTILE),
        st.sampled_from([*"[]()<>!#*_`~|\\&:/.@-+=$^{}\"' \t\n1a", "http", "www.", "://", ".com", "&amp;", "[^1]"]),
        st.text(max_size=6),
    ),
    max_size=8,
).map("".join)

CELLS = {"title": "# {}", "item": "- **{}**", "line": "{}", "cell": "| a | b |\n| --- | --- |\n| x | {} |"}
INNOCENT = {
    *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "text", "text_special"),
    *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close", "strong_open", "strong_close"),
    *("table_open", "table_close", "thead_open", "thead_close", "tbody_open", "tbody_close"),
    *("tr_open", "tr_close", "th_open", "th_close", "td_open", "td_close"),
}


def tokens(markdown: str) -> list[Token]:
    parser = MarkdownIt("gfm-like", {"linkify": True, "html": True})
    flat = []
    for token in parser.parse(markdown):
        flat += [token, *(token.children or [])]
    return flat


def kinds(found: list[Token]) -> list[str]:
    return [token.type for token in found if token.type not in ("text", "text_special")]


def shown(found: list[Token]) -> str:
    return "".join(token.content for token in found if token.type in ("text", "text_special"))


def assert_it_is_only_text(said: str) -> None:
    if not one_line(said):
        assert escape_markdown(said) == ""
        return
    for frame in CELLS.values():
        found = tokens(frame.format(escape_markdown(said)))
        assert {token.type for token in found} <= INNOCENT
        # The same blocks as around a harmless word, and the very text.
        harmless = tokens(frame.format("word"))
        assert kinds(found) == kinds(harmless)
        assert shown(found) == shown(harmless).replace("word", one_line(said))


@pytest.mark.parametrize("said", HOSTILE)
def test_markup_in_an_article_is_shown_as_it_was_written(said: str) -> None:
    assert_it_is_only_text(said)


@settings(max_examples=300, deadline=None)
@given(PIECES)
def test_no_text_becomes_markup_and_all_of_it_stays_visible(said: str) -> None:
    assert_it_is_only_text(said)


def test_ordinary_prose_is_hardly_escaped() -> None:
    said = "He said: “No.” It costs 3.5 million (11:32), e.g. in Damascus – well-known; isn't it?"
    assert escape_markdown(said) == said.replace("e.g", "e\\.g")


def test_no_control_or_unseen_character_of_unicode_survives() -> None:
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and code not in VISIBLE:
            assert character not in one_line(f"a{character}b"), hex(code)


def test_an_escape_sequence_loses_its_power_but_not_its_text() -> None:
    assert one_line("a\x1b[31mred\x1b]52;c;QUJD\x07\x9b2J") == "a\ufffd[31mred\ufffd]52;c;QUJD\ufffd\ufffd2J"


def test_a_bidirectional_override_cannot_turn_a_file_name_round() -> None:
    assert one_line("report\u202efdp.exe") == "reportfdp.exe"


def test_joiners_stay_in_persian_and_emoji_and_go_elsewhere() -> None:
    assert one_line("می\u200cخواهم") == "می\u200cخواهم"
    assert one_line("👩\u200d💻") == "👩\u200d💻"
    assert one_line("pass\u200dword \u200c") == "password"


def test_line_breaks_of_every_kind_become_one_space_or_one_newline() -> None:
    assert one_line(" a\r\nb\u2028c\x0bd\u00a0\u3000e ") == "a b c d e"
    assert clean("a\r\nb\u2029c\td") == "a\nb\nc\td"


def test_shortening_ends_at_a_word_and_says_that_it_cut() -> None:
    assert shorten("one two three", 9) == "one two…"
    assert shorten("one", 9) == "one"
    assert len(shorten("x" * 50, 9)) == 9
