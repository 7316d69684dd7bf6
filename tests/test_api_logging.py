"""What a call says to `logging`: which call it was, and no word of an article above DEBUG, whoever speaks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from summarise import ArticleText, ModelOptions, SummariseError, abrief, brief, runlog
from summarise.scripted import ScriptedModel, server

real_completion = server._completion
CANARY = "Zanzibarquokka"
TEXT = f"The minister of {CANARY} said on Monday that {CANARY} will close its port.\n\n“{CANARY} opposes it,” he said."
PAGE = f"<html><head><title>{CANARY}</title><body><article><p>{TEXT}</p><p>{CANARY} <b>broken </p></article>"


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def kept() -> Iterator[list[logging.LogRecord]]:
    """All that anybody logs, as a handler of the root logger at DEBUG gets it."""
    handler, root, level = _Kept(), logging.getLogger(), logging.getLogger().level
    handler.addFilter(runlog.RunId())
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield handler.records
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def _said(records: list[logging.LogRecord], level: int) -> list[str]:
    return [f"{r.name}: {r.getMessage()} {r.exc_text or ''}" for r in records if r.levelno >= level]


FAULTS = (
    [],
    ["refusal"],
    ["invalid"],
    ["out_of_range:rate=0.5"],
    ["badjson"],
    ["truncate"],
    ["400"],
    ["html"],
    ["drop"],
)


@pytest.mark.parametrize("faults", FAULTS, ids=lambda faults: "".join(faults) or "none")
def test_no_word_of_an_article_is_logged_above_debug(
    tmp_path: Path, kept: list[logging.LogRecord], faults: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.txt").write_text(f"{CANARY} news\n\n{TEXT}\n", encoding="utf-8")
    (tmp_path / "two.html").write_text(PAGE, encoding="utf-8")
    monkeypatch.setattr(server, "_completion", _echoing)
    with ScriptedModel(faults=faults) as model:
        try:
            brief(
                tmp_path,
                story="s",
                model="openai:scripted",
                base_url=model.base_url,
                options=ModelOptions(attempts=1),
                store=tmp_path / ".store",
            )
        except SummariseError:
            assert faults
    above = _said(kept, logging.INFO)
    assert any("run begins" in line for line in above)
    assert not [line for line in above if CANARY in line]


def _echoing(asked: Any, text: str, fault: str) -> dict[str, object]:
    """An endpoint whose refusals repeat what it was sent."""
    body: dict[str, object] = real_completion(asked, text, fault)
    if fault == "refusal":
        choices: list[dict[str, dict[str, str]]] = body["choices"]  # type: ignore[assignment]
        choices[0]["message"]["refusal"] = f"I will not speak of {CANARY}"
    return body


def test_every_record_of_a_call_has_its_id_and_calls_side_by_side_have_their_own(kept: list[logging.LogRecord]) -> None:
    articles = [ArticleText(text=TEXT)]

    async def both(url: str) -> None:
        options = {"model": "openai:scripted", "base_url": url}
        await asyncio.gather(*(abrief(articles, run_id=name, **options) for name in ("one", "two")))  # type: ignore[arg-type]

    with ScriptedModel() as model:
        asyncio.run(both(model.base_url))
    mine = [r for r in kept if r.name.startswith("summarise.")]
    for name in ("one", "two"):
        said = [r.getMessage() for r in mine if r.__dict__["run_id"] == name]
        assert said[0].startswith("run begins")
        assert said[-1].startswith("run ends")
    of_libraries = {r.__dict__["run_id"] for r in kept if r.name == "httpx2" and "chat/completions" in r.getMessage()}
    assert of_libraries == {"one", "two"}
    assert runlog.run_id.get() == "-"


def test_a_call_that_is_given_no_id_gets_one_of_its_own(kept: list[logging.LogRecord]) -> None:
    for _ in range(2):
        brief([ArticleText(text=TEXT)], model="extractive")
    ids = [r.__dict__["run_id"] for r in kept if r.getMessage().startswith("run begins")]
    assert len(set(ids)) == 2
    assert "-" not in ids


def test_a_call_that_fails_says_of_which_kind_the_error_was(kept: list[logging.LogRecord]) -> None:
    with pytest.raises(SummariseError):
        brief([ArticleText(text=" ")], model="extractive")
    assert any("NoReadableArticle" in line for line in _said(kept, logging.WARNING))
