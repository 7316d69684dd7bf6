"""stdout and stderr that take nothing: one line at most, and the right exit code."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_cli import SEEDS, environment, one_error, program

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")


def shell(tmp_path: Path, streams: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program with its streams put as a shell puts them."""
    return subprocess.run(
        ["sh", "-c", f'"$@" {streams}', "sh", *program(list(arguments))],
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        env=environment(tmp_path),
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    assert shell(folder, "", "brief", str(SEEDS), "--quiet", "--out", str(folder / "out")).returncode == 0
    return folder / "out"


@needs_full
@pytest.mark.parametrize("arguments", [["--help"], ["brief", "--help"], ["--version"]])
def test_help_on_a_full_disk_is_one_line(tmp_path: Path, arguments: list[str]) -> None:
    done = shell(tmp_path, ">/dev/full", *arguments)
    assert done.returncode == 1
    assert "stdout could not be written" in one_error(done.stderr)


@needs_full
def test_what_is_asked_of_a_brief_is_one_line_on_a_full_disk(tmp_path: Path, made: Path) -> None:
    reference = SEEDS.parent / "tests" / "references" / "seeds.json"
    for arguments in (["explain", str(made), "Russia"], ["eval", str(made), str(reference), str(SEEDS)]):
        done = shell(tmp_path, ">/dev/full", *arguments)
        assert done.returncode == 1
        assert "stdout could not be written" in one_error(done.stderr)


@pytest.mark.parametrize("streams", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_change_nothing_but_what_is_seen(tmp_path: Path, streams: str) -> None:
    done = shell(tmp_path, streams, "brief", str(SEEDS), "--quiet")
    assert done.returncode == 0
    assert done.stderr == ""
    assert bool(done.stdout) == (streams == "2>&-")


@needs_full
def test_a_stderr_that_takes_nothing_fails_no_run_and_hides_no_exit_code(tmp_path: Path) -> None:
    done = shell(tmp_path, "2>/dev/full", "brief", str(SEEDS))
    assert done.returncode == 0
    assert "FILES AND WHAT BECAME OF THEM" in done.stdout
    assert shell(tmp_path, "2>/dev/full", "brief", "no/such/folder").returncode == 2
    assert shell(tmp_path, "2>/dev/full", "brief", str(SEEDS), "--no-such-flag").returncode == 2


BUSY = """
import asyncio, sys, time
from summarise import api, command
from summarise.asking import all_of
from summarise.settings import BriefSettings

async def rules():
    print("at work", flush=True)
    while True:
        sum(range(1000))

async def busy(*args, **kwargs):
    await all_of([rules() for _ in range(3)])

api.amake = busy
sys.exit(command.run_brief(BriefSettings(folder=".")))
"""


def test_ctrl_c_ends_work_that_never_waits_at_once_and_in_one_line(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-W", "always", "-c", BUSY],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(tmp_path),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "at work\n"
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "interrupted" in one_error(err)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("encoding", ["shift_jisx0213", "big5hkscs", "iso2022_jp", "utf-16"])
def test_text_and_its_pieces_reach_stdout_to_the_last_character_in_every_encoding(encoding: str) -> None:
    said = "か" if encoding != "big5hkscs" else "aÊ"
    code = (
        "import sys; from summarise.streams import emit; said = sys.argv[2];"
        "emit(said, encoding=sys.argv[1]); emit(iter([said, '', said]), encoding=sys.argv[1])"
    )
    command = [sys.executable, "-X", "utf8", "-c", code, encoding, said]
    shown = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
    assert shown == said.encode(encoding) + (said * 2).encode(encoding)
