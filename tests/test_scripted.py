"""The scripted model: understands the program's own prompts, answers sensibly, and fails as told."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from asking import ask, note_question, reports_question

from summarise import answers
from summarise.answers import Note, ReportGroups
from summarise.errors import ConfigurationError
from summarise.extractive import RuleReader
from summarise.model.prompts import Prompts, home
from summarise.question import NoteData, NumberedSentence, Record, RecordsData
from summarise.scripted import Fault, ScriptedModel
from summarise.scripted.answering import Asked, empty, question_of

ROOT = Path(__file__).resolve().parent.parent
NAMES = sorted(path.stem for path in (home() or ROOT).glob("*.md"))


def body(name: str, data: NoteData | RecordsData) -> dict[str, Any]:
    """A request as the seam sends it, made with the program's own prompt file."""
    prompt = Prompts().get(name)
    rendered = prompt.render(data)
    messages = [{"role": "system", "content": rendered.system}, {"role": "user", "content": rendered.user}]
    schema = {"type": "json_schema", "json_schema": {"name": prompt.front.answer, "schema": {}}}
    return {"model": "scripted", "messages": messages, "response_format": schema}


@pytest.mark.parametrize("name", [name for name in NAMES if name != "note"])
def test_the_records_of_every_prompt_file_are_read_back_as_they_were(name: str) -> None:
    records = (
        Record(number=1, label="Herald", text="“a | b”, 漢字 [2] not a line"),
        Record(number=2, label="", text="no label"),
        Record(number=10, label="Post", text="Title: not a header"),
    )
    data = RecordsData(about="a story", language="en", records=records)
    question = question_of(Asked.of(body(name, data)))
    assert question.prompt == name
    assert question.data == data


def test_an_article_is_read_back_as_it_was() -> None:
    sentences = (
        NumberedSentence(number=7, text="“Outlet: Fake,” she said. [8] Not a line."),
        NumberedSentence(number=8, text="Second."),
    )
    data = NoteData(title="A: title", outlet="Herald", language="en", write_in="de", sentences=sentences)
    assert question_of(Asked.of(body("note", data))).data == data


def test_its_note_is_that_of_the_embedded_rules(tmp_path: Path) -> None:
    question = note_question()
    with ScriptedModel() as model:
        asked = ask(model, question, folder=tmp_path)
    assert asked.result == asyncio.run(RuleReader().ask(question))


def test_an_article_in_a_language_the_rules_do_not_know_gets_an_empty_answer() -> None:
    data = NoteData(title="", outlet="", language="fi", sentences=(NumberedSentence(number=1, text="Hei."),))
    with ScriptedModel() as model:
        said = post(model.base_url, body("note", data))
    note = Note.model_validate_json(said["choices"][0]["message"]["content"])
    assert note == Note.model_validate_json(empty(Note))


@pytest.mark.parametrize("kind", sorted({Prompts().get(name).front.answer for name in NAMES}))
def test_every_answer_type_has_an_empty_answer_that_is_valid(kind: str) -> None:
    answer_type: type[answers.Answer] = getattr(answers, kind)
    answer_type.model_validate_json(empty(answer_type), strict=True)


def post(base_url: str, value: Any) -> Any:
    """Sends a chat request; an error status raises urllib's HTTPError."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    url = f"{base_url}/chat/completions"  # on loopback
    request = urllib.request.Request(url, raw, {"content-type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
        return json.load(response)


@pytest.mark.parametrize(
    "raw", [b"{", b"[]", b'{"messages": 3}', b'{"response_format": {"type": "json_schema"}}', b"{}"]
)
def test_a_request_that_is_none_gets_a_400_and_the_server_lives_on(raw: bytes) -> None:
    data = RecordsData(records=(Record(number=1, label="a", text="b"),))
    with ScriptedModel() as model:
        with pytest.raises(urllib.error.HTTPError) as caught:
            post(model.base_url, raw)
        caught.value.close()
        assert caught.value.code == 400
        assert post(model.base_url, body("reports", data))["choices"]


def test_faults_strike_the_same_questions_every_time(tmp_path: Path) -> None:
    questions = [note_question(f"Minister number {number} said no.") for number in range(30)]

    def refused() -> list[str]:
        with ScriptedModel(faults=("refusal:rate=0.3",)) as model:
            return [type(result).__name__ for result in ask(model, *questions, folder=tmp_path).results]

    first = refused()
    assert first == refused()
    assert 3 <= first.count("Refused") <= 18


def test_a_fault_can_be_limited_to_an_answer_type_and_to_the_first_attempts(tmp_path: Path) -> None:
    with ScriptedModel(faults=("refusal:answer=Note,attempts=1",)) as model:
        asked = ask(model, note_question(), reports_question(), note_question(), folder=tmp_path, together=False)
    assert [type(result).__name__ for result in asked.results] == ["Refused", "ReportGroups", "Note"]
    assert isinstance(asked.results[1], ReportGroups)


@pytest.mark.parametrize(
    ("text", "words"), [("nonsense", "is unknown"), ("503:often=1", "no option"), ("503:rate=x", "is no number")]
)
def test_a_fault_that_does_not_exist_is_told(text: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        Fault.parse(text)


def test_latency_is_kept_and_requests_are_answered_side_by_side(tmp_path: Path) -> None:
    questions = [note_question(f"Minister number {number} said no.") for number in range(8)]
    with ScriptedModel(latency=0.2) as model:
        ask(model, *questions, folder=tmp_path)
        assert model.most_in_flight == 8


def test_on_its_own_it_prints_its_base_url_and_answers() -> None:
    command = [sys.executable, "-m", "summarise.scripted", "--latency-ms", "0", "--memo"]
    data = RecordsData(records=(Record(number=1, label="a", text="b"),))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        try:
            assert post(url, body("reports", data)) == post(url, body("reports", data))
        finally:
            process.terminate()
