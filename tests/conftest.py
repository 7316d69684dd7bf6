"""What holds for all tests: examples made by Hypothesis repeat where CI runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import postgres
import pytest
from hypothesis import settings

# A slow machine is no failure; a run that fails on one machine must fail on the next.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


_LONG = frozenset(
    (
        *("test_cli_history", "test_container", "test_docs", "test_evaluation_same_figures", "test_hostile_files"),
        *("test_hostile_hidden", "test_hostile_injections", "test_many_killed"),
        *("test_io_errors", "test_mcp", "test_mcp_http", "test_render_page_browser", "test_render_page_fuzz"),
        *("test_secrets", "test_serve_guard", "test_serve_jobs", "test_serve_openapi", "test_stopped"),
        *("test_store_processes", "test_streams", "test_supply_chain", "test_update", "test_watching"),
    )
)
"""Files that start many processes, servers or browsers: `make test-long` runs them, `make test` the others."""
_LONG_ONES = frozenset(
    (
        "test_a_reader_that_hangs_up_is_no_error",
        "test_ctrl_c_is_one_line_and_exits_with_130",
        "test_answers_of_a_batch_whose_process_was_killed_are_counted_once_by_whoever_collects_them",
        "test_kill_9_loses_at_most_what_was_in_flight",
        "test_the_figures_of_the_benchmark_hold",
        "test_it_stops_when_asked_and_says_nothing_ill",
        "test_any_sequence_of_operations_does_the_same_in_postgresql",
    )
)
"""And single ones of other files, which read much or start processes one after the other."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.stem in _LONG or item.name.split("[")[0] in _LONG_ONES:
            item.add_marker(pytest.mark.long)


@pytest.fixture(autouse=True)
def store_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No test reads or writes the user's own store."""
    place = tmp_path_factory.mktemp("store") / "store.sqlite3"
    monkeypatch.setenv("SUMMARISE_STORE", str(place))
    return place


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server (see tests/postgres.py); skips where none is installed, and says so."""
    try:
        with postgres.server() as server:
            yield server
    except postgres.NoServer as why:
        pytest.skip(str(why))


@pytest.fixture(params=["sqlite", "postgres"])
def store_place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where to open an empty store: a file, and a database where PostgreSQL is installed."""
    if request.param == "sqlite":
        return str(tmp_path / "s.sqlite3")
    server: postgres.Server = request.getfixturevalue("postgres_server")
    return server.socket_address(server.emptied())  # no password to work out: quicker
