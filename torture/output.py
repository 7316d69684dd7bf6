"""Whether anything that an article or a model says acts on a terminal, or where JSON is printed.

    python -m torture.output [--texts 20000]

Briefs in which every text is hostile (tests/hostile.py): markup, control and escape sequences, bidirectional
overrides, invisible and broken characters, through every text that goes to a terminal (brief, changes, history,
explanation; narrow and wide, with colour and without) and through JSON. HTML and Markdown have
tests/test_render_page_fuzz.py. Ends with 1 where one acted.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # the checkout, wherever this is run

from on_screens import acting_in_json, acting_on_a_terminal, counted, in_json, on_terminals  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=20_000)
    given = parser.parse_args()
    count, wrong = Counter[str](), Counter[str]()
    seed = 0
    while count["texts"] < given.texts:
        count["texts"] += counted(seed)
        for name, text in on_terminals(seed):
            count["terminal"] += 1
            wrong.update(acting_on_a_terminal(name, text))
        for name, text, value in in_json(seed):
            count["json"] += 1
            wrong.update(acting_in_json(name, text, value))
        seed += 1
        if seed % 10 == 0:
            print(f"  {count['texts']} texts", flush=True)
    for said, times in wrong.most_common():
        print(f"  {times} times {said}")
    print(
        f"{count['texts']} hostile texts in {seed} briefs, through {count['terminal']} texts for a terminal and"
        f" {count['json']} in JSON: {wrong.total()} control, escape or bidirectional characters let through"
    )
    return int(wrong.total() > 0)


if __name__ == "__main__":
    sys.exit(main())
