"""How long `summarise --help` takes, warm, beside bare Python, a bare typer program and the heavy libraries.

    python bench/startup.py [--runs 15]

Wall time of whole processes, in milliseconds, each once a round in turn: the median, and the least, which a busy
machine disturbs least. The first two rounds are thrown away: they warm the file cache and write the byte code. The bare
typer program has one command with one option and the plain help that `summarise` has.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT_MS = 40.0
"""How much longer than the bare typer program's `summarise --help` may take, at the least of all rounds."""
TYPER = """
import typer
app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
@app.command()
def hello(name: str = "you") -> None:
    "Say hello."
app()
"""
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "a bare typer program --help": ["-c", TYPER, "--help"],
    "summarise --help": ["-c", "from summarise.cli import main; main()", "--help"],
    "summarise brief --help": ["-c", "from summarise.cli import main; main()", "brief", "--help"],
    "import summarise": ["-c", "import summarise"],
    "import openai, instructor": ["-c", "import openai, instructor; instructor.from_openai"],
}


ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def took_ms(arguments: list[str]) -> float:
    """Milliseconds of one Python process with these arguments."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, cwd=ROOT, env=ENVIRONMENT)
    return (time.perf_counter() - start) * 1000


def main() -> int:
    """Prints the table; exit code 1 where `summarise --help` takes longer than its limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    rounds = [{name: took_ms(arguments) for name, arguments in COMMANDS.items()} for _ in range(runs + 2)][2:]
    print(f"| process | ms (median of {runs}) | least |\n|---|---|---|")
    least = {name: min(took[name] for took in rounds) for name in COMMANDS}
    for name in COMMANDS:
        print(f"| {name} | {statistics.median(took[name] for took in rounds):.0f} | {least[name]:.0f} |")
    more = least["summarise --help"] - least["a bare typer program --help"]
    print(f"\nsummarise --help takes {more:.0f} ms more than the bare typer program (aim: {LIMIT_MS:.0f})")
    return int(more > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
