"""The command line as a user meets it: streams, exit codes, one line an error."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from summarise.cli import app
from summarise.command import root_cause, run_brief
from summarise.contract import Brief
from summarise.settings import BriefSettings, Format

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
HEAVY = ("openai", "instructor", "trafilatura", "rich", "numpy", "jinja2", "pydantic")


def program(arguments: list[str]) -> list[str]:
    return [sys.executable, "-c", f"import sys; sys.argv[0] = 'summarise'; {MAIN}", *arguments]


MAIN = "from summarise.cli import main; main()"


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "SUMMARISE_STORE": str(tmp_path / "s"), **more}


def run(tmp_path: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        program(list(arguments)),
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        cwd=tmp_path,
        env=environment(tmp_path, **more),
        timeout=60,
        check=False,
    )


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BriefSettings:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "SUMMARISE_MODEL"):
        monkeypatch.delenv(name, raising=False)
    return BriefSettings(folder=SEEDS, store=tmp_path / "store")


def one_error(text: str) -> str:
    """The one line that an error is."""
    lines = text.splitlines()
    assert len(lines) == 1, text
    assert lines[0].startswith("summarise: ")
    assert "Traceback" not in text
    return lines[0]


def changed(settings: BriefSettings, **changes: object) -> BriefSettings:
    return BriefSettings(**{**vars(settings), **changes})


# ---- help and usage


def test_help_loads_nothing_heavy_and_shows_examples_before_the_options(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['summarise', '--help']\n"
        "from summarise.cli import main\n"
        "try: main()\n"
        f"finally: print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment(tmp_path)
    )
    assert done.stderr.strip() == "[]"
    assert done.stdout.index("summarise brief articles/") < done.stdout.index("Options:")


def test_the_help_of_brief_loads_neither_model_libraries_nor_the_renderer(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['summarise', 'brief', '--help']\n"
        "from summarise.cli import main\n"
        "try: main()\n"
        f"finally: print([m for m in {HEAVY[:-1]!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment(tmp_path)
    )
    assert done.stderr.strip() == "[]"
    assert "Exit codes: 0 complete" in done.stdout


def test_the_program_alone_shows_its_help(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 0
    assert done.stdout == run(tmp_path, "--help").stdout
    assert done.stderr == ""


def test_a_key_can_not_be_given_as_a_flag(tmp_path: Path) -> None:
    assert "key" not in " ".join(re.findall(r"--[a-z-]+", run(tmp_path, "brief", "--help").stdout))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["brief"], "FOLDER"),
        (["brief", "x", "--no-such-flag"], "--no-such-flag"),
        (["brief", "x", "--timeout", "soon"], "--timeout"),
        (["brief", "x", "--concurrency", "0"], "--concurrency"),
        (["brief", "x", "--format", "pdf"], "--format"),
        (["brief", "x", "--mode", "yaml"], "--mode"),
        (["bref"], "bref"),
    ],
)
def test_a_wrong_call_is_one_line_that_names_it_and_exits_with_2(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str], named: str
) -> None:
    from summarise.cli import main

    monkeypatch.setattr(sys, "argv", ["summarise", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert named in one_error(capsys.readouterr().err)


def test_the_version_is_that_of_the_package(tmp_path: Path) -> None:
    from summarise.fingerprint import installed_version

    assert re.fullmatch(r"summarise \d+\.\d+\.\d+\S*\n", run(tmp_path, "--version").stdout)
    assert installed_version() in run(tmp_path, "--version").stdout


# ---- a brief


def test_the_brief_goes_to_stdout_and_everything_else_to_stderr(tmp_path: Path) -> None:
    done = run(tmp_path, "brief", str(SEEDS))
    assert done.returncode == 0
    assert "FILES AND WHAT BECAME OF THEM" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "no OPENAI_API_KEY" in done.stderr


def test_quiet_leaves_stderr_empty(tmp_path: Path) -> None:
    done = run(tmp_path, "brief", str(SEEDS), "--quiet", "--format", "json")
    assert done.stderr == ""
    assert Brief.model_validate_json(done.stdout).story == "seeds"


def test_verbose_says_what_became_of_each_file(settings: BriefSettings, capsys: pytest.CaptureFixture[str]) -> None:
    run_brief(changed(settings, verbose=True))
    shown = capsys.readouterr().err
    assert "summarise: 000_b0d3ce1afcac1d89.txt: used" in shown
    assert "read by the embedded rules" in shown


@pytest.mark.parametrize("form", list(Format))
def test_out_holds_every_format_whatever_goes_to_stdout(
    settings: BriefSettings, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: Format
) -> None:
    out = tmp_path / "out"
    assert run_brief(changed(settings, out=out, format=form)) == 0
    shown = capsys.readouterr()
    brief = Brief.model_validate_json((out / "brief.json").read_text(encoding="utf-8"))
    assert {p.name for p in out.iterdir()} == {"brief.html", "brief.json", "brief.md", "texts"}
    assert {p.stem for p in (out / "texts").iterdir()} == {a.id for a in brief.articles}
    assert f"to {out}" in shown.err
    if form is not Format.TEXT:
        assert shown.out == (out / f"brief.{form.value}").read_text(encoding="utf-8")


def test_two_runs_give_the_same_brief_byte_for_byte_but_for_the_run(
    settings: BriefSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    briefs = []
    for _ in range(2):
        run_brief(changed(settings, format=Format.JSON))
        briefs.append(json.loads(capsys.readouterr().out) | {"run": None})
    assert json.dumps(briefs[0]) == json.dumps(briefs[1])


def test_an_output_folder_inside_the_folder_is_not_read_as_articles(
    settings: BriefSettings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for seed in SEEDS.iterdir():
        (folder / seed.name).write_bytes(seed.read_bytes())
    for _ in range(2):
        assert run_brief(changed(settings, folder=folder, out=folder / "out", format=Format.JSON)) == 0
        assert len(json.loads(capsys.readouterr().out)["articles"]) == 2


def test_the_story_has_the_name_it_is_given(settings: BriefSettings, capsys: pytest.CaptureFixture[str]) -> None:
    run_brief(changed(settings, story="bases", format=Format.JSON))
    assert json.loads(capsys.readouterr().out)["story"] == "bases"


def test_an_article_that_can_not_be_read_makes_the_brief_incomplete_and_exits_with_3(
    settings: BriefSettings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for seed in SEEDS.iterdir():
        (folder / seed.name).write_bytes(seed.read_bytes())
    russian = "Переговоры с новым правительством Сирии зашли в тупик, сообщил источник в Москве. " * 8
    (folder / "ru.txt").write_text(russian, encoding="utf-8")
    assert run_brief(changed(settings, folder=folder)) == 3
    shown = capsys.readouterr()
    assert "ru.txt" in shown.err
    assert "INCOMPLETE" in shown.out


# ---- what goes wrong


def test_a_folder_that_is_not_there_is_named_and_exits_with_2(
    settings: BriefSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_brief(changed(settings, folder=Path("no/such/folder"))) == 2
    assert "no/such/folder" in one_error(capsys.readouterr().err)


def test_a_folder_without_a_readable_article_exits_with_1(
    settings: BriefSettings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_bytes(b"")
    assert run_brief(changed(settings, folder=tmp_path / "articles")) == 1
    one_error(capsys.readouterr().err)


def test_an_unknown_model_exits_with_2_and_says_what_there_is(
    settings: BriefSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_brief(changed(settings, model="gpt")) == 2
    assert "extractive" in one_error(capsys.readouterr().err)


def test_a_model_without_a_key_exits_with_2_and_names_the_key(
    settings: BriefSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_brief(changed(settings, model="openai:some-model")) == 2
    assert "OPENAI_API_KEY" in one_error(capsys.readouterr().err)


def test_an_output_folder_that_can_not_be_written_is_found_out_before_anything_is_read(
    settings: BriefSettings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    assert run_brief(changed(settings, folder=Path("no/such/folder"), out=tmp_path / "out")) == 1
    assert "--out" in one_error(capsys.readouterr().err)


def test_an_error_message_can_not_carry_an_escape_sequence_to_the_terminal(
    settings: BriefSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    run_brief(changed(settings, folder=Path("no\x1b]52;c;QUJD\x07such")))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", capsys.readouterr().err)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_behind_stdout_is_one_line(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            program(["brief", str(SEEDS), "--quiet"]),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(tmp_path),
            check=False,
        )
    assert done.returncode == 1
    assert "stdout could not be written" in one_error(done.stderr)


def test_a_reader_that_hangs_up_is_no_error(tmp_path: Path) -> None:
    process = subprocess.Popen(
        program(["brief", str(SEEDS), "--quiet"]),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(tmp_path),
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) == 0


def test_ctrl_c_is_one_line_and_exits_with_130(tmp_path: Path) -> None:
    # An endpoint that takes the connection and never answers.
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        process = subprocess.Popen(
            program(["brief", str(SEEDS), "--model", "openai:x", "--base-url", url]),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(tmp_path),
        )
        silent.settimeout(60)
        connection, _ = silent.accept()
        with connection:
            time.sleep(0.2)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert "interrupted" in one_error(err)


# ---- a real terminal


def in_terminal(tmp_path: Path, *arguments: str, **more: str) -> bytes:
    """Everything that a terminal of 90 columns receives."""
    import fcntl
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 90, 0, 0))
    process = subprocess.Popen(
        program(list(arguments)),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment(tmp_path, TERM="xterm-256color", **more),
    )
    os.close(slave)
    received = b""
    while process.poll() is None or select.select([master], [], [], 0)[0]:
        if select.select([master], [], [], 0.1)[0]:
            try:
                part = os.read(master, 65536)
            except OSError:
                break
            if not part:
                break
            received += part
    os.close(master)
    assert process.wait(60) == 0
    return received


def test_a_terminal_gets_colour_and_progress_which_leaves_no_trace(tmp_path: Path) -> None:
    received = in_terminal(tmp_path, "brief", str(SEEDS)).decode()
    assert "\r\x1b[Knote " in received
    assert "\x1b[1m" in received
    assert set(re.findall(r"\x1b\[[\d;]*([A-Za-z])", received)) <= {"m", "K"}
    after = received[received.rindex("\x1b[K") :]
    assert after.startswith("\x1b[K")
    assert "note " not in after.splitlines()[0]


def test_no_color_is_respected_in_a_terminal(tmp_path: Path) -> None:
    received = in_terminal(tmp_path, "brief", str(SEEDS), "--quiet", NO_COLOR="1").decode()
    assert "\x1b" not in received


def test_every_option_of_the_command_is_a_setting_of_the_run() -> None:
    from dataclasses import fields

    command = app.registered_commands[0].callback
    assert command is not None
    names = {"format" if name == "output_format" else name for name in command.__annotations__ if name != "return"}
    assert names == {field.name for field in fields(BriefSettings)}


def test_a_plan_says_calls_tokens_and_cost_and_sends_nothing(
    settings: BriefSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_brief(changed(settings, plan=True, model="openai:x", base_url="http://127.0.0.1:9/v1")) == 0
    shown = capsys.readouterr()
    assert "note 2" in shown.out
    assert "cost unknown" in shown.out
    assert shown.err == ""


def test_an_unexpected_error_is_one_line_and_verbose_shows_where(
    settings: BriefSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = changed(settings, folder=None)
    assert run_brief(broken) == 1
    assert "--verbose" in one_error(capsys.readouterr().err)
    assert run_brief(changed(broken, verbose=True)) == 1
    assert "Traceback" in capsys.readouterr().err


def test_of_errors_that_came_together_the_first_is_told() -> None:
    first = ValueError("first")
    assert root_cause(ExceptionGroup("all", [ExceptionGroup("some", [first]), ValueError("second")])) is first
    assert root_cause(first) is first


def test_a_folder_with_a_brief_of_another_program_is_refused_before_anything_is_read(
    settings: BriefSettings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "brief.md").write_text("mine", encoding="utf-8")
    assert run_brief(changed(settings, folder=Path("no/such/folder"), out=tmp_path)) == 2
    assert "brief.md" in one_error(capsys.readouterr().err)
    assert (tmp_path / "brief.md").read_text(encoding="utf-8") == "mine"


def test_a_limit_on_cost_of_nothing_is_refused_as_the_help_says(tmp_path: Path) -> None:
    assert "more than 0" in " ".join(run(tmp_path, "brief", "--help").stdout.split())
    done = run(tmp_path, "brief", str(SEEDS), "--max-cost", "0")
    assert done.returncode == 2
    assert "--max-cost must be more than 0" in one_error(done.stderr)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"max_tokens": 0}, "--max-tokens must be more than 0"),
        ({"price": "cheap"}, "--price 'cheap' is no price"),
        ({"max_tokens": -3, "plan": True}, "--max-tokens must be more than 0"),
    ],
)
def test_limits_and_prices_that_can_mean_nothing_are_refused_in_one_line(
    settings: BriefSettings, capsys: pytest.CaptureFixture[str], given: dict[str, object], words: str
) -> None:
    assert run_brief(changed(settings, model="openai:x", **given)) == 2
    assert words in one_error(capsys.readouterr().err)


def test_limits_and_the_price_may_stand_in_the_environment(tmp_path: Path) -> None:
    done = run(tmp_path, "brief", str(SEEDS), SUMMARISE_PRICE="cheap", SUMMARISE_MAX_TOKENS="5")
    assert done.returncode == 2
    assert "--price 'cheap' is no price" in one_error(done.stderr)


def test_an_article_that_is_not_read_is_named_once_with_its_reason(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for seed in SEEDS.iterdir():
        (folder / seed.name).write_bytes(seed.read_bytes())
    russian = "Переговоры с новым правительством Сирии зашли в тупик, сообщил источник в Москве. " * 8
    (folder / "rus.txt").write_text(russian, encoding="utf-8")
    for flag in ("--model=extractive", "--verbose"):
        done = run(tmp_path, "brief", str(folder), flag)
        assert done.returncode == 3
        assert "rus.txt: " in done.stderr
        assert "rus.txt: rus.txt" not in done.stdout + done.stderr
