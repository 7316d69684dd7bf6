"""A story kept in the store: articles as they were read, and every version of its brief.

    articles + overrides + options + who reads ─▶ inputs (one hash) ─▶ a version that was made of just these, or none

Nothing here decides what a brief holds. A version made of the same inputs is what the pipeline would make of the
stored answers again; reading it back only saves the time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from summarise.article import Article
from summarise.asked import Asked
from summarise.fingerprint import hash_of_files, program, tagged
from summarise.loading import Found
from summarise.model.options import ModelOptions
from summarise.model.spec import ModelSpec, identity
from summarise.store import Series, Store, StoredArticle, Version


class ArticleShelf:
    """Articles as this version of the program reads them, in a store. See `summarise.loading.Shelf`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, keys: Sequence[str]) -> Mapping[str, Article]:
        """Those that are there; one that no longer parses is as if it were not."""
        named = {tagged(f"{program()}\n{key}"): key for key in keys}
        found: dict[str, Article] = {}
        for stored in self._store.articles(named).values():
            try:
                found[named[stored.key]] = Article.model_validate_json(stored.article)
            except ValueError:
                continue
        return found

    def put(self, articles: Mapping[str, Article]) -> Mapping[str, Article]:
        """Keeps them, and gives them with the sentences marked that talk to a machine."""
        if not articles:
            return {}
        from summarise.extractive.machine_talk import talking  # late: not needed where nothing is new

        marked = {
            key: article.model_copy(update={"to_machine": tuple(sorted(talking(article)))})
            for key, article in articles.items()
        }
        self._store.put_articles(
            StoredArticle(key=tagged(f"{program()}\n{key}"), article=_canonical(article.model_dump(mode="json")))
            for key, article in marked.items()
        )
        return marked


def inputs_of(
    found: Found,
    asked: Asked,
    spec: ModelSpec,
    options: ModelOptions,
    prompts: Path | None,
) -> str:
    """ "sha256:<hex>" of all that can change a brief, the stored answers aside.

    What an article holds follows from its bytes and from the program that reads it: nothing need be read for it.
    """
    given: dict[str, Any] = {
        "articles": found.marks(),
        "asked": [asked.story, asked.about, asked.language, asked.check],
        "overrides": asked.overrides.canonical(),
        "model": [spec.display, *(identity(spec) if spec.kind != "extractive" else ())],
        "options": [options.mode, options.max_output_tokens, options.context_window],
        "prompts": hash_of_files(sorted(prompts.glob("*.md"))) if prompts is not None else "",
        "program": program(),
    }
    return tagged(_canonical(given))


def before(store: Store, series: Series, number: int) -> Version | None:
    """The version before this one, if there is one."""
    earlier = [entry.number for entry in store.versions(series) if entry.number < number]
    return store.load(series, max(earlier)) if earlier else None


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))  # ASCII: lone surrogates survive
