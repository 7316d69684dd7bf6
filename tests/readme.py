"""The parts of README.md that are real output: `make readme` fills them in, `test_readme.py` holds them to it."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
WIDTH = 100


def real_help() -> str:
    """What `summarise brief --help` says in a terminal of 100 columns."""
    code = "import sys; sys.argv = ['summarise', 'brief', '--help']; from summarise.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "COLUMNS": str(WIDTH + 2), "PYTHONPATH": str(ROOT)},
    )
    return done.stdout.strip()


def real_brief() -> str:
    """The recorded large model's brief of the seeds, as far as the README shows it; "" where there is none."""
    from summarise import recording
    from summarise.render.terminal import brief_terminal

    if not recording.CASSETTE.exists():
        return ""
    made = asyncio.run(recording.replay(recording.CASSETTE, recording.SEEDS))
    shown, _, _ = brief_terminal(made.brief, width=WIDTH).partition("\nWHO IS WHO\n")
    return shown.rstrip() + "\n…"


def filled(text: str, name: str, content: str) -> str:
    """`text` with `content` as the code block between its two markers."""
    block = f"```text\n{content}\n```\n" if content else ""
    return re.sub(
        rf"(<!-- {name}:begin -->\n).*?(<!-- {name}:end -->)",
        lambda found: found[1] + block + found[2],
        text,
        flags=re.DOTALL,
    )


def current() -> str:
    """README.md as it should be."""
    text = filled(README.read_text(encoding="utf-8"), "help", real_help())
    return filled(text, "brief", real_brief())


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    README.write_text(current(), encoding="utf-8")
