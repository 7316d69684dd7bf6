"""Hostile files: each has a typed outcome, none is followed or waited for, and the others are read."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile_files import ALL, SECRET, STORY, TEXTS

from summarise.article import Article
from summarise.loading import ArticleText, files, folder, load_folder, load_texts

QUICK = [one for one in ALL if not one.heavy and "1 TB" not in one.name and "links in a row" not in one.name]


def test_every_hostile_file_in_one_folder_has_its_outcome_and_the_sound_ones_are_read(tmp_path: Path) -> None:
    """The heavy ones are in torture/files.py, each with a limit on time and memory."""
    place = tmp_path / "articles"
    place.mkdir()
    (place / "sound.txt").write_text(STORY + "The sound one.\n")
    expected: dict[str, tuple[tuple[str, ...], str]] = {}
    before: set[str] = set()
    for hostile in QUICK:
        try:
            hostile.make(place)
        except OSError:
            continue  # this system knows no such file
        now = {entry.name for entry in files.listing(place, skip=None)}
        expected |= dict.fromkeys(now - before - {"sound.txt"}, (hostile.outcomes, hostile.reason))
        before = now
    found = {article.path: article for article in load_folder(place)}
    assert set(found) == {*expected, "sound.txt"}
    assert len(found) > 60
    assert found["sound.txt"].status == "used"
    for name, (outcomes, reason) in expected.items():
        _is_typed(found[name], outcomes, reason)
    assert not any(SECRET.strip() in article.text for article in found.values())


def _is_typed(article: Article, outcomes: tuple[str, ...], reason: str) -> None:
    assert article.path.isprintable()
    assert article.status in (*outcomes, "duplicate"), (article.path, article.status, article.reason)
    assert article.status == "used" or (article.reason and article.reason.isprintable())
    assert article.status != "unreadable" or reason in article.reason, (article.path, article.reason)


def while_reading(monkeypatch: pytest.MonkeyPatch, happens: Callable[[Path], object]) -> None:
    """Lets something happen between the listing of the folder and the opening of each file."""
    real = files.read

    def read(path: Path, shown_path: str, max_bytes: int) -> files.Raw:
        if path.name == "a.txt":
            happens(path)
        return real(path, shown_path, max_bytes)

    monkeypatch.setattr(files, "read", read)


def became(path: Path, make: Callable[[Path], object]) -> None:
    path.unlink()
    make(path)


@pytest.mark.parametrize(
    ("happens", "status", "reason"),
    [
        (lambda path: path.unlink(), "unreadable", "disappeared"),
        (lambda path: path.write_text(STORY + "Corrected."), "used", ""),
        (lambda path: path.write_text(""), "empty", ""),
        (lambda path: became(path, os.mkfifo), "unreadable", "named pipe"),
        (lambda path: became(path, os.mkdir), "unreadable", "not a regular file"),
        (lambda path: became(path, lambda p: p.symlink_to("/etc/passwd")), "unreadable", "not a regular file"),
        (lambda path: os.truncate(path, 10**9), "unreadable", "larger"),
    ],
    ids=["vanished", "edited", "emptied", "a pipe by now", "a folder by now", "a link by now", "1 GB by now"],
)
def test_a_file_that_changes_after_it_was_listed_has_the_outcome_of_what_it_is_now(
    happens: Callable[[Path], object], status: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "b.txt").write_text(STORY + "The sound one.")
    while_reading(monkeypatch, happens)
    changed, sound = load_folder(tmp_path)
    assert (changed.status, sound.status) == (status, "used")
    assert reason in changed.reason


@pytest.mark.skipif(not hasattr(os, "O_PATH"), reason="folders cannot be opened one by one here")
def test_a_folder_that_becomes_a_link_after_it_was_listed_leads_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.txt").write_text(SECRET * 5)
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "a.txt").write_text(STORY)
    (tmp_path / "in" / "b.txt").write_text(STORY)

    def swapped(path: Path) -> None:
        path.parent.rename(tmp_path / "was")
        path.parent.symlink_to(outside)

    while_reading(monkeypatch, swapped)
    sound, changed = load_folder(tmp_path / "in")
    assert (changed.status, sound.status) == ("unreadable", "used")
    assert SECRET.strip() not in changed.text


def test_a_file_that_is_written_to_all_the_while_is_read_as_it_was_at_some_moment(tmp_path: Path) -> None:
    path, ended = tmp_path / "a.txt", threading.Event()
    versions = [f"{STORY}Version {n} said {'no. ' * n}" for n in (100, 7000)]
    path.write_text(versions[0])

    def write() -> None:
        while not ended.is_set():
            for version in versions:
                (tmp_path / ".a.tmp").write_text(version)
                (tmp_path / ".a.tmp").replace(path)

    writing = threading.Thread(target=write)
    writing.start()
    try:
        read = {load_folder(tmp_path)[0].sha256 for _ in range(5)}
    finally:
        ended.set()
        writing.join()
    assert read <= {load_texts([ArticleText(text=version)])[0].sha256 for version in versions}


def test_a_text_too_long_for_an_article_is_told_from_a_file_and_from_memory(tmp_path: Path) -> None:
    text = "He said no. " * 110_000
    (tmp_path / "a.md").write_text(text)
    for article in (load_folder(tmp_path)[0], load_texts([ArticleText(text=text)])[0]):
        assert (article.status, article.text) == ("unreadable", "")
        assert "1,200,000 characters" in article.reason


@pytest.mark.parametrize("name", [one.name for one in TEXTS if "never close" in one.name])
def test_markdown_that_never_closes_is_read_in_one_go(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pattern that looks ahead from every place would take hours for the whole of these."""
    next(one for one in TEXTS if one.name == name).make(tmp_path)
    (file,) = tmp_path.iterdir()
    os.truncate(file, 200_000)
    assert folder.load_folder(tmp_path)[0].status in ("used", "empty", "unreadable")
