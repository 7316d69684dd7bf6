"""Which stories there are: the folders in a folder, or the lines of a manifest; and where the brief of each goes.

A manifest (`*.jsonl`) has one JSON object a line; paths are relative to the manifest:

    {"story": "syria-bases", "folder": "news/syria"}
    {"story": "grain", "files": ["wire/1.txt", "wire/2.html"], "about": "the grain deal", "language": "en"}
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from summarise.errors import ConfigurationError, InputError
from summarise.loading.files import holds_files, passed_over, shown
from summarise.many.folder_names import folder_names
from summarise.many.report_file import REPORT, is_report
from summarise.many.task import Task

ENDING = ".jsonl"
LONGEST = 200
"""Characters of a story's name in a manifest."""


@dataclass(frozen=True)
class Passed:
    """What lies beside the stories and is not read, with the reason."""

    path: str
    reason: str


@dataclass(frozen=True)
class Stories:
    """Every story as a task, in the order of their names, and what is not read."""

    tasks: tuple[Task, ...]
    not_read: tuple[Passed, ...] = ()


class ManifestFaults(InputError):
    """The manifest has mistakes; `faults` holds a line for each, with file and line."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        more = f" (and {len(self.faults) - 1} more)" if len(self.faults) > 1 else ""
        super().__init__(f"{self.faults[0]}{more}")


def stories(root: Path, out: Path, *, language: str = "") -> Stories:
    """The stories of a folder or a manifest, their briefs to be written below `out`; no article is opened.

    `language` is that of briefs whose line in the manifest names none. Raises InputError where there is no story,
    `ManifestFaults` for mistakes in a manifest, ConfigurationError where `out` lies within a story.
    """
    if root.is_dir():
        given, not_read = _in_folder(root, out)
    elif root.is_file() and root.suffix.lower() == ENDING:
        given, not_read = _in_manifest(root), []
    elif root.exists():
        raise InputError(f"{shown(str(root))} is neither a folder of folders nor a manifest (*{ENDING})")
    else:
        raise InputError(f"no such folder or manifest: {shown(str(root))}; check the path")
    names = folder_names(one.story for one in given)
    tasks = [
        Task(
            story=one.story,
            folder=one.folder,
            files=one.files,
            about=one.about,
            language=one.language or language,
            overrides=one.overrides,
            out=out.absolute() / names[one.story],
        )
        for one in sorted(given, key=lambda one: one.story)
    ]
    _check_apart(tasks, out)
    return Stories(tuple(tasks), tuple(not_read))


@dataclass(frozen=True)
class _Given:
    story: str
    folder: Path | None = None
    files: tuple[Path, ...] = ()
    about: str = ""
    language: str = ""
    overrides: Path | None = None


def _check_apart(tasks: Iterable[Task], out: Path) -> None:
    """What one story's brief is written to is no article of another one."""
    place = out.resolve()
    around = {place, *place.parents}
    for task in tasks:
        if task.folder is not None and task.folder.resolve() in around:
            raise ConfigurationError(
                f"--out {shown(str(out))} lies within the story {shown(task.story)}; name a folder outside of it"
            )


# ---- a folder of folders


def _in_folder(root: Path, out: Path) -> tuple[list[_Given], list[Passed]]:
    try:
        with os.scandir(root) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        raise InputError(f"{shown(str(root))} cannot be listed ({error.strerror or error})") from None
    found: list[_Given] = []
    not_read: list[Passed] = []
    ours = out.resolve()
    for entry in entries:
        path, name = Path(entry.path), shown(entry.name)
        if passed_over(entry.name):
            continue
        if path.resolve() == ours:
            if any(one.is_file() and not passed_over(one.name) and not is_report(one) for one in path.iterdir()):
                not_read.append(Passed(f"{name}/", "the briefs are written there; files in it are not read"))
            continue
        if entry.is_symlink():
            not_read.append(Passed(name, "a symbolic link is not followed; list it in a manifest"))
        elif not entry.is_dir(follow_symlinks=False):
            if not is_report(path):
                not_read.append(Passed(name, "a file beside the stories; put it into a folder of its own"))
        elif is_report(path / REPORT):
            not_read.append(Passed(f"{name}/", f"the briefs of an earlier run, as its {REPORT} says"))
        elif (why := _unusable(path, out)) is not None:
            not_read.append(Passed(f"{name}/", why))
        else:
            found.append(_Given(entry.name, path.absolute()))
    if not found:
        raise InputError(
            f"{shown(str(root))} holds no folder with articles; give a folder of folders, one for each story"
            " (for a single story: summarise brief)"
        )
    return found, not_read


