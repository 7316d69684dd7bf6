"""As much of style sheets as it takes to see what a page does not show: declarations, colours, plain selectors."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

_COMMENT = re.compile(r"/\*(?:.*?\*/|.*\Z)", re.DOTALL)  # one that is not closed goes on to the end
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)")
_VARIABLE = re.compile(r"var\((--[\w-]+)(?:,([^()]*))?\)")
_FOR_ALL = re.compile(r"@media\s*(?:only )?(?:screen|all)?\s*|@(?:layer|supports)\b.*", re.IGNORECASE | re.DOTALL)
_MOST_RULES, _LONGEST_SELECTOR, _LONGEST_STYLE = 30_000, 500, 2_000
_LENGTH = r"(?:px|pt|em|rem|%|vw|vh)?"
_ZERO = rf"[-+]?0*(?:\.0+)?{_LENGTH}"

_UNSEEN: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "display": r"none",
        "visibility": r"hidden|collapse",
        "content-visibility": r"hidden",
        "opacity": r"0*(?:\.0\d*)?%?",
        "filter": r".*opacity\(0*(?:\.0\d*)?%?\).*",
        "font-size": rf"{_ZERO}|[01](?:\.\d+)?(?:px|pt)|\.\d+px|0?\.[01]\d*r?em",
        "font": r".*?(?<![\d.])(?:[01](?:px|pt)|0(?:/|(?=[a-z]{3,}))).*",
        "max-height": _ZERO,
        "max-width": _ZERO,
        "text-indent": r"-\d{3,}.*",
        **dict.fromkeys(("left", "right", "top", "bottom", "margin-left", "margin-top", "inset"), r"-\d{3,}.*"),
        "clip": r"rect\((?:0|1px).*",
        "clip-path": r"(?:inset\((?:50|100)%|circle\(0|polygon\(00).*",
        "transform": r".*(?:scale[xy]?\(0(?:[,)]|\.0)|translate[xy]?\(-\d{4,}|translate[xy]?\(-\d{3,}(?:%|vw|vh)).*",
    }.items()
}
_NO_BOX = re.compile(rf"{_ZERO}|1px")
_PAINTED = ("background", "background-color", "background-image")
_NAMED = {"white": (255, 255, 255), "snow": (255, 250, 250), "black": (0, 0, 0), "ivory": (255, 255, 240)}
_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_RGB = re.compile(r"rgba?\((\d+)[,\s]+(\d+)[,\s]+(\d+)(?:[,/\s]+([\d.]+)(%?))?\)")
_HSL = re.compile(r"hsla?\([^)]*?(?:,|\s)(\d+)%(?:[,/\s]+([\d.]+)%?)?\)")
_PALE = 250  # of 255 in each colour: what nobody reads on white
_APART = 12  # of 255: less is no difference

_PART = re.compile(
    r"(?P<tag>[a-z][\w-]*|\*)?(?P<rest>(?:[.#][\w-]+|\[[\w-]+(?:=[\"']?[\w-]+[\"']?)?\])*)", re.IGNORECASE
)
_PIECE = re.compile(r"([.#])([\w-]+)|\[([\w-]+)(?:=[\"']?([\w-]+)[\"']?)?\]")
_NAME = re.compile(r"[.#][\w-]+")

Declarations = Mapping[str, str]


@dataclass(frozen=True)
class Place:
    """An XPath, and the classes (".x") and ids ("#x") that a page must have for it to find anything."""

    path: str
    names: frozenset[str]


@dataclass
class Sheet:
    """What a page's style sheet hides: classes (".x") and ids ("#x"), and XPaths of what a longer selector means."""

    names: frozenset[str] = frozenset()
    paths: tuple[Place, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)


def sheet(texts: Iterable[str]) -> Sheet:
    """The sheets of a page as one, rules for print and for small screens aside; one that is broken ends with itself."""
    rules: dict[str, dict[str, str]] = {}
    variables: dict[str, str] = {}
    ruled = (rule for text in texts for rule in _rules(_COMMENT.sub("", text)))
    for selectors, style in itertools.islice(ruled, _MOST_RULES):
        found = dict(_pairs(style))
        variables.update({name: value for name, value in found.items() if name.startswith("--")})
        for selector in selectors.split(","):
            rules.setdefault(" ".join(selector.split()), {}).update(found)
    hiding = [
        selector
        for selector, found in rules.items()
        if hides(own := _filled(found, variables)) or (is_pale(own) and not has_background(own))
    ]
    names = frozenset(re.sub(r"^[^.#]*", "", selector) for selector in hiding if _is_plain(selector))
    paths = (Place(path, frozenset(_NAME.findall(s))) for s in hiding if not _is_plain(s) and (path := _path(s)))
    return Sheet(names, tuple(paths), variables)


def declarations(style: str, variables: Mapping[str, str]) -> Declarations:
    """The declarations of a style: names and values in lower case, values without spaces where they mean nothing."""
    return _filled(dict(_pairs(_COMMENT.sub("", style[:5000]))), variables)


