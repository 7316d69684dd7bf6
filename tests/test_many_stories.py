"""Which stories there are: folders of a folder, lines of a manifest; and names that are safe as folders."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from many_stories import newsroom

from summarise.errors import ConfigurationError, InputError
from summarise.many.folder_names import folder_names
from summarise.many.stories import ManifestFaults, Passed, stories
from summarise.output import check_writable


def names(found: Iterable[object]) -> list[str]:
    return [task.story for task in found]  # type: ignore[attr-defined]


def manifest(place: Path, *lines: object) -> Path:
    path = place / "stories.jsonl"
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(ManifestFaults) as found:
        stories(path, path.parent / "out")
    return [fault.removeprefix(str(path)) for fault in found.value.faults]


# ---- a folder of folders


def test_each_folder_that_holds_a_file_is_a_story(tmp_path: Path) -> None:
    root = newsroom(tmp_path / "news", "grain", "bases")
    (root / "deep" / "deeper").mkdir(parents=True)
    (root / "deep" / "deeper" / "a.txt").write_text("An article.")
    found = stories(root, tmp_path / "out", language="de")
    assert names(found.tasks) == ["bases", "deep", "grain"]
    assert found.tasks[0].folder == root / "bases"
    assert [task.out for task in found.tasks] == [tmp_path / "out" / name for name in ("bases", "deep", "grain")]
    assert {task.language for task in found.tasks} == {"de"}
    assert found.not_read == ()


def test_what_is_no_story_is_passed_over_or_told_with_its_reason(tmp_path: Path) -> None:
    root = newsroom(tmp_path / "news", "grain", ".hidden")
    (root / "empty").mkdir()
    (root / "loose.txt").write_text("An article.")
    (root / ".DS_Store").write_text("")
    (root / "link").symlink_to(root / "grain")
    found = stories(root, tmp_path / "out")
    assert names(found.tasks) == ["grain"]
    assert found.not_read == (
        Passed("empty/", "holds no file to read"),
        Passed("link", "a symbolic link is not followed; list it in a manifest"),
        Passed("loose.txt", "a file beside the stories; put it into a folder of its own"),
    )


def test_our_own_output_is_no_story_even_under_another_name(tmp_path: Path) -> None:
    root = newsroom(tmp_path / "news", "grain")
    (root / "briefs").mkdir()
    (root / "old").mkdir()
    (root / "old" / "report.json").write_text('{\n "schema": "report/1"\n}\n')
    (root / "old" / "grain").mkdir()
    (root / "old" / "grain" / "loose.txt").write_text("Left behind.")
    (root / "one").mkdir()
    (root / "one" / "brief.json").write_text('{"schema": "brief/1"}')
    found = stories(root, root / "briefs")
    assert names(found.tasks) == ["grain"]
    assert found.not_read == (
        Passed("old/", "the briefs of an earlier run, as its report.json says"),
        Passed("one/", "holds no file to read"),
    )
    (root / "briefs" / "article.txt").write_text("An article.")
    assert [one.path for one in stories(root, root / "briefs").not_read] == ["briefs/", "old/", "one/"]


def test_briefs_may_lie_among_the_stories_but_not_within_one(tmp_path: Path) -> None:
    root = newsroom(tmp_path / "news", "grain", "bases")
    assert stories(root, root).tasks[0].out == root / "bases"
    with pytest.raises(ConfigurationError, match="lies within the story grain"):
        stories(root, root / "grain" / "briefs")
    path = manifest(tmp_path, {"story": "all", "folder": "news"})
    for out in (root, root / "grain"):
        with pytest.raises(ConfigurationError, match="lies within the story all"):
            stories(path, out)


def test_a_folder_without_stories_says_what_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no folder with articles"):
        stories(tmp_path, tmp_path / "out")
    with pytest.raises(InputError, match="no such folder or manifest"):
        stories(tmp_path / "nowhere", tmp_path / "out")
    (tmp_path / "list.txt").write_text("grain")
    with pytest.raises(InputError, match="neither a folder of folders nor a manifest"):
        stories(tmp_path / "list.txt", tmp_path / "out")


# ---- a manifest


def test_a_manifest_names_stories_with_paths_from_where_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom(tmp_path / "in" / "news", "grain", "bases")
    (tmp_path / "in" / "fix.yaml").write_text("")
    path = manifest(
        tmp_path / "in",
        {"story": "syria", "folder": "news/bases", "about": "the bases", "language": "de", "overrides": "fix.yaml"},
        "",
        {"story": "Grain", "files": ["news/grain/0.txt", "news/bases/0.txt"]},
    )
    monkeypatch.chdir(tmp_path)
    found = stories(Path("in") / path.name, Path("out"), language="en").tasks
    assert names(found) == ["Grain", "syria"]
    grain, syria = found
    assert syria.folder == tmp_path / "in" / "news" / "bases"
    assert (syria.about, syria.language, syria.overrides) == ("the bases", "de", tmp_path / "in" / "fix.yaml")
    assert syria.out == tmp_path / "out" / "syria"
    assert grain.folder is None
    assert len(grain.files) == 2
    assert all(file.is_absolute() for file in grain.files)
    assert grain.language == "en"


def test_every_mistake_of_a_manifest_is_told_with_its_line(tmp_path: Path) -> None:
    newsroom(tmp_path, "grain")
    path = manifest(
        tmp_path,
        {"story": "a", "folder": "grain", "abuot": "x"},
        {"story": "ok", "folder": "grain"},
        "not json",
        {"story": "b", "folder": "nowhere", "overrides": "none.yaml"},
        {"folder": "grain"},
        {"story": "ok", "folder": "grain"},
        {"story": "c", "folder": "grain", "files": ["grain/0.txt"]},
        {"story": "d", "files": ["grain/0.txt", "grain/9.txt"]},
        {"story": "e"},
        {"story": 7, "folder": "grain"},
        '{"story": "f", "story": "g", "folder": "grain"}',
        ["story"],
        {"story": "//", "folder": "grain"},
        "[" * 100_000,
        '{"story": "h", "about": ' + "1" * 5_000 + "}",
    )
    assert faults(path) == [
        ":1: the field abuot is unknown; there are story, folder, files, about, language, overrides",
        ":3: no JSON object on one line (Expecting value at column 1)",
        f":4: no such folder: {tmp_path / 'nowhere'}",
        f":4: no such file: {tmp_path / 'none.yaml'}",
        ":5: the field story is missing",
        ":6: the story ok stands in line 2 already",
        ":7: give folder or files, and not both",
        f":8: no such file: {tmp_path / 'grain' / '9.txt'}",
        ":9: give folder or files, and not both",
        ":10: story: input should be a valid string",
        ":11: a field stands there twice",
        ":12: a line is a JSON object with the fields story and folder or files",
        ":13: story: a name needs a letter or a digit",
        ":14: no JSON object on one line (nested too deep)",
        ":15: no JSON object on one line (a number in it is too long)",
    ]


def test_a_manifest_that_is_not_utf_8_or_empty_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stories.jsonl"
    path.write_bytes(b'\xef\xbb\xbf\n{"story": "\xff"}\n')
    assert faults(path) == [":2: not UTF-8; save the manifest as UTF-8"]
    path.write_text("\n")
    with pytest.raises(InputError, match="holds no story"):
        stories(path, tmp_path / "out")


# ---- names of folders


def test_a_usual_name_stays_as_it_is() -> None:
    usual = ["Syria’s bases", "grain-deal_2026", "Überfall", "選挙", "ukraine.war", "2026-01-05 port strike"]
    assert folder_names(usual) == {name: name for name in usual}


def test_a_dangerous_name_becomes_a_safe_one() -> None:
    for name in ("../../etc/passwd", "..", ".hidden", "a/b", "a\\b", "C:", "con", "nul.txt", "a\0b", "end.", "x" * 300):
        made = folder_names([name])[name]
        assert made != name
        assert not set(made) & set('/\\:\0<>|?*"')
        assert not made.startswith(".")
        assert len(made.encode()) <= 120
    assert folder_names(["report.json"])["report.json"] != "report.json"


def test_names_that_a_file_system_may_take_for_one_go_to_different_folders() -> None:
    same = ["Grain", "grain", "GRAIN", unicodedata.normalize("NFD", "Öl"), "Öl", "öl"]
    made = folder_names(same)
    assert len({unicodedata.normalize("NFKC", name).casefold() for name in made.values()}) == len(same)
    assert folder_names(reversed(same)) == made
    taken = made["Grain"]
    assert len(set(folder_names([*same, taken]).values())) == len(same) + 1


@settings(max_examples=50)
@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=8, unique=True))
def test_any_names_get_folders_that_are_safe_and_apart(given_names: list[str]) -> None:
    made = folder_names(given_names)
    assert set(made) == set(given_names)
    assert len({unicodedata.normalize("NFKC", name.casefold()) for name in made.values()}) == len(made)
    for name in made.values():
        assert Path(name).name == name
        assert not name.startswith(".")
        assert os.fsencode(name)


def test_a_story_of_any_name_can_be_written(tmp_path: Path) -> None:
    for name in folder_names(["a/b", "\ud800", "x" * 300, "…", "aux"]).values():
        check_writable(tmp_path / name)
