"""`summarise many` as a user meets it: what is shown, what is written, and the exit code."""

from __future__ import annotations

import io
import json
import re
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from jsonschema import Draft202012Validator
from many_stories import newsroom, write
from test_cli import HEAVY, environment, one_error, program
from updating import URL, Wire, told

from summarise.commands.many import run_many, work_of
from summarise.contract import Usage
from summarise.errors import ConfigurationError, ModelUnavailable
from summarise.many import local
from summarise.many.engines import engine
from summarise.many.report import Report, Tally
from summarise.many.stories import Stories
from summarise.many.task import Outcome, Task
from summarise.model.spec import parse
from summarise.scripted import ScriptedModel
from summarise.settings import Engine, ManySettings, ReportFormat

SCHEMA = Path(__file__).resolve().parent.parent / "schemas" / "report.schema.json"


class Desk:
    """Somebody at a terminal: a folder of stories, an endpoint, and what came of the last call."""

    def __init__(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self.out, self.wire, self._capsys = place / "news", place / "briefs", Wire(), capsys
        self.stdout = self.stderr = ""

    def many(self, **changes: Any) -> int:
        """`summarise many`; the exit code."""
        given = {"root": self.root, "out": self.out, "model": "openai:told", "base_url": URL, "jobs": 2}
        with self.wire.plugged_in():
            code = run_many(ManySettings(**{**given, **changes}))
        self.stdout, self.stderr = self._capsys.readouterr()
        return code

    @property
    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.out / "report.json").read_text(encoding="utf-8"))
        return found


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def outcome(story: str, state: str = "made", **more: Any) -> Outcome:
    return Outcome(**{"story": story, "state": state, "version": 1, **more})


def making(one: Callable[[str], Outcome]) -> Any:
    """Stories that end at once, as `one` says."""

    async def made(task: Task, *_: object) -> Outcome:
        return one(task.story)

    return mock.patch.object(local, "make_story", made)


# ---- the report


def test_all_stories_are_made_and_the_report_says_what_it_took(desk: Desk) -> None:
    newsroom(desk.root, "bases", "grain")
    write(desk.root / "loose.txt", "An article.")
    assert desk.many() == 0
    first, used, *rest = desk.stdout.splitlines()
    assert first.startswith("2 stories in ")
    assert first.endswith("2 made, 0 unchanged, 0 incomplete, 0 failed")
    assert used.startswith(f"{desk.wire.calls} calls, 0 answers reused, ")
    assert used.endswith("cost unknown: no price is known")
    assert rest == [
        "not read:",
        "  loose.txt: a file beside the stories; put it into a folder of its own",
        f"report: {desk.out / 'report.json'}",
    ]
    for story in ("bases", "grain"):
        assert (desk.out / story / "brief.json").exists()
    assert desk.many(verbose=True) == 0
    assert "0 made, 2 unchanged" in desk.stdout
    assert "unchanged:\n  bases: unchanged\n  grain: unchanged\n" in desk.stdout


def test_the_report_is_written_as_its_schema_says_and_is_what_json_shows(desk: Desk) -> None:
    newsroom(desk.root, "bases", "empty")
    write(desk.root / "empty" / "0.txt", " ")
    assert desk.many(format=ReportFormat.JSON, quiet=True) == 1
    assert desk.stderr == ""
    assert json.loads(desk.stdout) == desk.report
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(desk.report)
    report = desk.report
    assert report["schema"] == "report/1"
    assert [report[state] for state in ("stories", "made", "unchanged", "incomplete", "failed", "left")] == [
        *(2, 1, 0, 0, 1, 0)
    ]
    assert (report["engine"], report["model"], report["end"]) == ("local", "openai:told", "finished")
    assert [(one["story"], one["state"], one["version"]) for one in report["results"]] == [
        ("bases", "made", 1),
        ("empty", "failed", None),
    ]
    assert report["usage"]["calls"] == desk.wire.calls == report["results"][0]["usage"]["calls"]


