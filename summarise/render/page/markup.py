"""HTML whose text is escaped by construction.

Pieces of a page are `Html`, made by `tag` and `joined` alone. Whatever is a `str` is text: it is stripped of what acts
unseen (`safe.clean`) and escaped, in an element as in an attribute. Elements and attributes come from lists, and a link
can lead only to an anchor of the page, so that no text can become markup, and nothing is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
_LINK = re.compile(r"#[a-z][a-z0-9-]*")
_DRAWN = re.compile(r"[Mhvz0-9 .-]*")
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_IN_QUOTES = _IN_TEXT | str.maketrans({'"': "&quot;"})


@dataclass(frozen=True, slots=True)
class Html:
    """A piece of a page. Only this module makes any; it is no `str`, so that neither can pass for the other."""

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
    if name not in TAGS:
        raise ValueError(f"no element of the page: {name!r}")
    parts = [name, *(_attribute(key, value) for key, value in (attributes or {}).items() if _is_set(key, value))]
    opening = " ".join(parts)
    return Html(f"<{opening}>{joined(*children).source}</{name}>")


def joined(*children: Child, between: Child = None) -> Html:
    """The children one after the other; what is empty is left out, and so is `between` beside it."""
    pieces = [piece for piece in map(_piece, children) if piece]
    return Html(_piece(between).join(pieces))


def words(text: str) -> Html:
    """What an article or a model says, on one line; its direction is its own. A dash where it says nothing."""
    return tag("bdi", None, one_line(text) or "–")


def _piece(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Html):
        return child.source
    if isinstance(child, str):
        return _plain(child).translate(_IN_TEXT)
    return "".join(map(_piece, child))


def _is_set(key: str, value: str | int | bool | None) -> bool:
    return value is not None and value is not False and (value != "" or key.startswith("data-") or key == "value")


def _attribute(key: str, value: str | int | bool | None) -> str:
    if key not in ATTRIBUTES:
        raise ValueError(f"no attribute of the page: {key!r}")
    if value is True:
        return key
    text = str(value)
    if key == "d" and not _DRAWN.fullmatch(text):
        raise ValueError(f"no drawing: {text!r}")
    if (key == "href" and not _LINK.fullmatch(text)) or (key == "id" and not _ANCHOR.fullmatch(text)):
        raise ValueError(f"{key} leads out of the page: {text!r}")
    return f'{key}="{_plain(text).translate(_IN_QUOTES)}"'


def _plain(text: str) -> str:
    """`clean(text)`; most text is plain, and has nothing to be cleaned of."""
    return text if text.isascii() and text.isprintable() else clean(text)
