"""Recorded exchanges: replayed to the letter, never stretched to fit."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from summarise import recording
from summarise.contract import Brief
from summarise.errors import SummariseError
from summarise.model import ModelOptions
from summarise.recording import StaleCassetteError, model_of, record, replay
from summarise.scripted import ScriptedModel

SEEDS = Path(__file__).parent.parent / "seeds"
OPTIONS = ModelOptions(attempts=1)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for path in SEEDS.glob("*.txt"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.fixture
def taped(tmp_path: Path, articles: Path) -> tuple[Path, Brief]:
    """A cassette recorded from the scripted model, and the brief made while recording."""
    path = tmp_path / "cassettes" / "story.json"
    with ScriptedModel() as model:
        made = asyncio.run(record(path, articles, model="openai:scripted", base_url=model.base_url, options=OPTIONS))
    return path, made.brief


def test_a_replay_makes_the_brief_that_was_recorded_without_any_endpoint(
    taped: tuple[Path, Brief], articles: Path
) -> None:
    path, recorded = taped
    made = asyncio.run(replay(path, articles)).brief
    assert made.model_copy(update={"run": recorded.run}) == recorded
    assert model_of(path) == "openai:scripted"


def test_a_cassette_holds_no_key_no_host_and_no_header_but_the_content_type(
    taped: tuple[Path, Brief], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, articles: Path
) -> None:
    secret = "a-word-that-must-not-leak"  # noqa: S105 - not a password: looked for in the cassette
    monkeypatch.setenv("OPENAI_API_KEY", secret)
    monkeypatch.setenv("OPENAI_ORG_ID", secret)
    path = tmp_path / "keyed.json"
    with ScriptedModel() as model:
        asyncio.run(record(path, articles, model="openai:scripted", base_url=model.base_url, options=OPTIONS))
    text = path.read_text("utf-8")
    assert secret not in text
    assert "127.0.0.1" not in text
    for exchange in json.loads(text)["interactions"]:
        assert exchange["request"]["headers"] == {}
        assert {name.lower() for name in exchange["response"]["headers"]} <= {"content-type"}


def test_a_changed_article_is_never_answered_by_the_old_answer(taped: tuple[Path, Brief], articles: Path) -> None:
    first = min(articles.iterdir())
    first.write_text(first.read_text("utf-8").replace("stalled", "advanced"), "utf-8")
    with pytest.raises((StaleCassetteError, SummariseError), match="make record"):
        asyncio.run(replay(taped[0], articles))


def test_an_exchange_that_is_no_longer_asked_for_is_noticed(taped: tuple[Path, Brief], articles: Path) -> None:
    cassette = json.loads(taped[0].read_text("utf-8"))
    spare = json.loads(json.dumps(cassette["interactions"][0]))
    spare["request"]["body"]["messages"][1]["content"] += "more"
    cassette["interactions"].append(spare)
    taped[0].write_text(json.dumps(cassette), "utf-8")
    with pytest.raises(StaleCassetteError, match=r"1 of its \d+ exchanges were not asked for.*make record"):
        asyncio.run(replay(taped[0], articles))


def test_a_missing_cassette_names_the_command_that_makes_it(tmp_path: Path, articles: Path) -> None:
    with pytest.raises(StaleCassetteError, match="make record"):
        asyncio.run(replay(tmp_path / "none.json", articles))


def test_a_recording_that_cannot_be_written_leaves_the_old_cassette(
    taped: tuple[Path, Brief], articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = taped[0].read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with ScriptedModel() as model, pytest.raises(SummariseError):
        asyncio.run(record(taped[0], articles, model="openai:scripted", base_url=model.base_url, options=OPTIONS))
    assert taped[0].read_bytes() == before


def test_the_seeds_replay_into_a_complete_brief_with_every_quotation_verbatim() -> None:
    if not recording.CASSETTE.is_file():
        pytest.skip("no recording in cassettes/ yet: make record")
    made = asyncio.run(replay(recording.CASSETTE, recording.SEEDS))
    assert made.brief.complete
    texts = made.texts
    quotes = [e for i in made.brief.issues for p in i.positions for e in p.evidence]
    assert quotes
    assert all(texts[e.article][e.start : e.end] == e.quote for e in quotes)


def test_an_incomplete_recording_leaves_the_old_cassette(taped: tuple[Path, Brief], articles: Path) -> None:
    before = taped[0].read_bytes()
    with ScriptedModel(faults=("refusal:answer=ActorGroups",)) as model, pytest.raises(SummariseError):
        asyncio.run(record(taped[0], articles, model="openai:scripted", base_url=model.base_url, options=OPTIONS))
    assert taped[0].read_bytes() == before
    assert list(taped[0].parent.iterdir()) == [taped[0]]


def test_without_vcrpy_the_command_says_so_in_one_line() -> None:
    program = "import sys; sys.modules['vcr'] = None; from summarise.recording import main; sys.exit(main(['demo']))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "summarise: vcrpy is not installed; run this through make demo or make record\n"


def test_a_cassette_that_cannot_be_saved_leaves_no_patch_behind(
    tmp_path: Path, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import httpx2

    before = httpx2.AsyncHTTPTransport.handle_async_request

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with ScriptedModel() as model, pytest.raises(SummariseError):
        asyncio.run(
            record(tmp_path / "x.json", articles, model="openai:scripted", base_url=model.base_url, options=OPTIONS)
        )
    assert httpx2.AsyncHTTPTransport.handle_async_request is before
