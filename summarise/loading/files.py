"""Files of a folder, found and read without being led astray.

Nothing is opened that is not a regular file: a FIFO would block for ever, a device may never end, a link can lead
out of the folder or in circles. What is passed over or refused is named with its reason.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from summarise.errors import InputError

PASSED_OVER = frozenset({"overrides.yaml", "overrides.yml", "thumbs.db", "desktop.ini"})
_LEFTOVER = re.compile(r"\.|~\$|.*~$|#.*#$|.*\.sw[a-p]$|.*\.tmp$")
_OWN_FILES = frozenset({"brief.json", "brief.md", "brief.html", "changes.json"})
_OWN_FOLDER, _OWN_TEXT = "texts", re.compile(r"a-[0-9a-f]{16}\.txt")
_SCHEMA = re.compile(rb'"schema"\s*:\s*"brief/')
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_SPECIAL = {
    stat.S_IFIFO: "a named pipe, not a file",
    stat.S_IFSOCK: "a socket, not a file",
    stat.S_IFCHR: "a device, not a file",
    stat.S_IFBLK: "a device, not a file",
}


@dataclass(frozen=True)
class Raw:
    """One file: its name as shown ('/' between parts) and its bytes, or why there are none."""

    path: str
    content: bytes = b""
    reason: str = ""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes, hex."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Entry:
    """One file found, not yet read: its name as shown and where its bytes are, or the reason why it has none."""

    name: str
    path: Path | None = None
    reason: str = ""


def shown(path: str) -> str:
    """A path that can be printed and stored: bytes that are not UTF-8, and control characters, as `\\xNN`."""
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def walk(folder: Path, *, skip: Path | None, max_bytes: int) -> tuple[Raw, ...]:
    """Every file below `folder` in the order of their paths; raises `InputError` for a folder that cannot be listed."""
    return tuple(
        Raw(entry.name, reason=entry.reason) if entry.path is None else read(entry.path, entry.name, max_bytes)
        for entry in listing(folder, skip=skip)
    )


def passed_over(name: str) -> bool:
    """Whether a file or folder of this name is hidden, an editor's leftover, or otherwise never an article."""
    return _LEFTOVER.match(name) is not None or name.lower() in PASSED_OVER


def listing(folder: Path, *, skip: Path | None) -> tuple[Entry, ...]:
    """The files that `walk` would read, none of them opened."""
    return tuple(sorted(_found(folder, skip), key=lambda entry: entry.name))


def holds_files(folder: Path, *, skip: Path | None) -> bool:
    """Whether `listing` would find anything; looks no further than the first."""
    return next(_found(folder, skip), None) is not None


def _found(folder: Path, skip: Path | None) -> Iterator[Entry]:
    try:
        root = folder.resolve(strict=True)
        os.scandir(root).close()
    except FileNotFoundError:
        raise InputError(f"no such folder: {shown(str(folder))}; check the path") from None
    except NotADirectoryError:
        raise InputError(f"not a folder: {shown(str(folder))}; give the folder that holds the articles") from None
    except PermissionError:
        raise InputError(f"no permission to list {shown(str(folder))}; make the folder readable") from None
    except (OSError, RuntimeError, ValueError) as error:
        raise InputError(f"cannot open the folder {shown(str(folder))} ({error}); check the path") from None
    left_out = skip.resolve() if skip is not None else None
    if left_out == root:
        left_out = None  # our own files in it are recognised by name
    return _Walk(root, left_out).below(root)


def read(path: Path, shown_path: str, max_bytes: int) -> Raw:
    """The bytes of a regular file, or the reason why not. Blocks on nothing and follows no link."""
    try:
        content = _regular(path, max_bytes + 1)
    except OSError as error:
        return Raw(shown_path, reason=_why(error))
    except ValueError as error:
        return Raw(shown_path, reason=f"cannot be opened ({error})")
    if isinstance(content, str):
        return Raw(shown_path, reason=content)
    return raw(shown_path, content, max_bytes)


