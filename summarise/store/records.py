"""What the store takes and gives back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StoredAnswer:
    """One answer: its JSON as it arrived, what kind it is, who gave it, and the tokens all its attempts took."""

    key: str
    answer: str
    kind: str
    model: str
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, kw_only=True)
class Spent:
    """A row of the ledger: what one question took, all its attempts together.

    `kind` is its prompt, `host` where it was asked, "" for a model in this process. `unpriced` of the `calls` have no
    known price; `cost` is that of the others, in billionths of a dollar. `cached_tokens` are part of `input_tokens`.
    """

    run: str
    story: str
    kind: str
    model: str
    host: str
    batch: bool
    milliseconds: int
    calls: int
    unpriced: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    cost: int


@dataclass(frozen=True)
class StoredArticle:
    """An article as the loader read it (canonical JSON), under a key of what can change the reading."""

    key: str
    article: str


@dataclass(frozen=True, order=True)
class Series:
    """The versions of one story: `place` is its resolved folder, "" for a story that has no folder."""

    story: str
    place: str


@dataclass(frozen=True)
class VersionEntry:
    """A version without its content.

    `number` counts from 1 in its series, `made` is ISO 8601 in UTC to the second, `hash` is "sha256:<hex>" of the
    content, `inputs` whatever the caller knows the inputs by.
    """

    series: Series
    number: int
    made: str
    hash: str
    inputs: str
    complete: bool


@dataclass(frozen=True)
class Version(VersionEntry):
    """One version of a brief.

    `content` is brief.json without its `run` section, `run` that section of the run that made it (canonical JSON
    both, to the letter as recorded); `articles` the ids whose texts it points into, sorted; `answers` the keys of the
    answers it used, sorted.
    """

    content: str
    run: str
    articles: tuple[str, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Counts:
    """How many of each are stored."""

    answers: int
    articles: int
    versions: int
    texts: int


@dataclass(frozen=True)
class Collected:
    """How many of each were removed (or would be), and the bytes of text in them."""

    answers: int
    articles: int
    versions: int
    texts: int
    bytes: int
