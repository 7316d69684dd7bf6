"""What a format's reader hands on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


class UnreadableError(Exception):
    """A file cannot be read as an article; the message is the reason shown, one plain line."""


@dataclass(frozen=True)
class Facts:
    """What an article says about itself; empty strings where it does not. `published` is ISO 8601."""

    title: str = ""
    outlet: str = ""
    author: str = ""
    published: str = ""

    def or_else(self, other: Facts) -> Facts:
        """These facts, with the gaps filled from `other`."""
        return replace(
            self,
            title=self.title or other.title,
            outlet=self.outlet or other.outlet,
            author=self.author or other.author,
            published=self.published or other.published,
        )


@dataclass(frozen=True)
class Document:
    """An article as its format gives it: facts and the paragraphs of the body, without the title."""

    facts: Facts = field(default_factory=Facts)
    body: tuple[str, ...] = ()
