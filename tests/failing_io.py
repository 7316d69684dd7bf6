"""Writes, fsyncs and renames that fail at the Nth time, for every N, under the whole program: Python's and SQLite's.

    python tests/failing_io.py output|first|file|store|opened ERRNO once|ever|dead

A small library, compiled here and loaded before libc (LD_PRELOAD, Linux), counts what reaches files below a folder.
`once` fails one of them, `ever` it and all after it; `dead` fails all links and removals after it, too, and leaves no
way to put anything back.
As a script this runs one trial and prints what it found as JSON; `trial` runs the script.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ERRORS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EACCES": errno.EACCES}
SCENES = ("output", "first", "file", "store", "opened")
TIMES = ("once", "ever", "dead")

_SEEN: list[int] = []
_NEVER = 10**9

_SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static char prefix[PATH_MAX];
static long left, seen;
static int code, ever, failed;
void io_arm(const char *below, long nth, int err, int for_ever) {
    strncpy(prefix, below, PATH_MAX - 1); left = nth; code = err; ever = for_ever; seen = failed = 0;
}
long io_seen(void) { return seen; }
static int struck(const char *path) {
    if (!prefix[0] || strncmp(path, prefix, strlen(prefix))) return 0;
    seen++;
    if (left > 1) { left--; return 0; }
    if (left == 1) { if (!ever) left = 0; failed = 1; errno = code; return 1; }
    return 0;
}
static int dead(const char *path) {
    if (ever < 2 || !failed || !prefix[0] || strncmp(path, prefix, strlen(prefix))) return 0;
    errno = code;
    return 1;
}
static int fd_struck(int fd) {
    char link[64], path[PATH_MAX];
    int kept = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    errno = kept;
    if (size < 0) return 0;
    path[size] = 0;
    return struck(path);
}
#define REAL(name) static typeof(name) *real; if (!real) real = dlsym(RTLD_NEXT, #name)
ssize_t write(int fd, const void *data, size_t size) {
    REAL(write);
    if (fd_struck(fd)) { if (size > 1) real(fd, data, size / 2); return -1; }
    return real(fd, data, size);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    REAL(pwrite64);
    if (fd_struck(fd)) { if (size > 1) real(fd, data, size / 2, at); errno = code; return -1; }
    return real(fd, data, size, at);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    REAL(pwrite);
    if (fd_struck(fd)) { if (size > 1) real(fd, data, size / 2, at); errno = code; return -1; }
    return real(fd, data, size, at);
}
int fsync(int fd) { REAL(fsync); return fd_struck(fd) ? -1 : real(fd); }
int fdatasync(int fd) { REAL(fdatasync); return fd_struck(fd) ? -1 : real(fd); }
int ftruncate64(int fd, off64_t size) { REAL(ftruncate64); return fd_struck(fd) ? -1 : real(fd, size); }
int rename(const char *from, const char *to) { REAL(rename); return struck(to) ? -1 : real(from, to); }
int renameat(int a, const char *from, int b, const char *to) {
    REAL(renameat);
    return struck(to) ? -1 : real(a, from, b, to);
}
int link(const char *from, const char *to) { REAL(link); return dead(to) ? -1 : real(from, to); }
int linkat(int a, const char *from, int b, const char *to, int how) {
    REAL(linkat);
    return dead(to) ? -1 : real(a, from, b, to, how);
}
int unlink(const char *path) { REAL(unlink); return dead(path) ? -1 : real(path); }
int unlinkat(int at, const char *path, int how) { REAL(unlinkat); return dead(path) ? -1 : real(at, path, how); }
"""


