"""Asking a model: which one (`parse`), how (`ModelOptions`), and the one seam through which every question goes.

What asks is loaded at first use: a brief that is there already needs only to know which model it was.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from summarise.model.options import MODES, Mode, ModelOptions
from summarise.model.spec import FORMS, ModelSpec, parse
from summarise.model.tokens import estimate_tokens

if TYPE_CHECKING:
    from summarise.model.opening import open_reader
    from summarise.model.seam import ModelReader

_HOME = {"ModelReader": "summarise.model.seam", "open_reader": "summarise.model.opening"}

__all__ = [
    "FORMS",
    "MODES",
    "Mode",
    "ModelOptions",
    "ModelReader",
    "ModelSpec",
    "estimate_tokens",
    "open_reader",
    "parse",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'summarise.model' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value
