"""Where a store is: a file, or a database that an address names."""

from __future__ import annotations

import os
import re
from pathlib import Path

from summarise.errors import ConfigurationError
from summarise.store.database import Database

_ADDRESS = re.compile(r"postgres(ql)?://")
_SCHEME = re.compile(r"\s*[A-Za-z][\w+.-]+:/")  # "C:/" is a file


def default_place() -> str:
    """SUMMARISE_STORE (a file or an address), else `answers.sqlite3` in the user's data folder."""
    if given := os.environ.get("SUMMARISE_STORE", "").strip():
        return given if is_address(given) else str(_file(given))
    from platformdirs import user_data_path

    return str(user_data_path("summarise", appauthor=False) / "answers.sqlite3")


def default_path() -> Path:
    """`default_place` for callers that know files only; raises ConfigurationError where it is an address."""
    place = default_place()
    if is_address(place):
        raise ConfigurationError("SUMMARISE_STORE is a database's address, and a file is wanted here; name a file")
    return Path(place)


def is_address(place: str) -> bool:
    """Whether this names a PostgreSQL database and no file."""
    return _ADDRESS.match(place) is not None


def _file(place: str) -> Path:
    """The file that a place names. Raises ConfigurationError for an address of something else; it is not repeated."""
    if _SCHEME.match(place) or place == ":memory:":
        raise ConfigurationError(
            "the store is a file or postgresql://USER@HOST/DATABASE; check --store, SUMMARISE_STORE"
        )
    return Path(place).expanduser()


def shown_place(place: str | Path | None) -> str:
    """A place (None: the default) as it may be printed: an address without its password."""
    text = str(place or default_place()).strip()
    if not is_address(text):
        return str(_file(text))
    from summarise.store.addresses import parse

    return parse(text).shown


def without_password(place: str | Path | None) -> str:
    """A place (None: the default) as another process may be told it: an address without its password, or a file."""
    text = str(place or default_place()).strip()
    if not is_address(text):
        return str(_file(text).absolute())
    from summarise.store.addresses import parse

    return parse(text).without_password


def database_at(place: str | Path | None) -> Database:
    """Opens the database of a place (None: the default). Raises ConfigurationError where it cannot be opened."""
    given = str(place or default_place()).strip()
    if not is_address(given):
        from summarise.store.sqlite import SQLite

        return SQLite(_file(given))
    from summarise.store.postgres import PostgreSQL

    return PostgreSQL(given)
