"""A file of ours, or one that a person wrote for us, read back into its type. Every error is one line."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from summarise.contract import Brief
from summarise.errors import InputError

M = TypeVar("M", bound=BaseModel)


def load_brief(path: Path) -> Brief:
    """The brief in `path`: a brief.json, or a folder that holds one. Raises InputError."""
    file = path / "brief.json" if path.is_dir() else path
    return load(file, Brief, remedy="make it again with summarise brief --out DIR")


def load(path: Path, model: type[M], *, remedy: str) -> M:
    """The JSON in `path` as a `model`. Raises InputError, which names what is wrong and ends with `remedy`."""
    text = read_text(path)
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise InputError(f"{path}: {place}: {first['msg']}{more}; {remedy}") from None


def read_text(path: Path) -> str:
    """A regular file as UTF-8, a byte order mark aside. Raises InputError."""
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; name one that exists")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{path}: not UTF-8; name a text file") from None
    except OSError as error:
        raise InputError(f"{path}: could not be read ({error.strerror}); mend the file or its rights") from None
