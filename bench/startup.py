"""How long `summarise --help` takes, warm, beside bare Python and beside importing the heavy libraries.

    python bench/startup.py [--runs 15]

Medians of the wall time of whole processes, in milliseconds. The first two runs of each are thrown away: they warm
the file cache and write the byte code.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT_MS = 200.0
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "summarise --help": ["-c", "from summarise.cli import main; main()", "--help"],
    "summarise brief --help": ["-c", "from summarise.cli import main; main()", "brief", "--help"],
    "import summarise": ["-c", "import summarise"],
    "import openai, instructor": ["-c", "import openai, instructor; instructor.from_openai"],
}


def median_ms(arguments: list[str], runs: int) -> float:
    """Milliseconds of one Python process with these arguments."""
    times = []
    for number in range(runs + 2):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        if number > 1:
            times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main() -> int:
    """Prints the table; exit code 1 where `summarise --help` takes longer than its limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    print(f"| process | ms (median of {runs}) |\n|---|---|")
    measured = {name: median_ms(arguments, runs) for name, arguments in COMMANDS.items()}
    for name, took in measured.items():
        print(f"| {name} | {took:.0f} |")
    return int(measured["summarise --help"] > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
