"""Files: written whole or not at all, and only our own are ever removed."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from made_briefs import FIRST, SECOND, seeds_brief, source, texts

from summarise.contract import Brief
from summarise.errors import ConfigurationError, OutputError
from summarise.output import RENDERINGS, TEXTS, Edition, check_writable, is_current, write_output, write_whole
from summarise.render.canonical import brief_json
from summarise.render.markdown import brief_markdown


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_every_format_and_every_text_is_written_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    written = write_output(out, Edition(seeds_brief(), texts()))
    ids = sorted(texts())
    assert set(everything(out)) == {*RENDERINGS, *(f"texts/{one}.txt" for one in ids)}
    assert written[-1] == out / "brief.json"
    assert (out / "brief.json").read_text(encoding="utf-8") == brief_json(seeds_brief())
    assert (out / "brief.md").read_text(encoding="utf-8") == brief_markdown(seeds_brief())


def test_offsets_of_the_written_brief_point_at_its_quotations_in_the_written_texts(tmp_path: Path) -> None:
    write_output(tmp_path, Edition(seeds_brief(), texts()))
    brief = Brief.model_validate_json((tmp_path / "brief.json").read_text(encoding="utf-8"))
    passages = [e for i in brief.issues for p in i.positions for e in p.evidence]
    assert passages
    for passage in passages:
        text = (tmp_path / "texts" / f"{passage.article}.txt").read_bytes().decode()
        assert text[passage.start : passage.end] == passage.quote


def test_line_ends_of_a_text_are_kept_so_that_offsets_hold(tmp_path: Path) -> None:
    write_output(tmp_path, Edition(seeds_brief(), {"a1": "one\r\ntwo\rthree\n"}))
    assert (tmp_path / "texts" / "a1.txt").read_bytes() == b"one\r\ntwo\rthree\n"


def test_writing_again_replaces_the_files_and_leaves_no_temporary_ones(tmp_path: Path) -> None:
    write_output(tmp_path, Edition(seeds_brief(title="Before"), texts()))
    write_output(tmp_path, Edition(seeds_brief(), texts()))
    assert not list(tmp_path.rglob("*.tmp"))
    assert "Before" not in (tmp_path / "brief.md").read_text(encoding="utf-8")


def test_texts_of_articles_that_went_are_removed_and_a_stranger_s_files_are_not(tmp_path: Path) -> None:
    write_output(tmp_path, Edition(seeds_brief(), texts()))
    (tmp_path / "texts" / "mine.txt").write_text("keep me", encoding="utf-8")
    one = source(FIRST)
    write_output(tmp_path, Edition(seeds_brief(articles=(one.entry(),)), {one.id: one.text}))
    kept = {path.name for path in (tmp_path / "texts").iterdir()}
    assert kept == {f"{one.id}.txt", "mine.txt"}
    assert source(SECOND).id not in kept


@pytest.mark.parametrize("before", ["", "{}", "[]", '{"schema": "brief/1", "articles": [{"id": "../../x"}]}'])
def test_a_brief_json_that_is_not_ours_is_replaced_without_following_it(tmp_path: Path, before: str) -> None:
    out = tmp_path / "a" / "b"
    out.mkdir(parents=True)
    (tmp_path / "x.txt").write_text("keep me", encoding="utf-8")
    (out / "brief.json").write_text(before, encoding="utf-8")
    write_output(out, Edition(seeds_brief(), texts()))
    assert (tmp_path / "x.txt").exists()


def test_an_article_id_that_is_a_path_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be a file name"):
        write_output(tmp_path, Edition(seeds_brief(), {"../evil": "x"}))
    assert not everything(tmp_path)


FULL = """
import resource, signal, sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from made_briefs import seeds_brief, texts
from summarise.errors import ConfigurationError, OutputError
from summarise.output import Edition, write_output
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
write_output(Path(sys.argv[1]), Edition(seeds_brief(title="Before"), texts()))
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    write_output(Path(sys.argv[1]), Edition(seeds_brief(title="After"), texts() | {"new": "x"}))
except OutputError as error:
    print(error)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="no limit on file sizes here")
def test_when_the_disk_takes_no_more_the_brief_that_was_there_stays(tmp_path: Path) -> None:
    here = Path(__file__).resolve().parent
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path), str(here), str(here.parent)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(f"{tmp_path}: the brief could not be written (")
    assert "--out" in done.stdout
    assert len(done.stdout.splitlines()) == 1
    assert set(everything(tmp_path)) == {*RENDERINGS, *(f"texts/{one}.txt" for one in texts())}
    assert "Before" in (tmp_path / "brief.md").read_text(encoding="utf-8")
    assert '"Before"' in (tmp_path / "brief.json").read_text(encoding="utf-8")


