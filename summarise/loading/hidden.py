"""Text that a page holds but does not show: taken out before anything reads it.

Known by the element (`template`, `hidden`, `aria-hidden`), by its own style (no display, no size, no opacity, white
on nothing, off the screen), by a class that says so, and by plain rules of the page's own style sheet. A page that is
shown by its scripts only begins hidden as a whole: an element with most of the page's text stays.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

MOST_OF_IT = 0.5
"""Share of the page's text from which an element is the page itself, not something slipped into it."""

_MARKED = (
    "//template|//noscript|//*[@hidden and not(@hidden='until-found')]|//*[@aria-hidden='true']|//dialog[not(@open)]"
    "|//input|//*[@type='hidden']"
)
_ZERO = r"[-+]?0*(?:\.0+)?(?:px|pt|em|rem|%|vw|vh)?(?![\d.])"
_UNSEEN = re.compile(
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|content-visibility:hidden"
    rf"|opacity:0*(?:\.0\d*)?%?(?=;|!|$)|font-size:(?:{_ZERO}|[01](?:\.\d+)?(?:px|pt)|\.\d+px|0?\.[01]\d*r?em)(?=;|!|$)"
    rf"|font:[^;]*?(?<![\d.])[01](?:px|pt)|max-height:{_ZERO}(?=;|!|$)|max-width:{_ZERO}(?=;|!|$)"
    r"|text-indent:-\d{3,}|(?:left|right|top|bottom|margin-left|margin-top|inset):-\d{3,}"
    r"|clip:rect\(0|clip:rect\(1px|clip-path:(?:inset\((?:50|100)%|circle\(0|polygon\(00)"
    r"|transform:[^;]*(?:scale[xy]?\(0(?:[,)]|\.0)|translate[xy]?\(-\d{4,}|translate[xy]?\(-\d{3,}(?:%|vw|vh)))"
)
_NO_BOX = re.compile(rf"(?:^|;)(?:height|width):(?:{_ZERO}|1px)(?=;|!|$)")
_PALE = re.compile(
    r"(?:^|;)(?:-webkit-text-fill-)?color:(?:white|#f{3,4}|#f{6}(?:f{2})?|#fefefe|transparent"
    r"|rgba?\(255,255,255[^)]*\)"
    r"|rgba\([^)]*,0?\.?0\d?\)|hsl\([^)]*100%\))(?=;|!|$)"
)
_READER_ONLY = frozenset(
    {"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screen-reader-only", "u-hidden"}
)
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_AT_RULE = re.compile(r"@[^{};]*(?:;|\{(?:[^{}]|\{[^{}]*\})*\})")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SELECTOR = re.compile(r"[a-z0-9]*([.#])([\w-]+)", re.IGNORECASE)
_MOST_STYLE = 500_000


def remove(tree: HtmlElement) -> None:
    """Take out of `tree`, in place, what a reader of the page would not see."""
    styles = "".join(element.text or "" for element in tree.xpath("//style"))[:_MOST_STYLE]
    names = _hiding_names(styles)
    found = list(tree.xpath(_MARKED))
    found += [element for element in tree.iter("*") if _is_unseen(element) or _is_named(element, names)]
    if not found:
        return
    whole = _text_size(tree.find("body") if tree.find("body") is not None else tree)
    for element in found:
        if element.tag in ("html", "body") or element.getparent() is None:
            continue
        if _text_size(element) <= MOST_OF_IT * whole:
            element.drop_tree()


def _is_unseen(element: HtmlElement) -> bool:
    style = element.get("style")
    return style is not None and _hides(style)


def _hides(style: str) -> bool:
    packed = re.sub(r"\s+", "", style[:5000]).lower()
    if _UNSEEN.search(packed):
        return True
    if "overflow:hidden" in packed and _NO_BOX.search(packed):
        return True
    return _PALE.search(packed) is not None and "background" not in packed


def _is_named(element: HtmlElement, names: frozenset[str]) -> bool:
    classes = (element.get("class") or "").split()
    if any(name.lower() in _READER_ONLY or f".{name}" in names for name in classes):
        return True
    return f"#{element.get('id')}" in names


def _hiding_names(styles: str) -> frozenset[str]:
    """Classes (".x") and ids ("#x") that a plain rule of the style sheet hides; rules for print or phones are not."""
    names: set[str] = set()
    for selectors, style in _RULE.findall(_AT_RULE.sub("", _COMMENT.sub("", styles))):
        if _hides(style):
            for selector in selectors.split(","):
                match = _SELECTOR.fullmatch(selector.strip())
                if match is not None:
                    names.add(match[1] + match[2])
    return frozenset(names)


def _text_size(element: HtmlElement) -> int:
    return sum(len(part.strip()) for part in element.itertext() if part)
