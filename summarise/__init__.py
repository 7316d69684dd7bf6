"""A folder of articles about one story becomes a structured brief, every item with evidence copied from the articles.

    from summarise import brief
    made = brief("articles/")
    print(made.title, len(made.issues))

`abrief` is the same for programs with an event loop. Importing this package is cheap: what it names is loaded at
first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from summarise.api import abrief, brief
    from summarise.asked import Progress
    from summarise.contract import Brief
    from summarise.errors import SummariseError
    from summarise.loading import ArticleText
    from summarise.model import ModelOptions

_HOME = {
    "ArticleText": "summarise.loading",
    "Brief": "summarise.contract",
    "ModelOptions": "summarise.model",
    "Progress": "summarise.asked",
    "SummariseError": "summarise.errors",
    "abrief": "summarise.api",
    "brief": "summarise.api",
}

__all__ = ["ArticleText", "Brief", "ModelOptions", "Progress", "SummariseError", "abrief", "brief"]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'summarise' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value
