"""A brief as files, whole or not at all.

    OUT/brief.json   OUT/brief.md   OUT/brief.html   OUT/changes.json   OUT/texts/<article id>.txt

Everything is first written beside its place under a temporary name and flushed to the disk; only then are the files
renamed into place, `brief.json` last. Whoever finds a `brief.json` finds all that it points to.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from summarise.change import Changes, QuestionLife
from summarise.contract import Brief, Run
from summarise.errors import ConfigurationError, OutputError
from summarise.render.canonical import canonical_json, content_json, head, run_json, whole_json_pieces

_Pieces = Callable[[], Iterator[str]]
"""A text in pieces, made when its turn comes: a large one is never held whole, let alone several."""

TEXTS = "texts"
CHANGES = "changes.json"


@dataclass(frozen=True)
class Edition:
    """A brief and what lies beside it.

    `texts` holds article ids and the cleaned text that offsets point into; `changes` are those from the version before,
    which is `earlier`; `lives` tell each question's state over the versions; `kept` is `content` where it is at hand.
    """

    brief: Brief
    texts: Mapping[str, str]
    changes: Changes | None = None
    earlier: Brief | None = None
    lives: Sequence[QuestionLife] = ()
    kept: str | None = None

    @property
    def content(self) -> str:
        """The brief as canonical JSON, without its `run`."""
        return content_json(self.brief) if self.kept is None else self.kept

    @property
    def run(self) -> Run:
        """When, how and at what cost it was made."""
        return self.brief.run


class Whole(Protocol):
    """What `is_current` looks at: an `Edition`, or what a run has made (`summarise.api.Made`)."""

    @property
    def content(self) -> str: ...
    @property
    def run(self) -> Run: ...
    @property
    def texts(self) -> Mapping[str, str]: ...
    @property
    def changes(self) -> Changes | None: ...


def _page(edition: Edition) -> Iterator[str]:
    from summarise.render.page import page_pieces  # late: only where a page is wanted

    return page_pieces(edition.brief, edition.texts, changes=edition.changes, lives=edition.lives)


def _markdown(edition: Edition) -> Iterator[str]:
    from summarise.render.markdown import markdown_pieces

    return markdown_pieces(edition.brief, edition.changes, edition.earlier)


RENDERINGS: dict[str, Callable[[Edition], Iterator[str]]] = {
    "brief.html": _page,
    "brief.md": _markdown,
    "brief.json": lambda edition: whole_json_pieces(edition.content, run_json(edition.run)),
}
"""Every format there is, in pieces, by file name; `brief.json` is put in place last."""

_TEMPORARY = re.compile(r"\.(?:brief\.\w+|changes\.json|\.made\.json|probe|[\w-]+\.txt)\.[0-9a-f]{12}\.tmp")
_YOUNG = 3600.0
"""Seconds for which a half-written file is left alone."""
_ARTICLE_ID = re.compile(r"[0-9A-Za-z_-]{1,128}")
_BEGINS_AS_OURS = re.compile(r'\{\s*"schema": "brief/')


def check_writable(out: Path) -> None:
    """Makes `out` and tries it, so that nothing is asked and paid for that could not be kept.

    Raises ConfigurationError where a brief.md or brief.json in it is not this program's, and OutputError where it is
    no folder or cannot be written to.
    """
    others = [name for name in RENDERINGS if os.path.lexists(out / name)]
    # A run that was killed while it put its files in place has left the brief.json to come.
    if others and not any(map(_is_ours, [*out.glob(".brief.json.*.tmp"), out / "brief.json"])):
        raise ConfigurationError(
            f"{out}: its {others[0]} was not made by this program and would be overwritten; "
            "move it away, or name another folder with --out"
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = _temporary(out / "probe")
        probe.touch(exist_ok=False)
        probe.unlink()
    except OSError as error:
        raise _unwritable(out, error) from error


def is_current(out: Path, made: Whole) -> bool:
    """Whether all that `write_output` would write is there already, made by this release; its `run` section aside."""
    if not all((out / name).is_file() for name in RENDERINGS):
        return False
    try:
        there = (out / "brief.json").read_text(encoding="utf-8")
        begins = head(made.content)
        if not there.startswith(begins):
            return False
        release = json.loads(f"{{{there[len(begins) :]}")["run"]["version"]
    except (OSError, ValueError, LookupError, TypeError):
        return False
    if release != made.run.version or not all(
        _holds(out / TEXTS / f"{article}.txt", text) for article, text in made.texts.items()
    ):
        return False
    return (out / CHANGES).is_file() or made.changes is None


def write_output(out: Path, edition: Edition) -> tuple[Path, ...]:
    """Writes every format and the text of every article, and returns the files that stand, in the order of writing.

    A text (UTF-8, line ends as they are) that is there already, to the letter, is left alone. What an earlier brief
    left in `out` and this one no longer has is removed after it stands. Raises OutputError, and leaves what was there
    before, when anything cannot be written.
    """
    texts, changes = edition.texts, edition.changes
    files: dict[Path, _Pieces] = {}
    kept: set[Path] = set()
    for article in sorted(texts):
        if not _ARTICLE_ID.fullmatch(article):
            raise OutputError(f"{out}: article id {article!r} cannot be a file name; nothing was written")
        path = out / TEXTS / f"{article}.txt"
        files[path] = partial(iter, (texts[article],))
        if _holds(path, texts[article]):
            kept.add(path)
    if changes is not None:
        files[out / CHANGES] = lambda: iter((canonical_json(changes.model_dump(mode="json", by_alias=True)),))
    for name, render in RENDERINGS.items():
        files[out / name] = partial(render, edition)

    before = _articles_before(out)
    try:
        _put_in_place({path: pieces for path, pieces in files.items() if path not in kept})
        for article in before - set(texts):
            (out / TEXTS / f"{article}.txt").unlink(missing_ok=True)
        if changes is None and before:
            (out / CHANGES).unlink(missing_ok=True)
        _sweep(out)
    except OSError as error:
        raise _unwritable(out, error) from error
    return tuple(files)


def write_whole(path: Path, text: str) -> None:
    """Writes one file (UTF-8) whole or not at all, its folder being made where there is none. Raises OutputError."""
    try:
        if path.exists() and not path.is_file():  # a folder, or a device that a file must not take the place of
            raise OutputError(f"{path} is no file and was left as it is; name a file")
        _put_in_place({path: lambda: iter((text,))})
    except OSError as error:
        raise OutputError(f"{path} could not be written ({error.strerror or error}); {_remedy(error)}") from error


def _put_in_place(files: Mapping[Path, _Pieces]) -> None:
    """All of them or, where one cannot be written, none; renamed in the order given, and durable on return."""
    staged: dict[Path, Path] = {}
    before: dict[Path, Path] = {}
    folders = dict.fromkeys(target.parent for target in files)
    missing = [one for folder in folders for one in (folder, *folder.parents) if not one.exists()]
    try:
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        for target, pieces in files.items():
            staged[target] = _temporary(target)
            _write_durably(staged[target], pieces())
        for target in staged:
            if target.is_file():
                with suppress(OSError):  # it can be neither linked nor read: then what is renamed stays so
                    _keep(target, kept := _temporary(target))
                    before[target] = kept
        _rename(staged, before, folders)
    finally:
        for temporary in (*staged.values(), *before.values()):
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        for folder in sorted(set(missing), key=lambda one: len(one.parts), reverse=True):
            with suppress(OSError):  # what holds a file of ours by now stays
                folder.rmdir()


def _keep(file: Path, link: Path) -> None:
    """Gives a file a second name or, where the file system has none to give, makes a copy under it."""
    try:
        os.link(file, link, follow_symlinks=False)
    except OSError:
        try:
            shutil.copy2(file, link, follow_symlinks=False)
        except OSError:
            link.unlink(missing_ok=True)
            raise


def _rename(staged: Mapping[Path, Path], before: dict[Path, Path], folders: Iterable[Path]) -> None:
    """Puts every file in its place; where one cannot be, those that were are put back."""
    done: list[Path] = []
    try:
        for target, temporary in staged.items():
            new = target in before or not target.exists()
            temporary.replace(target)
            done += [target] if new else []
        for folder in folders:
            _sync_folder(folder)
    except OSError:
        with suppress(OSError):  # at the first that cannot be put back all before it stay: what they point to is there
            for target in reversed(done):
                _put_back(target, before) if target in before else target.unlink()
        raise


def _put_back(target: Path, before: dict[Path, Path]) -> None:
    """The old file in its place again. A disk that refuses to rename may still take a name away and give one."""
    try:
        before[target].replace(target)
    except OSError:
        os.link(before[target], tried := _temporary(target), follow_symlinks=False)
        tried.unlink()
        target.unlink()
        old = before.pop(target)  # until it has its name again nobody sweeps it away
        os.link(old, target, follow_symlinks=False)
        before[target] = old


def _is_ours(file: Path) -> bool:
    """Whether this is a `brief.json` that names a schema of briefs."""
    try:
        if not file.is_file():
            return False
        with file.open(encoding="utf-8") as text:
            begins = text.read(200)
            if _BEGINS_AS_OURS.match(begins):  # as we write it: a large one need not be read to the end
                return True
            found = json.loads(begins + text.read())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and str(found.get("schema", "")).startswith("brief/")


def _articles_before(out: Path) -> set[str]:
    """Ids that an earlier `brief.json` of ours names; only their texts may be removed."""
    try:
        earlier = json.loads((out / "brief.json").read_text(encoding="utf-8"))
        ids = {entry["id"] for entry in earlier["articles"]} if earlier["schema"] == "brief/1" else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {one for one in ids if isinstance(one, str) and _ARTICLE_ID.fullmatch(one)}


def _temporary(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.urandom(6).hex()}.tmp")


def _sweep(out: Path) -> None:
    """Removes what a run that was killed left half-written; a young one may belong to a run that is writing now."""
    for folder in (out, out / TEXTS):
        for left in folder.glob(".*.tmp") if folder.is_dir() else ():
            with suppress(OSError):
                if _TEMPORARY.fullmatch(left.name) and time.time() - left.stat().st_mtime > _YOUNG:
                    left.unlink()


def _bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:  # lone surrogates cannot be UTF-8; a replacement keeps the length, and so every offset
        return re.sub("[\ud800-\udfff]", "\ufffd", text).encode()


def _holds(path: Path, text: str) -> bool:
    """Whether a file holds just this text."""
    try:
        return path.read_bytes() == _bytes(text)
    except OSError:
        return False


def _write_durably(path: Path, pieces: Iterable[str]) -> None:
    with path.open("xb") as file:
        file.writelines(map(_bytes, pieces))
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Makes the renames durable; Windows knows no such thing."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unwritable(out: Path, error: OSError) -> OutputError:
    why = error.strerror or str(error)
    return OutputError(f"{out}: the brief could not be written ({why}); {_remedy(error)}, or name another with --out")


def _remedy(error: OSError) -> str:
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return "a file is in the way: move it"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "allow writing in that folder"
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "free space"
    if error.errno in (errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ):
        return "shorten its name"
    return "mend that folder"
