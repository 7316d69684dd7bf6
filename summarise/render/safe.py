"""What an article or a model says, as plain text and nothing else.

Every string that is not the program's own passes through `one_line` before it reaches a terminal, and through
`escape_markdown` before it reaches Markdown. Nothing that can be seen is dropped; what acts on the reader's screen
without being seen (escape sequences, bidirectional overrides, invisible characters) is.
"""

from __future__ import annotations

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# Patterns stand as text: `re` keeps them compiled from their first use on, and most commands use none of them.

# C0 but white space, DEL, C1, lone surrogates, noncharacters: never text, so a mark shows that something was there.
_NOT_TEXT = (
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane | low) for plane in range(0x10000, 0x110000, 0x10000) for low in (0xFFFE, 0xFFFF))
    + "]"
)

# Format characters without a glyph: soft hyphen, bidirectional controls, zero-width spaces, invisible operators,
# annotations, tag characters and the supplementary variation selectors (both carry hidden text), musical and
# shorthand controls. The two joiners are handled apart.
_UNSEEN = (
    "[\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

# Zero-width joiners change how Persian, Indic scripts and emoji look, and do nothing but hide elsewhere.
_JOINER = "[\u200c\u200d](?:(?<![^\x00-\u02ff\u2000-\u206f][\u200c\u200d])|(?![^\x00-\u02ff\u2000-\u206f]))"

_BREAK = "[\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]"

# All of the three above lies in here, so that one search can tell that there is nothing of them.
_PERHAPS = (
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff"
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U00013430-\U0010ffff]"
)
_HIGH = "[^\x00-\U0001342f]"


def clean(text: str) -> str:
    """`text` without anything that acts unseen; line breaks become `\\n`, tabs and spaces stay.

    Characters that are never text (controls, escape, lone surrogates) become U+FFFD, so that what surrounds them
    cannot pass for untouched; invisible format characters go.
    """
    if _is_plain(text):
        return text
    text = re.sub(_BREAK, "\n", text.replace("\r\n", "\n"))
    if not re.search(_PERHAPS, text):
        return text
    return re.sub(_NOT_TEXT, REPLACEMENT, re.sub(_JOINER, "", re.sub(_UNSEEN, "", text)))


def one_line(text: str) -> str:
    """`clean(text)` on one line: every run of white space is one space, none at the ends."""
    if _is_plain(text) and "  " not in text:  # the space is the only white space that is printable
        return text.strip(" ")
    return " ".join(clean(text).split())


def _is_plain(text: str) -> bool:
    """Whether `clean` has surely nothing to do, as with nearly all text.

    What is printable is no control, format character, line break, surrogate or noncharacter, in every version of
    Unicode; what is unseen and yet printable (variation selectors) lies high.
    """
    return text.isprintable() and (text.isascii() or not re.search(_HIGH, text))


def shorten(text: str, limit: int) -> str:
    """`text` cut at a word to at most `limit` characters, with an ellipsis where it was cut."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    space = kept.rfind(" ")
    if space > limit // 2:
        kept = kept[:space]
    return kept.rstrip(" ,;:") + "…"


# The characters first, so that the search runs from one of them to the next; then when each of them is markup.
_MARKUP = (
    r"[\\`*_{}\[\]<>#|~$@^+=)&!:./-]"
    r"(?:(?<=[\\`*_{}\[\]<>#|~$@^])"  # always, somewhere
    r"|(?<=^[-+=])"  # lists, rules and underlined headings, at the start of a line
    r"|(?<=^\d[.)])|(?<=^\d\d[.)])|(?<=^\d{3}[.)])|(?<=^\d{4}[.)])|(?<=^\d{5}[.)])"  # numbered lists
    r"|(?<=^\d{6}[.)])|(?<=^\d{7}[.)])|(?<=^\d{8}[.)])|(?<=^\d{9}[.)])"
    r"|(?<=&)(?=[#\w])"  # entities
    r"|(?<=!)(?=\[)"  # images
    r"|(?<=:)(?:(?=[^\s\d])|(?<!\d:)(?=\d))"  # schemes (http:, mailto:), :emoji:
    r"|(?<=\.)(?:(?=[^\W\d])|(?<!\d\.)(?=\d))"  # host names
    r"|(?<=/)(?=/)"  # links without a scheme
    r"|(?<=-)(?=-))"  # front matter, comments
)


def escape_markdown(text: str) -> str:
    """`one_line(text)` so that Markdown (CommonMark, GFM tables, footnotes, bare links, formulas) shows it as it is."""
    return re.sub(_MARKUP, lambda found: "\\" + found.group(), one_line(text))
