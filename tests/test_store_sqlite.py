"""The store as a file: older files, foreign and damaged ones, full disks, locks."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from stored import STORY, aged, answer, article, behind, recorded

from summarise.errors import ConfigurationError, DamagedStore, OutputError
from summarise.store import Store, StoredAnswer, database, migrations, open_store, sqlite

FIRST_VERSION = """
CREATE TABLE answers (
    key           TEXT PRIMARY KEY,
    answer        TEXT NOT NULL,
    kind          TEXT NOT NULL,
    model         TEXT NOT NULL,
    input_tokens  INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    stored_at     TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
) STRICT;
INSERT INTO answers (key, answer, kind, model, input_tokens, cached_tokens, output_tokens)
VALUES ('sha256:1', '{"groups":[]}', 'ActorGroups', 'openai:x', 3, 0, 2);
PRAGMA user_version = 1;
"""


def test_a_file_of_the_first_version_is_brought_up_to_date_and_keeps_its_answers(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite3"
    old = sqlite3.connect(path)
    old.execute("PRAGMA journal_mode = WAL")
    old.executescript(FIRST_VERSION)
    old.close()
    with open_store(path) as store:
        assert store.version == len(migrations.MIGRATIONS)
        assert store.get("sha256:1") == answer("sha256:1")
        assert recorded(store, "one", answers=["sha256:1"]).number == 1
        assert store.verify() == []


def test_every_later_migration_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s.sqlite3"
    with Store.open(path) as store:
        store.put(answer("k"))
    later = (*migrations.MIGRATIONS, ("CREATE TABLE later (x TEXT) {strict}", "INSERT INTO later VALUES ('once')"))
    monkeypatch.setattr(migrations, "MIGRATIONS", later)
    for _ in range(2):
        with Store.open(path) as store:
            assert store.version == len(later)
            assert store.get("k") == answer("k")
            assert store._database.fetch("SELECT x FROM later") == [("once",)]


def test_a_migration_that_fails_leaves_the_store_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s.sqlite3"
    with Store.open(path) as store:
        store.put(answer("k"))
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, ("CREATE TABLE later (x TEXT)", "nonsense")))
        with pytest.raises(OutputError, match="syntax error"):
            Store.open(path)
    with Store.open(path) as store:
        assert store.get("k") == answer("k")


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(ConfigurationError, match="newer version of summarise; upgrade"):
        Store.open(path)


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite"
    theirs = sqlite3.connect(path)
    theirs.execute("CREATE TABLE bookmarks (address TEXT)")
    with pytest.raises(ConfigurationError, match="a database of another program; name another file"):
        Store.open(path)
    assert [name for (name,) in theirs.execute("SELECT name FROM sqlite_master")] == ["bookmarks"]
    theirs.close()


def test_a_file_that_is_no_store_is_named_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite3"
    path.write_bytes(b"an article, not a database. " * 400)
    with pytest.raises(DamagedStore, match=r"s\.sqlite3 is damaged or no store; move it away"):
        Store.open(path)


def damaged(path: Path) -> None:
    with Store.open(path) as store:
        for number in range(60):
            store.put(answer(f"k{number}", '"' + "x" * 2000 + '"'))
    raw = bytearray(path.read_bytes())
    raw[4096:] = b"\xff" * (len(raw) - 4096)
    path.write_bytes(raw)


def test_a_damaged_store_is_named_with_the_remedy(tmp_path: Path) -> None:
    damaged(tmp_path / "s.sqlite3")
    with pytest.raises(DamagedStore, match="damaged"), Store.open(tmp_path / "s.sqlite3") as store:
        store.put(answer("new"))


def test_damage_in_the_middle_of_a_file_is_found(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite3"
    with Store.open(path) as store:
        for number in range(60):
            store.put(answer(f"k{number}", '"' + "x" * 2000 + '"'))
        recorded(store, "one")
        behind(store, "UPDATE versions SET run = 'fast'")
        assert store.verify() == ["version 1 of 'harbour' in /news/harbour, run: is no JSON"]
    raw = bytearray(path.read_bytes())
    place = raw.index(b"xxxx", len(raw) // 2)
    raw[place : place + 1] = b"y"  # no page is broken: only the hash knows
    path.write_bytes(raw)
    with Store.open(path) as store:
        fault, _ = store.verify()
        assert fault.endswith("does not match its hash")
    raw[len(raw) // 2 : len(raw) // 2 + 8192] = b"\xff" * 8192
    path.write_bytes(raw)
    with Store.open(path) as store:
        faults = store.verify()
        assert any("the file is damaged" in fault or "is damaged or no store" in fault for fault in faults)
        assert all("\n" not in fault for fault in faults)
        assert faults[-1].endswith("run: is no JSON"), "one damaged table does not hide what is wrong with the others"


def test_a_folder_in_the_way_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="cannot be made"):
        Store.open(tmp_path / "file" / "s.sqlite3")
    with pytest.raises(ConfigurationError, match="cannot be opened for writing"):
        Store.open(tmp_path)


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="permissions as POSIX has them")
def test_a_folder_without_permission_is_a_clear_error() -> None:
    program = (
        "import os, sys\n"
        "from summarise.store import open_store, sqlite\n"
        "from summarise.errors import ConfigurationError\n"
        "if os.geteuid() == 0: os.setuid(65534)  # root may write everywhere\n"
        "for place in sys.argv[1:]:\n"
        "    try: open_store(place)\n"
        "    except ConfigurationError as error: print(error)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        places = [f"{folder}/s.sqlite3", f"{folder}/deeper/s.sqlite3"]
        told = subprocess.run([sys.executable, "-c", program, *places], capture_output=True, text=True, check=True)
        assert told.stdout.splitlines() == [
            f"the store {places[0]} cannot be opened for writing; check its folder, or SUMMARISE_STORE",
            f"the store {places[1]} cannot be made: Permission denied; see SUMMARISE_STORE",
        ]


def test_a_lock_that_does_not_go_away_is_told_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    path = tmp_path / "s.sqlite3"
    with Store.open(path) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        for write in (lambda: store.put(answer("k")), lambda: recorded(store, "one"), lambda: store.gc()):
            with pytest.raises(OutputError, match="locked by another process"):
                write()
        other.execute("ROLLBACK")
        other.close()
        assert store.put(answer("k")) == answer("k")


def test_a_full_disk_is_told_as_such_and_loses_nothing_stored(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.sqlite3") as store:
        store.put(answer("k"))
        first = recorded(store, "one")
        with store._database.writing() as run:  # SQLite's own way to a full disk
            run(f"PRAGMA max_page_count = {run('PRAGMA page_count')[0][0]}")
        big = '"' + "x" * 1_000_000 + '"'
        for write in (
            lambda: store.put(answer("big", big)),
            lambda: store.put_articles([article("a"), article("big", text=big)]),
            lambda: store.record(
                STORY, inputs="", content=big, run="{}", complete=True, texts={"a-2": "two"}, answers=[]
            ),
        ):
            with pytest.raises(OutputError, match="full; free some space"):
                write()
        assert store.get("k") == answer("k")
        assert store.load(STORY) == first
        assert store.articles(["a"]) == {}
        assert store.texts(["a-2"]) == {}
        assert store.verify() == []


def test_reading_does_not_wait_for_a_write_that_waits_for_another_process(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite3"
    with Store.open(path) as store:
        store.put(answer("k"))
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        putting = threading.Thread(target=store.put, args=(answer("later"),))
        putting.start()
        time.sleep(0.2)
        found = [store.get("k") for _ in range(20)]
        waiting = putting.is_alive()
        other.execute("ROLLBACK")
        other.close()
        putting.join()
        assert waiting
        assert found == [answer("k")] * 20
        assert store.get("later") == answer("later")


def test_verify_and_gc_dry_run_go_on_while_somebody_writes(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite3"
    with Store.open(path) as store:
        recorded(store, "one")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM texts")
        assert store.verify() == []
        assert store.gc(older_than_days=0, dry_run=True).texts == 0
        other.execute("ROLLBACK")
        other.close()


def test_gc_makes_the_file_smaller_and_a_reader_does_not_hold_it_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "RECLAIM_SECONDS", 0.05)
    path = tmp_path / "s.sqlite3"

    def fill() -> None:
        for number in range(40):
            store.put(StoredAnswer(f"k{number}", '"' + "x" * 20_000 + '"', "Note", "m"))
        aged(store)

    with Store.open(path) as store:
        fill()
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM answers").fetchone() == (40,)
        assert store.gc().answers == 40
        assert reader.execute("SELECT count(*) FROM answers").fetchone() == (40,)
        reader.execute("ROLLBACK")
        reader.close()
        fill()
        assert store.gc().answers == 40
        left = sum(file.stat().st_size for file in tmp_path.iterdir())
    Store.open(path.with_name("empty.sqlite3")).close()
    assert left < path.with_name("empty.sqlite3").stat().st_size + 40_000  # an index of the log's pages takes 32 kB
