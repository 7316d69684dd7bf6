"""How many articles a second the embedded rules read, and how that grows with one article's length.

    python bench/rules.py [--folder seeds] [--rounds 5] [--long 50 100 200 500 1000]

Each article of the folder is loaded and noted as in a brief, one process, no model. `first` is the first time it is
read, `again` the median of the rounds after it; what is paid once a process (the word lists) stands beside. `--long`
makes one article of so many kB from the seeds' sentences, names and numbers varied, and has the command brief it:
processor seconds of the whole process, with fifty names, with every name another, and in one paragraph.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the checkout, wherever this is run

from summarise import api  # noqa: E402
from summarise.extractive import RuleReader  # noqa: E402
from summarise.extractive.machine_talk import talking  # noqa: E402
from summarise.noting import note  # noqa: E402

SYLLABLES = [consonant + vowel for consonant in "bdklmnrstvz" for vowel in "aeio"]
SAYING = ("said", "warned", "insisted", "denied", "argued", "promised", "demanded", "rejected the plan and said")


async def _noted(folder: Path) -> tuple[int, int]:
    """Loads and notes the folder's articles: how many they are, and their words."""
    articles = [a for a in api.load(folder) if a.status == "used"]
    reader = RuleReader()
    for article in articles:
        await note(article, reader, write_in="", suspicious=talking)
    return len(articles), sum(a.words for a in articles)


def seconds(folder: Path) -> tuple[float, int, int]:
    """Processor seconds of loading and noting the folder's articles, how many they are, and their words."""
    began = time.process_time()
    count, words = asyncio.run(_noted(folder))
    return time.process_time() - began, count, words


def long_article(size: int, *, names: int | None, between: str) -> str:
    """A made-up article of `size` characters: `names` people (None: each time another), paragraphs set `between`."""
    chance = random.Random(1)  # noqa: S311  # made-up news, no secret
    seeds = [s.text for a in api.load(ROOT / "seeds") for s in a.sentences if len(s.text) > 40]

    def name() -> str:
        return " ".join("".join(chance.choices(SYLLABLES, k=count)).capitalize() for count in (3, 4))

    people = [name() for _ in range(names or 0)]
    paragraphs, so_far = ["Talks on the bases go on"], 0
    while so_far < size:
        told = []
        for _ in range(chance.randint(1, 4)):
            who, text = chance.choice(people) if people else name(), chance.choice(seeds)
            text = re.sub(r"\d+", lambda _: str(chance.randint(1, 9999)), text)
            told.append(
                chance.choice(
                    (
                        text,
                        f"“{text.strip('“”')}” {who.split()[1]} said.",
                        f"{who}, the minister, {chance.choice(SAYING)} that {chance.randint(2, 900)} soldiers were "
                        f"killed on {chance.randint(1, 28)} January.",
                    )
                )
            )
        paragraphs.append(" ".join(told))
        so_far += len(paragraphs[-1]) + len(between)
    return paragraphs[0] + "\n\n" + between.join(paragraphs[1:]) + "\n"


def brief_of(text: str) -> float:
    """Processor seconds of a process that briefs this one article from nothing."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "story")
        folder.mkdir()
        (folder / "long.txt").write_text(text, "utf-8")
        command = [sys.executable, "-m", "summarise", "brief", str(folder), "--model", "extractive", "--quiet"]
        command += ["--format", "json", "--store", str(Path(scratch, "store.sqlite3"))]
        with Path(scratch, "brief.json").open("wb") as shown:
            process = subprocess.Popen(command, stdout=shown, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"the command ended with {process.returncode}")
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Prints the table, or with `--long` that of long articles."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=ROOT / "seeds")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--long", type=int, nargs="+", metavar="KB", default=[])
    given = parser.parse_args()
    if given.long:
        print("| kB | fifty names: s | every name another: s | one paragraph: s |")
        print("|---|---|---|---|")
        for size in given.long:
            kinds = ((50, "\n\n"), (None, "\n\n"), (50, " "))
            took = [brief_of(long_article(size * 1000, names=names, between=between)) for names, between in kinds]
            print(f"| {size:,} | " + " | ".join(f"{s:.1f}" for s in took) + " |", flush=True)
        return 0
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
