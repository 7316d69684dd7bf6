"""How a brief grows with its story: calls, how many one after the other, tokens, time and memory, by articles.

    python bench/growth.py [--articles 10 100 1000 10000] [--latency-ms 200] [--concurrency 200] [--window 128000]

A made-up story (`summarise.scripted.told`) is read by a scripted model in a process of its own; every run is the
command itself. `chain` is how many calls follow one another where any number may be asked at once: it is counted with
the same story and a reader in this process, so that no clock is in it. Tokens are those of `run.usage` (four
characters a token), CPU and peak memory those of the command's process. `whole` says whether every article, position,
event and question told stands in the brief, joined or alone, and all records that the notes hold are accounted for.
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
    "articles    calls  chain  tokens an article  largest request     wall      CPU  peak memory  kB an article  whole"
)


@dataclass(frozen=True)
class Run:
    """What one process took (seconds, MB), and the brief that it printed."""

    seconds: float
    cpu: float
    peak: float
    made: dict[str, Any]


def run(folder: Path, scratch: Path, url: str, given: argparse.Namespace) -> Run:
    """`summarise brief` on the folder, as a process of its own."""
    command = [sys.executable, "-m", "summarise", "brief", str(folder), "--model", "openai:told", "--base-url", url]
    command += ["--store", str(scratch / "store.sqlite3"), "--out", str(scratch / "out"), "--quiet", "--format", "json"]
    command += ["--concurrency", str(given.concurrency), "--context-window", str(given.window)]
    begun = time.perf_counter()
    with (scratch / "brief.json").open("wb") as shown:
        process = subprocess.Popen(command, stdout=shown, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"the command ended with {process.returncode}")
    made = json.loads((scratch / "brief.json").read_text(encoding="utf-8"))
    return Run(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, made)


def is_whole(made: dict[str, Any], story: Story, count: int) -> bool:
    """Whether nothing is missing: all articles are used, and every position, event, question and fact told is there."""
    if not made["complete"] or len(made["articles"]) != count or any(a["status"] != "used" for a in made["articles"]):
        return False
    resting: dict[str, set[tuple[str, int]]] = {
        "positions": {
            (e["article"], e["sentence"]) for i in made["issues"] for p in i["positions"] for e in p["evidence"]
        }
    }
    for name in ("events", "open_questions", "facts"):
        resting[name] = {(e["article"], e["sentence"]) for item in made[name] for e in item["evidence"]}
    left = {(e["article"], e["sentence"]) for item in made["left_out"] for e in item["evidence"]}
    counts = made["run"]["counts"]
    told = {"positions": "positions", "events": "events", "open_questions": "questions", "facts": "facts"}
    return all(len(resting[name] | left) >= counts[f"records.{kind}"] for name, kind in told.items())


def chain(count: int, window: int) -> tuple[int, int]:
    """Calls one after the other, and the largest request in estimated tokens, of a process of its own."""
    code = (
        "import asyncio, sys; sys.path[:0] = sys.argv[3:]; import growing;"
        "from summarise.asked import Asked; from summarise.pipeline import make;"
        "reader = growing.Waves(int(sys.argv[2]));"
        "asyncio.run(make(growing.articles(int(sys.argv[1])), reader, Asked(story='story')));"
        "print(reader.waves, max(reader.largest.values()))"
    )
    command = [sys.executable, "-c", code, str(count), str(window), str(ROOT), str(ROOT / "tests")]
    waves, largest = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return int(waves), int(largest)


def measure(count: int, url: str, given: argparse.Namespace, least: float | None) -> tuple[str, float]:
    """One line of the table, and the peak memory; `least`: that of the smallest story."""
    story = Story(0)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "story"
        folder.mkdir()
        for number in range(count):
            (folder / f"{number:05}.txt").write_text(story.article(number), encoding="utf-8")
        ran = run(folder, Path(scratch), url, given)
    waves, largest = chain(count, given.window) if not given.no_chain else (0, 0)
    usage = ran.made["run"]["usage"]
    tokens = (usage["input_tokens"] + usage["output_tokens"]) / count
    slope = "" if least is None else f"{(ran.peak - least) * 1024 / (count - min(given.articles)):,.0f}"
    whole = "yes" if is_whole(ran.made, story, count) else "NO"
    line = (
        f"{count:>8,} {usage['calls']:>8,} {waves or '-':>6} {tokens:>18,.0f} {f'{largest:,}' if largest else '-':>16}"
        f" {ran.seconds:>7.1f}s {ran.cpu:>7.1f}s {ran.peak:>9,.0f} MB {slope:>14} {whole:>6}"
    )
    return line, ran.peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=[10, 100, 1000, 10_000])
    parser.add_argument("--latency-ms", type=float, default=200.0)
    parser.add_argument("--concurrency", type=int, default=200)
    parser.add_argument("--window", type=int, default=128_000)
    parser.add_argument("--no-chain", action="store_true", help="do not count the calls one after the other")
    given = parser.parse_args()
    server = [sys.executable, "-m", "summarise.scripted", "--told", "--latency-ms", str(given.latency_ms)]
    model = subprocess.Popen(
        server, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    assert model.stdout is not None
    url = model.stdout.readline().strip()
    least: float | None = None
    try:
        print(HEADINGS)
        for count in sorted(given.articles):
            line, peak = measure(count, url, given, least)
            least = peak if least is None else least
            print(line, flush=True)
    finally:
        model.terminate()
        model.wait()


if __name__ == "__main__":
    main()
