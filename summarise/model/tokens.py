"""Tokens estimated from characters, before a call and without a vocabulary to download.

A text's UTF-8 tells its scripts apart well enough: letters of one byte (English) come to about four a token, of two
bytes (Cyrillic, Greek, Arabic, Hebrew, accented Latin) to about two, of three (Chinese, Japanese, Korean, Indic,
typographic marks) to about one, and an emoji to two tokens. The weights err on the high side.
"""

from __future__ import annotations

_ONE_BYTE = bytes(range(0x80, 0x100))
_NOT_TWO = bytes([*range(0xC0), *range(0xE0, 0x100)])
_NOT_THREE = bytes([*range(0xE0), *range(0xF0, 0x100)])
_NOT_FOUR = bytes(range(0xF0))


def estimate_tokens(text: str) -> int:
    """About how many tokens a text has; 0 for an empty one."""
    if text.isascii():
        return -(-len(text) * 10 // 38)
    raw = text.encode("utf-8", "surrogatepass")
    one = len(raw.translate(None, _ONE_BYTE))
    two = len(raw.translate(None, _NOT_TWO))
    three = len(raw.translate(None, _NOT_THREE))
    four = len(raw.translate(None, _NOT_FOUR))
    return -(-(one * 26 + two * 50 + three * 105 + four * 250) // 100)
