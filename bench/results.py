"""Runs the benchmarks and writes bench/RESULTS.md, so that no figure in it is written by hand.

    python bench/results.py [--only peers pipeline ...] [--list]

Each benchmark is a section. Those named are run and replaced, each as soon as it is done; the others stay as they are,
with the machine, versions and load of when they were measured. One that fails says so in its section.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "RESULTS.md"
PACKAGES = ("openai", "instructor", "pydantic", "httpx2", "tenacity", "typer", "dask", "fastapi")
MOST_SECONDS = 3600
NOT_YET = "Not measured yet."


@dataclass(frozen=True)
class Benchmark:
    """One section: what is run, and what it shows."""

    shows: str
    arguments: tuple[str, ...] = ()
    file: str = ""

    def command(self, name: str) -> str:
        return " ".join(("python", f"bench/{self.file or name}.py", *self.arguments))


BENCHMARKS: Mapping[str, Benchmark] = {
    "peers": Benchmark("the note stage and the whole pipeline beside the openai SDK, instructor, langextract, docetl"),
    "peers-slow": Benchmark(
        "the note stage beside the bare SDK and instructor where an answer takes a second",
        ("--latency-ms", "1000", "--only", "summarise", "openai", "instructor", "--stage", "notes"),
        "peers",
    ),
    "pipeline": Benchmark("a question's way through the seam beside plain instructor"),
    "rules": Benchmark("the extractive reader's articles a second"),
    "startup": Benchmark("how long `--help` takes"),
    "update": Benchmark("what one article more costs, and nothing new"),
    "growth": Benchmark("calls, tokens, memory and wall as a story grows"),
    "scale": Benchmark("the same stories by one process and by 1, 2 and 4 workers"),
    "store": Benchmark("the store's speed, and many processes on one"),
    "serve": Benchmark("the HTTP service under load"),
    "page": Benchmark("the page's size and its answers to clicks"),
}

BY_HAND = {
    "aliases.py": "names joined into actors, beside annotated mentions",
    "attribution.py": "who said it, beside annotated attributions (the extractive reader)",
    "cleaning.py": "how well page furniture is removed, beside the article extraction benchmark",
    "coverage.py": "what a brief carries of annotated statements as its story grows",
    "differences.py": "differing accounts found, and false alarms, beside annotated clusters",
}
"""What needs annotated articles, which are others' and no part of this project."""


def machine() -> str:
    """Where and with what something is measured, now."""
    cores, model = os.cpu_count(), platform.processor() or platform.machine()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    processors = Path("/proc/cpuinfo")
    if processors.is_file():
        told = re.search(r"^model name\s*: (.*)$", processors.read_text(), re.MULTILINE)
        model = told[1] if told else model
    try:
        system = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        system = platform.platform(terse=True)
    versions = ", ".join(f"{name} {found}" for name in PACKAGES if (found := _version(name)))
    load = "/".join(f"{one:.1f}" for one in os.getloadavg())
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return (
        f"{now}; {cores} cores ({model}), {memory:.0f} GB, {system}; Python {platform.python_version()}, {versions};"
        f" load average at the end {load}"
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def measured(name: str, benchmark: Benchmark) -> str:
    """Runs one and returns its section's text."""
    command = [sys.executable, str(HERE / f"{benchmark.file or name}.py"), *benchmark.arguments]
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, cwd=HERE.parent, timeout=MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"Failed: not done after {MOST_SECONDS} s; {machine()}."
    said = done.stdout.strip() or "it printed nothing"
    said = said if "|---" in said else f"```text\n{said}\n```"
    ended = f"Ended with code {done.returncode}.\n\n" if done.returncode else ""
    return f"Measured {machine()}.\n\n{ended}{said}"


def kept() -> dict[str, str]:
    """The sections that the file has, by name."""
    if not RESULTS.is_file():
        return {}
    parts = re.split(r"^## (.+)$", RESULTS.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    bodies = dict(zip(parts[::2], parts[1::2], strict=True))
    return {name: body.split("\n\n", 2)[2].strip() for name, body in bodies.items() if body.count("\n\n") > 1}


def write(sections: Mapping[str, str]) -> None:
    """The whole file."""
    lines = ["# Benchmarks", "", "Written by `python bench/results.py [--only NAME ...]`; do not edit.", ""]
    lines += ["Wall times depend on the machine and on what else it does: compare within one table.", ""]
    lines += ["| benchmark | command | what it shows | measured |", "|---|---|---|---|"]
    for name, benchmark in BENCHMARKS.items():
        day = re.match(r"Measured (\d{4}-\d\d-\d\d)", sections.get(name, ""))
        cells = (f"[{name}](#{name})", f"`{benchmark.command(name)}`", benchmark.shows, day[1] if day else "not yet")
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "By hand, as they need annotated articles that are no part of this project:", ""]
    lines += ["| benchmark | what it shows |", "|---|---|"]
    lines += [f"| `python bench/{name} FOLDER` | {shows} |" for name, shows in BY_HAND.items()]
    for name, benchmark in BENCHMARKS.items():
        lines += ["", f"## {name}", "", f"`{benchmark.command(name)}`: {benchmark.shows}.", ""]
        lines.append(sections.get(name, NOT_YET))
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> int:
    """Runs the benchmarks named and writes the file after each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=tuple(BENCHMARKS), default=tuple(BENCHMARKS), metavar="NAME")
    parser.add_argument("--list", action="store_true", help="name the benchmarks, and run none")
    given = parser.parse_args()
    if given.list:
        for name, benchmark in BENCHMARKS.items():
            print(f"{name:12} {benchmark.command(name)}: {benchmark.shows}")
        return 0
    write(kept())
    for name in given.only:
        print(f"{name} ...", file=sys.stderr, flush=True)
        section = measured(name, BENCHMARKS[name])
        write({**kept(), name: section})  # read again: others may have measured meanwhile
    return 0


if __name__ == "__main__":
    sys.exit(main())
