"""Nothing that an article or a model says acts on a screen or becomes markup."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Sequence

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


# ---- short cuts: what is told apart quickly, beside the slow way that looks at every character with every rule

BREAK = re.compile("\r\n|[\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]")
UNSEEN = re.compile(
    "[\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
JOINER = re.compile("(?<![^\x00-\u02ff\u2000-\u206f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\u02ff\u2000-\u206f])")
NOT_TEXT = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane | low) for plane in range(0, 0x110000, 0x10000) for low in (0xFFFE, 0xFFFF))
    + "]"
)
WHITE = re.compile("[ \t\n\x0b\x0c\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
MARKUP = re.compile(
    r"[\\`*_{}\[\]<>#|~$@^]|^[-+=]"
    r"|(?<=^\d)[.)]|(?<=^\d\d)[.)]|(?<=^\d{3})[.)]|(?<=^\d{4})[.)]|(?<=^\d{5})[.)]"
    r"|(?<=^\d{6})[.)]|(?<=^\d{7})[.)]|(?<=^\d{8})[.)]|(?<=^\d{9})[.)]"
    r"|&(?=[#\w])|!(?=\[)|:(?=[^\s\d])|(?<!\d):(?=\d)|\.(?=[^\W\d])|(?<!\d)\.(?=\d)|/(?=/)|-(?=-)"
)


def slow_clean(text: str) -> str:
    return NOT_TEXT.sub("\ufffd", JOINER.sub("", UNSEEN.sub("", BREAK.sub("\n", text))))


def slow_one_line(text: str) -> str:
    return WHITE.sub(" ", slow_clean(text)).strip(" ")


def slow_escape(text: str) -> str:
    return MARKUP.sub(lambda found: "\\" + found.group(), slow_one_line(text))


def assert_as_the_slow_way(said: str) -> None:
    assert clean(said) == slow_clean(said)
    assert one_line(said) == slow_one_line(said)
    assert escape_markdown(said) == slow_escape(said)


SEEN_OR_NOT = [*range(0x20000), *range(0xE0000, 0xE1000)]
"""Where Unicode has letters and signs apart from Han, and all that acts unseen."""
EVERY = range(sys.maxunicode + 1)


@pytest.mark.parametrize("codes", [SEEN_OR_NOT, pytest.param(EVERY, marks=pytest.mark.long)], ids=["those", "every"])
def test_every_character_alone_is_treated_as_by_the_slow_way(codes: Sequence[int]) -> None:
    for character in map(chr, codes):
        said = slow_clean(character)
        line = WHITE.sub(" ", said).strip(" ")
        assert clean(character) == said, ascii(character)
        assert escape_markdown(character) == MARKUP.sub(lambda found: "\\" + found.group(), line), ascii(character)


@pytest.mark.parametrize("codes", [SEEN_OR_NOT, pytest.param(EVERY, marks=pytest.mark.long)], ids=["those", "every"])
def test_every_character_between_letters_and_joiners_is_treated_as_by_the_slow_way(codes: Sequence[int]) -> None:
    for begin in range(0, len(codes), 256):
        said = [f"a{c}b م{c}م{c}\u200dم" for c in map(chr, codes[begin : begin + 256])]
        # What stands between two letters and spaces is treated the same in a longer text.
        assert " ".join(map(clean, said)) == slow_clean(" ".join(said)), hex(codes[begin])
        assert " ".join(map(escape_markdown, said)) == slow_escape(" ".join(said)), hex(codes[begin])


def test_all_of_unicode_in_its_order_is_treated_as_by_the_slow_way() -> None:
    for begin in range(0, len(EVERY), 256):
        assert_as_the_slow_way("".join(map(chr, range(begin, begin + 256))))


@settings(max_examples=400, deadline=None)
@given(PIECES | st.text(max_size=20) | st.text(st.characters(), max_size=20))
def test_any_text_is_treated_as_by_the_slow_way(said: str) -> None:
    assert_as_the_slow_way(said)


SIGNS = [
    *"  \t\n\r\x0b\x1f\x85\xa0\u2028\u3000\u200c\u200d\xad\u202e\u2065\ufeff\ufdd0\ud800\x1b\U000e0100مaB19٣",
    "  ",
]
MARKS = ["\r\n", "--", "//", ":a", ":1", "1:1", ".a", ".1", "1.", "123456789.", "1234567890)", "&#", "&a", "!["]


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from([*SIGNS, *MARKS, *".:-+=()&![]*_/#\\<>|~$@^`{}é“"]), max_size=9).map("".join))
def test_signs_that_matter_in_any_order_are_treated_as_by_the_slow_way(said: str) -> None:
    assert_as_the_slow_way(said)