def hides(own: Declarations) -> bool:
    """Whether an element with these is not seen, whatever is around it."""
    if any(name in own and pattern.fullmatch(_packed(own[name])) for name, pattern in _UNSEEN.items()):
        return True
    cut = any(own.get(name, "") in ("hidden", "clip") for name in ("overflow", "overflow-x", "overflow-y"))
    if cut and any(_NO_BOX.fullmatch(_packed(own[name])) for name in ("height", "width") if name in own):
        return True
    if own.get("position") in ("absolute", "fixed") and own.get("z-index", "").startswith("-"):
        return True
    ink, paper = _colour(_ink(own)), _colour(own.get("background-color") or own.get("background") or "")
    if ink is not None and ink.clear:
        return True
    return ink is not None and paper is not None and not paper.clear and ink.is_like(paper)


def is_pale(own: Declarations) -> bool:
    """Whether an element with these cannot be read on white."""
    ink = _colour(_ink(own))
    return ink is not None and min(ink.red, ink.green, ink.blue) >= _PALE


def has_background(own: Declarations) -> bool:
    """Whether these give a background on which pale text can be read."""
    for name in _PAINTED:
        value = own.get(name, "")
        if value and value not in ("none", "transparent", "inherit", "initial"):
            paper = _colour(value)
            if paper is None or not (paper.clear or min(paper.red, paper.green, paper.blue) >= _PALE):
                return True
    return False


@dataclass(frozen=True)
class _Colour:
    red: int
    green: int
    blue: int
    clear: bool = False

    def is_like(self, other: _Colour) -> bool:
        return all(
            abs(one - two) <= _APART
            for one, two in ((self.red, other.red), (self.green, other.green), (self.blue, other.blue))
        )


def _ink(own: Declarations) -> str:
    return own.get("-webkit-text-fill-color") or own.get("color", "")


def _colour(value: str) -> _Colour | None:
    """The colour, as far as it is told by number or is one of a few names."""
    value = value.strip()
    if value == "transparent":
        return _Colour(255, 255, 255, clear=True)
    if value in _NAMED:
        return _Colour(*_NAMED[value])
    if match := _HEX.fullmatch(value):
        digits = match[1] if len(match[1]) > 4 else "".join(digit * 2 for digit in match[1])
        red, green, blue, *rest = (int(digits[at : at + 2], 16) for at in range(0, len(digits), 2))
        return _Colour(red, green, blue, clear=bool(rest) and rest[0] < _APART)
    if match := _RGB.fullmatch(value):
        part = 1.0 if match[4] is None else float(match[4]) / (100 if match[5] else 1)
        return _Colour(int(match[1]), int(match[2]), int(match[3]), clear=part < 0.1)
    if (match := _HSL.fullmatch(value)) and match[1] == "100":
        return _Colour(255, 255, 255)
    return None


def _pairs(style: str) -> Iterator[tuple[str, str]]:
    plain = _ESCAPE.sub(lambda found: _character(found[1]) if found[1] else found[2], style)
    for declaration in plain.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            yield name.strip().lower(), value.lower().split("!")[0].strip()


def _character(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if 0 < code < 0xD800 else "\ufffd"


def _filled(found: Mapping[str, str], variables: Mapping[str, str]) -> Declarations:
    known = {**variables, **found}
    return {
        name: _VARIABLE.sub(lambda used: known.get(used[1], used[2] or ""), value) if "var(" in value else value
        for name, value in found.items()
    }


def _packed(value: str) -> str:
    return re.sub(r"\s+", "", value)


def _rules(text: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of the rules that hold on every screen, in one pass whatever the text."""
    open_: list[str] = []  # what stands before each brace that is not closed yet
    said: list[str] = []  # the declarations of the innermost
    start = 0
    for mark in re.finditer(r"[{};]", text):
        piece = text[start : mark.start()]
        start = mark.end()
        if mark[0] == "{":
            open_.append(piece.strip()[-_LONGEST_SELECTOR:])
            said = []
        elif mark[0] == ";":
            said.append(piece)
        elif open_:
            said.append(piece)
            selectors = open_.pop()
            if not selectors.startswith("@") and all(map(_is_for_all, open_)):
                yield selectors, ";".join(said)[:_LONGEST_STYLE]
            said = []
        if not open_:
            said = []


def _is_for_all(prelude: str) -> bool:
    """Whether what stands inside of this holds on every screen."""
    return _FOR_ALL.fullmatch(prelude) is not None


def _is_plain(selector: str) -> bool:
    return re.fullmatch(r"[a-z0-9]*[.#][\w-]+", selector, re.IGNORECASE) is not None


def _path(selector: str) -> str:
    """The XPath of a selector of elements, classes, ids and attributes, one in another; empty for any other."""
    steps: list[str] = []
    axis = "//"
    for word in selector.replace(">", " > ").split():
        if word == ">":
            axis = "/"
            continue
        match = _PART.fullmatch(word)
        if match is None:
            return ""
        steps.append(axis + (match["tag"] or "*").lower() + "".join(map(_condition, _PIECE.finditer(match["rest"]))))
        axis = "//"
    bare = not steps or "[" not in steps[-1]
    return "" if bare and len(steps) < 2 else "".join(steps)


def _condition(piece: re.Match[str]) -> str:
    if piece[1] == "#":
        return f"[@id='{piece[2]}']"
    if piece[1] == ".":
        return f"[contains(concat(' ',normalize-space(@class),' '),' {piece[2]} ')]"
    return f"[@{piece[3].lower()}='{piece[4]}']" if piece[4] else f"[@{piece[3].lower()}]"
