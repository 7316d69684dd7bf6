"""Items of briefs found by their words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from summarise.contract import Brief, Evidence
from summarise.errors import InputError
from summarise.mcp.told import Hit, Hits
from summarise.store import Series, Store
from summarise.versions import brief_of

MOST_STORIES = 200


def seek(store: Store, among: Sequence[Series], words: str, most: int) -> Hits:
    """Items of the newest brief of each story that hold all words: first those that hold them in their own wording.

    Raises InputError for words that hold none, or too many stories to go through.
    """
    wanted = _plain(words).split()
    if not wanted:
        raise InputError("give at least one word")
    if len(among) > MOST_STORIES:
        raise InputError(f"there are {len(among)} stories to go through; name one")
    found: list[tuple[bool, Hit]] = []
    for series in among:
        version = store.load(series)
        if version is None:
            continue
        brief = brief_of(version)
        for item in _items(brief):
            in_words = _holds(wanted, item.words)
            quoted = next((one.quote for one in item.evidence if _holds(wanted, [one.quote])), "")
            if in_words or quoted:
                first = next((one.quote for one in item.evidence), "")
                found.append((not in_words, item.hit(brief.story, version.number, quoted or first)))
    found.sort(key=lambda one: one[0])  # keeps the order of stories and items
    return Hits(hits=tuple(hit for _, hit in found[:most]), more=max(0, len(found) - most))


class _Item:
    """An item with the texts it can be found by."""

    def __init__(self, kind: str, id_: str, words: Sequence[str], evidence: Sequence[Evidence]) -> None:
        self.kind, self.id, self.words, self.evidence = kind, id_, words, evidence

    def hit(self, story: str, version: int, quote: str) -> Hit:
        return Hit.model_validate(
            {
                **{"story": story, "version": version, "kind": self.kind, "item": self.id},
                **{"text": self.words[0], "quote": quote},
            }
        )


def _items(brief: Brief) -> Iterator[_Item]:
    names = {actor.id: actor.name for actor in brief.actors}
    for actor in brief.actors:
        yield _Item("actor", actor.id, (actor.name, *actor.aliases, actor.role), actor.evidence)
    for issue in brief.issues:
        yield _Item("issue", issue.id, (issue.title,), ())
        for position in issue.positions:
            words = (position.statement, names.get(position.actor, ""), issue.title)
            yield _Item("position", position.id, words, position.evidence)
    for question in brief.open_questions:
        yield _Item("question", question.id, (question.question, question.why_open), question.evidence)
    for one in brief.disagreements:
        sides = [side.statement for side in one.sides]
        yield _Item("disagreement", one.id, (one.summary, *sides), [e for side in one.sides for e in side.evidence])
    for event in brief.events:
        yield _Item("event", event.id, (event.what, event.when), event.evidence)
    for fact in brief.facts:
        yield _Item("fact", fact.id, (f"{fact.about}: {fact.value}", fact.according_to), fact.evidence)


def _holds(wanted: Sequence[str], texts: Iterable[str]) -> bool:
    held = " ".join(map(_plain, texts))
    return all(word in held for word in wanted)


def _plain(text: str) -> str:
    """The words of a text without case, accents and punctuation."""
    letters = (c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", "".join(letters)))