def test_a_price_that_is_not_known_is_said_and_not_counted_as_nothing(desk: Desk) -> None:
    newsroom(desk.root, "a", "b")
    known = Usage(calls=3, input_tokens=1200, output_tokens=10, cost=0.25)
    with making(lambda story: outcome(story, usage=known)):
        desk.many()
    assert "6 calls, 0 answers reused, 2,400 tokens sent, 20 received, $0.5000" in desk.stdout
    with making(lambda story: outcome(story, usage=known if story == "a" else Usage(calls=1))):
        desk.many()
    assert "at least $0.2500: not every price is known" in desk.stdout
    assert desk.report["usage"]["cost"] is None
    assert desk.report["known_cost"] == 0.25


def test_what_stories_are_called_reaches_no_terminal_raw(desk: Desk) -> None:
    name = "x\x1b]52;c;AAAA\x07y\u202e"
    newsroom(desk.root, name, "good")
    write(desk.root / name / "0.txt", "")
    assert desk.many(verbose=True) == 1
    shown = desk.stdout + desk.stderr
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "\u202e" not in (desk.out / "report.json").read_text(encoding="utf-8")
    assert {one["story"] for one in desk.report["results"]} == {name, "good"}


def test_long_lists_are_cut_on_the_screen_and_whole_in_the_report(desk: Desk) -> None:
    for number in range(60):
        (desk.root / f"s{number:03}").mkdir(parents=True)
        write(desk.root / f"s{number:03}" / "a.txt", "An article.")
    with making(lambda story: outcome(story, "failed", reason="why", version=None)):
        assert desk.many() == 1
    assert "  s049: why\n  and 10 more\n" in desk.stdout
    assert len(desk.report["results"]) == 60


# ---- exit codes


@pytest.mark.parametrize(
    ("ends", "code"),
    [
        ({}, 0),
        ({"a": "unchanged"}, 0),
        ({"a": "incomplete"}, 3),
        ({"a": "failed"}, 1),
        ({"a": "failed", "b": "incomplete"}, 1),
    ],
)
def test_the_exit_code_says_how_the_worst_story_ended(desk: Desk, ends: dict[str, str], code: int) -> None:
    newsroom(desk.root, "a", "b")
    with making(lambda story: outcome(story, ends.get(story, "made"), reason="why" if story in ends else "")):
        assert desk.many() == code


def test_a_limit_that_is_reached_leaves_stories_incomplete_with_the_reason(desk: Desk) -> None:
    newsroom(desk.root, *"abcdef")
    assert desk.many(max_tokens=6_500) == 3
    assert "incomplete:" in desk.stdout
    assert "--max-tokens" in desk.stdout
    assert desk.report["failed"] == 0
    assert desk.report["incomplete"] > 0
    assert desk.many() == 0
    assert desk.wire.answered.total() == len(desk.wire.answered)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scheduler": "tcp://host:1"}, "--scheduler and --workers are for --engine dask"),
        ({"workers": 2}, "--scheduler and --workers are for --engine dask"),
        ({"engine": Engine.DASK, "scheduler": "tcp://h:1", "workers": 2}, "leave --workers out"),
        ({"model": "gpt"}, "unknown model"),
        ({"max_cost": -1.0}, "--max-cost must be more than 0"),
        ({"max_tokens": 0}, "--max-tokens must be more than 0"),
        ({"max_cost": float("inf")}, "--max-cost must be more than 0 and finite"),
        ({"max_cost": float("nan")}, "--max-cost must be more than 0 and finite"),
        ({"root": Path("/no/such/folder")}, "no such folder or manifest"),
        ({"prompts": Path("/no/such/folder")}, "--prompts needs a folder"),
    ],
)
def test_a_wrong_setting_is_one_line_before_anything_is_asked(desk: Desk, changes: dict[str, Any], said: str) -> None:
    newsroom(desk.root, "a")
    assert desk.many(quiet=True, **changes) == 2
    assert said in one_error(desk.stderr)
    assert desk.wire.calls == 0
    assert not (desk.out / "report.json").exists()


