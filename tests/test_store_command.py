"""`summarise store path|verify|gc`: what is printed, and the exit code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import Result
from stored import aged, answer, article, behind, recorded
from typer.testing import CliRunner

from summarise.commands.stores import app
from summarise.store import open_store


def said(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def filled(place: str, *, answers: Sequence[str] = ("k",)) -> None:
    with open_store(place) as store:
        for key in answers:
            store.put(answer(key))
        store.put_articles([article("k")])
        recorded(store, "one", answers=["k"])
        recorded(store, "two", answers=["k"])


def test_path_prints_the_place_that_is_set_given_or_usual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARISE_STORE", str(tmp_path / "set.sqlite3"))
    assert said("path").stdout == f"{tmp_path / 'set.sqlite3'}\n"
    assert said("path", "--store", "given.sqlite3").stdout == "given.sqlite3\n"
    monkeypatch.delenv("SUMMARISE_STORE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert said("path").stdout.endswith("answers.sqlite3\n")
    assert list(tmp_path.iterdir()) == [], "asking makes no store"


def test_path_prints_no_password() -> None:
    told = said("path", "--store", "postgresql://reader:secret@db.example/news")
    assert told.stdout == "postgresql://reader@db.example:5432/news\n"
    assert told.exit_code == 0


def test_verify_says_in_one_line_that_all_is_sound(store_place: str) -> None:
    filled(store_place)
    told = said("verify", "--store", store_place)
    assert (told.stdout, told.stderr, told.exit_code) == ("1 answer, 2 versions: all sound\n", "", 0)


def test_verify_prints_a_line_a_fault_and_exits_with_1(store_place: str) -> None:
    filled(store_place)
    with open_store(store_place) as store:
        behind(store, "UPDATE answers SET answer = '{'")
    told = said("verify", "--store", store_place)
    assert told.stdout == "answer k: does not match its hash\nanswer k: is no JSON\n"
    assert told.exit_code == 1


def test_verify_of_a_file_that_is_damaged_or_no_store_exits_with_1(tmp_path: Path) -> None:
    (tmp_path / "s.sqlite3").write_bytes(b"an article, not a database. " * 400)
    told = said("verify", "--store", str(tmp_path / "s.sqlite3"))
    assert "is damaged or no store; move it away" in told.stdout
    assert told.exit_code == 1


@pytest.mark.parametrize("command", ["verify", "gc"])
def test_a_store_that_is_not_there_is_told_and_not_made(command: str, tmp_path: Path) -> None:
    told = said(command, "--store", str(tmp_path / "typo.sqlite3"))
    assert (told.stdout, told.exit_code) == ("", 2)
    assert told.stderr.startswith("summarise: there is no store ")
    assert list(tmp_path.iterdir()) == []


def test_gc_says_what_it_would_remove_and_then_what_it_removed(store_place: str) -> None:
    filled(store_place, answers=["k", "unused", "unused too"])
    with open_store(store_place) as store:
        aged(store)
    rest = "1 version, 2 answers, 0 articles as read, 0 texts: "
    would = said("gc", "--store", store_place, "--keep-versions", "1", "--dry-run")
    assert would.stdout.startswith(f"would remove {rest}")
    did = said("gc", "--store", store_place, "--keep-versions", "1")
    assert did.stdout == would.stdout.replace("would remove", "removed")
    assert said("gc", "--store", store_place, "--older-than", "0").stdout == (
        "removed 0 versions, 0 answers, 0 articles as read, 0 texts: 0 bytes\n"
    )
    assert said("verify", "--store", store_place).stdout == "1 answer, 1 version: all sound\n"


@pytest.mark.parametrize("bad", [("--keep-versions", "0"), ("--older-than", "-1"), ("--older-than", "nan")])
def test_gc_refuses_numbers_that_mean_nothing(bad: tuple[str, str], store_place: str) -> None:
    filled(store_place)
    assert said("gc", "--store", store_place, *bad).exit_code == 2


def test_help_names_every_command() -> None:
    told = said("--help").stdout
    for command in ("path", "verify", "gc"):
        assert command in told
