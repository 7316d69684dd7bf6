"""A folder of articles about one story becomes a structured brief, every item with evidence copied from the articles.

    from summarise import brief
    made = brief("articles/")
    print(made.title, len(made.issues))

`abrief` is the same for programs with an event loop; `show`, `diff` and `log` look back at what was made before. Every
error is a `SummariseError`. Importing this package is cheap: what it names is loaded at first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from summarise.api import abrief, brief
    from summarise.asked import Progress
    from summarise.change import Change, Changes, Log
    from summarise.contract import Brief
    from summarise.errors import (
        BudgetSpent,
        ClusterLost,
        ConfigurationError,
        CutOff,
        DamagedStore,
        InputError,
        InvalidAnswer,
        LostStore,
        ModelError,
        ModelUnavailable,
        NoReadableArticle,
        OutputError,
        Refused,
        SummariseError,
        UnreachableStore,
        UnreadLanguage,
    )
    from summarise.loading import ArticleFile, ArticleText
    from summarise.model import ModelOptions
    from summarise.overrides import Overrides
    from summarise.past import diff, log, show

_HOME = {
    "ArticleFile": "summarise.loading",
    "ArticleText": "summarise.loading",
    "Brief": "summarise.contract",
    "BudgetSpent": "summarise.errors",
    "Change": "summarise.change",
    "Changes": "summarise.change",
    "ClusterLost": "summarise.errors",
    "ConfigurationError": "summarise.errors",
    "CutOff": "summarise.errors",
    "DamagedStore": "summarise.errors",
    "InputError": "summarise.errors",
    "InvalidAnswer": "summarise.errors",
    "Log": "summarise.change",
    "LostStore": "summarise.errors",
    "ModelError": "summarise.errors",
    "ModelOptions": "summarise.model",
    "ModelUnavailable": "summarise.errors",
    "NoReadableArticle": "summarise.errors",
    "OutputError": "summarise.errors",
    "Overrides": "summarise.overrides",
    "Progress": "summarise.asked",
    "Refused": "summarise.errors",
    "SummariseError": "summarise.errors",
    "UnreachableStore": "summarise.errors",
    "UnreadLanguage": "summarise.errors",
    "abrief": "summarise.api",
    "brief": "summarise.api",
    "diff": "summarise.past",
    "log": "summarise.past",
    "show": "summarise.past",
}

__all__ = [
    "ArticleFile",
    "ArticleText",
    "Brief",
    "BudgetSpent",
    "Change",
    "Changes",
    "ClusterLost",
    "ConfigurationError",
    "CutOff",
    "DamagedStore",
    "InputError",
    "InvalidAnswer",
    "Log",
    "LostStore",
    "ModelError",
    "ModelOptions",
    "ModelUnavailable",
    "NoReadableArticle",
    "OutputError",
    "Overrides",
    "Progress",
    "Refused",
    "SummariseError",
    "UnreachableStore",
    "UnreadLanguage",
    "abrief",
    "brief",
    "diff",
    "log",
    "show",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'summarise' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value