def test_every_mistake_of_a_manifest_is_a_line_of_its_own(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "stories.jsonl"
    path.write_text('{"story": "a"}\n{"story": "b", "folder": "nowhere"}\n')
    assert desk.many(root=path) == 2
    lines = desk.stderr.splitlines()
    assert [line.removeprefix(f"summarise: {path}").split(" ")[0] for line in lines] == [":1:", ":2:"]


def test_a_report_that_is_not_ours_is_not_overwritten(desk: Desk) -> None:
    newsroom(desk.root, "a")
    desk.out.mkdir()
    (desk.out / "report.json").write_text("{}")
    assert desk.many() == 2
    assert "not made by this program" in one_error(desk.stderr)
    assert (desk.out / "report.json").read_text() == "{}"


# ---- runs that end early


def test_fail_fast_stops_at_the_first_failure_and_the_next_run_goes_on(desk: Desk) -> None:
    newsroom(desk.root, *"abcdef")
    write(desk.root / "a" / "0.txt", "")
    assert desk.many(fail_fast=True, jobs=1) == 1
    report = desk.report
    assert (report["end"], report["failed"], report["made"]) == ("first_failure", 1, 0)
    assert report["left_stories"] == list("bcdef")
    assert "5 not come to" in desk.stdout
    assert "stopped at the first failure" in desk.stdout
    assert desk.many() == 1
    assert desk.report["made"] == 5
    assert desk.wire.answered.total() == len(desk.wire.answered)


def test_ctrl_c_ends_with_one_line_and_reports_what_is_done(desk: Desk) -> None:
    newsroom(desk.root, *"abcd")

    def interrupted(one: Outcome) -> None:
        raise KeyboardInterrupt

    screen = mock.MagicMock()
    screen.return_value.__enter__.return_value = interrupted
    screen.return_value.__exit__.return_value = False
    with mock.patch("summarise.commands.many_screen.progress", screen):
        assert desk.many() == 130
    assert one_error(desk.stderr).startswith("summarise: interrupted with 1 of 4 stories complete; what was answered")
    assert desk.stdout == ""
    assert (desk.report["end"], desk.report["made"], desk.report["left"]) == ("interrupted", 1, 3)
    assert desk.many() == 0
    assert desk.wire.answered.total() == len(desk.wire.answered)


@pytest.mark.long
def test_a_real_ctrl_c_leaves_what_was_answered_in_the_store(tmp_path: Path) -> None:
    root = newsroom(tmp_path / "news", *"abcdef")
    with ScriptedModel(told=True, latency=0.2) as model:
        command = program(["many", str(root), "--model", "openai:told", "--base-url", model.base_url, "--jobs", "1"])
        environ = environment(tmp_path)
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=environ)
        assert process.stderr is not None
        assert "1/6" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert "interrupted with 1 of 6" in one_error(process.stderr.read())
        process.stderr.close()
        again = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environ, check=True)
        assert "5 made, 1 unchanged" in again.stdout
        asked = [(one.body["messages"][-1]["content"], one.answer) for one in model.requests]
        assert len(asked) - len(set(asked)) <= 8  # at most what was in flight


@pytest.mark.parametrize(
    ("error", "code"), [(ConfigurationError("the key is refused"), 2), (ModelUnavailable("the scheduler is gone"), 1)]
)
def test_an_error_of_the_whole_run_is_one_line_and_what_was_done_is_reported(
    desk: Desk, error: Exception, code: int
) -> None:
    newsroom(desk.root, "a", "b")

    class Ending:
        name = "local"

        async def run(self, tasks: object, work: object) -> AsyncGenerator[Outcome, None]:
            yield outcome("a")
            raise error

    with mock.patch("summarise.many.engines.engine", return_value=Ending()):
        assert desk.many() == code
    assert desk.stderr.splitlines()[-1] == f"summarise: {error}"
    assert desk.stdout == ""
    assert (desk.report["end"], desk.report["reason"], desk.report["left"]) == ("stopped", str(error), 1)


def test_a_key_that_is_refused_ends_the_run_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newsroom(tmp_path / "news", *"abcdef")
    out = tmp_path / "out"
    with ScriptedModel(told=True, faults=("401:rate=1",)) as model:
        settings = ManySettings(root=tmp_path / "news", out=out, model="openai:told", base_url=model.base_url, jobs=1)
        assert run_many(settings) == 2
        assert len(model.requests) <= 2
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert (report["end"], report["left"]) == ("stopped", 6)
    assert "OPENAI_API_KEY" in one_error(capsys.readouterr().err)


