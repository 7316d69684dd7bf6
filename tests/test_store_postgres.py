"""The store in PostgreSQL: its address, a server that goes away, locks, and no password in any message."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from postgres import PASSWORD, Server
from stored import STORY, answer, recorded

from summarise.errors import ConfigurationError, OutputError, SummariseError
from summarise.store import Store, addresses, database, migrations, open_store
from summarise.store.places import shown_place


@pytest.fixture
def address(postgres_server: Server) -> str:
    return postgres_server.socket_address(postgres_server.emptied())


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with open_store(address) as opened:
        yield opened


def hang_up_on_everybody(server: Server) -> None:
    server.say("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'summarise'")
    while server.say("SELECT 1 FROM pg_stat_activity WHERE application_name = 'summarise'"):
        time.sleep(0.01)


def test_a_socket_and_a_port_lead_to_the_same_store(postgres_server: Server) -> None:
    name = postgres_server.database()
    with open_store(postgres_server.address(name)) as store:
        store.put(answer("k"))
    with open_store(postgres_server.socket_address(name)) as store:
        assert store.get("k") == answer("k")


def test_the_tables_of_others_are_not_touched(postgres_server: Server) -> None:
    name = postgres_server.database()
    postgres_server.say("CREATE TABLE answers (theirs TEXT)", database=name)
    with open_store(postgres_server.address(name)) as store:
        store.put(answer("k"))
    assert postgres_server.say("SELECT * FROM public.answers", database=name) == []


def test_a_connection_dropped_between_two_operations_is_made_again(postgres_server: Server, store: Store) -> None:
    store.put(answer("k"))
    hang_up_on_everybody(postgres_server)
    assert store.get("k") == answer("k")
    hang_up_on_everybody(postgres_server)
    assert recorded(store, "one").number == 1
    assert store.verify() == []


def test_a_connection_lost_in_the_middle_of_a_transaction_is_an_error_and_keeps_nothing(
    postgres_server: Server, store: Store
) -> None:
    def write() -> None:
        with store._database.writing() as run:
            run("INSERT INTO texts (id, hash, text) VALUES (?, ?, ?)", ("a-1", "sha256:0", b"x"))
            hang_up_on_everybody(postgres_server)
            run("SELECT 1")

    with pytest.raises(OutputError, match="was lost"):
        write()
    assert store.texts(["a-1"]) == {}
    assert recorded(store, "one").number == 1


def test_a_server_that_stops_is_told_and_found_again_when_it_runs(postgres_server: Server, store: Store) -> None:
    store.put(answer("k"))
    postgres_server.stop()
    try:
        with pytest.raises(OutputError, match=r"was lost .*; see to its server and run again"):
            store.get("k")
        with pytest.raises(OutputError, match="was lost"):
            store.put(answer("k2"))
        with pytest.raises(ConfigurationError, match=r"cannot be reached .*; start its server"):
            open_store(postgres_server.address())
    finally:
        postgres_server.start()
    assert store.get("k") == answer("k")
    assert store.put(answer("k2")) == answer("k2")


def test_what_is_raised_inside_a_write_undoes_it_and_frees_the_lock(store: Store) -> None:
    def write() -> None:
        with store._database.writing() as run:
            run("INSERT INTO texts (id, hash, text) VALUES (?, ?, ?)", ("a-1", "sha256:0", b"x"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert store.counts().texts == 0
    assert store.put(answer("k")) == answer("k")


def test_a_lock_that_does_not_go_away_is_told_and_reading_does_not_wait_for_it(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(address) as other:
        other.put(answer("k"))
        monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
        with other._database.writing(), open_store(address) as store:
            assert store.get("k") == answer("k")
            with pytest.raises(OutputError, match="locked by another process"):
                store.put(answer("late"))
        with open_store(address) as store:
            assert store.put(answer("late")) == answer("late")


def test_two_who_make_the_tables_at_once_do_not_meet(address: str) -> None:
    failed: list[BaseException] = []

    def opening() -> None:
        try:
            open_store(address).close()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=opening) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_an_older_database_is_brought_up_to_date_and_a_newer_one_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = migrations.MIGRATIONS
    monkeypatch.setattr(migrations, "MIGRATIONS", every[:1])
    with open_store(address) as store:
        store._database.fetch(
            "INSERT INTO answers (key, answer, kind, model, input_tokens, cached_tokens, output_tokens)"
            " VALUES ('k', '{\"groups\":[]}', 'ActorGroups', 'openai:x', 3, 0, 2)"
        )
    monkeypatch.setattr(migrations, "MIGRATIONS", every)
    with open_store(address) as store:
        assert store.version == len(every)
        assert store.get("k") == answer("k")
        assert recorded(store, "one").number == 1
    monkeypatch.setattr(migrations, "MIGRATIONS", every[:1])
    with pytest.raises(ConfigurationError, match="newer version of summarise; upgrade"):
        open_store(address)


def test_a_user_without_rights_is_told_what_to_grant(postgres_server: Server) -> None:
    name = postgres_server.database()
    postgres_server.say("CREATE USER guest PASSWORD 'guest of the house'")
    with pytest.raises(ConfigurationError, match=r"does not let this user write .* grant it CREATE on the database"):
        open_store(f"postgresql://guest:guest%20of%20the%20house@127.0.0.1:{postgres_server.port}/{name}")


def test_a_database_that_cannot_hold_every_letter_is_refused(postgres_server: Server) -> None:
    name = postgres_server.database(options="ENCODING 'LATIN1' TEMPLATE template0")
    with pytest.raises(ConfigurationError, match="LATIN1; name a database made with ENCODING 'UTF8'"):
        open_store(postgres_server.address(name))


def test_whoever_gives_a_wrong_address_is_told_why_and_no_password_is_repeated(postgres_server: Server) -> None:
    right = postgres_server.address("postgres", password="wr0ng word")  # noqa: S106
    for place, why in {
        right: "refused this user or password",
        postgres_server.address("absent"): "does not exist; make that database",
        postgres_server.address().replace(str(postgres_server.port), "1"): "cannot be reached .*; start its server",
        f"{postgres_server.address()}?sslmode=require": "cannot be reached .*SSL",
        f"{right}?sslmode=maybe": "its sslmode must be one of disable",
        f"{right}?colour=red": "colour is not known in it",
        "postgresql://u:wr0ng%20word@host:wr0ng/x": "does not read as postgresql://user:password@host",
    }.items():
        with pytest.raises(SummariseError, match=why) as caught:
            open_store(place)
        for secret in (PASSWORD, "wr0ng", "%20"):
            assert secret not in str(caught.value)


def test_an_address_is_read_as_libpq_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGUSER", "PGPASSWORD", "PGHOST", "PGPORT", "PGSSLMODE"):
        monkeypatch.delenv(name, raising=False)
    full = addresses.parse("postgresql://a%40b:p%2Fw@[::1]:5433/news?sslmode=disable")
    assert (full.user, full.password, full.host, full.port, full.database) == ("a@b", "p/w", "::1", 5433, "news")
    assert full.encryption is False
    assert full.shown == "postgresql://a%40b@[::1]:5433/news"
    assert "p/w" not in repr(full)
    monkeypatch.setenv("PGUSER", "reader")
    monkeypatch.setenv("PGPASSWORD", "from the environment")
    short = addresses.parse("postgres://db.example")
    assert (short.user, short.password, short.port, short.database) == (
        "reader",
        "from the environment",
        5432,
        "reader",
    )
    assert short.encryption is None
    assert addresses.parse(short.shown) == short
    at_socket = addresses.parse("postgresql:///news?host=/run/postgresql")
    assert (at_socket.socket, at_socket.database) == ("/run/postgresql", "news")
    assert addresses.parse(at_socket.shown) == at_socket
    assert shown_place("postgresql://a:secret word@h/n") == "postgresql://a@h:5432/n"


def test_without_the_extra_the_remedy_is_to_install_it() -> None:
    program = (
        "import sys; sys.modules['pg8000'] = None\n"
        "from summarise.store import open_store\n"
        "from summarise.errors import ConfigurationError\n"
        "try: open_store('postgresql://u:pw@h/d')\n"
        "except ConfigurationError as error: print(error)\n"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told == "a store in PostgreSQL needs an extra: pip install 'summarise[postgres]'\n"


def test_versions_recorded_by_several_stores_at_once_have_no_gaps(address: str) -> None:
    def record(who: int) -> None:
        with open_store(address) as store:
            for n in range(5):
                recorded(store, f"{who} {n}")

    threads = [threading.Thread(target=record, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_store(address) as store:
        assert [entry.number for entry in store.versions(STORY)] == list(range(1, 21))
