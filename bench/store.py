"""How quick the store is, and what becomes of many processes on one.

    python bench/store.py [--store PLACE] [--processes 16] [--rounds 50]

Without --store it is a file in a temporary folder; with one, an empty file or postgresql:// database, which is filled.
Each process puts an answer of its own and one that all put, reads both back, puts 20 articles and records a version,
round after round; afterwards everything said to be stored is looked for, and the store is verified.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from summarise.store import Series, Store, StoredAnswer, StoredArticle, open_store

STORY = Series("bench", "/bench")
ANSWER = json.dumps({"groups": ["x" * 1_500]})
ARTICLE = "x" * 15_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", default=None)
    parser.add_argument("--processes", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=50)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = given.store or str(Path(folder) / "store.sqlite3")
        with open_store(place) as store:
            print(f"{store.place}, one process")
            alone(store)
        crowd(place, given.processes, given.rounds)


def alone(store: Store) -> None:
    """One process: milliseconds of each operation, the median of several."""
    articles = [StoredArticle(f"one-{n}", json.dumps({"id": f"a-{n}", "text": ARTICLE})) for n in range(1_000)]
    content = json.dumps({"title": "x" * 500_000})
    keys, numbers = [a.key for a in articles], iter(range(1_000_000))
    texts = {f"a-{n}": ARTICLE for n in range(100)}

    def record() -> None:
        changed = content + " " * (next(numbers) + 1)
        store.record(STORY, inputs="", content=changed, run="{}", complete=True, texts=texts, answers=keys)

    say("put an answer", 300, lambda: store.put(StoredAnswer(f"one-{next(numbers)}", ANSWER, "Note", "m")))
    say("get an answer", 3_000, lambda: store.get("one-0"))
    say("put 1,000 articles of 15 kB", 1, lambda: store.put_articles(articles))
    say("read 1,000 articles of 15 kB", 7, lambda: store.articles(keys))
    say("record a version of 500 kB", 7, record)
    say("load the newest version", 21, lambda: store.load(STORY))
    say("verify", 1, store.verify)
    say("gc", 1, lambda: store.gc(keep_versions=1, older_than_days=0))


def say(what: str, times: int, step: Callable[[], object]) -> None:
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        step()
        spent.append((time.perf_counter() - started) * 1000)
    print(f"  {what:30} {statistics.median(spent):9.3f} ms")


def crowd(place: str, processes: int, rounds: int) -> None:
    """Many processes on one store, and what is in it afterwards."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes) as pool:
        pool.map(_ready, range(processes), chunksize=1)
        started = time.perf_counter()
        told = pool.starmap(work, [(place, who, rounds) for who in range(processes)], chunksize=1)
        seconds = time.perf_counter() - started
    waits = sorted(wait for one in told for wait in one["waits"])
    with open_store(place) as store:
        numbers = [entry.number for entry in store.versions(Series("crowd", ""))]
        lost = sum(store.get(f"{who}-{n}") is None for who in range(processes) for n in range(rounds))
        differing = sum(len({one["shared"][n] for one in told}) != 1 for n in range(rounds))
        faults = store.verify()
    gaps = numbers != list(range(1, processes * rounds + 1))
    print(f"{processes} processes, {rounds} rounds each: {seconds:.1f} s, {len(waits) / seconds:.0f} writes a second")
    print(f"  a write took {statistics.median(waits):.1f} ms (median), {waits[-1]:.0f} ms at worst")
    print(f"  none locked out, lost {lost}, read back differently {differing}, gaps {gaps}, faults {len(faults)}")
    assert (lost, differing, gaps, faults) == (0, 0, False, [])


def _ready(who: int) -> None:
    time.sleep(0.3)  # so that no process takes two of these


def work(place: str, who: int, rounds: int) -> dict[str, list]:  # type: ignore[type-arg]
    """One of the crowd; any error ends the whole."""
    waits: list[float] = []
    shared: list[str] = []

    def timed(step: Callable[[], object]) -> None:
        started = time.perf_counter()
        step()
        waits.append((time.perf_counter() - started) * 1000)

    with open_store(place) as store:
        for n in range(rounds):
            mine = json.dumps([who, n])
            timed(lambda: store.put(StoredAnswer(f"{who}-{n}", ANSWER, "Note", "m")))  # noqa: B023
            timed(lambda: shared.append(store.put(StoredAnswer(f"all-{n}", mine, "Note", "m")).answer))  # noqa: B023
            found = store.get(f"all-{n}")
            assert found is not None
            assert found.answer == shared[-1]
            items = [StoredArticle(f"{who}-{n}-{k}", json.dumps({"id": f"a-{k}"})) for k in range(20)]
            timed(lambda: store.put_articles(items))  # noqa: B023
            timed(
                lambda: store.record(
                    Series("crowd", ""),
                    inputs="",
                    content=mine,  # noqa: B023
                    run="{}",
                    complete=True,
                    texts={f"crowd-{n}": "text"},  # noqa: B023
                    answers=[f"all-{n}"],  # noqa: B023
                )
            )
    return {"waits": waits, "shared": shared}


if __name__ == "__main__":
    main()
