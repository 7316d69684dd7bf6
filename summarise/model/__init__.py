"""Asking a model: which one (`parse`), how (`ModelOptions`), and the one seam through which every question goes."""

from __future__ import annotations

from summarise.model.opening import open_reader
from summarise.model.options import MODES, Mode, ModelOptions
from summarise.model.seam import ModelReader
from summarise.model.spec import FORMS, ModelSpec, parse
from summarise.model.tokens import estimate_tokens

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
