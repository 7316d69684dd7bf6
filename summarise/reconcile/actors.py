"""Actors: one entry for each, over all names that the articles use.

What is plainly the same is joined by code; the reader is asked about the rest, in short records that hold no article
and no count, so that another article with the same names asks nothing new. Every join keeps its reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from summarise.answers import ActorGroups, NotedActor
from summarise.article import Article
from summarise.asking import Desk, Line, all_of, once, weight
from summarise.blocks import parts
from summarise.contract import ActorKind
from summarise.ledger import Ledger
from summarise.names import acronym_of, alike_by, fold, looks_like_person, place_of, same_actor, surname
from summarise.reconcile.said import WhoIsOne
from summarise.reconcile.unions import Side, Unions
from summarise.records import Entry, Records

_OFFICIALS = re.compile(r"(.+) (?:officials|aides|authorities)")
_SONS = frozenset(("jr", "junior"))  # a lone surname is rarely the son's
_PRONOUNS = frozenset(
    "he she it they we i you who him her them his hers its their our us me "  # noqa: SIM905
    "himself herself itself themselves this that these those".split()
)
_ABBREVIATED = re.compile(
    r"((?:[A-Z][\w'’-]*)(?: (?:of|and|for|the|(?:al|el|ar|as)-[A-Z][\w’'-]*|[A-Z][\w'’-]*))*) \(([A-Z][A-Z\d]{1,7})\)"
)
_UNNAMED = re.compile(
    r"\b(sources?|officials?|person|people|diplomats?|aides?|unnamed|anonymous|someone|experts?|analysts?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class JoinedActor:
    """One actor over all articles. `key` is its first entry's; `joins` say why its names are one.

    `entries` are those that rest on no flagged sentence; all, where there is none of these. `by_person`: a person gave
    its name or joined its names. `label` is what questions call it: that of its first entries, so that an article more
    changes no question of its other ones.
    """

    key: str
    name: str
    label: str
    kind: ActorKind
    role: str
    aliases: tuple[str, ...]
    entries: tuple[Entry[NotedActor], ...]
    joins: tuple[str, ...]
    by_person: bool = False


@dataclass(frozen=True)
class Cast:
    """All actors of the story, and who is meant by a name in an article."""

    actors: tuple[JoinedActor, ...]
    _by_name: dict[tuple[str, str], str]

    def of(self, article: Article, name: str) -> str | None:
        """The key of the actor that an article's note calls by this name; None where it lists no such actor."""
        return self._by_name.get((article.id, fold(name)))

    def with_actors(self, actors: tuple[JoinedActor, ...]) -> Cast:
        """The same cast with these of its actors alone, renamed perhaps."""
        present = {a.key for a in actors}
        return Cast(actors, {place: key for place, key in self._by_name.items() if key in present})


def names_of(entry: NotedActor) -> tuple[str, ...]:
    """The name and aliases of one noted actor, without pronouns; of "the Group of Seven (G7) countries" both names."""
    given = [n for name in (entry.name, *entry.aliases) for n in (name, *_with_abbreviation(name))]
    return tuple(n for n in dict.fromkeys(given) if fold(n) and fold(n) not in _PRONOUNS and not _somebody_of(n, entry))


def _somebody_of(name: str, entry: NotedActor) -> bool:
    """ "Duarte's lawyers" and "Duarte or her team" are not Duarte."""
    own = surname(entry.name) if entry.kind == "person" else ""
    text = name.casefold().replace("’", "'")
    if not own or not any(own + tail in text for tail in ("'", " or ", " and ")):
        return False  # nearly always: a pattern for each name takes longer to build than all else
    return re.search(rf"\b{re.escape(own)}(?:'s?\b| (?:or|and) )", text) is not None


def _with_abbreviation(name: str) -> tuple[str, ...]:
    match = _ABBREVIATED.search(name)
    return (match[1], match[2]) if match and acronym_of(match[1]) == match[2] else ()


def _unnamed(entry: NotedActor) -> bool:
    return bool(_UNNAMED.search(entry.name)) and not looks_like_person(entry.name)


def _certain(entries: Sequence[Entry[NotedActor]], sides: Mapping[str, frozenset[Side]]) -> Unions[str]:
    """Join by code what is plainly the same: by name, encyclopedia's name, acronym, capital; then by lone surnames.

    A flagged entry joins the actor of its very name and never makes one of two. `sides`: what a person keeps apart.
    """
    clean = [e for e in entries if not e.flagged]
    sets = Unions([e.key for e in entries], sides)
    first: dict[tuple[str, str], Entry[NotedActor]] = {}

    def join_by(label: str, value: str, entry: Entry[NotedActor], reason: str) -> None:
        other = first.setdefault((label, value), entry)
        if other is not entry:
            sets.join(other.key, entry.key, reason)

    for entry in (*clean, *(e for e in entries if e.flagged)):
        noted = entry.noted
        if _unnamed(noted):
            join_by(f"unnamed in {entry.article.id}", fold(noted.name), entry, f"“{noted.name}” twice in one article")
            continue
        person = noted.kind == "person"
        join_by("person" if person else "body", fold(noted.name), entry, f"the same name: {noted.name}")
        if (
            not entry.flagged
            and noted.entity[:1].isupper()
            and len(fold(noted.entity)) > 2
            and not _is_somebody_else(noted)
        ):
            join_by(
                "person" if person else "body",
                fold(noted.entity),
                entry,
                f"the same entry in an encyclopedia: {noted.entity}",
            )
    _join_pairs(clean, sets)
    _join_officials(clean, sets)
    _join_surnames(clean, sets)
    return sets