def _unusable(folder: Path, out: Path) -> str | None:
    try:
        return None if holds_files(folder, skip=out) else "holds no file to read"
    except InputError as error:
        return str(error)


# ---- a manifest


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    story: str = Field(min_length=1, max_length=LONGEST)
    folder: str | None = Field(default=None, min_length=1)
    files: list[str] | None = Field(default=None, min_length=1)
    about: str = ""
    language: str = ""
    overrides: str | None = Field(default=None, min_length=1)


def _in_manifest(manifest: Path) -> list[_Given]:
    """Every line's story; raises `ManifestFaults` with all mistakes, after the last line."""
    name = shown(str(manifest))
    first: dict[str, int] = {}
    faults: list[str] = []
    found: list[_Given] = []
    try:
        with manifest.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    given = _given(_parsed(line, number), manifest.absolute().parent)
                    if given is None:
                        continue
                    if given.story in first:
                        raise _FaultsOf([f"the story {shown(given.story)} stands in line {first[given.story]} already"])
                except _FaultsOf as error:
                    faults += [f"{name}:{number}: {why}" for why in error.why]
                    continue
                first[given.story] = number
                found.append(given)
    except OSError as error:
        raise InputError(f"{name}: cannot be read ({error.strerror or error})") from None
    if faults:
        raise ManifestFaults(faults)
    if not found:
        raise InputError(f'{name} holds no story; a line looks like {{"story": "grain", "folder": "news/grain"}}')
    return found


class _FaultsOf(Exception):
    """What is wrong with one line."""

    def __init__(self, why: list[str]) -> None:
        super().__init__()
        self.why = why


def _parsed(line: bytes, number: int) -> _Line | None:
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError:
        raise _FaultsOf(["not UTF-8; save the manifest as UTF-8"]) from None
    if not text.strip():
        return None
    try:
        return _Line.model_validate(json.loads(text, object_pairs_hook=_once))
    except json.JSONDecodeError as error:
        raise _FaultsOf([f"no JSON object on one line ({error.msg} at column {error.colno})"]) from None
    except RecursionError:
        raise _FaultsOf(["no JSON object on one line (nested too deep)"]) from None
    except ValidationError as error:
        raise _FaultsOf([_told(one) for one in error.errors(include_url=False)]) from None
    except ValueError:  # a number of thousands of digits
        raise _FaultsOf(["no JSON object on one line (a number in it is too long)"]) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        raise _FaultsOf(["a field stands there twice"])
    return row


def _told(error: Any) -> str:
    """One mistake that the type has found, in words of the manifest."""
    where = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"the field {shown(where)} is unknown; there are {', '.join(_Line.model_fields)}"
    if error["type"] == "missing":
        return f"the field {where} is missing"
    if not where:
        return "a line is a JSON object with the fields story and folder or files"
    said = str(error["msg"])
    return f"{where}: {said[:1].lower()}{said[1:]}"


def _given(line: _Line | None, beside: Path) -> _Given | None:
    if line is None:
        return None
    why = []
    if not any(char.isalnum() for char in line.story):
        why.append("story: a name needs a letter or a digit")
    if (line.folder is None) == (line.files is None):
        why.append("give folder or files, and not both")
    folder = beside / line.folder if line.folder is not None else None
    files = tuple(beside / one for one in line.files or ())
    overrides = beside / line.overrides if line.overrides is not None else None
    if folder is not None and not folder.is_dir():
        why.append(f"no such folder: {shown(str(folder))}")
    why += [
        f"no such file: {shown(str(one))}" for one in (*files, *([overrides] if overrides else ())) if not one.is_file()
    ]
    if why:
        raise _FaultsOf(why)
    return _Given(line.story, folder, files, line.about, line.language, overrides)
