"""Folders: every file is accounted for, and nothing dangerous is opened or followed."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarise.article import Article
from summarise.errors import InputError
from summarise.loading import ArticleText, load_files, load_folder, load_texts, near_duplicates

ROOT = Path(__file__).resolve().parent.parent
STORY = (
    "Talks on the port go on\n\n"
    "The minister said on Tuesday that the talks on the port would continue until the end of the month.\n\n"
    "A spokesman of the company denied that an agreement had been signed, and said that nothing was settled.\n\n"
    "The government has asked for three more weeks, according to two officials who know of the request.\n"
)
OTHER = STORY.replace("three more weeks", "a whole year").replace("Tuesday", "Monday").replace("denied", "confirmed")


def by_path(articles: tuple[Article, ...]) -> dict[str, Article]:
    return {article.path: article for article in articles}


def test_every_file_is_listed_in_the_order_of_paths_with_its_status(tmp_path: Path) -> None:
    """Used, duplicate, empty and unreadable files all appear."""
    (tmp_path / "b").mkdir()
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "b" / "again.txt").write_text(STORY)
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "blank.txt").write_text(" \n\n\t ")
    (tmp_path / "image.png").write_bytes(b"\x89PNG")
    (tmp_path / "binary.txt").write_bytes(b"a\0b" * 50)
    found = load_folder(tmp_path)
    assert [article.path for article in found] == sorted(article.path for article in found)
    assert {path: article.status for path, article in by_path(found).items()} == {
        "a.txt": "used",
        "b/again.txt": "duplicate",
        "binary.txt": "unreadable",
        "blank.txt": "empty",
        "empty.txt": "empty",
        "image.png": "unreadable",
    }
    assert all(article.reason and "\n" not in article.reason for article in found if article.status != "used")


def test_a_duplicate_names_the_first_article_with_its_text(tmp_path: Path) -> None:
    """Line ends and a byte order mark make no other text."""
    (tmp_path / "1.txt").write_text(STORY)
    (tmp_path / "2.txt").write_bytes(b"\xef\xbb\xbf" + STORY.replace("\n", "\r\n").encode())
    first, second = load_folder(tmp_path)
    assert (second.status, second.duplicate_of) == ("duplicate", first.id)
    assert "1.txt" in second.reason
    assert first.sha256 != second.sha256


def test_the_id_is_made_from_the_text_alone(tmp_path: Path) -> None:
    """A renamed file keeps its id."""
    (tmp_path / "a.txt").write_text(STORY)
    (before,) = load_folder(tmp_path)
    (tmp_path / "a.txt").rename(tmp_path / "z.txt")
    (after,) = load_folder(tmp_path)
    assert before.id == after.id == "a-" + hashlib.sha256(before.text.encode()).hexdigest()[:16]
    assert after.sha256 == hashlib.sha256(STORY.encode()).hexdigest()


def test_used_articles_come_with_their_sentences(tmp_path: Path) -> None:
    """Sentences point into the text."""
    (tmp_path / "a.txt").write_text(STORY)
    (article,) = load_folder(tmp_path)
    assert len(article.sentences) == 4
    assert all(one.text == article.text[one.start : one.end] for one in article.sentences)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_fifo_and_a_socket_in_the_folder_are_reported_and_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening a named pipe would block for ever."""
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "a.txt").write_text(STORY)
    monkeypatch.chdir(tmp_path)  # the name of a socket has to be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.txt")
        found = by_path(load_folder(tmp_path))
    assert "named pipe" in found["pipe.txt"].reason
    assert "socket" in found["s.txt"].reason
    assert found["a.txt"].status == "used"


