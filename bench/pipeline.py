"""The note stage against the scripted model, beside plain instructor in the same run.

    python bench/pipeline.py [--articles 100] [--latency-ms 200] [--concurrency 10 50] [--rounds 4]

Both clients ask the same endpoint (a process of its own that has worked out its answers beforehand) the same questions:
ours through the seam (prompt file, store, strict schema, limits, checks), instructor with the same messages and the
same answer type, `asyncio.gather` and a semaphore. Each run is a process of its own; the order alternates from round to
round. Reported: wall ÷ ideal (ideal: calls ÷ concurrency × latency) and CPU of the process for each call, medians,
of the second of two stages: the first, a tenth as long, pays what is paid once (imports, client, TLS, schema).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the checkout, wherever this is run

from summarise.answers import Note
from summarise.question import NoteData, NumberedSentence, Question

MODEL = "scripted"
PEOPLE = ("Ana Costa", "Boris Lund", "Chen Wei", "Dana Fox", "Emil Roth", "Fatima Noor", "Goran Ilic", "Hana Sato")
PLACES = ("Lisbon", "Oslo", "Vienna", "Ankara", "Geneva", "Tbilisi", "Riga", "Doha")
MATTERS = ("the bridge", "the new port", "the budget", "the water treaty", "the election date", "the rail strike")
VERBS = ("said that", "denied that", "told reporters that", "warned that", "insisted that", "confirmed that")
ENDINGS = (
    "was delayed again",
    "would cost too much",
    "needed more time",
    "had been agreed on",
    "was not up for debate",
)


@dataclass(frozen=True)
class Measured:
    """One stage of one run."""

    client: str
    concurrency: int
    wall_over_ideal: float
    cpu_ms_a_call: float
    peak_mb: float


def articles(count: int, seed: int) -> Iterator[NoteData]:
    """Made-up articles of about 30 sentences, the same for the same seed."""
    draw = random.Random(seed)  # noqa: S311  # made-up news, no secret
    for number in range(count):
        sentences = []
        for _ in range(30):
            who, matter = draw.choice(PEOPLE), draw.choice(MATTERS)
            text = f"{who} {draw.choice(VERBS)} {matter} in {draw.choice(PLACES)} {draw.choice(ENDINGS)}"
            sentences.append(f"{text}, according to officials who had seen paper {draw.randrange(10_000)}.")
        numbered = tuple(NumberedSentence(number=n, text=text) for n, text in enumerate(sentences, 1))
        yield NoteData(title=f"Report {number} of {seed}", outlet="Bench", language="en", sentences=numbered)


def questions(count: int, seed: int) -> list[Question[Note]]:
    """Notes asked for, each checked for sentence numbers as the note stage does."""

    def faults(note: Note) -> list[str]:
        entries = (*note.actors, *note.positions, *note.facts, *note.questions, *note.events, *note.reports)
        return [f"no sentence {n}" for entry in entries for n in entry.sentences if not 1 <= n <= 30]

    return [Question("note", data.title, data, Note, faults) for data in articles(count, seed)]


async def ours(url: str, count: int, concurrency: int, latency: float) -> Measured:
    """Through the seam."""
    from summarise.model import ModelOptions, ModelReader, parse
    from summarise.store import Store

    options = ModelOptions(concurrency=concurrency)
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "answers.sqlite3") as store:
        spec = parse(f"openai:{MODEL}", base_url=url, environ={})
        async with ModelReader(spec, store=store, options=options) as reader:
            await asyncio.gather(*(reader.ask(each) for each in questions(count // 10, 1)))
            stage = questions(count, 2)
            with _measured("summarise", concurrency, count, latency) as done:
                await asyncio.gather(*(reader.ask(each) for each in stage))
            return done[0]


async def plain(url: str, count: int, concurrency: int, latency: float) -> Measured:
    """instructor as its documentation shows it."""
    import instructor
    from openai import AsyncOpenAI

    from summarise.model.prompts import Prompts

    prompt = Prompts().get("note")
    async with AsyncOpenAI(api_key="none", base_url=url, max_retries=0) as bare:
        client = instructor.from_openai(bare, mode=instructor.Mode.JSON_SCHEMA)

        async def stage(asked: list[Question[Note]]) -> None:
            slots = asyncio.Semaphore(concurrency)

            async def one(question: Question[Note]) -> Note:
                rendered = prompt.render(question.data)
                system, user = (
                    {"role": "system", "content": rendered.system},
                    {"role": "user", "content": rendered.user},
                )
                async with slots:
                    return await client.chat.completions.create(
                        model=MODEL, messages=[system, user], response_model=Note, max_retries=1
                    )

            await asyncio.gather(*(one(each) for each in asked))

        await stage(questions(count // 10, 1))
        asked = questions(count, 2)
        with _measured("instructor", concurrency, count, latency) as done:
            await stage(asked)
        return done[0]


@contextmanager
def _measured(client: str, concurrency: int, count: int, latency: float) -> Iterator[list[Measured]]:
    done: list[Measured] = []
    wall, cpu = time.perf_counter(), time.process_time()
    yield done
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ideal = -(-count // concurrency) * latency
    done.append(Measured(client, concurrency, wall / ideal, cpu / count * 1000, peak))


@contextmanager
def scripted(latency_ms: float) -> Iterator[str]:
    """The scripted model in a process of its own; yields its base URL."""
    command = [sys.executable, "-m", "summarise.scripted", "--memo", "--latency-ms", str(latency_ms)]
    root = Path(__file__).resolve().parent.parent
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def main() -> int:
    """Runs all of it and prints a table; with `--one`, one run as a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--latency-ms", type=float, default=200.0)
    parser.add_argument("--concurrency", type=int, nargs="+", default=[10, 50])
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--one", nargs=3, metavar=("CLIENT", "URL", "CONCURRENCY"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    latency = given.latency_ms / 1000
    if given.one:
        client, url, concurrency = given.one
        run = ours if client == "summarise" else plain
        print(json.dumps(asdict(asyncio.run(run(url, given.articles, int(concurrency), latency)))))
        return 0
    with scripted(given.latency_ms) as url:
        base = [sys.executable, __file__, "--articles", str(given.articles), "--latency-ms", str(given.latency_ms)]

        def one(client: str, concurrency: int) -> Measured:
            done = subprocess.run(
                [*base, "--one", client, url, str(concurrency)], capture_output=True, text=True, check=True
            )
            return Measured(**json.loads(done.stdout))

        one("instructor", 10)  # so that the endpoint knows its answers
        runs: list[Measured] = []
        for number in range(given.rounds):
            for concurrency in given.concurrency:
                pair = ("summarise", "instructor") if number % 2 else ("instructor", "summarise")
                runs += [one(client, concurrency) for client in pair]
    _report(runs, given.articles, given.latency_ms, given.rounds)
    return 0


