"""Text that a page holds but does not show: taken out before anything reads it.

Known by the element (`template`, `hidden`, `aria-hidden`), by its own style (no display, no size, no opacity, the
colour of what is behind it, off the screen), by a class that says so, and by the rules of the page's own style sheet.
A page that is shown by its scripts only begins hidden as a whole: an element with most of the page's text stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from summarise.loading import styles

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

MOST_OF_IT = 0.5
"""Share of the page's text from which an element is the page itself, not something slipped into it."""

_MARKED = (
    "//template|//noscript|//noframes|//*[@hidden and not(@hidden='until-found')]|//*[@aria-hidden='true']"
    "|//dialog[not(@open)]|//input|//*[@type='hidden']|//datalist|//svg//title|//svg//desc|//svg//defs"
    "|//object|//video|//audio|//canvas|//iframe"
)
_READER_ONLY = frozenset(
    {"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screen-reader-only", "u-hidden"}
)
_MOST_STYLE = 3_000_000
_MOST_PLACES = 200  # that are searched for; each takes as long as the page is large
_MANY = 100
"""Things hidden by a style sheet from which it is a large site's, whose scripts show and hide buttons."""

_LABEL = 16
"""Characters of a button's label, which stays there: taken out, it would no longer tell where the article ends."""


def remove(tree: HtmlElement) -> None:
    """Take out of `tree`, in place, what a reader of the page would not see."""
    sheet = styles.sheet((element.text or "")[:_MOST_STYLE] for element in tree.xpath("//style"))
    found = list(tree.xpath(_MARKED))
    found += [element for element in tree.iter("*") if _is_unseen(element, sheet)]
    styled = [element for element in tree.iter("*") if _is_named(element, sheet)]
    there = _names(tree)
    for place in [place for place in sheet.paths if place.names <= there][:_MOST_PLACES]:
        styled += tree.xpath(place.path)
    least = _LABEL if len(sheet.names) + len(sheet.paths) > _MANY else 0
    found += [element for element in styled if _text_size(element) >= least]
    if not found:
        return
    whole = _text_size(tree.find("body") if tree.find("body") is not None else tree)
    for element in found:
        if element.tag in ("html", "body") or element.getparent() is None:
            continue
        if _text_size(element) <= MOST_OF_IT * whole:
            element.drop_tree()


def _is_unseen(element: HtmlElement, sheet: styles.Sheet) -> bool:
    style = element.get("style")
    if element.tag == "font" and (colour := element.get("color")):
        style = f"color:{colour};{style or ''}"
    if style is None:
        return False
    own = styles.declarations(style, sheet.variables)
    return styles.hides(own) or (styles.is_pale(own) and not _stands_on_a_colour(element, sheet))


def _stands_on_a_colour(element: HtmlElement, sheet: styles.Sheet) -> bool:
    """Whether something around a pale text gives it a background of its own, as far as its own style tells."""
    for around in (element, *element.iterancestors()):
        if around.get("bgcolor") or around.get("background"):
            return True
        if (style := around.get("style")) and styles.has_background(styles.declarations(style, sheet.variables)):
            return True
    return False


def _is_named(element: HtmlElement, sheet: styles.Sheet) -> bool:
    classes = (element.get("class") or "").split()
    if any(name.lower() in _READER_ONLY or f".{name}" in sheet.names for name in classes):
        return True
    return f"#{element.get('id')}" in sheet.names


def _names(tree: HtmlElement) -> frozenset[str]:
    """The classes (".x") and ids ("#x") of a page."""
    classes = {f".{name}" for value in tree.xpath("//@class") for name in str(value).split()}
    return frozenset(classes | {f"#{value}" for value in tree.xpath("//@id")})


def _text_size(element: HtmlElement) -> int:
    return sum(len(part.strip()) for part in element.itertext() if part)
