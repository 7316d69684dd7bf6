"""`brief.json`: the same brief gives the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pydantic_core import to_json

from summarise.contract import Brief, Run

# Legal in JSON strings but not to be let loose on a terminal or a page by whoever prints the file: DEL and C1,
# bidirectional controls, invisible format characters, line separators, lone surrogates, noncharacters.
_TO_ESCAPE = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)

_PIECE = 1 << 20  # characters


def _escape(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def canonical_json(value: object) -> str:
    """`value` as JSON: keys in their own order, indented by one space, one final newline.

    Text stays readable (UTF-8); what would act on a screen unseen is written as `\\uXXXX`. Loading it gives the
    value back to the letter.
    """
    try:
        text = to_json(value, indent=1, inf_nan_mode="constants").decode()
    except ValueError:  # a lone surrogate, which UTF-8 cannot hold; the slow way can
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1)
    return escaped(text) + "\n"


def escaped(text: str) -> str:
    """JSON with what would act on a screen unseen as `\\uXXXX`; it loads as the same value."""
    if text.isascii() and "\x7f" not in text:  # told at once, however long it is
        return text
    return _TO_ESCAPE.sub(_escape, text)


def whole_json(content: str, run: str) -> str:
    """The text of `brief.json` from its two parts, each canonical JSON: all but its `run`, and its `run`."""
    return "".join(whole_json_pieces(content, run))


def whole_json_pieces(content: str, run: str) -> Iterator[str]:
    """`whole_json` in pieces, for whoever writes it without holding it twice."""
    end = len(content.rstrip()) - len("\n}")
    yield from (content[at : min(at + _PIECE, end)] for at in range(0, end, _PIECE))
    yield f',\n "run": {run.rstrip().replace(chr(10), chr(10) + " ")}\n}}\n'


def head(content: str) -> str:
    """What the text of `brief.json` begins with, up to its `run`; `content` is canonical JSON of all but that."""
    return content.rstrip().removesuffix("\n}") + ",\n"


def content_json(brief: Brief) -> str:
    """All of a brief but its `run`, as canonical JSON, keys in the order of `schemas/brief.schema.json`."""
    try:  # without the brief as dictionaries, which take several times the room of its text
        text = brief.model_dump_json(by_alias=True, exclude={"run"}, indent=1)
    except ValueError:  # a lone surrogate
        return canonical_json(brief.model_dump(by_alias=True, exclude={"run"}))
    return escaped(text) + "\n"


def run_json(run: Run) -> str:
    """A brief's `run` as canonical JSON."""
    return canonical_json(run.model_dump(by_alias=True))


def brief_json(brief: Brief) -> str:
    """The text of `brief.json`."""
    return whole_json(content_json(brief), run_json(brief.run))
