"""`summarise many --engine batch`: the same briefs as asked directly, in few batches, and nothing asked twice."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from batching import QUICK
from many_stories import brief_in, newsroom, states, tasks_of, work
from test_cli import environment

from summarise.command import run_brief
from summarise.commands.many import run_many
from summarise.errors import ConfigurationError
from summarise.many import batch
from summarise.many.batch import Batch, at_once
from summarise.many.engines import engine
from summarise.many.local import Local
from summarise.many.task import Outcome
from summarise.model.batch import Pace, batcher
from summarise.scripted import ScriptedModel
from summarise.settings import BriefSettings, Engine, ManySettings

PACE = replace(QUICK, quiet=0.05)


def run(
    model: ScriptedModel, root: Path, out: Path, *, maker: Any = None, store: str = "store.sqlite3", **changes: Any
) -> dict[str, Outcome]:
    """The outcomes by story."""

    async def process() -> dict[str, Outcome]:
        found = {}
        asking = work(base_url=model.base_url, store=str(out.parent / store), **changes)
        async with aclosing((maker or Batch(pace=PACE)).run(tasks_of(root, out), asking)) as outcomes:
            async for outcome in outcomes:
                found[outcome.story] = outcome
        return found

    return asyncio.run(process())


@contextmanager
def hurried() -> Iterator[None]:
    """While it lasts, a command waits for its batches as a test does."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(batcher, "Pace", lambda: PACE)
        yield


def test_the_briefs_are_those_of_the_direct_way_byte_for_byte(tmp_path: Path) -> None:
    root = newsroom(tmp_path / "news", "a", "b", articles=2)
    with ScriptedModel(told=True) as model:
        batched = run(model, root, tmp_path / "batched")
        assert not model.requests
        assert set(model.batches.submitted.values()) == {1}
        assert model.batches.created <= 8
        direct = run(model, root, tmp_path / "direct", maker=Local(), store="other.sqlite3")
        assert len(model.requests) == model.batches.submitted.total()
    assert states(batched) == states(direct) == {"a": "made", "b": "made"}
    for story in "ab":
        assert brief_in(tmp_path / "batched" / story) == brief_in(tmp_path / "direct" / story)
        assert batched[story].usage == direct[story].usage


def test_faults_of_batches_change_nothing_in_the_briefs(tmp_path: Path) -> None:
    root = newsroom(tmp_path / "news", "a", "b", articles=2)
    faults = ["expires:times=1", "items:times=1", "lost:times=1", "429:times=1", "poll_500:times=1"]
    with ScriptedModel(told=True, batch_faults=faults) as model:
        batched = run(model, root, tmp_path / "batched")
        assert max(model.batches.submitted.values()) == 1
        assert model.requests
    with ScriptedModel(told=True) as model:
        run(model, root, tmp_path / "direct", maker=Local(), store="other.sqlite3")
    assert states(batched) == {"a": "made", "b": "made"}
    for story in "ab":
        assert brief_in(tmp_path / "batched" / story) == brief_in(tmp_path / "direct" / story)


def test_a_second_run_asks_nothing(tmp_path: Path) -> None:
    root = newsroom(tmp_path / "news", "a", "b")
    with ScriptedModel(told=True) as model:
        run(model, root, tmp_path / "out")
        created = model.batches.created
        assert states(run(model, root, tmp_path / "out")) == {"a": "unchanged", "b": "unchanged"}
        assert model.batches.created == created


