"""Whether anything that an article, a model or a caller says acts: on a terminal, in JSON, over HTTP, over MCP.

    python -m torture.output [--texts 20000] [terminal json http mcp]

Briefs in which every text is hostile (tests/hostile.py): markup, control and escape sequences, bidirectional
overrides, invisible and broken characters, through every text that goes to a terminal (brief, changes, history,
explanation; narrow and wide, with colour and without) and through JSON; and, under hostile names, in every answer of
the HTTP service and of the MCP server over HTTP, to callers whose paths, headers and bodies are hostile, too
(tests/on_wires.py): their bodies, types and headers. HTML and Markdown have tests/test_render_page_fuzz.py besides.
Ends with 1 where one acted.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # the checkout, wherever this is run

from on_screens import acting_in_json, acting_on_a_terminal, counted, in_json, on_terminals  # noqa: E402
from on_wires import acting, acting_over_mcp, over_http, over_mcp  # noqa: E402

DOORS = ("terminal", "json", "http", "mcp")
MAKING_EVERY = 5
"""Of so many stories one has its briefs made, too, which takes some seconds."""


def through(door: str, seed: int, scratch: Path) -> tuple[int, list[str]]:
    """How many answers or texts there are of one hostile story at this door, and what in them acts."""
    makes = seed % MAKING_EVERY == 0
    if door == "terminal":
        shown = list(on_terminals(seed))
        return len(shown), [one for name, text in shown for one in acting_on_a_terminal(name, text)]
    if door == "json":
        written = list(in_json(seed))
        return len(written), [one for name, text, value in written for one in acting_in_json(name, text, value)]
    if door == "http":
        answers = asyncio.run(over_http(seed, jobs=makes))
        return len(answers), [one for answer in answers for one in acting(answer)]
    answers = asyncio.run(over_mcp(seed, scratch, makes=makes))
    return len(answers), [one for answer in answers for one in acting_over_mcp(answer)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=20_000)
    parser.add_argument("door", nargs="*", choices=[*DOORS, []], metavar="DOOR", help=f"of: {', '.join(DOORS)}")
    given = parser.parse_args()
    doors = given.door or DOORS
    count, wrong = Counter[str](), Counter[str]()
    seed = 0
    logging.disable(logging.CRITICAL)  # the SDK of MCP would tell of every call
    with tempfile.TemporaryDirectory() as scratch:
        while count["texts"] < given.texts:
            count["texts"] += counted(seed)
            for door in doors:
                many, found = through(door, seed, Path(scratch))
                count[door] += many
                wrong.update(found)
            seed += 1
            if seed % 10 == 0:
                print(f"  {count['texts']} texts, {wrong.total()} acted", flush=True)
    for said, times in wrong.most_common(40):
        print(f"  {times} times {said}")
    words = {"terminal": "texts for a terminal", "json": "in JSON", "http": "HTTP answers", "mcp": "MCP answers"}
    told = ", ".join(f"{count[door]} {words[door]}" for door in doors)
    print(
        f"{count['texts']} hostile texts in {seed} briefs, through {told}: {wrong.total()} acted (as markup, a remote"
        " load, a control, escape or bidirectional character, a header, another type)"
    )
    return int(wrong.total() > 0)


if __name__ == "__main__":
    sys.exit(main())
