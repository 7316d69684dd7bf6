"""HTML whose text is escaped by construction.

Pieces of a page are `Html`, made by the functions of this module alone. Whatever is a `str` is text: it is stripped of
what acts unseen (`safe.clean`) and escaped, in an element as in an attribute. Elements and attributes come from lists,
and a link can lead only to an anchor of the page, so that no text can become markup, and nothing is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from summarise.render.safe import clean, one_line

_TAGS = """
a article aside b bdi blockquote body button details div footer h1 h2 h3 h4 header li main
mark nav ol option p path rect s section select small span strong summary sup svg table tbody td th thead title tr ul
"""
_ATTRIBUTES = """
aria-hidden aria-label aria-labelledby class colspan d data-a data-i data-k data-n data-o data-s data-set dir height
hidden href id lang open role scope tabindex type value viewBox width preserveAspectRatio x y
"""
TAGS = frozenset(_TAGS.split())
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
_ANCHOR = re.compile(r"[a-z][a-z0-9-]*")
_CHECKED = {
    "id": (_ANCHOR, "id leads out of the page"),
    "href": (re.compile(r"#[a-z][a-z0-9-]*"), "href leads out of the page"),
    "d": (re.compile(r"[Mhvz0-9 .-]*"), "no drawing"),
}
"""Attributes whose values are of one form, in which nothing is to be escaped; and what is said of any other."""


@dataclass(slots=True)
class Html:
    """A piece of a page. Only this module makes any; it is no `str`, so that neither can pass for the other.

    Not frozen, as a large page takes half a million and freezing one takes twice as long as making it; none is changed.
    """

    source: str

    def __bool__(self) -> bool:
        return bool(self.source)


Child: TypeAlias = "Html | str | Iterable[Child] | None"
Attributes: TypeAlias = Mapping[str, "str | int | bool | None"]

NOTHING = Html("")


def tag(name: str, attributes: Attributes | None = None, *children: Child) -> Html:
    """An element. Attributes that are None, False or an empty class are left out; True stands without a value.

    Raises ValueError for an element, an attribute, an id or a link that is on none of the lists.
    """
    return Html(f"<{_opening(name, attributes)}>{''.join(map(_piece, children))}</{name}>")


def link(anchor: str, *children: Child) -> Html:
    """`tag("a", {"href": "#" + anchor}, *children)`: what a page has most of."""
    if not _ANCHOR.fullmatch(anchor):
        raise ValueError(f"a link leads out of the page: {anchor!r}")
    return Html(f'<a href="#{anchor}">{"".join(map(_piece, children))}</a>')


def spread(name: str, attributes: Attributes | None = None, *children: Child) -> Iterator[Html]:
    """`tag` in pieces, for an element that holds a large part of the page: its opening, its children one by one, its
    closing. What a child that is an iterator yields is made when it is its turn, and need not be held."""
    yield Html(f"<{_opening(name, attributes)}>")
    yield from pieces(children)
    yield Html(f"</{name}>")


def pieces(children: Iterable[Child]) -> Iterator[Html]:
    """What there is of the children, and of those they yield, one by one."""
    for child in children:
        if isinstance(child, Html):
            yield child
        elif isinstance(child, str) or child is None:
            yield joined(child)
        else:
            yield from pieces(child)


def joined(*children: Child, between: Child = None) -> Html:
    """The children one after the other; what is empty is left out, and so is `between` beside it."""
    if between is None:
        return Html("".join(map(_piece, children)))
    return Html(_piece(between).join(filter(None, map(_piece, children))))


def words(text: str) -> Html:
    """What an article or a model says, on one line; its direction is its own. A dash where it says nothing."""
    return Html(f"<bdi>{_escaped(one_line(text) or '–')}</bdi>")


def _piece(child: Child) -> str:
    if isinstance(child, Html):
        return child.source
    if isinstance(child, str):
        return _escaped(child)
    return "" if child is None else "".join(map(_piece, child))


def _escaped(text: str) -> str:
    """`clean(text)`, with nothing in it that could begin or end markup."""
    if not (text.isascii() and text.isprintable()):  # as most are; then there is nothing to be cleaned
        text = clean(text)
    if "&" in text:
        text = text.replace("&", "&amp;")  # before those that bring one
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text


def _opening(name: str, attributes: Attributes | None) -> str:
    """What stands between the angle brackets where an element begins."""
    if name not in TAGS:
        raise ValueError(f"no element of the page: {name!r}")
    if not attributes:
        return name
    opening = name
    for key, value in attributes.items():
        if value is None or value is False or (value == "" and not (key == "value" or key.startswith("data-"))):
            continue
        opening += _of_class(value) if key == "class" and isinstance(value, str) else _attribute(key, value)
    return opening


def _attribute(key: str, value: str | int) -> str:
    """An attribute, with the space before it."""
    if key not in ATTRIBUTES:
        raise ValueError(f"no attribute of the page: {key!r}")
    if value is True:
        return f" {key}"
    text = str(value)
    if key in _CHECKED:
        form, otherwise = _CHECKED[key]
        if not form.fullmatch(text):
            raise ValueError(f"{otherwise}: {text!r}")
        return f' {key}="{text}"'
    escaped = _escaped(text).replace('"', "&quot;")
    return f' {key}="{escaped}"'


@lru_cache(maxsize=256)
def _of_class(value: str) -> str:
    """The attribute that a page has most of, in few values."""
    return _attribute("class", value)
