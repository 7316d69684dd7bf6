"""ENOSPC, EIO and EACCES at every write, fsync and rename, once and from then on: the old state or the new.

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

from failing_io import ERRORS, SCENES, library, trial  # noqa: E402


def main() -> int:
    if library() is None:
        print("I/O errors: needs Linux and a C compiler; nothing was tried")
        return 1
    whole: Counter[str] = Counter()
    wrong = 0
    for scene in SCENES:
        for code in ERRORS:
            for ever in (False, True):
                found = trial(scene, code, ever)
                states = {key: n for key, n in found.items() if isinstance(n, int)}
                whole.update(states)
                wrong += len(found["wrong"])
                print(f"  {scene}, {code} {'from then on' if ever else 'once'}: {states}", flush=True)
                for line in found["wrong"]:
                    print(f"    {line}")
    print(
        f"I/O errors: {whole['places']} places that failed: {whole['old']} left the old state, {whole['new']} the new,"
        f" {whole['brief.json whole']} a whole brief.json beside a file of the other, {whole['mixed']} a mixture;"
        f" {whole['silent']} did no harm and were not told"
    )
    return 1 if wrong or whole["mixed"] else 0


if __name__ == "__main__":
    sys.exit(main())
