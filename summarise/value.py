"""The base of the program's typed values: immutable, with nothing unknown in them, and small."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

_FIELDS: dict[frozenset[str], set[str]] = {}


class Value(BaseModel):
    """Fields are checked when one is made, and stay as they are.

    Pydantic gives every value a set of its own with the names of the fields given, which takes more room than a short
    value itself (728 bytes from five fields on). As no field of a value is ever set later, equal sets are one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_post_init(self, context: Any, /) -> None:
        given = self.__pydantic_fields_set__
        shared = _FIELDS.get(names := frozenset(given)) or _FIELDS.setdefault(names, set(given))
        object.__setattr__(self, "__pydantic_fields_set__", shared)
