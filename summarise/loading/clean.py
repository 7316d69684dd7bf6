"""Characters and paragraphs: what may stand in `Article.text`.

Letters and quotation marks are never changed, so that a quotation is found in the source file again once
whitespace is folded. Only what has no visible form of its own goes: controls, soft hyphens, zero-width spaces,
direction overrides, tag characters.
"""

from __future__ import annotations

import re
import statistics

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")
_TERMINAL = tuple(".!?…:;\"'”’»)]。！？؟।")

WRAPPED_LINE = 100
"""Code points; a file all of whose lines are shorter may be wrapped by hand, one paragraph over several lines."""


_GOES_ON = 50
"""Code points; a line at least this long that ends without a mark, before one in lower case, is not finished."""


def visible(text: str) -> str:
    """`text` with line ends as "\\n" and without characters that are not seen."""
    return _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", _LINE_END.sub("\n", text)))


def folded(line: str) -> str:
    """One line, runs of whitespace as one space."""
    return " ".join(line.split())


def lines_of(text: str) -> list[str]:
    """The lines of visible `text`, each folded; an empty string where the file has a blank line."""
    return [_SPACES.sub(" ", line).strip() for line in text.split("\n")]


def paragraphs(lines: list[str]) -> list[str]:
    """Lines to paragraphs.

    Each line is a paragraph, unless the text is wrapped by hand: blank lines between blocks of several lines of
    nearly one width; there each block is one.
    """
    blocks = _blocks(lines)
    if not _wrapped(blocks):
        return [line for block in blocks for line in _continued(block)]
    return [paragraph for block in blocks for paragraph in _unwrapped(block)]


def joined(parts: list[str]) -> str:
    """Paragraphs as they stand in `Article.text`."""
    return "\n\n".join(part for part in parts if part)


def _blocks(lines: list[str]) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _wrapped(blocks: list[list[str]]) -> bool:
    inner = [line for block in blocks for line in block[:-1]]
    if len(inner) < 3 or max(map(len, inner)) > WRAPPED_LINE:
        return False
    unfinished = sum(not line.endswith(_TERMINAL) for line in inner)
    typical = statistics.median(map(len, inner))
    near = sum(abs(len(line) - typical) <= 15 for line in inner)
    return typical >= 40 and unfinished >= 0.7 * len(inner) and near >= 0.7 * len(inner)


def _continued(block: list[str]) -> list[str]:
    """Lines of one block, with a line that goes on in the next (a page's source was wrapped) joined to it."""
    done: list[str] = []
    for line in block:
        if done and line[0].islower() and len(done[-1]) >= _GOES_ON and not done[-1].endswith(_TERMINAL):
            done[-1] += " " + line
        else:
            done.append(line)
    return done


def _unwrapped(block: list[str]) -> list[str]:
    """A block as one paragraph; the lines of a list or a header stay apart."""
    typical = max(map(len, block))
    done: list[str] = []
    open_line = False
    for line in block:
        starts_item = re.match(r"(?:[-*•·–]|\d{1,2}[.)])\s", line) is not None
        if open_line and not starts_item:
            done[-1] += " " + line
        else:
            done.append(line)
        open_line = len(line) > typical - 25
    return done
