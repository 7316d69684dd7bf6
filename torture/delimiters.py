"""Whether strings that imitate our marks, roles, templates and JSON reach the model as they stand in the article.

    python -m torture.delimiters

The 40 strings of tests/imitations.py in a sentence, at the start of a paragraph, in a title, in a web page, and in a
record of a later question, in every mode in which an endpoint is held to its form. Ends with 1 where one did not
arrive to the letter, or changed what of the request is ours.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # the checkout, wherever this is run

from imitations import PLACES, STRINGS, arrived  # noqa: E402

from summarise.model.options import MODES  # noqa: E402


def main() -> int:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    whole, wrong = set(STRINGS), 0
    for mode in MODES:
        for place in PLACES:
            found = arrived(place, mode)
            whole &= set(found.strings)
            wrong += len(found.wrong)
            for string in STRINGS:
                if string not in found.strings:
                    print(f"  {mode}, {place}: {string!r} did not arrive")
            for said in found.wrong:
                print(f"  {mode}, {place}: {said}")
    print(
        f"{len(whole)} of {len(STRINGS)} strings reached the model to the letter, in {len(PLACES)} places and"
        f" {len(MODES)} modes; {wrong} requests with anything else changed"
    )
    return int(len(whole) < len(STRINGS) or wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