def _is_somebody_else(noted: NotedActor) -> bool:
    """Whether a full name and the encyclopedia's share no word: one article must not make one of two people."""
    words = fold(noted.name).split()
    full = noted.kind == "person" and len(words) > 1 and looks_like_person(noted.name)
    return full and set(words).isdisjoint(fold(noted.entity).split())


def _join_pairs(entries: Sequence[Entry[NotedActor]], sets: Unions[str]) -> None:
    leaders: dict[str, Entry[NotedActor]] = {}
    for entry in entries:
        if not _unnamed(entry.noted):
            leaders.setdefault(sets.find(entry.key), entry)
    rows = list(leaders.values())
    alike: dict[tuple[str, str], list[int]] = {}
    for n, one in enumerate(rows):
        for trait in alike_by(one.noted.name):
            alike.setdefault((one.noted.kind, trait), []).append(n)
    for n, one in enumerate(rows):
        near = {m for trait in alike_by(one.noted.name) for m in alike[one.noted.kind, trait] if m > n}
        for other in (rows[m] for m in sorted(near)):
            reason = same_actor((one.noted.name,), one.noted.kind, (other.noted.name,), other.noted.kind)
            if reason and "surname" not in reason:
                sets.join(one.key, other.key, reason)


def _join_officials(entries: Sequence[Entry[NotedActor]], sets: Unions[str]) -> None:
    """ "Palace officials" and "Portuguese officials" speak for their government; "two senior officials" do not."""
    governments: dict[str, Entry[NotedActor]] = {}
    for entry in entries:
        if entry.noted.kind == "government":
            for name in names_of(entry.noted):
                governments.setdefault(fold(name), entry)
                governments.setdefault(f"place {place_of(name)}", entry)
    governments.pop("place ", None)
    for entry in entries:
        match = _OFFICIALS.fullmatch(fold(entry.noted.name)) if entry.noted.kind in ("group", "government") else None
        place = place_of(match[1]) if match else ""
        found = governments.get(match[1]) or governments.get(f"place {place}") if match else None
        if found and found is not entry:
            sets.join(found.key, entry.key, f"officials of {found.noted.name}")


def _join_surnames(entries: Sequence[Entry[NotedActor]], sets: Unions[str]) -> None:
    """A lone name is the one person who has it as surname, or else as first word ("Kim" for "Kim Jong-un").

    Where the story has two such people it stays alone, and so where one article lists it beside the full name: that
    article tells two people apart.
    """
    people = [e for e in entries if e.noted.kind == "person" and not _unnamed(e.noted)]
    lone = [e for e in people if len(fold(e.noted.name).split()) == 1]
    full = [e for e in people if len(words := fold(e.noted.name).split()) > 1 and words[-1] not in _SONS]
    for part in (_last, _first):
        holders: dict[str, set[str]] = {}
        articles: dict[str, set[str]] = {}
        for entry in full:
            holders.setdefault(part(entry), set()).add(sets.find(entry.key))
            articles.setdefault(part(entry), set()).add(entry.article.id)
        apart = {_last(e) for e in lone if e.article.id in articles.get(_last(e), ())}
        for entry in lone:
            found = {sets.find(k) for k in holders.get(_last(entry), ())} - {sets.find(entry.key)}
            if len(found) == 1 and _last(entry) not in apart:
                sets.join(found.pop(), entry.key, f"the only person here of the name {entry.noted.name}")
        lone = [e for e in lone if _last(e) not in holders]


def _last(entry: Entry[NotedActor]) -> str:
    return surname(entry.noted.name)


def _first(entry: Entry[NotedActor]) -> str:
    return fold(entry.noted.name).split()[0]


def _most(values: Iterable[str]) -> str:
    """The commonest, then the longest, then the alphabetically first; empty ones do not count."""
    counts = Counter(v for v in values if v)
    return min(counts, key=lambda v: (-counts[v], -len(v), v), default="")


def _usual_name(entries: Sequence[Entry[NotedActor]]) -> str:
    """For a person the fullest of the usual names; else the commonest."""
    names = [e.noted.name for e in entries]
    if entries[0].noted.kind == "person":
        full = [n for n in names if len(fold(n).split()) > 1 and looks_like_person(n)]
        return _most(full or names)
    return _most(names)


def _label(entries: Sequence[Entry[NotedActor]]) -> str:
    """The canonically first name; of a person the first full one."""
    names = [e.noted.name for e in entries]
    full = [n for n in names if len(fold(n).split()) > 1 and looks_like_person(n)]
    return full[0] if full and entries[0].noted.kind == "person" else names[0]


