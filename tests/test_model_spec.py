"""Names of models: what each form means, what is chosen without one, and what a wrong one says."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from summarise.errors import ConfigurationError
from summarise.model import ModelOptions, ModelReader, parse, spec
from summarise.model.spec import DEFAULT_OPENAI_MODEL, OPENAI_URL, api_key, file_hash, is_loopback


def test_the_three_forms_are_read(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    assert parse("extractive", environ={}).display == "extractive"
    assert parse("openai:ft:gpt-4o:me", environ={}).name == "ft:gpt-4o:me"
    assert parse(f"gguf:{tmp_path / 'm.gguf'}", environ={}).display == "gguf:m.gguf"


@pytest.mark.parametrize("name", ["gpt-5", "openai:", "gguf:", "extractive:x", "anthropic:claude", ""])
def test_an_unknown_form_lists_those_that_exist(name: str) -> None:
    with pytest.raises(ConfigurationError, match="openai:NAME, gguf:PATH or extractive"):
        parse(name, environ={})


def test_a_model_file_that_is_not_there_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"no model file at /nowhere/m\.gguf"):
        parse("gguf:/nowhere/m.gguf", environ={})


def test_a_model_file_is_read_through_once_until_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every story of a run asks for its hash, and it may have gigabytes."""
    read = []
    monkeypatch.setattr(spec, "_read_hash", lambda path: read.append(path) or path.read_text())
    model = tmp_path / "m.gguf"

    def written(text: str, age: float) -> None:
        model.write_text(text)
        os.utime(model, (time.time() - age, time.time() - age))

    written("one", age=60)
    assert [file_hash(model) for _ in range(3)] == ["one"] * 3
    assert len(read) == 1
    written("two", age=60)
    assert [file_hash(model) for _ in range(3)] == ["two"] * 3
    assert len(read) == 2
    written("new", age=0)
    assert [file_hash(model) for _ in range(3)] == ["new"] * 3
    assert len(read) == 5, "its times do not tell yet whether it changes again"


def test_without_a_name_and_a_key_the_embedded_rules_read_and_the_notice_says_how_to_get_a_model() -> None:
    spec = parse(None, environ={})
    assert spec.kind == "extractive"
    assert "no OPENAI_API_KEY" in spec.notice
    assert "--model" in spec.notice


def test_without_a_name_but_with_a_key_a_small_model_is_asked_and_the_notice_says_so() -> None:
    spec = parse(None, environ={"OPENAI_API_KEY": "sk-x"})
    assert spec.display == f"openai:{DEFAULT_OPENAI_MODEL}"
    assert "--model extractive" in spec.notice


def test_the_environment_names_the_model_and_the_endpoint_and_the_caller_goes_before_it() -> None:
    env = {"SUMMARISE_MODEL": "openai:a", "OPENAI_BASE_URL": "http://127.0.0.1:1/v1/"}
    assert parse(None, environ=env).name == "a"
    assert parse(None, environ=env).base_url == "http://127.0.0.1:1/v1"
    given = parse("openai:b", base_url="http://localhost:2/v1", environ=env)
    assert (given.name, given.base_url) == ("b", "http://localhost:2/v1")
    assert parse("openai:b", environ={}).base_url == OPENAI_URL


def test_an_endpoint_without_a_model_asks_for_one() -> None:
    with pytest.raises(ConfigurationError, match="add --model openai:NAME"):
        parse(None, base_url="http://127.0.0.1:1/v1", environ={})


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "ftp://host/v1", "http:///v1"])
def test_a_base_url_that_is_none_shows_what_one_looks_like(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"looks like http://127"):
        parse("openai:x", base_url=url, environ={})


def test_a_key_in_the_url_is_refused_without_repeating_it() -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse("openai:x", base_url="https://user:sk-secret@host/v1", environ={})
    assert "sk-secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://[::1]:8000/v1",
        "http://192.168.1.4:8000/v1",
        "http://vllm:8000/v1",
        "http://host.docker.internal:1234/v1",
    ],
)
def test_an_endpoint_that_is_not_openai_s_own_is_asked_without_a_key_and_with_one_where_it_is_set(url: str) -> None:
    assert api_key(parse("openai:x", base_url=url, environ={}), {})
    assert api_key(parse("openai:x", base_url=url, environ={}), {"OPENAI_API_KEY": "k"}) == "k"


@pytest.mark.parametrize("url", [None, OPENAI_URL, "https://API.openai.com/v1", "https://eu.api.openai.com/v1"])
def test_openai_itself_is_not_asked_without_a_key(url: str | None) -> None:
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY is not set"):
        api_key(parse("openai:x", base_url=url, environ={}), {})


def test_only_this_machine_is_loopback() -> None:
    assert is_loopback("http://[::1]:8000/v1")
    assert not is_loopback("http://10.0.0.1/v1")
    assert not is_loopback("https://127.0.0.1.example/v1")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"timeout": 0}, "--timeout"),
        ({"concurrency": 0}, "--concurrency"),
        ({"requests_per_minute": 0}, "--rpm"),
        ({"max_cost": 0.0}, "--max-cost"),
        ({"max_tokens": 0}, "--max-tokens"),
        ({"mode": "yaml"}, "--mode"),
        ({"attempts": -1}, "attempts"),
        ({"deadline": -1.0}, "deadline"),
    ],
)
def test_options_that_can_mean_nothing_are_named(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        ModelOptions(**wrong)


def test_the_extractive_reader_is_not_opened_as_a_model() -> None:
    with pytest.raises(ConfigurationError, match="open_reader"):
        ModelReader(parse("extractive", environ={}))