@cache
def library() -> Path | None:
    """The compiled library; None where there is no compiler or no such loader."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    folder = Path(tempfile.mkdtemp(prefix="failing-io-"))
    (folder / "shim.c").write_text(_SHIM)
    built = folder / "shim.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(built), str(folder / "shim.c"), "-ldl"]
    done = subprocess.run(command, capture_output=True, check=False)
    return built if done.returncode == 0 else None


def trial(scene: str, code: str, times: str) -> dict[str, Any]:
    """How many places failed, the state each left (`old`, `new`, `mixed`), and what was said."""
    built = library()
    assert built is not None
    environment = {**os.environ, "LD_PRELOAD": str(built), "PYTHONWARNINGS": "error"}
    command = [sys.executable, str(Path(__file__)), scene, code, times]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=HERE.parent)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


# ---- in the process with the library


@contextmanager
def failing(below: Path, nth: int, code: int, times: str) -> Iterator[None]:
    """The nth of what reaches files below the folder fails, and what `times` says after it."""
    shim = ctypes.CDLL(None)
    shim.io_arm(os.fsencode(below), ctypes.c_long(nth), code, TIMES.index(times))
    try:
        yield
    finally:
        _SEEN.append(shim.io_seen())
        shim.io_arm(b"", ctypes.c_long(0), 0, 0)


def _tree(folder: Path) -> dict[str, bytes]:
    """Files a reader finds; hidden ones are leftovers that nobody reads."""
    rows = {str(p.relative_to(folder)): p for p in sorted(folder.rglob("*")) if p.is_file()}
    return {name: path.read_bytes() for name, path in rows.items() if not Path(name).name.startswith(".")}


def _state(folder: Path, old: dict[str, bytes], new: dict[str, bytes]) -> str:
    now = _tree(folder)
    return "old" if now == old else "new" if now == new else "mixed"


def _whole_brief(folder: Path) -> bool:
    """Whether brief.json, if there, has every text that it points into."""
    if not (folder / "brief.json").exists():
        return True
    brief = json.loads((folder / "brief.json").read_text("utf-8"))
    return all((folder / "texts" / f"{a['id']}.txt").is_file() for a in brief["articles"] if a["status"] == "used")


def _output(folder: Path, code: int, times: str, *, first: bool = False, one_file: bool = False) -> dict[str, Any]:
    from made_briefs import FIRST, seeds_brief, source, texts

    from summarise.errors import OutputError
    from summarise.output import Edition, write_output, write_whole

    out, saved = folder / "out", folder / "saved"
    one = source(FIRST)
    short = Edition(seeds_brief(title="Before", articles=(one.entry(),)), {one.id: one.text, "a-0": "gone"})
    after = Edition(seeds_brief(title="After"), texts())

    def write(edition: Edition) -> None:
        if one_file:
            write_whole(out / "overrides.yaml", f"# summarise overrides/1\n# {edition.brief.title}\n" * 200)
        else:
            write_output(out, edition)

    out.mkdir()
    if not first:
        write(short)
    shutil.copytree(out, saved)
    old = _tree(out)
    write(after)
    new = _tree(out)

    def attempt(nth: int) -> tuple[str, str]:
        shutil.rmtree(out)
        shutil.copytree(saved, out)
        said = ""
        with failing(out, nth, code, times):
            try:
                write(after)
            except OutputError as error:
                said = str(error)
        state = _state(out, old, new)
        if (
            state == "mixed"
            and times == "dead"
            and _whole_brief(out)
            and _tree(out).get("brief.json") in (old.get("brief.json"), new.get("brief.json"))
        ):
            state = "brief.json whole"  # nothing can be put back: what was renamed before stays
        return state, said

    return _every(attempt)


def _store(folder: Path, code: int, times: str, *, opened: bool = False) -> dict[str, Any]:
    from stored import STORY, answer, recorded

    from summarise.errors import SummariseError
    from summarise.store import Store

    path, saved = folder / "out" / "s.sqlite3", folder / "saved"
    path.parent.mkdir()
    if not opened:
        with Store.open(path) as store:
            store.put(answer("first"))
            recorded(store, "one")
    shutil.copytree(path.parent, saved)

    def attempt(nth: int) -> tuple[str, str]:
        shutil.rmtree(path.parent)
        shutil.copytree(saved, path.parent)
        said, done = "", 0
        with failing(path.parent, nth, code, times):
            try:
                with Store.open(path) as store:
                    store.put(answer("second"))
                    done = 1
                    recorded(store, "two")
                    done = 2
            except SummariseError as error:
                said = str(error)
        with Store.open(path) as store:  # the disk is well again
            faults = store.verify()
            there = [store.get(key) is not None for key in ("first", "second")]
            versions = len(store.versions(STORY))
            store.put(answer("third"))
        kept = faults == [] and (opened or there[0]) and there[1] >= (done > 0)
        kept = kept and versions >= (0 if opened else 1) + (done == 2)
        return ("new" if done == 2 else "old") if kept else "mixed", said

    return _every(attempt)


def _every(attempt: Callable[[int], tuple[str, str]]) -> dict[str, Any]:
    """Attempts with the first, second … place failing, as many as there are when none fails."""
    states: dict[str, int] = {"old": 0, "new": 0, "mixed": 0}
    wrong: list[str] = []
    messages: set[str] = set()
    silent = 0
    attempt(_NEVER)
    for nth in range(1, _SEEN[-1] + 1):
        state, said = attempt(nth)
        silent += not said
        states[state] = states.get(state, 0) + 1
        if state == "mixed":
            wrong.append(f"{nth}: {said}")
        if said:
            messages.add(said)
            if not said.isprintable() or ";" not in said:
                wrong.append(f"{nth}: {said!r}")
    return {
        "places": sum(states.values()),
        **states,
        "silent": silent,
        "wrong": wrong[:5],
        "messages": sorted(messages)[:6],
    }


def main() -> None:
    scene, code, times = sys.argv[1:]
    sys.path[:0] = [str(HERE), str(HERE.parent)]
    runs: dict[str, Callable[..., dict[str, Any]]] = {
        "output": _output,
        "first": lambda *given: _output(*given, first=True),
        "file": lambda *given: _output(*given, one_file=True),
        "store": _store,
        "opened": lambda *given: _store(*given, opened=True),
    }
    with tempfile.TemporaryDirectory(prefix="failing-io-") as folder:
        print(json.dumps(runs[scene](Path(folder), ERRORS[code], times)))


if __name__ == "__main__":
    main()