def test_an_article_in_several_stories_is_asked_about_once_though_they_are_made_together(desk: Desk) -> None:
    newsroom(desk.root, *"abcd")
    for story in "abcd":
        write(desk.root / story / "wire.txt", told(9, story=9))
    assert desk.many(jobs=4) == 0
    assert desk.wire.calls == len(desk.wire.asked)


# ---- what is shown meanwhile


def test_a_line_tells_of_each_story_where_there_is_no_terminal(desk: Desk) -> None:
    newsroom(desk.root, "a", "b")
    usage = Usage(calls=3, cost=0.01)
    with making(lambda story: outcome(story, usage=usage, seconds=1.23, worker="host-1" if story == "a" else "")):
        desk.many(jobs=1)
    assert desk.stderr.splitlines() == [
        "summarise: 1/2 a: made, version 1, 3 calls, $0.0100, 1.2 s, host-1",
        "summarise: 2/2 b: made, version 1, 3 calls, $0.0100, 1.2 s",
    ]
    with making(outcome):
        desk.many(quiet=True)
    assert desk.stderr == ""


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_one_table_and_keeps_only_what_failed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom(desk.root, "a", "b\x1b[31m[bold]")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(sys, "stderr", screen := _Terminal())
    with making(
        lambda story: outcome(story, "failed" if story != "a" else "made", reason="why" if story != "a" else "")
    ):
        assert desk.many(jobs=1) == 1
    shown = screen.getvalue()
    assert "summarise: b\N{REPLACEMENT CHARACTER}[31m[bold]: why" in shown
    assert "2 of 2: 1 made, 0 unchanged, 0 incomplete, 1 failed" in shown
    assert "\x1b[31m[bold]" not in shown


def test_a_notice_says_who_reads_where_the_program_chose(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "SUMMARISE_MODEL"):
        monkeypatch.delenv(name, raising=False)
    newsroom(desk.root, "a")
    assert desk.many(model=None, base_url=None) == 0
    assert "no OPENAI_API_KEY: reading with the embedded rules" in desk.stderr.splitlines()[0]
    assert "nothing was asked" in desk.stdout


# ---- settings


def test_what_is_shipped_has_no_password_and_leaves_nothing_to_the_place_it_goes_to(tmp_path: Path) -> None:
    settings = ManySettings(
        root=tmp_path, store="postgresql://me:word@host:5433/db?sslmode=require", prompts=Path("prompts"), jobs=7
    )
    work = work_of(settings, parse("openai:told", base_url=URL, environ={"SUMMARISE_MODEL": "openai:other"}))
    assert "word" not in repr(work)
    assert work.store == "postgresql://me@host:5433/db?sslmode=require"
    assert (work.model, work.base_url, work.jobs) == ("openai:told", URL, 7)
    assert work.prompts is not None
    assert work.prompts.is_absolute()
    assert work.run != work_of(settings, parse("extractive")).run


