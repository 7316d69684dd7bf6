"""What came of each correction while a brief was made: it applies to something, or it is reported with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from pydantic import BaseModel

from summarise.contract import OverrideEntry
from summarise.overrides import Override, Overrides

S = TypeVar("S", bound=BaseModel)


class Ledger:
    """One line a correction; they are numbered from 1, in the order of the file."""

    def __init__(self, overrides: Overrides | None = None) -> None:
        self._said = overrides.entries if overrides else ()
        self._items: dict[int, dict[str, None]] = {}
        self._notes: dict[int, list[str]] = {}
        self._missed: dict[int, str] = {}

    def of(self, kind: type[S]) -> Iterator[tuple[int, S]]:
        """The corrections of this type, with their numbers."""
        return ((number, said) for number, said in self.all() if isinstance(said, kind))

    def all(self) -> Iterator[tuple[int, Override]]:
        """All corrections, with their numbers."""
        return enumerate(self._said, 1)

    def applies(self, number: int, items: Iterable[str] = (), note: str = "") -> None:
        """The correction holds, for these items (ids) too."""
        self._items.setdefault(number, {}).update(dict.fromkeys(items))
        if note and note not in self._notes.setdefault(number, []):
            self._notes[number].append(note)

    def misses(self, number: int, why: str) -> None:
        """The correction fits nothing, and why."""
        self._missed[number] = why

    def overruled(self, number: int, by: int) -> None:
        """Another correction speaks against it and counts."""
        self.misses(number, f"correction {by} says otherwise, and counts")

    def entries(self) -> tuple[OverrideEntry, ...]:
        """What came of all of them, in the order of the file."""
        return tuple(self._entry(number, said) for number, said in enumerate(self._said, 1))

    def _entry(self, number: int, said: Override) -> OverrideEntry:
        applied = number in self._items and number not in self._missed
        why = self._missed.get(number, "" if applied else "it fits nothing here")
        return OverrideEntry(
            kind=said.kind_,
            what=said.words,
            applied=applied,
            items=tuple(self._items[number]) if applied else (),
            note="; ".join(self._notes.get(number, ())) if applied else why,
        )
