"""Everything that goes to a terminal or into JSON for hostile briefs, and what in it would act on whoever prints it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator

from hostile import brief_of, texts
from large_briefs import Large

from summarise.change import VersionRef
from summarise.changes import changes, lives
from summarise.explain import explain, explanation_text
from summarise.render.canonical import brief_json, canonical_json
from summarise.render.changes import change_lines, changes_text
from summarise.render.history import lives_text
from summarise.render.safe import clean, one_line
from summarise.render.terminal import brief_terminal

WIDTHS = (40, 100, 200)
_COLOURS = re.compile(r"\x1b\[[\d;]*m")
_ENDING = re.compile(r"\x1b|[\x80-\x9f]")
SIGNS = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
"""Format characters with a glyph of their own."""


def large(seed: int, *, dates: bool = False) -> Large:
    """A brief in which everything said is hostile."""
    return brief_of(texts(seed), dates=dates)


def counted(seed: int) -> int:
    """How many texts such a brief holds."""
    source, count = texts(seed), 0

    def text() -> str:
        nonlocal count
        count += 1
        return source()

    brief_of(text)
    return count


def on_terminals(seed: int, *, widths: tuple[int, ...] = WIDTHS) -> Iterator[tuple[str, str]]:
    """Names and texts of what a terminal gets to see of two versions of a hostile brief."""
    after, before = large(seed, dates=seed % 2 == 1).brief, large(seed + 1_000_000).brief
    refs = (
        VersionRef(number=1, made="2025-03-01T00:00:00+00:00"),
        VersionRef(number=2, made="2025-03-02T00:00:00+00:00"),
    )
    differing = changes(before, after, before_ref=refs[0], after_ref=refs[1])
    for width in widths:
        yield f"brief, {width} wide", brief_terminal(after, width=width)
        yield f"brief in colour, {width} wide", brief_terminal(after, width=width, colour=True)
        yield f"changes, {width} wide", changes_text(differing, width=width, most=200)
    yield "lines of changes", "\n".join(map(one_line, change_lines(differing)))
    yield "lives of questions", lives_text(lives([(refs[0], before), (refs[1], after)]))
    for position in [p for issue in after.issues for p in issue.positions][:3]:
        yield "explanation", explanation_text(explain(after, position.id))


def in_json(seed: int) -> Iterator[tuple[str, str, object]]:
    """Names and texts of what is written as JSON, and the value that it must load as."""
    brief = large(seed, dates=seed % 2 == 1).brief
    yield "brief.json", brief_json(brief), brief.model_dump(by_alias=True, mode="json")
    said = [texts(seed + n)() for n in range(50)]
    yield "a list of texts", canonical_json(said), said


def acting_on_a_terminal(name: str, text: str) -> list[str]:
    """What in a text for a terminal is more than text, line breaks and our own colours."""
    plain = _COLOURS.sub("", text) if "colour" in name else text
    return [f"{name}: U+{ord(c):04X}" for c in sorted(set(plain)) if _acts(c)]


def acting_in_json(name: str, text: str, value: object) -> list[str]:
    """What in a JSON text would act where it is printed, and whether it is the value it stands for."""
    wrong = [f"{name}: U+{ord(c):04X}" for c in sorted(set(text)) if _acts(c) and c not in _JOINERS]
    try:
        loaded = json.loads(text)
    except ValueError as error:
        return [*wrong, f"{name}: {error}"]
    return wrong if loaded == value else [*wrong, f"{name}: loads as something else"]


_JOINERS = "\u200b\u200c\u200d"  # seen by nobody, and harmless to whoever prints them


def _acts(character: str) -> bool:
    if character == "\n" or ord(character) in SIGNS or character in "\u200c\u200d":
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def acting_after_cleaning(said: str) -> list[str]:
    """What of one text is left, after cleaning, that acts."""
    line = one_line(said)
    wrong = [f"U+{ord(c):04X}" for c in {*line, *clean(said)} - {"\t"} if _acts(c)]
    return wrong + (["a line break"] if "\n" in line else []) + (["escape"] if _ENDING.search(line) else [])