def _line(entries: Sequence[Entry[NotedActor]]) -> Line:
    name = _label(entries)
    others = sorted({n for e in entries for n in names_of(e.noted)} - {name}, key=lambda n: (fold(n), n))[:8]
    role = next((e.noted.role for e in entries if e.noted.role), "")
    entity = next((e.noted.entity for e in entries if e.noted.entity), "")
    text = "; ".join(
        [
            name,
            *(["also: " + ", ".join(others)] if others else []),
            *([role] if role else []),
            *([entity] if entity and fold(entity) != fold(name) else []),
        ]
    )
    return Line(label=entries[0].noted.kind, text=text)


async def _groups_of(block: Sequence[Sequence[Entry[NotedActor]]], desk: Desk) -> ActorGroups | None:
    if len(block) < 2:
        return None
    lines = [_line(g) for g in block]
    return await desk.records(
        "actors", "which names are one actor", lines, ActorGroups, lambda a: (g.members for g in a.groups)
    )


def _told_apart(one: Sequence[Entry[NotedActor]], other: Sequence[Entry[NotedActor]]) -> bool:
    """Two people with names whom one article lists side by side are two, whatever a reader of short records says."""
    named = [{e.article.id for e in g if e.noted.kind == "person" and not _unnamed(e.noted)} for g in (one, other)]
    return bool(named[0] & named[1])


async def join_actors(records: Records, desk: Desk, ledger: Ledger | None = None) -> Cast:
    """All actors of the story, each once; `ledger` holds what a person says of their names, which counts before all."""
    said = WhoIsOne(ledger or Ledger(), names_of)
    entries = said.parted(records.actors)
    by_key = {e.key: e for e in entries}
    sets = _certain(entries, said.sides(entries))
    said.join(entries, sets)
    chosen: dict[str, str] = {}
    unflagged = ([by_key[k] for k in group if not by_key[k].flagged] for group in sets.sets())
    askable = [group for group in unflagged if group]
    blocks = parts(
        askable,
        key=lambda g: f"{fold(next((e.noted.entity for e in g if e.noted.entity), ''))}\n{_line(g).text}",
        weight=lambda g: weight(_line(g)),
        largest=desk.largest,
    )
    for block, answer in zip(blocks, await all_of(_groups_of(b, desk) for b in blocks), strict=True):
        for group, numbers in zip(answer.groups, once(g.members for g in answer.groups), strict=True) if answer else ():
            together = numbers[:1]
            for n in numbers[1:]:
                if not any(_told_apart(block[m], block[n]) for m in together) and sets.join(
                    block[numbers[0]][0].key, block[n][0].key, group.reason
                ):
                    together.append(n)
            if len(together) > 1 and group.name.strip():
                chosen[block[numbers[0]][0].key] = group.name.strip()
    return _cast(sets, by_key, {sets.find(k): name for k, name in chosen.items()}, said.settle(sets))


def _cast(
    sets: Unions[str], by_key: dict[str, Entry[NotedActor]], chosen: dict[str, str], given: dict[str, str]
) -> Cast:
    """`chosen`: names from the reader, `given`: those from a person."""
    reasons: dict[str, list[str]] = {}
    for join in sets.joins:
        one, other = by_key[join.one], by_key[join.other]
        if one.flagged or other.flagged:
            continue
        reasons.setdefault(sets.find(join.one), []).append(f"{one.noted.name} = {other.noted.name}: {join.reason}")
    actors: list[JoinedActor] = []
    by_name: dict[tuple[str, str], str] = {}
    for group in sets.sets():
        everyone = [by_key[k] for k in group]
        entries = [e for e in everyone if not e.flagged] or everyone
        key = group[0]
        name = given.get(key) or chosen.get(key) or _usual_name(entries)
        aliases = sorted({n for e in entries for n in _in_text(e)} - {name}, key=lambda n: (fold(n), n))
        kinds = Counter(e.noted.kind for e in entries)
        actors.append(
            JoinedActor(
                key=key,
                label=_label(entries),
                name=name,
                kind=min(kinds, key=lambda k: (-kinds[k], [e.noted.kind for e in entries].index(k))),
                role=next((e.noted.role for e in entries if e.noted.role), ""),
                aliases=tuple(aliases),
                entries=tuple(entries),
                joins=tuple(dict.fromkeys(reasons.get(key, ()))),
                by_person=key in given,
            )
        )
    # A name proper wins over another actor's alias, and what talks to a machine over nothing.
    for flagged in (False, True):
        held = [e for e in by_key.values() if e.flagged is flagged]
        for entry in held:
            by_name.setdefault((entry.article.id, fold(entry.noted.name)), sets.find(entry.key))
        for entry in held:
            for alias in names_of(entry.noted):
                by_name.setdefault((entry.article.id, fold(alias)), sets.find(entry.key))
    return Cast(tuple(actors), by_name)


@lru_cache(maxsize=64)
def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _in_text(entry: Entry[NotedActor]) -> list[str]:
    """Names of the entry that its article really uses: an alias is copied, not made up."""
    text = _folded(entry.article.text)
    return [n for n in names_of(entry.noted) if " ".join(n.casefold().split()) in text]
