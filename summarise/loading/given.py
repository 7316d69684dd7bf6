"""Articles that a caller has in memory: texts, and files as bytes."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from summarise.value import Value


class ArticleText(Value):
    """An article in memory. `path` is the name it goes by; without one it is named after its text's hash."""

    model_config = ConfigDict(defer_build=True)

    text: str
    path: str = ""
    title: str = ""
    outlet: str = ""
    author: str = ""
    published: str = Field(default="", description="ISO 8601, or a date as an article would write it")


class ArticleFile(Value):
    """A file in memory: its bytes are read as the file of this name would be in a folder."""

    model_config = ConfigDict(defer_build=True)

    path: str = Field(min_length=1)
    content: bytes
