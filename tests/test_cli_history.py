"""The commands that look back, correct and look after: as the program itself, on real files and a real store."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))


class Desk:
    """A folder of articles, and the program run on it in a process of its own."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "bases"
        self.folder.mkdir()
        self.out = tmp_path / "out"
        self._environment = os.environ | {"SUMMARISE_MODEL": "extractive", "COLUMNS": "100"}

    def run(self, *arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "summarise", *arguments], capture_output=True, text=True, env=self._environment
        )
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout if code == 0 else done.stderr

    def brief(self) -> str:
        return self.run("brief", str(self.folder), "--out", str(self.out), "--quiet")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A story of two versions: the first seed, then both."""
    tmp_path = tmp_path_factory.mktemp("desk")
    desk = Desk(tmp_path)
    desk._environment["SUMMARISE_STORE"] = str(tmp_path / "store.sqlite3")
    shutil.copy(SEEDS[0], desk.folder)
    desk.brief()
    shutil.copy(SEEDS[1], desk.folder)
    desk.brief()
    return desk


def test_what_changed_lies_beside_the_brief_and_in_its_renderings(desk: Desk) -> None:
    changes = json.loads((desk.out / "changes.json").read_text(encoding="utf-8"))
    assert changes["schema"] == "changes/1"
    assert (changes["before"]["number"], changes["after"]["number"]) == (1, 2)
    assert "## What changed" in (desk.out / "brief.md").read_text(encoding="utf-8")
    assert "changed" not in json.loads((desk.out / "brief.json").read_text(encoding="utf-8"))
    assert "WHAT CHANGED" in desk.brief(), "running again without news still says what the last news was"


def test_diff_tells_the_same_changes_in_words_and_as_json(desk: Desk) -> None:
    words = desk.run("diff", str(desk.folder))
    assert "New article: 001_ec90b97c2972eb70.txt" in words
    as_json = desk.run("diff", str(desk.folder), "1", "2", "--format", "json")
    assert json.loads(as_json) == json.loads((desk.out / "changes.json").read_text(encoding="utf-8"))


def test_log_has_a_line_a_version_and_the_life_of_each_question(desk: Desk) -> None:
    lines = desk.run("log", str(desk.folder)).splitlines()
    assert [line.split(",")[0] for line in lines] == ["version 2", "version 1"]
    assert "opened" in desk.run("log", str(desk.folder), "--questions")


def test_any_version_can_be_shown_again_whole_or_one_item_of_it(desk: Desk) -> None:
    first = json.loads(desk.run("show", str(desk.folder), "--version", "1", "--format", "json"))
    assert [a["path"] for a in first["articles"]] == [SEEDS[0].name]
    assert "Hmeimim" in desk.run("show", str(desk.folder), "Russia")


def test_a_correction_holds_in_the_next_brief_until_it_is_taken_back(desk: Desk) -> None:
    said = desk.run("fix", str(desk.folder), "rename", "Russia", "--to", "Russian Federation")
    assert "Russian Federation" in said
    assert "Named otherwise: Russian Federation (before: Russia)" in desk.brief()
    desk.run("fix", str(desk.folder), "undo", "1")
    assert "Named otherwise: Russia (before: Russian Federation)" in desk.brief()


def test_the_store_says_where_it_is_and_that_it_is_sound(desk: Desk) -> None:
    assert desk.run("store", "path").strip().endswith("store.sqlite3")
    assert "all sound" in desk.run("store", "verify")
    assert "would remove" in desk.run("store", "gc", "--dry-run")


@pytest.mark.parametrize("command", [("diff",), ("log",), ("show",), ("show", "Russia")])
def test_a_folder_without_a_brief_is_told_how_to_make_one(desk: Desk, tmp_path: Path, command: tuple[str, ...]) -> None:
    said = desk.run(command[0], str(tmp_path), *command[1:], code=2)
    assert said.count("\n") == 1
    assert f"summarise brief {tmp_path}" in said


def test_a_version_that_is_not_there_is_told_with_those_that_are(desk: Desk) -> None:
    said = desk.run("show", str(desk.folder), "--version", "99", code=2)
    assert said.count("\n") == 1
    assert "99" in said


def test_a_misspelt_option_names_the_command_whose_help_shows_how(desk: Desk) -> None:
    assert "summarise store gc --help" in desk.run("store", "gc", "--older", code=2)
