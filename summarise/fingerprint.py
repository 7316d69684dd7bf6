"""Which program this is, to the letter: what was worked out by other code or other prompts is worked out again."""

from __future__ import annotations

import hashlib
import platform
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_READ_WITH = (
    *("charset-normalizer", "courlan", "htmldate", "justext", "lxml", "lxml_html_clean", "py3langid", "pypdf"),
    *("python-docx", "rensa", "sentencex", "trafilatura"),
)
_OWN = Path(__file__).resolve().parent


@cache
def program() -> str:
    """ "sha256:<hex>" of the program's own files and of the versions of the libraries that read articles."""
    beside = next((folder for folder in (_OWN / "prompts", _OWN.parent / "prompts") if folder.is_dir()), None)
    own = (file for file in _OWN.rglob("*") if file.suffix in (".py", ".json"))
    files = [*sorted(own), *(sorted(beside.glob("*.md")) if beside else ())]
    unicode = f"python {platform.python_version()}, unicode {unicodedata.unidata_version}"
    libraries = (f"{name} {_version_of(name)}" for name in _READ_WITH)
    return tagged("\n".join([hash_of_files(files), unicode, *libraries]))


def installed_version() -> str:
    """The version of the installed package; that of a bare checkout is "0+unknown"."""
    found = _version_of("summarise")
    return "0+unknown" if found == "none" else found


def hash_of_files(files: Sequence[Path]) -> str:
    """One hash (hex) over the names and contents of files, in the order given."""
    whole = hashlib.sha256()
    for file in (one for one in files if one.is_file()):
        whole.update(f"{file.name}\n".encode("utf-8", "surrogatepass"))
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def tagged(text: str) -> str:
    """ "sha256:<hex>" of a text."""
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _version_of(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