def test_links_out_of_the_folder_and_in_circles_are_reported_and_not_followed(tmp_path: Path) -> None:
    """A link may only lead to a file inside the folder."""
    inside = tmp_path / "in"
    inside.mkdir()
    (tmp_path / "secret.txt").write_text(OTHER)
    (inside / "a.txt").write_text(STORY)
    (inside / "out.txt").symlink_to(tmp_path / "secret.txt")
    (inside / "up").symlink_to(tmp_path)
    (inside / "here").symlink_to(inside)
    (inside / "self.txt").symlink_to(inside / "self.txt")
    (inside / "gone.txt").symlink_to(inside / "nothing.txt")
    (inside / "same.txt").symlink_to(inside / "a.txt")
    found = by_path(load_folder(inside))
    assert "out of the folder" in found["out.txt"].reason
    assert "out of the folder" in found["up"].reason
    assert "not followed" in found["here"].reason
    assert "circle" in found["self.txt"].reason
    assert "nowhere" in found["gone.txt"].reason
    assert found["same.txt"].status == "duplicate"
    assert found["a.txt"].status == "used"
    assert not any("confirmed" in article.text for article in found.values())


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_files_and_folders_without_permission_are_reported(tmp_path: Path) -> None:
    """No permission is a reason, not a crash."""
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "locked.txt").write_text(STORY)
    (tmp_path / "locked.txt").chmod(0)
    (tmp_path / "closed").mkdir(mode=0)
    found = by_path(load_folder(tmp_path))
    (tmp_path / "closed").chmod(0o700)
    assert "permission" in found["locked.txt"].reason
    assert "permission" in found["closed/"].reason


def test_a_file_above_the_limit_is_reported_and_not_read(tmp_path: Path) -> None:
    """The limit is in bytes."""
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "big.txt").write_text(STORY * 100)
    found = by_path(load_folder(tmp_path, max_bytes=1000))
    assert found["a.txt"].status == "used"
    assert found["big.txt"].status == "unreadable"
    assert "1,000 bytes" in found["big.txt"].reason
    assert found["big.txt"].sha256 == ""


def test_a_name_that_is_not_utf8_is_shown_escaped(tmp_path: Path) -> None:
    """A lone surrogate in a name would break what stores it; a line feed, what prints it."""
    try:
        (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))).write_text(STORY)
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (tmp_path / "two\nlines.txt").write_text(OTHER)
    found = by_path(load_folder(tmp_path))
    assert set(found) == {"caf\\xe9.txt", "two\\nlines.txt"}
    assert all(path.encode("utf-8") for path in found)
    assert all(article.status == "used" for article in found.values())


def test_own_output_hidden_files_and_leftovers_are_never_articles(tmp_path: Path) -> None:
    """What this program wrote is not read again, wherever it lies."""
    (tmp_path / "a.txt").write_text(STORY)
    for name in (".hidden.txt", "~$a.docx", "a.txt~", ".a.txt.tmp", "overrides.yaml"):
        (tmp_path / name).write_text(OTHER)
    for out in (tmp_path, tmp_path / "old"):
        (out / "texts").mkdir(parents=True)
        (out / "brief.json").write_text(json.dumps({"schema": "brief/1", "story": "x"}, indent=2))
        for name in ("brief.md", "brief.html", "changes.json", "texts/a-0123456789abcdef.txt"):
            (out / name).write_text(OTHER)
    (tmp_path / "old" / "late.txt").write_text(OTHER)
    assert set(by_path(load_folder(tmp_path))) == {"a.txt", "old/late.txt"}


def test_a_brief_that_is_not_ours_is_an_article(tmp_path: Path) -> None:
    """Without our brief.json beside it, brief.md is a file like any other."""
    (tmp_path / "brief.md").write_text(STORY)
    (tmp_path / "brief.json").write_text('{"schema": "other"}')
    found = by_path(load_folder(tmp_path))
    assert found["brief.md"].status == "used"
    assert found["brief.json"].status == "unreadable"


def test_the_folder_given_as_output_is_skipped(tmp_path: Path) -> None:
    """Even before anything has been written there."""
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x.txt").write_text(OTHER)
    assert set(by_path(load_folder(tmp_path, skip=tmp_path / "out"))) == {"a.txt"}


def test_a_folder_that_cannot_be_used_is_an_input_error(tmp_path: Path) -> None:
    """Missing, a file, or without files: each message names the path."""
    (tmp_path / "file").write_text("x")
    (tmp_path / "none").mkdir()
    for name, words in (("missing", "no such folder"), ("file", "not a folder"), ("none", "no files")):
        with pytest.raises(InputError, match=words) as caught:
            load_folder(tmp_path / name)
        assert name in str(caught.value)
        assert "\n" not in str(caught.value)


