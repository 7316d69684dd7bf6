"""The store: first answer wins, nothing committed is lost, every failure says what to do."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from summarise import store as module
from summarise.errors import ConfigurationError, OutputError
from summarise.store import Store, StoredAnswer, default_path


def answer(key: str, text: str = '{"groups":[]}') -> StoredAnswer:
    return StoredAnswer(key=key, answer=text, kind="ActorGroups", model="openai:x", input_tokens=3, output_tokens=2)


def test_an_answer_is_read_back_as_it_was_put_also_after_closing(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "answers.sqlite3"
    with Store.open(path) as store:
        assert store.get("sha256:1") is None
        assert store.put(answer("sha256:1", "“naïve” 漢字")) == answer("sha256:1", "“naïve” 漢字")
    with Store.open(path) as store:
        assert store.get("sha256:1") == answer("sha256:1", "“naïve” 漢字")


def test_the_first_answer_under_a_key_wins_and_is_what_the_second_writer_gets() -> None:
    with Store.in_memory() as store:
        store.put(answer("k", "first"))
        assert store.put(answer("k", "second")).answer == "first"


def test_discarding_spares_an_answer_that_somebody_else_has_put_meanwhile() -> None:
    with Store.in_memory() as store:
        store.put(answer("k", "theirs"))
        store.discard(answer("k", "mine"))
        assert store.get("k") is not None
        store.discard(answer("k", "theirs"))
        assert store.get("k") is None


def _write(path: str, who: int, count: int) -> None:
    with Store.open(Path(path)) as store:
        for number in range(count):
            store.put(answer(f"k{number}", f"by {who}"))


def test_many_processes_write_the_same_keys_and_none_fails(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite3"
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_write, args=(str(path), who, 40)) for who in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    with Store.open(path) as store:
        assert all(store.get(f"k{number}") for number in range(40))


def test_many_threads_share_one_open_store(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.sqlite3") as store:
        threads = [
            threading.Thread(target=lambda who=who: [store.put(answer(f"{who}-{n}")) for n in range(20)])
            for who in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(store.get(f"{who}-{n}") for who in range(4) for n in range(20))


def test_what_was_put_outlives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite3"
    program = (
        "import sys; from pathlib import Path; from summarise.store import Store, StoredAnswer\n"
        "store = Store.open(Path(sys.argv[1]))\n"
        "for n in range(100000):\n"
        "    store.put(StoredAnswer(f'k{n}', 'a' * 500, 'Note', 'm')); print(n, flush=True)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout as lines:
        said = [next(lines) for _ in range(20)]
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    with Store.open(path) as store:
        assert all(store.get(f"k{line.strip()}") for line in said)


def test_a_file_that_is_no_store_is_named_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite3"
    path.write_bytes(b"an article, not a database. " * 400)
    with pytest.raises(ConfigurationError, match=r"s\.sqlite3 is damaged or no store; move it away"):
        Store.open(path)


def test_a_damaged_store_is_named_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite3"
    with Store.open(path) as store:
        for number in range(300):
            store.put(answer(f"k{number}", "x" * 2000))
    raw = bytearray(path.read_bytes())
    raw[4096:] = b"\xff" * (len(raw) - 4096)
    path.write_bytes(raw)
    with pytest.raises(ConfigurationError, match="damaged"), Store.open(path) as store:
        store.put(answer("new"))


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(ConfigurationError, match="newer version of summarise; upgrade"):
        Store.open(path)


def test_an_older_file_is_brought_up_to_date_and_keeps_its_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.sqlite3"
    with Store.open(path) as store:
        store.put(answer("k"))
    monkeypatch.setattr(module, "MIGRATIONS", (*module.MIGRATIONS, "CREATE TABLE later (x TEXT) STRICT"))
    with Store.open(path) as store:
        assert store.version == len(module.MIGRATIONS)
        assert store.get("k") == answer("k")


def test_a_folder_in_the_way_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="cannot be made"):
        Store.open(tmp_path / "file" / "s.sqlite3")
    with pytest.raises(ConfigurationError, match="cannot be opened for writing"):
        Store.open(tmp_path)


def test_a_lock_that_does_not_go_away_is_told_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.05)
    path = tmp_path / "s.sqlite3"
    with Store.open(path) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OutputError, match="locked by another process"):
            store.put(answer("k"))
        other.execute("ROLLBACK")
        other.close()
        assert store.put(answer("k")) == answer("k")


def test_a_full_disk_is_told_as_such_and_loses_nothing_stored(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.sqlite3") as store:
        store.put(answer("k"))
        with store.writing() as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count = {pages}")  # SQLite's own way to a full disk
        with pytest.raises(OutputError, match="full; free some space"):
            store.put(answer("big", "x" * 1_000_000))
        assert store.get("k") == answer("k")


def test_the_default_place_can_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARISE_STORE", str(tmp_path / "mine.sqlite3"))
    assert default_path() == tmp_path / "mine.sqlite3"
    monkeypatch.delenv("SUMMARISE_STORE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_path().name == "answers.sqlite3"


def test_reading_does_not_wait_for_a_write_that_waits_for_another_process(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite3"
    with Store.open(path) as store:
        store.put(answer("k"))
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        putting = threading.Thread(target=store.put, args=(answer("later"),))
        putting.start()
        time.sleep(0.2)
        started = time.monotonic()
        found = [store.get("k") for _ in range(20)]
        seconds = time.monotonic() - started
        waiting = putting.is_alive()
        other.execute("ROLLBACK")
        other.close()
        putting.join()
        assert waiting
        assert seconds < 0.5
        assert found == [answer("k")] * 20
        assert store.get("later") == answer("later")
