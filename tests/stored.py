"""Short ways to what goes into a store, and behind its back."""

from __future__ import annotations

import json
from collections.abc import Sequence

from summarise.store import Series, Store, StoredAnswer, StoredArticle, Version

STORY = Series("harbour", "/news/harbour")
LETTERS = "“naïve” 漢字 \x00 \ud800 \udc80 \ud83d\ude00"
"""What some database or encoding cannot hold: NUL, lone surrogates, and two that would melt into one character."""


def answer(key: str, text: str = '{"groups":[]}') -> StoredAnswer:
    return StoredAnswer(key=key, answer=text, kind="ActorGroups", model="openai:x", input_tokens=3, output_tokens=2)


def article(key: str, *, id: str = "a-1", text: str = "Ships wait.") -> StoredArticle:
    return StoredArticle(key, json.dumps({"id": id, "text": text}))


def recorded(
    store: Store,
    title: str,
    *,
    series: Series = STORY,
    inputs: str = "sha256:in",
    ids: Sequence[str] = ("a-1",),
    answers: Sequence[str] = (),
    complete: bool = True,
) -> Version:
    """A version whose content is known by its title."""
    return store.record(
        series,
        inputs=inputs,
        content=json.dumps({"title": title}),
        run='{"seconds":1.5}',
        complete=complete,
        texts={one: f"text of {one}" for one in ids},
        answers=answers,
    )


def behind(store: Store, sql: str) -> None:
    """Changes rows as nobody should."""
    with store._database.writing() as run:
        run(sql)


def aged(store: Store) -> None:
    """Answers and articles stored long ago."""
    behind(store, "UPDATE answers SET stored_at = '2020-01-01T00:00:00Z'")
    behind(store, "UPDATE articles SET stored_at = '2020-01-01T00:00:00Z'")
