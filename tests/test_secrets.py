"""A canary for the key, repeated by the endpoint wherever it can: it is found in nothing that is said or kept."""

from __future__ import annotations

import logging
import shutil
import traceback
from pathlib import Path

import pytest
from asking import ask, note_question
from leaking import CANARY, FORMS, WAYS, repeating, run, sung
from leaking_doors import over_mcp_http, serving, watching

from summarise.errors import ConfigurationError, SummariseError
from summarise.model import ModelOptions, parse
from summarise.model.secret import INSTEAD, bytes_without_key, without_key
from summarise.store import Store
from summarise.store.places import shown_place

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


def silent(text: str) -> bool:
    return not any(form in text for form in FORMS)


@pytest.mark.parametrize("way", [way for way in WAYS if way != "reset"])
def test_a_key_that_the_endpoint_repeats_is_in_no_error_traceback_log_or_answer(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    with Store.open(tmp_path / "s.sqlite3") as store:
        with repeating(way) as url, caplog.at_level(logging.DEBUG):
            asked = ask(url, note_question(), folder=tmp_path, store=store, options=ModelOptions(attempts=1))
        result = asked.result
        if isinstance(result, SummariseError):
            assert silent("".join(traceback.format_exception(result)))
        assert silent(str(result))
    assert any("http" in record.name for record in caplog.records), "nothing was logged: what is tested?"
    assert silent(caplog.text)
    assert sung("", tmp_path) == []
    if way in ("body", "answer"):
        assert INSTEAD in f"{result} {caplog.text}"


def test_a_whole_run_with_every_log_on_keeps_the_key_to_itself(tmp_path: Path) -> None:
    """Store, output, cassette, DEBUG logs, traceback; torture/secrets.py has every way of repeating it."""
    articles = tmp_path / "articles"
    articles.mkdir()
    shutil.copy(sorted(SEEDS.glob("*.txt"))[0], articles)
    with repeating("answer") as url:
        said = run(url, articles, tmp_path / "kept", "record")
    assert "end of the run" in said
    assert (tmp_path / "kept" / "out" / "brief.json").is_file()
    assert (tmp_path / "kept" / "cassette.json").is_file()
    assert sung(said, tmp_path / "kept") == []


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """A folder with one article."""
    articles = tmp_path / "articles"
    articles.mkdir()
    shutil.copy(sorted(SEEDS.glob("*.txt"))[0], articles)
    return articles


def test_the_service_keeps_the_key_and_its_callers_tokens_to_itself(article: Path, tmp_path: Path) -> None:
    """Answers, figures, OpenAPI, logs at DEBUG and store, the worker being in a process of its own."""
    pytest.importorskip("fastapi", reason="the extra serve is not installed")
    (place := tmp_path / "kept").mkdir()
    said = serving("body", 401, article, place, apart=True)
    assert INSTEAD in said.whole, "the endpoint did not repeat it: what is tested?"
    assert said.answers > 60
    assert sung(said.whole, place, tuple(said.secrets)) == []


def test_the_mcp_server_keeps_the_key_and_its_callers_tokens_to_itself(article: Path, tmp_path: Path) -> None:
    pytest.importorskip("mcp", reason="the extra mcp is not installed")
    (place := tmp_path / "kept").mkdir()
    said = over_mcp_http("body", 401, article, place)
    assert INSTEAD in said.whole
    assert sung(said.whole, place, tuple(said.secrets)) == []


def test_a_watch_keeps_the_key_to_itself(article: Path, tmp_path: Path) -> None:
    (place := tmp_path / "kept").mkdir()
    said = watching("answer", 200, article, place)
    assert INSTEAD in said.whole
    assert sung(said.whole, place, tuple(said.secrets)) == []


def test_a_secret_is_found_however_it_is_written(tmp_path: Path) -> None:
    for number, form in enumerate(sorted(FORMS)):
        (tmp_path / f"{number}").write_text(f"x{form}x")
        assert len(sung(f"a\n{form}", tmp_path)) == number + 2


@pytest.mark.parametrize(
    "url", [f"http://user:{CANARY}@h/v1", f"user:{CANARY}@h", f"http://h/v1?key={CANARY}", f"http://h/v1#{CANARY}"]
)
@pytest.mark.parametrize("model", ["openai:x", None])
def test_an_address_with_a_key_in_it_is_refused_and_not_repeated(url: str, model: str | None) -> None:
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY") as caught:
        parse(model, base_url=url, environ={})
    assert silent(str(caught.value))


def test_a_database_address_is_shown_without_its_password() -> None:
    assert "canary" not in shown_place("postgresql://user:canary@127.0.0.1:9/db")
    for address in (
        "postgresql://user@127.0.0.1:9/db?password=canary",
        "postgresql://user:12/canary@127.0.0.1:9/db",
        "postgresql://user:12?host=canary@127.0.0.1:9/db",
        "postgresql://user:12#canary@127.0.0.1:9/db",
    ):
        with pytest.raises(ConfigurationError) as caught:
            shown_place(address)
        assert "canary" not in str(caught.value)


def test_a_short_key_is_a_word_and_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Local endpoints take any key, and people write “none” or “ollama”."""
    monkeypatch.setenv("OPENAI_API_KEY", "ollama")
    assert without_key("ollama is not running") == "ollama is not running"
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    assert bytes_without_key("Größe".encode() + CANARY.encode()) == "Größe".encode() + INSTEAD.encode()