def test_a_model_file_is_in_memory_once(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    work = work_of(ManySettings(root=tmp_path), parse(f"gguf:{tmp_path / 'm.gguf'}"))
    assert work.jobs == 1
    assert work.model == f"gguf:{tmp_path / 'm.gguf'}"


def test_the_local_engine_is_the_default_and_another_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ManySettings(root=Path()).engine is Engine.LOCAL
    assert engine("local").name == "local"
    assert engine("batch").name == "batch"
    for name in [name for name in sys.modules if name.startswith("distributed.") or name == "summarise.many.dask"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'summarise\[dask\]'"):
        engine("dask")


def test_the_help_loads_neither_model_libraries_nor_the_renderer(tmp_path: Path) -> None:
    heavy = (*HEAVY[:-1], "dask", "distributed")
    code = (
        "import sys; sys.argv = ['summarise', 'many', '--help']\n"
        "from summarise.cli import main\n"
        "try: main()\n"
        f"finally: print([m for m in {heavy!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment(tmp_path)
    )
    assert done.stderr.strip() == "[]"
    for word in ("--only-changed", "--fail-fast", "--jobs", "--engine", "--max-tokens", "Exit codes: 0 all complete"):
        assert word in done.stdout


def test_reports_of_a_run_are_read_back_as_they_were_written(desk: Desk) -> None:
    newsroom(desk.root, "a")
    with making(outcome):
        desk.many()
    text = (desk.out / "report.json").read_text(encoding="utf-8")
    assert Report.model_validate_json(text).text == text


def test_the_time_left_follows_from_the_stories_that_ended_last(tmp_path: Path) -> None:
    tasks = tuple(Task(story=f"{number:03}", out=tmp_path) for number in range(100))
    tally = Tally(Stories(tasks), run="r", root=tmp_path, engine="local", model="m")
    for task in tasks[:9]:
        tally.add(outcome(task.story))
    assert tally.seconds_left is None
    for task in tasks[9:80]:
        tally.began -= 2  # each took two seconds, the first ones nothing
        tally.add(outcome(task.story))
    assert tally.seconds_left == pytest.approx(40, abs=2)


# ---- what it would cost


def test_a_plan_adds_up_all_stories_and_spends_nothing(desk: Desk) -> None:
    newsroom(desk.root, "a", "b", articles=2)
    assert desk.many(plan=True, verbose=True) == 0
    first, calls, tokens, *rest = desk.stdout.splitlines()
    assert first == "2 stories, 4 articles to read, by openai:told"
    assert re.match(r"about \d+ calls \(.*\bnote 4\b.*\), 0 answers stored already", calls)
    assert "cost unknown" in tokens
    assert [line.partition(":")[0] for line in rest[-2:]] == ["a", "b"]
    assert desk.wire.calls == 0
    assert not desk.out.exists()
    desk.many()
    assert desk.many(plan=True) == 0
    assert "no call: " in desk.stdout
    assert desk.many(plan=True, only_changed=True) == 0
    assert desk.stdout == "2 stories, 2 of them unchanged\n"


def test_an_article_that_stands_in_two_stories_is_planned_once_as_it_is_asked_once(desk: Desk) -> None:
    newsroom(desk.root, "a", "b", articles=2)
    write(desk.root / "b" / "also.txt", (desk.root / "a" / "0.txt").read_text(encoding="utf-8"))
    assert desk.many(plan=True, format=ReportFormat.JSON, price="1/2") == 0
    plan = json.loads(desk.stdout)
    assert plan["articles"] == 5
    assert plan["calls"]["note"] == 4
    assert [one["calls"]["note"] for one in plan["results"]] == [2, 2]
    assert sum(one["cost"] for one in plan["results"]) == pytest.approx(plan["cost"])
    assert desk.many(jobs=1) == 0
    assert sum(times for words, times in desk.wire.asked.items() if words.startswith("Note\n")) == 4


def test_a_plan_as_json_has_each_story_and_says_what_cannot_be_made(desk: Desk) -> None:
    newsroom(desk.root, "a", "bad", "empty")
    write(desk.root / "empty" / "0.txt", "")
    write(desk.root / "bad" / "overrides.yaml", "- jion: [a, b]")
    assert desk.many(plan=True, format=ReportFormat.JSON, price="1/2") == 1
    plan = json.loads(desk.stdout)
    assert (plan["stories"], plan["failed"], plan["articles"]) == (3, 2, 1)
    one, *others = plan["results"]
    assert one["calls"] == plan["calls"]
    assert plan["cost"] == one["cost"] > 0
    assert [(other["story"], bool(other["reason"])) for other in others] == [("bad", True), ("empty", True)]


def test_a_plan_of_the_embedded_rules_costs_nothing(desk: Desk) -> None:
    newsroom(desk.root, "a")
    assert desk.many(plan=True, model="extractive", base_url=None) == 0
    assert desk.stdout.splitlines()[-1] == "nothing is sent, and it costs nothing"


def test_a_limit_on_cost_holds_with_a_price_that_is_given(desk: Desk) -> None:
    newsroom(desk.root, *"abcdef")
    assert desk.many(price="1/1", max_cost=0.0065) == 3
    assert "--max-cost" in desk.stdout
    assert 0 < desk.report["usage"]["cost"] <= 0.0065
