"""Scale-out: the same stories made by one process, and by a Dask cluster of 1, 2 and 4 workers; and what a pulse costs.

    python bench/scale.py [--stories 48] [--workers 1 2 4] [--latency-ms 1000] [--postgres ADDRESS]

Made-up stories of three articles, four made at once in each process with eight questions in flight for each, so that
the limit grows with the workers and the endpoint's latency decides. The scripted model is a process of its own. `wall`
is the whole command, `until asked` of that until the first question came in (processes start, programs load), `CPU`
that of all its processes together. A pulse is what each worker writes into the store once or twice a second to share
the limits: its median in milliseconds, with 1, 4 and 32 members in the pool.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the checkout, wherever this is run

from summarise.model.limits import Limits  # noqa: E402
from summarise.sharing import Totals  # noqa: E402
from summarise.sharing.pool import Seat  # noqa: E402
from summarise.store import Store, open_store  # noqa: E402
from torture._cluster import Command  # noqa: E402
from torture._endpoint import Endpoint  # noqa: E402
from torture.many_killed import told_stories  # noqa: E402

JOBS, CONCURRENCY, ARTICLES, PULSES = 4, 8, 3, 200


@dataclass(frozen=True)
class Measured:
    """One command: seconds in all, until its first question, and of all processors; its questions."""

    wall: float
    until_asked: float
    cpu: float
    calls: int


def measured(root: Path, scratch: Path, latency: float, workers: int | None) -> Measured:
    """The command with the local engine, or with so many workers."""
    at_once = str(CONCURRENCY * (workers or 1))
    engine = ("--engine", "dask", "--workers", str(workers)) if workers else ()
    with Endpoint(latency) as endpoint:
        options = (*engine, "--jobs", str(JOBS), "--concurrency", at_once, "--quiet")
        command = Command(root, scratch, endpoint.base_url, options)
        used, began = processors(), time.monotonic()
        process, asked = command.start(), 0.0
        while process.poll() is None:
            if not asked and endpoint.requests:
                asked = time.monotonic() - began
            time.sleep(0.02)
        wall = time.monotonic() - began
        assert process.returncode == 0, command.said
        return Measured(wall, asked, processors() - used, endpoint.requests)


def processors() -> float:
    """Seconds of processor that ended children took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def pulse_ms(store: Store, members: int) -> float:
    """The median of a member's pulse, durable, with so many in the pool."""
    name = f"bench of {members}"
    seats = [Seat(name, Totals(64, 6_000, 1_000_000), Limits(0, None, None), 60.0) for _ in range(members)]
    took = []
    for number in range(members + PULSES):
        began = time.perf_counter()
        with store.database.writing() as run:
            won = seats[number % members].pulse(run, time.monotonic(), 9)
        won()
        took.append(time.perf_counter() - began)
    for seat in seats:
        with store.database.writing() as run:
            seat.leave(run)
    return statistics.median(took[members:]) * 1_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python bench/scale.py", description=__doc__.splitlines()[0])
    parser.add_argument("--stories", type=int, default=48)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--latency-ms", type=float, default=1_000.0)
    parser.add_argument("--postgres", metavar="ADDRESS", help="also a pulse in this database")
    given = parser.parse_args()
    print("| engine | stories | calls | wall s | until asked s | stories a minute | × local | CPU s | CPU ms a story |")
    print("|---|---|---|---|---|---|---|---|---|")
    base = 0.0
    with tempfile.TemporaryDirectory() as folder:
        root = told_stories(Path(folder) / "stories", given.stories, ARTICLES)
        for workers in (None, *given.workers):
            one = measured(root, Path(folder) / f"run-{workers}", given.latency_ms / 1_000, workers)
            rate = given.stories / (one.wall - one.until_asked) * 60
            base = base or rate
            cells = [f"dask, {workers} workers" if workers else "local", given.stories, one.calls]
            cells += [f"{one.wall:.1f}", f"{one.until_asked:.1f}", f"{rate:.0f}", f"{rate / base:.2f}"]
            cells += [f"{one.cpu:.1f}", f"{one.cpu / given.stories * 1_000:.0f}"]
            print(f"| {' | '.join(map(str, cells))} |", flush=True)
        print("\n| a pulse in | 1 member | 4 members | 32 members |\n|---|---|---|---|")
        for name, place in (("SQLite", str(Path(folder) / "pulse.sqlite3")), ("PostgreSQL", given.postgres)):
            if place:
                with open_store(place) as store:
                    cells = [f"{pulse_ms(store, members):.2f} ms" for members in (1, 4, 32)]
                print(f"| {name} | {' | '.join(cells)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
