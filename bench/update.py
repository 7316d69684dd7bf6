"""What an update costs: one article more in stories of 10, 100 and 1,000, beside a fresh run; and nothing changed.

    python bench/update.py [--articles 10 100 1000] [--latency-ms 200] [--concurrency 50] [--unrelated]

A made-up story (`summarise.scripted.told`: about what a careful note of a news article of 800 words holds, in which
three of five positions, events and questions have been told before) is read by a scripted model in a process of its
own. Every run is the command itself, a process of its own, so that wall is what a person waits. Calls and tokens are
those of `run.usage`; the scripted model counts four characters a token. With --unrelated the article that arrives tells
of another cast and other matters. `nothing` is the run after that, with no file changed: the one of
five that took the processor least; beside the table stands what `python -c pass` takes here, for other machines.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the checkout, wherever this is run

from summarise.scripted.told import Story  # noqa: E402

HEADINGS = (
    "articles  fresh: calls       tokens     wall  update: calls     tokens   share     wall nothing: calls     wall"
    "      CPU   items that changed"
)
# As it is installed: with its byte code, which some containers keep Python from writing.
_ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {"PYTHONPATH": str(ROOT)}


@dataclass(frozen=True)
class Run:
    """One run of the command: seconds it took, those of the processor, and what its `run` section says."""

    seconds: float
    processor: float
    calls: int
    tokens: int
    made: dict[str, Any]


def run(folder: Path, scratch: Path, url: str, concurrency: int) -> Run:
    """`summarise brief` on the folder, as a process."""
    command = [sys.executable, "-m", "summarise", "brief", str(folder), "--model", "openai:told", "--base-url", url]
    command += ["--store", str(scratch / "store.sqlite3"), "--out", str(scratch / "out"), "--quiet", "--format", "json"]
    command += ["--concurrency", str(concurrency)]
    begun = time.perf_counter()
    before = os.times()
    ended = subprocess.run(command, capture_output=True, cwd=ROOT, env=_ENVIRONMENT, check=False)
    seconds, after = time.perf_counter() - begun, os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    if ended.returncode:
        sys.exit(f"the command ended with {ended.returncode}: {ended.stderr.decode()[-500:]}")
    made = json.loads(ended.stdout)
    usage = made["run"]["usage"]
    return Run(seconds, processor, usage["calls"], usage["input_tokens"] + usage["output_tokens"], made)


def _bare() -> float:
    """Seconds that Python alone takes to start and end."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return time.perf_counter() - begun


def _items(made: dict[str, Any]) -> dict[str, str]:
    """Every item of a brief by its id, the summary aside."""
    rows = {
        f"{name} {item['id']}": item
        for name in ("actors", "disagreements", "open_questions", "events")
        for item in made[name]
    }
    rows |= {f"position {p['id']}": p for issue in made["issues"] for p in issue["positions"]}
    return {key: json.dumps(item, sort_keys=True) for key, item in rows.items()}


def measure(count: int, url: str, concurrency: int, *, unrelated: bool) -> str:
    """One line of the table."""
    story, other = Story(0), Story(99)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "story"
        folder.mkdir()
        for number in range(count):
            (folder / f"{number:05}.txt").write_text(story.article(number), encoding="utf-8")
        fresh = run(folder, Path(scratch), url, concurrency)
        arriving = other.article(count).replace("(p", "(p9").replace("(q", "(q9") if unrelated else story.article(count)
        (folder / f"{count:05}.txt").write_text(arriving, encoding="utf-8")
        update = run(folder, Path(scratch), url, concurrency)
        nothing = min((run(folder, Path(scratch), url, concurrency) for _ in range(5)), key=lambda r: r.processor)
        before, after = _items(fresh.made), _items(update.made)
        changed = sum(after.get(key) != item for key, item in before.items())
    return (
        f"{count:>8,} {fresh.calls:>12,} {fresh.tokens:>12,} {fresh.seconds:>8.1f}"
        f" {update.calls:>13} {update.tokens:>10,} {update.tokens / fresh.tokens:>7.1%} {update.seconds:>8.1f}"
        f" {nothing.calls:>13} {nothing.seconds:>8.2f} {nothing.processor:>8.2f}"
        f"   {changed} of {len(before)}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--latency-ms", type=float, default=200.0)
    parser.add_argument("--concurrency", type=int, default=50)
    parser.add_argument("--unrelated", action="store_true")
    given = parser.parse_args()
    server = [sys.executable, "-m", "summarise.scripted", "--told", "--latency-ms", str(given.latency_ms)]
    model = subprocess.Popen(
        server, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    assert model.stdout is not None
    url = model.stdout.readline().strip()
    try:
        bare = min(_bare() for _ in range(5))
        print(f"python -c pass: {bare * 1000:.0f} ms")
        print(HEADINGS)
        for count in given.articles:
            print(measure(count, url, given.concurrency, unrelated=given.unrelated), flush=True)
    finally:
        model.terminate()
        model.wait()


if __name__ == "__main__":
    main()