def test_files_given_one_by_one_are_read_as_those_of_a_folder(tmp_path: Path) -> None:
    """The same articles, whatever order they are given in."""
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "b.txt").write_text(OTHER)
    paths = [tmp_path / "b.txt", tmp_path / "a.txt"]
    assert load_files(paths) == load_files(paths[::-1]) == load_folder(tmp_path)
    with pytest.raises(InputError, match="no such file"):
        load_files([tmp_path / "c.txt"])


def test_a_text_in_memory_is_read_as_a_file_with_that_text(tmp_path: Path) -> None:
    """Facts handed over beside it come first; without a name it is named after its text."""
    (tmp_path / "a.txt").write_text(STORY)
    (file,) = load_folder(tmp_path)
    (text,) = load_texts([ArticleText(text=STORY, path="a.txt")])
    assert text == file
    (named,) = load_texts([ArticleText(text=STORY, outlet="The Port", published="1 May 2024")])
    assert (named.outlet, named.published, named.published_from) == ("The Port", "2024-05-01", "stated")
    assert named.path == f"{named.id}.txt"
    (titled,) = load_texts([ArticleText(text="The talks went on all day. Nobody signed.", title="Talks")])
    assert titled.text.startswith("Talks\n\nThe talks")


def test_near_duplicates_are_found_inside_longer_articles_and_strangers_are_not(tmp_path: Path) -> None:
    """A report printed inside another text is the same report; the share is of the shorter one."""
    report = " ".join(
        f"On day {day} the {day * 7} delegates of the group met in hall {day * 3} to talk." for day in range(30)
    )
    (tmp_path / "a.txt").write_text(report)
    (tmp_path / "b.txt").write_text(report.replace("day 7", "day seven") + "\n\n" + STORY)
    (tmp_path / "c.txt").write_text(STORY)
    found = load_folder(tmp_path)
    ids = {article.path: article.id for article in found}
    pairs = {frozenset((pair.first, pair.second)): pair.shared for pair in near_duplicates(found)}
    assert set(pairs) == {frozenset((ids["a.txt"], ids["b.txt"])), frozenset((ids["b.txt"], ids["c.txt"]))}
    assert 0.8 < pairs[frozenset((ids["a.txt"], ids["b.txt"]))] < 1
    assert near_duplicates(found) == near_duplicates(found[::-1])
    assert near_duplicates(found[:1]) == ()


def test_importing_the_loader_loads_none_of_the_heavy_libraries() -> None:
    """They are loaded when a file needs them."""
    heavy = "{'trafilatura', 'lxml', 'rensa', 'numpy', 'py3langid', 'pypdf', 'docx', 'charset_normalizer', 'sentencex'}"
    code = f"import summarise.loading, sys; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == "[]"


HEADERS = st.fixed_dictionaries(
    {
        "Outlet": st.sampled_from(["", "Port News", "The Herald"]),
        "Date": st.sampled_from(["", "2024-05-01", "2024-05-02"]),
        "Author": st.sampled_from(["", "Jane Doe", "John Roe"]),
    }
)


@given(one=HEADERS, other=HEADERS)
@settings(max_examples=40, deadline=None)
def test_swapping_the_names_of_two_files_with_one_text_changes_no_fact(
    one: dict[str, str], other: dict[str, str]
) -> None:
    """Title, outlet, author and date are chosen by content; only `path` and `sha256` follow the names."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        found = []
        for names in (("a.txt", "b.txt"), ("b.txt", "a.txt")):
            for name, headers in zip(names, (one, other), strict=True):
                block = "".join(f"{key}: {value}\n" for key, value in headers.items())
                (folder / name).write_text(f"Title: Talks on the port go on\n{block}\n{STORY}", "utf-8")
            found.append(load_folder(folder)[0])
    assert found[0].path == found[1].path == "a.txt"
    assert found[0] == found[1].model_copy(update={"sha256": found[0].sha256})
    dates = sorted(headers["Date"] for headers in (one, other) if headers["Date"])
    assert found[0].published == (dates[0] if dates else "")
