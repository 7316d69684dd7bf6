"""ENOSPC, EIO and EACCES at every write, fsync and rename, once and from then on: the old state or the new.

Counted apart is a disk on which, from then on, no file can be linked or removed either: nothing can be put back there.

    python -m torture.io_errors

The trials are those of `tests/failing_io.py`: a brief over an older one, a first brief, a single file (corrections), an
answer and a version put into a store, and a store that is made.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # the checkout, wherever this is run

from failing_io import ERRORS, SCENES, TIMES, library, trial  # noqa: E402

_TOLD = {"once": "once", "ever": "from then on", "dead": "from then on, and no link or removal"}


def main() -> int:
    if library() is None:
        print("I/O errors: needs Linux and a C compiler; nothing was tried")
        return 1
    whole, dead = Counter[str](), Counter[str]()
    wrong = 0
    for scene in SCENES:
        for code in ERRORS:
            for times in TIMES:
                found = trial(scene, code, times)
                states = {key: n for key, n in found.items() if isinstance(n, int)}
                (dead if times == "dead" else whole).update(states)
                wrong += len(found["wrong"])
                print(f"  {scene}, {code} {_TOLD[times]}: {states}", flush=True)
                for line in found["wrong"]:
                    print(f"    {line}")
    print(
        f"I/O errors: {whole['places']} places that failed: {whole['old']} left the old state, {whole['new']} the new,"
        f" {whole['mixed'] + whole['brief.json whole']} a mixture; {whole['silent']} did no harm and were not told."
        f" Where nothing can be linked or removed either, {dead['places']}: {dead['old']} old, {dead['new']} new,"
        f" {dead['brief.json whole']} a whole brief.json beside a file of the other, {dead['mixed']} a mixture"
    )
    return 1 if wrong or whole["mixed"] or dead["mixed"] else 0


if __name__ == "__main__":
    sys.exit(main())