def test_where_no_file_can_be_linked_the_old_ones_are_put_back_from_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_output(tmp_path, Edition(seeds_brief(title="Before"), texts()))
    before = everything(tmp_path)
    rename, refused = Path.replace, []

    def refusing(self: Path, target: Path) -> Path:
        if target.name == "brief.json" and not refused:
            refused.append(target)
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    def unlinkable(*given: object, **named: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", unlinkable)
    monkeypatch.setattr(Path, "replace", refusing)
    with pytest.raises(OutputError, match="mend that folder"):
        write_output(tmp_path, Edition(seeds_brief(title="After"), texts() | {"new": "x"}))
    assert refused
    assert everything(tmp_path) == before


def test_an_output_folder_that_is_a_file_is_found_out_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="--out"):
        check_writable(tmp_path / "out")


def test_trying_a_folder_leaves_nothing_in_it(tmp_path: Path) -> None:
    check_writable(tmp_path / "out")
    assert not everything(tmp_path / "out")


def test_one_file_is_written_whole_and_its_folder_made(tmp_path: Path) -> None:
    write_whole(tmp_path / "new" / "one.json", "{}\n")
    assert everything(tmp_path) == {"new/one.json": b"{}\n"}


def test_a_file_that_cannot_be_written_is_named_in_the_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match=r"one\.json could not be written"):
        write_whole(tmp_path / "file" / "one.json", "{}\n")


@pytest.mark.parametrize(
    ("name", "content"),
    [("brief.md", "# Legal brief"), ("brief.json", "{}"), ("brief.json", "[1]"), ("brief.json", '{"schema": "x/1"}')],
)
def test_a_brief_of_another_program_is_refused_and_stays(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=f"its {name} was not made by this program"):
        check_writable(tmp_path)
    assert everything(tmp_path) == {name: content.encode()}


def test_a_brief_of_ours_may_be_replaced(tmp_path: Path) -> None:
    write_output(tmp_path, Edition(seeds_brief(), texts()))
    check_writable(tmp_path)


NO_ROOM = FULL.replace('write_output(Path(sys.argv[1]), Edition(seeds_brief(title="Before"), texts()))\n', "")


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="no limit on file sizes here")
def test_when_there_is_no_room_for_a_first_brief_no_folder_is_left_behind(tmp_path: Path) -> None:
    here = Path(__file__).resolve().parent
    (tmp_path / "out").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", NO_ROOM, str(tmp_path / "out"), str(here), str(here.parent)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "free space" in done.stdout
    assert not (tmp_path / "out" / TEXTS).exists()
    assert (tmp_path / "out").is_dir()


def test_the_remedy_fits_the_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x", encoding="utf-8")
    for out in (tmp_path / "out", tmp_path / "out" / "below"):
        with pytest.raises(OutputError) as caught:
            check_writable(out)
        assert "a file is in the way" in str(caught.value)
        assert "free space" not in str(caught.value)


@pytest.mark.skipif(not Path("/proc/1").exists(), reason="no folder here that nobody may write to")
def test_a_folder_that_nobody_may_write_to_asks_for_no_space(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        check_writable(Path("/proc/1/out"))
    assert "free space" not in str(caught.value)


def test_what_is_there_already_is_known_whatever_its_run_says(tmp_path: Path) -> None:
    edition = Edition(seeds_brief(), texts())
    assert not is_current(tmp_path, edition)
    write_output(tmp_path, edition)
    brief = seeds_brief()
    later = brief.model_copy(update={"run": brief.run.model_copy(update={"started": "2031-01-01T00:00:00+00:00"})})
    assert is_current(tmp_path, Edition(later, texts()))
    assert not is_current(tmp_path, Edition(seeds_brief(title="Another"), texts()))


@pytest.mark.parametrize("gone", ["brief.json", "brief.md", "brief.html", "texts"])
def test_an_output_folder_that_lacks_a_file_is_not_up_to_date(tmp_path: Path, gone: str) -> None:
    edition = Edition(seeds_brief(), texts())
    write_output(tmp_path, edition)
    (next((tmp_path / gone).iterdir()) if gone == "texts" else tmp_path / gone).unlink()
    assert not is_current(tmp_path, edition)


def test_what_a_killed_run_left_half_written_is_swept_up_later_and_a_stranger_s_file_is_not(tmp_path: Path) -> None:
    write_output(tmp_path, Edition(seeds_brief(), texts()))
    names = ("brief.md.0123456789ab", "brief.md.ba9876543210", "mine")
    old, young, other = (tmp_path / f".{name}.tmp" for name in names)
    for left in (old, young, other):
        left.write_text("half", encoding="utf-8")
    for left in (old, other):
        os.utime(left, (1_000_000_000, 1_000_000_000))
    write_output(tmp_path, Edition(seeds_brief(title="After"), texts()))
    assert [left.exists() for left in (old, young, other)] == [False, True, True]


def test_one_file_takes_the_place_of_no_folder_and_no_device(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(OutputError, match="is no file and was left"):
            write_whole(tmp_path / name, "text")
    assert (tmp_path / "pipe").is_fifo()
    assert not list((tmp_path / "folder").iterdir())
