"""A story's past, from Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from summarise import ArticleText, InputError, brief, diff, log, show
from summarise.past import series_named
from summarise.store import Store

PORTS = [
    ArticleText(text=f"The minister of Elbonia said on Monday that the port of {place} will stay open.", path=place)
    for place in ("Alexandria", "Beirut")
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two versions of its brief."""
    made = tmp_path / "ports"
    made.mkdir()
    for one in PORTS:
        (made / f"{one.path}.txt").write_text(one.text, encoding="utf-8")
        brief(made, model="extractive")
    return made


def test_a_folder_has_its_versions_what_changed_and_each_brief(folder: Path) -> None:
    assert [entry.version.number for entry in log(folder).versions] == [1, 2]
    changes = diff(folder)
    assert (changes.before and changes.before.number, changes.after.number) == (1, 2)
    assert [one.what for one in changes.changes if one.kind == "article_added"] == ["Beirut.txt"]
    assert len(show(folder).articles) == 2
    assert len(show(folder, 1).articles) == 1


def test_a_story_is_found_by_its_id_whether_it_has_a_folder_or_not(folder: Path) -> None:
    brief(PORTS, story="given", model="extractive")
    assert show(story="given").story == "given"
    assert diff(None, 2, 1, story="ports").after.number == 1


def test_what_is_not_there_is_one_line_that_says_so(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no version 9"):
        show(folder, 9)
    with pytest.raises(InputError, match="no brief of a story"):
        log(story="other")
    with pytest.raises(InputError, match="name a folder or a story"):
        log()
    with pytest.raises(InputError, match="compares two versions"):
        diff(folder, 1, 2, 1)
    missing = tmp_path / "none.sqlite3"
    with pytest.raises(InputError, match="no store"):
        show(folder, store=missing)
    assert not missing.exists()


def test_an_id_that_two_folders_have_is_not_guessed_at(tmp_path: Path) -> None:
    for place in ("a", "b"):
        made = tmp_path / place / "ports"
        made.mkdir(parents=True)
        (made / "x.txt").write_text(PORTS[0].text, encoding="utf-8")
        brief(made, model="extractive")
    with pytest.raises(InputError, match="2 folders have a story 'ports'"):
        show(story="ports")
    with Store.open(tmp_path / "new.sqlite3") as empty, pytest.raises(InputError, match="no brief"):
        series_named(empty, "ports")
