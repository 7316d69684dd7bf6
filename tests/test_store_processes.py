"""Many processes on one store: nothing is lost, nobody is locked out, a killed one leaves a sound store."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from stored import STORY

from summarise.store import Series, open_store

PROCESSES, ROUNDS = 16, 5

CROWD = """
import json, multiprocessing, sys
from summarise.store import Series, StoredAnswer, StoredArticle, open_store
place, processes, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

def work(who, together):
    with open_store(place) as store:  # all make and open one new store, and then begin together
        together.wait(60)
        for n in range(rounds):
            store.put(StoredAnswer(f"own-{who}-{n}", json.dumps(who), "Note", "m"))
            first = store.put(StoredAnswer(f"shared-{n}", json.dumps(who), "Note", "m"))
            assert store.get(f"shared-{n}") == first
            store.put_articles([StoredArticle(f"article-{n}-{k}", json.dumps({"id": f"a-{k}"})) for k in range(5)])
            made = store.record(Series("harbour", "/news/harbour"), inputs="", content=json.dumps([who, n]), run="{}",
                complete=True, texts={f"a-{n}": str(n)}, answers=[first.key])
            assert json.loads(made.content) == [who, n]
            sys.stdout.write(json.dumps([made.number, first.key, first.answer]) + chr(10))
            sys.stdout.flush()

if place.startswith("postgresql:"):
    import pg8000.dbapi  # once, and not in each process
context = multiprocessing.get_context("fork")
together = context.Barrier(processes)
crowd = [context.Process(target=work, args=(who, together)) for who in range(processes)]
for one in crowd:
    one.start()
for one in crowd:
    one.join()
sys.exit(any(one.exitcode for one in crowd))
"""

ENDLESS = """
import json, sys
from summarise.store import Series, StoredAnswer, StoredArticle, open_store
with open_store(sys.argv[1]) as store:
    for n in range(10**9):
        store.put(StoredAnswer(f"{sys.argv[2]}-{n}", json.dumps("a" * 500), "Note", "m"))
        store.put_articles([StoredArticle(f"{sys.argv[2]}-{n}-{k}", json.dumps({"id": "a" * 900})) for k in range(20)])
        store.record(Series(sys.argv[2], ""), inputs="", content=json.dumps([n, "c" * 5000]), run="{}", complete=True,
            texts={f"a-{sys.argv[2]}-{n}": "t" * 3000}, answers=[])
        print(n, flush=True)
"""


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_sixteen_processes_lose_nothing_and_none_is_locked_out(store_place: str) -> None:
    crowd = start(CROWD, store_place, str(PROCESSES), str(ROUNDS))
    out, err = crowd.communicate()
    assert (crowd.returncode, err) == (0, "")

    said = [json.loads(line) for line in out.splitlines()]
    assert sorted(number for number, *_ in said) == list(range(1, PROCESSES * ROUNDS + 1))
    winners = {(key, answer) for _, key, answer in said}
    assert len(winners) == ROUNDS, "everyone read the same first answer"
    with open_store(store_place) as store:
        assert [entry.number for entry in store.versions(STORY)] == list(range(1, PROCESSES * ROUNDS + 1))
        assert all(store.get(f"own-{who}-{n}") for who in range(PROCESSES) for n in range(ROUNDS))
        assert {(key, found.answer) for key, _ in winners if (found := store.get(key))} == winners
        counts = store.counts()
        assert (counts.answers, counts.articles, counts.texts) == (PROCESSES * ROUNDS + ROUNDS, 5 * ROUNDS, ROUNDS)
        assert store.verify() == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_a_process_killed_in_the_middle_of_writing_leaves_a_sound_store_with_all_it_said_was_in_it(
    store_place: str,
) -> None:
    for killed in range(3):
        pair = [start(ENDLESS, store_place, f"{killed}-{who}") for who in range(2)]
        said: list[tuple[str, int]] = []
        for process in pair:
            assert process.stdout is not None
            assert process.stdout.readline() == "0\n", process.communicate()[1]
        time.sleep(killed * 0.04)
        for who, process in enumerate(pair):
            os.kill(process.pid, signal.SIGKILL)
            out, _ = process.communicate()
            said.append((f"{killed}-{who}", int((["0", *out.split()])[-1])))
        with open_store(store_place) as store:
            assert store.verify() == []
            for name, last in said:
                assert all(store.get(f"{name}-{n}") for n in range(last + 1))
                assert len(store.versions(Series(name, ""))) >= last + 1
                assert len(store.articles(f"{name}-{n}-{k}" for n in range(last + 1) for k in range(20))) == (
                    20 * (last + 1)
                )