def raw(path: str, content: bytes, max_bytes: int) -> Raw:
    """Bytes that are there already, under the name of their file."""
    if len(content) > max_bytes:
        return Raw(shown(path), reason=f"larger than {max_bytes:,} bytes; shorten it or raise the limit")
    return Raw(shown(path), content=content)


def _regular(path: Path, most: int) -> bytes | str:
    """At most so many bytes of a regular file; as a string, why it is none."""
    kind = stat.S_IFMT(path.lstat().st_mode)
    if kind != stat.S_IFREG:
        return _SPECIAL.get(kind, "not a regular file")
    handle = _opened(path)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):  # another file may have come to stand here since
            return "not a regular file"
        return file.read(most)


def _opened(path: Path) -> int:
    """A file of a path without links, opened a folder at a time: one that has become a link since leads nowhere."""
    if not hasattr(os, "O_PATH"):
        return os.open(path, _OPEN)
    current = os.open(path.anchor or ".", os.O_PATH | os.O_DIRECTORY)
    try:
        for part in path.parent.parts[1 if path.anchor else 0 :]:
            below = os.open(part, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=current)
            os.close(current)
            current = below
        return os.open(path.name, _OPEN, dir_fd=current)
    finally:
        os.close(current)


def _beginning(path: Path) -> bytes:
    try:
        content = _regular(path, 1 << 16)
    except (OSError, ValueError):
        return b""
    return b"" if isinstance(content, str) else content


def _why(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "no permission to read it; make the file readable"
    if isinstance(error, FileNotFoundError):
        return "disappeared while the folder was read"
    if error.errno == errno.ELOOP:
        return "a symbolic link that leads in a circle"
    return f"cannot be read ({error.strerror or error})"


@dataclass(frozen=True)
class _Walk:
    root: Path
    left_out: Path | None

    def below(self, folder: Path) -> Iterator[Entry]:
        """Depth first with an explicit stack, so that deep nesting cannot exhaust Python's."""
        waiting = [folder]
        while waiting:
            current = waiting.pop()
            try:
                with os.scandir(current) as listing:
                    entries = sorted(listing, key=lambda entry: entry.name)
            except OSError as error:
                reason = "no permission to list this folder" if isinstance(error, PermissionError) else _why(error)
                yield Entry(self._name(current) + "/", reason=reason)
                continue
            own = _own_names(current)
            for entry in entries:
                if passed_over(entry.name):
                    continue
                path = current / entry.name
                if path == self.left_out or own(entry.name):
                    continue
                if entry.is_symlink():
                    yield self._link(path)
                elif entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
                else:
                    yield Entry(self._name(path), path)

    def _name(self, path: Path) -> str:
        return shown(path.relative_to(self.root).as_posix())

    def _link(self, path: Path) -> Entry:
        """A link is read only where it leads to a file inside the folder."""
        name = self._name(path)
        try:
            target = path.resolve(strict=True)
        except FileNotFoundError:
            return Entry(name, reason="a symbolic link that leads nowhere")
        except (OSError, RuntimeError):
            return Entry(name, reason="a symbolic link that leads in a circle")
        if not target.is_relative_to(self.root):
            return Entry(name, reason="a symbolic link out of the folder is not followed; put a copy of the file here")
        if target.is_dir():
            return Entry(name, reason="a symbolic link to a folder is not followed")
        return Entry(name, target)


def _is_output(folder: Path) -> bool:
    return _SCHEMA.search(_beginning(folder / "brief.json")) is not None


def _own_names(folder: Path) -> Callable[[str], bool]:
    """Which names in a folder are the program's own output; an article beside it is an article."""
    if folder.name == _OWN_FOLDER and _is_output(folder.parent):
        return lambda name: _OWN_TEXT.fullmatch(name) is not None
    return _OWN_FILES.__contains__ if _is_output(folder) else lambda name: False
