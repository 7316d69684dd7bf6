"""A canary for the key through everything the endpoint can say: in body, header, status line, address, answer, refusal.

    python -m torture.secrets

Each way is a run of the program in a process of its own, with DEBUG logs of all libraries and the whole traceback; the
canary is looked for, also as it stands in an address, in what was said, the store, the output and the cassette.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # the checkout, wherever this is run

from leaking import WAYS, repeating, run, sung  # noqa: E402

STATUSES = (401, 403, 404, 429, 500)


def main() -> int:
    runs = files = letters = 0
    found: list[str] = []
    cases = [(way, "brief", status) for way in ("body", "header", "text") for status in STATUSES]
    cases += [(way, "brief", 200) for way in WAYS if way not in ("body", "header", "text")]
    cases += [("answer", "record", 200), ("body", "record", 401)]
    with tempfile.TemporaryDirectory() as scratch:
        articles = Path(scratch) / "articles"
        articles.mkdir()
        for seed in sorted((ROOT / "seeds").glob("*.txt")):
            shutil.copy(seed, articles)
        for way, what, status in cases:
            place = Path(scratch) / f"{way}-{what}-{status}"
            with repeating(way, status) as url:
                said = run(url, articles, place, what)
            places = sung(said, place) + ([] if "end of the run" in said else ["the run did not come to its end"])
            runs, letters = runs + 1, letters + len(said)
            files += sum(path.is_file() for path in place.rglob("*"))
            found += places
            for one in places:
                print(f"  {way}, {what}, {status}: {one}", flush=True)
    print(
        f"secrets: {runs} runs, {letters:,} characters said and {files} files kept: the key is in {len(found)} of them"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
