"""How many articles a second the embedded rules read: `python bench/rules.py [--folder seeds] [--rounds 5]`.

Each article of the folder is loaded and noted as in a brief, one process, no model. `first` is the first time it is
read, `again` the median of the rounds after it; what is paid once a process (the word lists) stands beside.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the checkout, wherever this is run

from summarise import api  # noqa: E402
from summarise.extractive import RuleReader  # noqa: E402
from summarise.extractive.machine_talk import talking  # noqa: E402
from summarise.noting import note  # noqa: E402


def seconds(folder: Path) -> tuple[float, int, int]:
    """Processor seconds of loading and noting the folder's articles, how many they are, and their words."""
    began = time.process_time()
    articles = [a for a in api.load(folder) if a.status == "used"]
    reader = RuleReader()
    for article in articles:
        asyncio.run(note(article, reader, write_in="", suspicious=talking))
    return time.process_time() - began, len(articles), sum(len(a.text.split()) for a in articles)


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=ROOT / "seeds")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    first, count, words = seconds(given.folder)
    again = statistics.median(seconds(given.folder)[0] for _ in range(given.rounds))
    print(
        "| articles | words | first, with what is paid once: ms | again: ms an article | articles a second and core |"
    )
    print("|---|---|---|---|---|")
    print(f"| {count} | {words:,} | {first * 1000:.0f} | {again / count * 1000:.1f} | {count / again:.0f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
