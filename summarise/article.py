"""An article as it was read, and its numbered sentences."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from summarise.value import Value

ArticleStatus = Literal["used", "duplicate", "empty", "unreadable", "failed", "unrelated"]
PublishedFrom = Literal["stated", "inferred", "unknown"]


class Sentence(Value):
    """One numbered sentence: `text == article.text[start:end]`.

    `number` counts from 1; `start` and `end` are half-open offsets in Unicode code points.
    """

    model_config = ConfigDict(defer_build=True)

    number: int = Field(ge=1)
    start: int = Field(ge=0)
    end: int
    text: str


class Article(Value):
    """One file of the folder (or one text given in memory), cleaned of page furniture.

    `text` begins with the title, where there is one, followed by a blank line and the body; paragraphs are
    separated by blank lines. `id` is made from the hash of `text` alone, so a renamed or moved file keeps it.
    A file that could not be read has an empty `text`, no sentences, a `status` and a `reason`.
    """

    model_config = ConfigDict(defer_build=True)

    id: str
    path: str = Field(description="relative to the folder, '/' between parts")
    sha256: str = Field(description="hash of the file's bytes, hex; empty where they were not read")
    text: str = ""
    title: str = ""
    outlet: str = ""
    author: str = ""
    published: str = Field(default="", description="ISO 8601, as precise as the article states it; empty where unknown")
    published_from: PublishedFrom = "unknown"
    language: str = Field(default="", description="ISO 639-1 code; empty where unknown")
    status: ArticleStatus = "used"
    reason: str = ""
    duplicate_of: str = Field(default="", description="id of the article with the identical text that was read instead")
    sentences: tuple[Sentence, ...] = ()
    to_machine: tuple[int, ...] | None = Field(
        default=None, description="numbers of the sentences that talk to a machine; None: not looked for yet"
    )

    @property
    def words(self) -> int:
        """Number of whitespace-separated words of the text."""
        return len(self.text.split())
