"""Who is one actor because a person says so, and who is not: `join` and `part`, over the entries of all notes.

They act before anybody else joins names, and whatever code or a reader would join later cannot undo them. What stands
only where an article talks to a machine is never joined by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from summarise.answers import NotedActor
from summarise.ledger import Ledger
from summarise.names import fold
from summarise.overrides import Join, Part
from summarise.reconcile.unions import Side, Unions
from summarise.records import Entry, item_id

ActorEntry = Entry[NotedActor]
REASON = "a person says so"


@dataclass(frozen=True)
class _Pair:
    """Two names (folded) that are never one."""

    one: str
    other: str


class WhoIsOne:
    """What a person says of names. `names_of` gives all names of an entry, the one it goes by first."""

    def __init__(self, ledger: Ledger, names_of: Callable[[NotedActor], Sequence[str]]) -> None:
        self._ledger = ledger
        self._known: dict[tuple[str, tuple[str, ...]], frozenset[str]] = {}
        self._names_of = names_of
        last: dict[frozenset[str], int] = {}
        for number, said in ledger.all():
            if isinstance(said, Join | Part):
                last |= {frozenset(pair): number for pair in combinations(map(fold, said.names), 2)}
        self._parts = dict(ledger.of(Part))
        self._joins = dict(ledger.of(Join))
        self._pairs = [
            _Pair(one, other)
            for number, said in self._parts.items()
            for one, other in combinations(map(fold, said.names), 2)
            if last[frozenset((one, other))] == number
        ]
        kept = {frozenset((p.one, p.other)) for p in self._pairs}
        for number, said in ledger.all():
            if not isinstance(said, Join | Part):
                continue
            held = [frozenset(pair) for pair in combinations(map(fold, said.names), 2)]
            lost = [last[pair] for pair in held if (pair in kept) == isinstance(said, Join)]
            if lost and (isinstance(said, Join) or len(lost) == len(held)):
                ledger.overruled(number, max(lost))
                self._joins.pop(number, None)
        self._shown: list[tuple[str, str]] = []
        self._found: dict[int, tuple[str, ...]] = {}

    def _proper(self, entry: ActorEntry) -> str:
        return fold(entry.noted.name)

    def _folded(self, entry: ActorEntry) -> frozenset[str]:
        if entry.flagged:
            return frozenset((self._proper(entry),))
        place = (entry.key, entry.noted.aliases)
        if place not in self._known:
            self._known[place] = frozenset(map(fold, self._names_of(entry.noted)))
        return self._known[place]

    def parted(self, entries: Sequence[ActorEntry]) -> list[ActorEntry]:
        """The entries; one whose names are said to be two actors' gives the one of them to an entry of its own."""
        rows = list(entries)
        for pair in self._pairs:
            held: dict[str, set[str]] = {}
            for entry in rows:
                if not entry.flagged:
                    held.setdefault(self._proper(entry), set()).update(self._folded(entry))
            taken = {
                name: pair.one if name == pair.other else pair.other
                for name, names in held.items()
                if {pair.one, pair.other} <= names
            }
            rows = [
                piece
                for entry in rows
                for piece in ((entry,) if entry.flagged else self._without(entry, taken.get(self._proper(entry), "")))
            ]
        return rows

    def _without(self, entry: ActorEntry, name: str) -> tuple[ActorEntry, ...]:
        """The entry without an alias, and that alias as an entry."""
        written = next((a for a in entry.noted.aliases if name and fold(a) == name), None)
        if written is None:
            return (entry,)
        rest = tuple(a for a in entry.noted.aliases if fold(a) != name)
        there = tuple(e for e in entry.evidence if written.casefold() in e.quote.casefold())
        own = entry.noted.model_copy(update={"name": written, "aliases": (), "entity": "", "role": ""})
        return (
            replace(entry, noted=entry.noted.model_copy(update={"aliases": rest})),
            replace(
                entry,
                key=hashlib.sha256(f"{entry.key}\n{name}".encode("utf-8", "surrogatepass")).hexdigest(),
                noted=own,
                evidence=there or entry.evidence,
            ),
        )

    def sides(self, entries: Sequence[ActorEntry]) -> dict[str, frozenset[Side]]:
        """For an entry's key, on which side of which partings it stands."""
        found: dict[str, set[Side]] = {}
        for n, pair in enumerate(self._pairs):
            for entry in entries:
                names = self._folded(entry) & {pair.one, pair.other}
                if len(names) == 2:
                    names = names & {self._proper(entry)} or frozenset((pair.one,))
                for name in names:
                    found.setdefault(entry.key, set()).add(Side(n, name == pair.one))
        return {key: frozenset(sides) for key, sides in found.items()}

    def join(self, entries: Sequence[ActorEntry], sets: Unions[str]) -> None:
        """Joins what a person says is one; of joins that cannot all hold the later counts."""
        for number, said in reversed(self._joins.items()):
            groups = [self._called(name, entries, sets) for name in said.names]
            missing = next((group for group in groups if isinstance(group, str)), None)
            if missing is not None:
                self._ledger.misses(number, missing)
                continue
            keys = _keys(groups)
            if not sets.joinable(keys):
                self._ledger.misses(number, "other corrections keep these names apart, and count")
                continue
            for key in keys[1:]:
                sets.join(keys[0], key, REASON)
            self._found[number] = keys
            self._shown.append((keys[0], said.names[0]))
        for number, parting in self._parts.items():
            groups = [self._called(name, entries, sets, alone=False) for name in parting.names]
            missing = next((group for group in groups if isinstance(group, str)), None)
            if missing is not None:
                self._ledger.misses(number, missing)
            else:
                self._found[number] = _keys(groups)

    def _called(
        self, name: str, entries: Sequence[ActorEntry], sets: Unions[str], *, alone: bool = True
    ) -> list[ActorEntry] | str:
        """The entries of this name: those that go by it, else those that have it too; or why there are none.

        `alone`: names that entries merely have too must be one actor's.
        """
        wanted = fold(name)
        proper = [e for e in entries if not e.flagged and self._proper(e) == wanted]
        found = proper or [e for e in entries if not e.flagged and wanted in self._folded(e)]
        if not found:
            if any(wanted == self._proper(e) for e in entries):
                return f"“{name}” stands only in passages that talk to a machine"
            return f"no actor here is called “{name}”"
        heads = dict.fromkeys(sets.find(e.key) for e in found)
        if alone and not proper and len(heads) > 1:
            by_key = {e.key: e for e in entries}
            listed = "; ".join(f"“{by_key[head].noted.name}”" for head in list(heads)[:5])
            return f"“{name}” could be {len(heads)} actors: {listed}; give another of its names"
        return found

    def settle(self, sets: Unions[str]) -> dict[str, str]:
        """The names that a person gave, by the actor's key; tells what the corrections came to."""
        for number, keys in self._found.items():
            actors = dict.fromkeys(item_id("a", sets.find(key)) for key in keys)
            self._ledger.applies(number, actors)
        shown: dict[str, str] = {}
        for key, name in self._shown:
            shown.setdefault(sets.find(key), name)
        return shown


def _keys(groups: Sequence[Sequence[ActorEntry] | str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(e.key for group in groups if not isinstance(group, str) for e in group))
