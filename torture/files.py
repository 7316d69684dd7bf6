"""Every hostile file, each in a folder of its own beside a sound one, read in a process of its own with a limit.

    python -m torture.files [--only pdf] [--slow]

The tables are those of `tests/hostile_files.py`; the files that change while they are read are those of
`tests/test_hostile_files.py`. Each must have a typed outcome within 5 s and 300 MB, and the sound file be read.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import select
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # the checkout, wherever this is run

from hostile_files import ALL, SECRET, STORY, Hostile  # noqa: E402

from summarise.loading import load_folder  # noqa: E402

SECONDS, MEGABYTES = 5.0, 300
PATIENCE = 20  # seconds, for a busy machine
SOUND = "zz sound.txt"


class Broken(Exception):
    """A bound that was missed."""


def read(hostile: Hostile, folder: Path) -> tuple[float, int]:
    """Seconds of CPU and MB that reading took; raises Broken."""
    folder.mkdir()
    (folder / SOUND).write_text(STORY + "The sound one.\n")
    hostile.make(folder)
    took, memory, rows = _apart(folder)
    fates = {path: (status, reason) for path, status, reason, _, _ in rows}
    if fates.pop(SOUND, ("", ""))[0] != "used":
        raise Broken(f"the sound file was not read: {rows}")
    if any(secret for *_, secret, _ in rows):
        raise Broken("a file outside the folder was read")
    for path, (status, reason) in fates.items():
        if not path.isprintable() or not (status == "used" or (reason.isprintable() and reason)):
            raise Broken(f"{path!r}: {status}: {reason!r}")
        if status not in (*hostile.outcomes, "duplicate") or (status == "unreadable" and hostile.reason not in reason):
            raise Broken(f"{path}: {status} ({reason}), not {' or '.join(hostile.outcomes)} ({hostile.reason})")
    if bool(fates) != bool(hostile.outcomes):
        raise Broken(f"{len(fates)} entries")
    if took > SECONDS or memory > MEGABYTES:
        raise Broken(f"{took:.1f} s, {memory} MB ({next(iter(fates.values()), '')})")
    return took, memory


def _apart(folder: Path) -> Any:
    """Seconds of CPU, MB, and a row for each entry, from a process of its own; raises Broken where it does not end."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _report(folder, writing)
    os.close(writing)
    told = b""
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        end = time.monotonic() + PATIENCE
        while select.select([pipe], [], [], max(0.0, end - time.monotonic()))[0] and (part := pipe.read(1 << 20)):
            told += part
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not told:
        raise Broken(f"no end within {PATIENCE} s, or a crash (status {status})")
    found = json.loads(told)
    if isinstance(found, str):
        raise Broken(found)
    return found


def _report(folder: Path, writing: int) -> NoReturn:
    """What a child does: reads, tells, and ends; limited, so that whatever goes wrong, this machine goes on."""
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    try:
        clock = time.process_time()
        found = load_folder(folder)
        took = time.process_time() - clock
        rows = [[a.path, a.status, a.reason, a.text.count(SECRET.strip()), len(a.sentences)] for a in found]
        told: object = [took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, rows]
    except BaseException:
        told = traceback.format_exc()[-500:]
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(json.dumps(told).encode())
    os._exit(0)


def _warm() -> None:
    """What every reading loads is loaded once, before the children part."""
    import docx
    import pypdf
    import trafilatura

    _ = docx, pypdf, trafilatura
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.html").write_text(f"<p>{STORY * 9}")
        (Path(folder) / "b.txt").write_bytes("Größe über alles. ".encode("latin-1") * 99)
        load_folder(Path(folder))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="a part of a file's name")
    parser.add_argument("--slow", action="store_true", help="show the slowest and the largest")
    given = parser.parse_args()
    cases = [one for one in ALL if given.only.lower() in one.name.lower()]
    held: list[tuple[float, int, str]] = []
    wrong = skipped = 0
    clock = time.monotonic()
    _warm()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        for number, hostile in enumerate(cases):
            try:
                held.append((*read(hostile, Path(scratch) / str(number)), hostile.name))
            except Broken as why:
                wrong += 1
                print(f"  {hostile.name}: {why}", flush=True)
            except OSError as error:
                skipped += 1
                print(f"  {hostile.name}: cannot be made here ({error.strerror})", flush=True)
    if given.slow:
        for seconds, memory, name in sorted(held, reverse=True)[:12]:
            print(f"  {seconds:.2f} s, {memory} MB: {name}")
    slowest, largest = max((h[0] for h in held), default=0.0), max((h[1] for h in held), default=0)
    without = f", {skipped} cannot be made here" if skipped else ""
    print(
        f"files: {len(held)} of {len(cases) - skipped} with a typed outcome{without}; at most {slowest:.1f} s and"
        f" {largest} MB each; {time.monotonic() - clock:.0f} s in all"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