def test_more_stories_are_begun_than_there_are_jobs_as_many_as_their_size_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = newsroom(tmp_path / "news", *"abcdef")
    tasks = tasks_of(root, tmp_path / "out")
    assert at_once(tasks, 2) == batch.MOST_STORIES
    size = (root / "a" / "0.txt").stat().st_size
    monkeypatch.setattr(batch, "MOST_BYTES", 3 * size + size // 2)
    assert at_once(tasks, 2) == 3
    assert at_once(tasks, 5) == 5
    assert at_once([], 4) >= 4


def test_an_engine_that_is_closed_leaves_what_it_submitted(tmp_path: Path) -> None:
    root = newsroom(tmp_path / "news", "a", "b")

    async def closed(url: str) -> None:
        asking = work(base_url=url, store=str(tmp_path / "store.sqlite3"))
        outcomes = Batch(pace=PACE).run(tasks_of(root, tmp_path / "out"), asking)
        first = asyncio.ensure_future(anext(outcomes))
        while not model.batches.under_way():  # noqa: ASYNC110  # another thread's
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await outcomes.aclose()

    with ScriptedModel(told=True, batch_faults=["never:times=1"]) as model:
        asyncio.run(closed(model.base_url))
        model.batches.hurry()
        assert states(run(model, root, tmp_path / "out")) == {"a": "made", "b": "made"}
        assert set(model.batches.submitted.values()) == {1}


def test_only_a_model_behind_the_api_has_batches(tmp_path: Path) -> None:
    async def made() -> None:
        asking = work(model="extractive", base_url=None, store=str(tmp_path / "s"))
        await anext(Batch(pace=PACE).run([], asking))

    with pytest.raises(ConfigurationError, match="extractive"):
        asyncio.run(made())
    assert engine("batch").name == "batch"


def test_a_run_that_lacks_money_leaves_stories_incomplete_and_is_gone_on_with(tmp_path: Path) -> None:
    root = newsroom(tmp_path / "news", *"abcd")
    with ScriptedModel(told=True) as model:
        poor = run(model, root, tmp_path / "out", max_tokens=6000)
        assert set(states(poor).values()) <= {"made", "incomplete"}
        assert "incomplete" in states(poor).values()
        assert set(states(run(model, root, tmp_path / "out")).values()) <= {"made", "unchanged"}
        assert set(model.batches.submitted.values()) == {1}


# ---- the command


def test_the_commands_make_briefs_in_batches(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = newsroom(tmp_path / "news", "a")
    with ScriptedModel(told=True) as model, hurried():
        given: dict[str, Any] = {"model": "openai:told", "base_url": model.base_url}
        one = BriefSettings(folder=root / "a", out=tmp_path / "one", batch=True, store=str(tmp_path / "s"), **given)
        assert run_brief(one) == 0
        submitted = model.batches.submitted.total()
        many = ManySettings(root=root, out=tmp_path / "many", engine=Engine.BATCH, store=str(tmp_path / "t"), **given)
        assert run_many(many) == 0
        assert submitted > 0
        assert model.batches.submitted.total() > submitted
        assert not model.requests
    capsys.readouterr()
    assert brief_in(tmp_path / "one") == brief_in(tmp_path / "many" / "a")


@pytest.mark.parametrize("command", ["brief", "many"])
def test_ctrl_c_says_how_many_questions_are_with_the_provider(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from summarise.model.batch import following

    async def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    root = newsroom(tmp_path / "news", "a", articles=2)
    monkeypatch.setattr(batcher, "follow", interrupted)
    given: dict[str, Any] = {"model": "openai:told", "store": str(tmp_path / "s"), "out": tmp_path / "out"}
    with ScriptedModel(told=True) as model, hurried():
        given["base_url"] = model.base_url
        calls: dict[str, Callable[[], int]] = {
            "brief": lambda: run_brief(BriefSettings(folder=root / "a", batch=True, **given)),
            "many": lambda: run_many(ManySettings(root=root, engine=Engine.BATCH, **given)),
        }
        assert calls[command]() == 130
        told = capsys.readouterr().err
        assert "2 questions are with the provider in 1 batch; run the same command again to collect them" in told
        monkeypatch.setattr(batcher, "follow", following.follow)
        assert calls[command]() == 0
        assert set(model.batches.submitted.values()) == {1}


@pytest.mark.long
def test_a_command_killed_between_submission_and_collection_submits_each_question_once(tmp_path: Path) -> None:
    root = newsroom(tmp_path / "news", "a", "b", articles=2)
    with ScriptedModel(told=True, batch_latency=3600) as model:
        command = _command(root, tmp_path / "out", model.base_url)
        process = subprocess.Popen(command, env=environment(tmp_path), stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        try:
            due = time.monotonic() + 60
            while not model.batches.created and process.poll() is None and time.monotonic() < due:
                time.sleep(0.02)
            assert model.batches.created == 1
        finally:
            process.send_signal(signal.SIGKILL)
            process.communicate()
        assert not (tmp_path / "out" / "a" / "brief.json").exists()
        model.batches.latency = 0
        model.batches.hurry()
        ended = subprocess.run(
            command, env=environment(tmp_path), capture_output=True, text=True, timeout=120, check=False
        )
        assert ended.returncode == 0, ended.stderr
        assert set(model.batches.submitted.values()) == {1}
        assert not model.requests
        assert model.batches.files == 0
        run(model, root, tmp_path / "direct", maker=Local(), store="other.sqlite3")
    for story in "ab":
        assert brief_in(tmp_path / "out" / story) == brief_in(tmp_path / "direct" / story)
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["usage"]["calls"] == model.batches.submitted.total()


def _command(root: Path, out: Path, url: str) -> list[str]:
    """`summarise many --engine batch`, waiting for its batches as a test does."""
    pace = ", ".join(f"{name}={getattr(PACE, name)}" for name in ("quiet", "first_poll", "longest_poll", "lease"))
    code = (
        "from summarise.model.batch import Pace, batcher\n"
        f"batcher.Pace = lambda: Pace({pace})\n"
        "from summarise.cli import main\nmain()"
    )
    arguments = ["many", str(root), "--out", str(out), "--engine", "batch", "--model", "openai:told", "--base-url", url]
    return [sys.executable, "-c", code, *arguments]


def test_the_pace_of_a_user_is_measured_in_minutes() -> None:
    assert Pace().longest_poll >= 60
    assert Pace().questions == 50_000
    assert Pace().size <= 200_000_000