def _report(runs: list[Measured], count: int, latency_ms: float, rounds: int) -> None:
    print(f"{count} articles, {latency_ms:g} ms, {rounds} rounds, medians\n")
    print("| client | concurrency | wall ÷ ideal | CPU ms a call | peak MB |\n|---|---|---|---|---|")
    medians: dict[tuple[str, int], tuple[float, float]] = {}
    for client in ("summarise", "instructor"):
        for concurrency in sorted({run.concurrency for run in runs}):
            mine = [run for run in runs if (run.client, run.concurrency) == (client, concurrency)]
            wall = statistics.median(run.wall_over_ideal for run in mine)
            cpu = statistics.median(run.cpu_ms_a_call for run in mine)
            peak = statistics.median(run.peak_mb for run in mine)
            medians[client, concurrency] = (wall, cpu)
            print(f"| {client} | {concurrency} | {wall:.2f} | {cpu:.1f} | {peak:.0f} |")
    print()
    for concurrency in sorted({run.concurrency for run in runs}):
        wall, cpu = (
            a / b for a, b in zip(medians["summarise", concurrency], medians["instructor", concurrency], strict=True)
        )
        print(f"concurrency {concurrency}: summarise ÷ instructor: wall {wall:.2f}, CPU {cpu:.2f}")


if __name__ == "__main__":
    sys.exit(main())
