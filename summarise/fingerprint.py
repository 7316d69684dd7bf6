"""Which program this is, to the letter: what was worked out by other code or other prompts is worked out again."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import sys
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_READ_WITH = (
    *("charset-normalizer", "courlan", "htmldate", "justext", "lxml", "lxml_html_clean", "py3langid", "pypdf"),
    *("python-docx", "rensa", "sentencex", "trafilatura"),
)
_INSTALLED = re.compile(r"(.+?)-([^-]+)(?:-py[\d.]+)?\.(?:dist|egg)-info")
_OWN = Path(__file__).resolve().parent


@cache
def program() -> str:
    """ "sha256:<hex>" of the program's own files and of the versions of the libraries that read articles."""
    beside = next((folder for folder in (_OWN / "prompts", _OWN.parent / "prompts") if folder.is_dir()), None)
    own = (Path(at, name) for at, _, names in os.walk(_OWN) for name in names if name.endswith((".py", ".json")))
    files = [*sorted(own), *(sorted(beside.glob("*.md")) if beside else ())]
    unicode = f"python {platform.python_version()}, unicode {unicodedata.unidata_version}"
    there = _installed()
    libraries = (f"{name} {there.get(name.lower().replace('-', '_'), 'none')}" for name in _READ_WITH)
    return tagged("\n".join([hash_of_files(files), unicode, *libraries]))


def _installed() -> dict[str, str]:
    """The versions of what is installed, by normal name: told by the folders' names, for reading them all is slow."""
    found: dict[str, str] = {}
    for place in sys.path:
        try:
            with os.scandir(place or ".") as entries:
                names = [entry.name for entry in entries]
        except OSError:
            continue
        for name in names:
            if (said := _INSTALLED.fullmatch(name)) is not None:
                found.setdefault(said[1].lower().replace("-", "_").replace(".", "_"), said[2])
    return found


def installed_version() -> str:
    """The version of the installed package; that of a bare checkout is "0+unknown"."""
    found = _version_of("summarise")
    return "0+unknown" if found == "none" else found


def hash_of_files(files: Sequence[Path]) -> str:
    """One hash (hex) over the names and contents of files, in the order given."""
    whole = hashlib.sha256()
    for file in files:
        with suppress(FileNotFoundError, IsADirectoryError), open(file, "rb") as opened:  # noqa: PTH123 (many: quicker)
            content = opened.read()
            whole.update(f"{file.name}\n".encode("utf-8", "surrogatepass"))
            whole.update(hashlib.sha256(content).digest())
    return whole.hexdigest()


def tagged(text: str) -> str:
    """ "sha256:<hex>" of a text."""
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _version_of(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
