"""What a caller wants and has already: Accept and If-None-Match (RFC 9110)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

F = TypeVar("F", bound=str)


def wanted(accept: str, offers: Sequence[tuple[str, F]]) -> F | None:
    """Of what is offered (media type and form, best first) what an Accept header likes best; None for nothing."""
    if not accept.strip():
        return offers[0][1]
    ranges = [_range(part) for part in accept.split(",")[:50]]
    best: tuple[float, F] | None = None
    for media, form in offers:
        fitting = [(specific, q) for name, q in ranges if (specific := _fits(name, media)) >= 0]
        quality = max(fitting)[1] if fitting else 0.0
        if quality > 0 and (best is None or quality > best[0]):
            best = quality, form
    return best[1] if best else None


def has(if_none_match: str, etag: str) -> bool:
    """Whether a caller has what this tag names."""
    given = if_none_match.strip()
    return given == "*" or any(one.strip().removeprefix("W/") == etag for one in given.split(","))


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip() for piece in part.split(";"))
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "q":
            try:
                quality = min(1.0, max(0.0, float(value)))
            except ValueError:
                quality = 0.0
    return name.lower(), quality if quality == quality else 0.0  # "nan" is a float too


def _fits(name: str, media: str) -> int:
    """How exactly a range names a media type: 2 itself, 1 its family, 0 anything, -1 not at all."""
    if name == media:
        return 2
    if name == "*/*":
        return 0
    return 1 if name == f"{media.partition('/')[0]}/*" else -1
