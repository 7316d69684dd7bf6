"""The seam, against a real endpoint on loopback: what goes over the wire, and what becomes of every kind of answer."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asking import SENTENCES, ask, note_question, prompts, reports_question

from summarise.answers import Note, ReportGroups
from summarise.contract import Usage
from summarise.errors import ConfigurationError, CutOff, InvalidAnswer, ModelError, ModelUnavailable, Refused
from summarise.model import ModelOptions, ModelReader, parse
from summarise.question import Question
from summarise.scripted import ScriptedModel
from summarise.store import Store


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the transport would have slept between attempts."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("summarise.model.transport.sleep", sleep)
    return slept


@pytest.fixture
def model() -> Iterator[ScriptedModel]:
    with ScriptedModel() as running:
        yield running


def faulty(*faults: str) -> ScriptedModel:
    return ScriptedModel(faults=faults)


# ---- the wire


def test_a_question_comes_back_as_its_answer_type_and_is_counted(model: ScriptedModel, tmp_path: Path) -> None:
    asked = ask(model, note_question(), folder=tmp_path)
    assert type(asked.result) is Note
    assert asked.result.positions
    assert asked.usage.calls == 1
    assert asked.usage.input_tokens > 0
    assert asked.usage.output_tokens > 0
    assert asked.usage.cost is None  # a model nobody has a price for: unknown, not 0


def _nodes(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for child in schema.values():
            yield from _nodes(child)
    elif isinstance(schema, list):
        for child in schema:
            yield from _nodes(child)


def test_a_strict_schema_goes_over_the_wire(model: ScriptedModel, tmp_path: Path) -> None:
    ask(model, note_question(), folder=tmp_path)
    sent = model.requests[0].body["response_format"]
    assert sent["type"] == "json_schema"
    assert sent["json_schema"]["name"] == "Note"
    assert sent["json_schema"]["strict"] is True
    objects = [node for node in _nodes(sent["json_schema"]["schema"]) if node.get("type") == "object"]
    assert len(objects) == 8
    for node in objects:
        assert node["additionalProperties"] is False
        assert node["required"] == list(node["properties"])
    assert all("default" not in node for node in _nodes(sent["json_schema"]["schema"]))


def test_no_parameter_that_some_models_refuse_is_sent(model: ScriptedModel, tmp_path: Path) -> None:
    ask(model, note_question(), folder=tmp_path)
    assert set(model.requests[0].body) == {"model", "messages", "response_format"}
    ask(model, note_question(), folder=tmp_path, options=ModelOptions(max_output_tokens=500))
    assert model.requests[1].body["max_completion_tokens"] == 500


def test_an_articles_words_arrive_as_they_are_and_are_no_template(model: ScriptedModel, tmp_path: Path) -> None:
    nasty = "{{ 7*7 }} {% if %} {# comment #} {{ 'x' * 10000000 }} data:image/png;base64,AAAA https://x.example/a.png"
    asked = ask(model, note_question(nasty, SENTENCES[0]), folder=tmp_path)
    assert isinstance(asked.result, Note)
    assert f"[1] {nasty}\n" in model.requests[0].body["messages"][1]["content"]
    assert [message["role"] for message in model.requests[0].body["messages"]] == ["system", "user"]


def test_tools_mode_sends_one_strict_tool_and_reads_its_arguments(model: ScriptedModel, tmp_path: Path) -> None:
    asked = ask(model, note_question(), folder=tmp_path, options=ModelOptions(mode="tools"))
    assert isinstance(asked.result, Note)
    body = model.requests[0].body
    assert "response_format" not in body
    assert [tool["function"]["name"] for tool in body["tools"]] == ["Note"]
    assert body["tools"][0]["function"]["strict"] is True
    assert body["tool_choice"] == {"type": "function", "function": {"name": "Note"}}


def test_json_mode_puts_the_schema_into_the_words(model: ScriptedModel, tmp_path: Path) -> None:
    asked = ask(model, note_question(), folder=tmp_path, options=ModelOptions(mode="json"))
    assert isinstance(asked.result, Note)
    assert model.requests[0].body["response_format"] == {"type": "json_object"}
    assert '"NotedPosition"' in model.requests[0].body["messages"][0]["content"]


def test_all_modes_give_the_same_answer(model: ScriptedModel, tmp_path: Path) -> None:
    answers = [
        ask(model, note_question(), folder=tmp_path, options=ModelOptions(mode=mode)).result
        for mode in ("json_schema", "tools", "json")
    ]
    assert answers[0] == answers[1] == answers[2]


# ---- the store


def test_a_second_run_makes_no_call_and_gets_the_same_answer(model: ScriptedModel, tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.sqlite3") as store:
        first = ask(model, note_question(), reports_question(), folder=tmp_path, store=store)
        second = ask(model, note_question(), reports_question(), folder=tmp_path, store=store)
    assert second.results == first.results
    assert (second.usage.calls, second.usage.reused, second.usage.cost) == (0, 2, 0.0)
    assert len(model.requests) == 2


def test_two_tasks_that_ask_the_same_question_at_once_make_one_call(model: ScriptedModel, tmp_path: Path) -> None:
    asked = ask(model, *[note_question()] * 5, folder=tmp_path)
    assert len(model.requests) == 1
    assert all(result == asked.result for result in asked.results)
    assert (asked.usage.calls, asked.usage.reused) == (1, 4)


def test_each_thing_that_can_change_the_answer_makes_a_new_question(model: ScriptedModel, tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.sqlite3") as store:

        def run(question: Question[Any], options: ModelOptions | None = None) -> None:
            ask(model, question, folder=tmp_path, store=store, options=options)

        run(note_question())
        run(note_question(), ModelOptions(timeout=7, concurrency=2, attempts=2, context_window=50_000))
        assert len(model.requests) == 1  # none of these changes an answer
        run(note_question(SENTENCES[0]))
        run(note_question(), ModelOptions(mode="tools"))
        run(note_question(), ModelOptions(max_output_tokens=900))
        (prompts(tmp_path) / "note.md").chmod(0o644)
        assert len(model.requests) == 4
        with ScriptedModel() as elsewhere:
            ask(elsewhere, note_question(), folder=tmp_path, store=store)
            assert len(elsewhere.requests) == 1


def test_an_answer_that_no_longer_passes_the_checks_is_asked_for_again(model: ScriptedModel, tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.sqlite3") as store:
        ask(model, note_question(faults=lambda _: []), folder=tmp_path, store=store)
        strict = note_question(faults=lambda note: ["too few actors"] if len(note.actors) < 99 else [])
        assert isinstance(ask(model, strict, folder=tmp_path, store=store).result, InvalidAnswer)
    assert len(model.requests) == 3  # one before; one and its re-ask


def test_what_failed_is_not_stored(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.sqlite3") as store, faulty("refusal:attempts=1") as model:
        assert isinstance(ask(model, note_question(), folder=tmp_path, store=store).result, Refused)
        assert isinstance(ask(model, note_question(), folder=tmp_path, store=store).result, Note)


def test_what_is_stored_counts_the_tokens_of_all_attempts(tmp_path: Path) -> None:
    class Remembering(Store):
        puts: list[Any] = []  # noqa: RUF012  # a test's

        def put_soon(self, answer: Any, spent: Any = ()) -> Any:
            self.puts.append(answer)
            return super().put_soon(answer, spent)

    with Remembering.in_memory() as store, faulty("invalid:attempts=1") as model:
        asked = ask(model, note_question(), folder=tmp_path, store=store)
        (stored,) = Remembering.puts
    assert stored.input_tokens == asked.usage.input_tokens
    assert stored.output_tokens == asked.usage.output_tokens
    assert asked.usage.reasks == 1


# ---- answers that are none


@pytest.mark.parametrize(
    ("fault", "error", "requests", "words"),
    [
        ("401", ConfigurationError, 1, "OPENAI_API_KEY"),
        ("403", ConfigurationError, 1, "--model"),
        ("404", ConfigurationError, 1, "no model 'scripted'"),
        ("quota", ConfigurationError, 1, "quota"),
        ("no_schema", ConfigurationError, 1, "--mode tools"),
        ("400", ModelError, 1, "status 400"),
        ("too_long", ModelError, 1, "--context-window"),
        ("429", ModelUnavailable, 3, "rate limit"),
        ("500", ModelUnavailable, 3, "status 500"),
        ("503", ModelUnavailable, 3, "status 503"),
        ("drop", ModelUnavailable, 3, "connection"),
        ("garbage", ModelUnavailable, 3, "malformed"),
        ("html", ModelUnavailable, 1, "--base-url"),
        ("empty", ModelUnavailable, 1, "without content"),
        ("refusal", Refused, 1, "declined"),
        ("content_filter", Refused, 1, "content filter"),
        ("truncate", CutOff, 1, "cut off"),
        ("badjson", InvalidAnswer, 2, "no valid answer"),
        ("invalid", InvalidAnswer, 2, "subject: Field required"),
        ("out_of_range", InvalidAnswer, 2, "there is no sentence 999999"),
    ],
)
def test_every_fault_is_recognised_asked_as_often_as_it_is_worth_and_told_in_one_line(
    fault: str, error: type[Exception], requests: int, words: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with faulty(fault) as model:
        asked = ask(model, note_question(), folder=tmp_path)
    assert type(asked.result) is error
    assert len(model.requests) == requests
    assert asked.usage.calls == requests
    assert asked.usage.retries + asked.usage.reasks == requests - 1
    message = str(asked.result)
    assert words in message
    assert "\n" not in message
    assert len(message) < 400
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("fault", ["refusal", "truncate", "content_filter", "invalid", "out_of_range", "badjson"])
def test_tools_mode_recognises_the_same_faults(fault: str, tmp_path: Path) -> None:
    expected = {"refusal": Refused, "content_filter": Refused, "truncate": CutOff}.get(fault, InvalidAnswer)
    with faulty(fault) as model:
        asked = ask(model, note_question(), folder=tmp_path, options=ModelOptions(mode="tools"))
    assert type(asked.result) is expected
    assert len(model.requests) == (2 if expected is InvalidAnswer else 1)


def test_two_tool_calls_are_a_fault_and_not_the_first_one(tmp_path: Path) -> None:
    with faulty("two_calls:attempts=1") as model:
        asked = ask(model, note_question(), folder=tmp_path, options=ModelOptions(mode="tools"))
        assert isinstance(asked.result, Note)
    assert len(model.requests) == 2


def test_one_article_that_is_refused_costs_no_other(tmp_path: Path) -> None:
    with faulty("refusal:answer=Note") as model:
        asked = ask(model, note_question(), reports_question(), folder=tmp_path)
    assert isinstance(asked.results[0], Refused)
    assert isinstance(asked.results[1], ReportGroups)


def test_the_re_ask_tells_the_faults_and_a_good_second_answer_counts(tmp_path: Path) -> None:
    with faulty("out_of_range:attempts=1") as model:
        asked = ask(model, note_question(), folder=tmp_path)
    assert isinstance(asked.result, Note)
    first, second = (handled.body for handled in model.requests)
    assert second["messages"][:2] == first["messages"]
    assert [message["role"] for message in second["messages"][2:]] == ["assistant", "user"]
    assert "there is no sentence 999999" in second["messages"][3]["content"]
    assert second["response_format"] == first["response_format"]


def test_the_re_ask_does_not_grow_with_the_number_of_faults(tmp_path: Path) -> None:
    many = note_question(faults=lambda _: [f"fault {number} " + "x" * 5000 for number in range(500)])
    with ScriptedModel() as model:
        asked = ask(model, many, folder=tmp_path)
    assert isinstance(asked.result, InvalidAnswer)
    told = model.requests[1].body["messages"][3]["content"]
    assert len(told) < 8_000
    assert "and 480 more" in told


def test_a_re_ask_that_would_not_fit_is_not_sent(tmp_path: Path) -> None:
    question = note_question(*[f"{name} said that the plan was wrong." for name in ("Ann Lee", "Bo Day") * 40])
    with faulty("out_of_range") as model:
        asked = ask(model, question, folder=tmp_path, options=ModelOptions(context_window=3_000))
        assert len(model.requests) == 1
    assert "no room to ask again" in str(asked.result)


# ---- what may pass


def test_a_permanent_503_is_sent_exactly_as_often_as_attempts_says(tmp_path: Path, waits: list[float]) -> None:
    with faulty("503") as model:
        ask(model, note_question(), folder=tmp_path, options=ModelOptions(attempts=3))
    assert len(model.requests) == 3
    assert len(waits) == 2
    assert 0.3 < waits[0] < waits[1]


def test_twenty_tasks_each_get_all_their_attempts(tmp_path: Path) -> None:
    questions = [note_question(f"Minister number {number} said no.", SENTENCES[0]) for number in range(20)]
    with faulty("503") as model:
        ask(model, *questions, folder=tmp_path, options=ModelOptions(attempts=3))
    assert len(model.requests) == 60


def test_a_failure_that_passes_is_not_noticed_but_counted(tmp_path: Path) -> None:
    with faulty("503:attempts=2") as model:
        asked = ask(model, note_question(), folder=tmp_path)
    assert isinstance(asked.result, Note)
    assert (asked.usage.calls, asked.usage.retries, asked.usage.reasks) == (3, 2, 0)


def test_retry_after_is_honoured(tmp_path: Path, waits: list[float]) -> None:
    with faulty("503:attempts=1,retry_after=7") as model:
        ask(model, note_question(), folder=tmp_path)
    assert waits == [7.0]


def test_an_endpoint_that_says_come_back_in_an_hour_is_not_waited_for(tmp_path: Path, waits: list[float]) -> None:
    with faulty("429:retry_after=3600") as model:
        asked = ask(model, note_question(), folder=tmp_path)
    assert isinstance(asked.result, ModelUnavailable)
    assert len(model.requests) == 1
    assert waits == []


def test_a_time_out_bounds_the_whole_call_and_is_tried_once_more_only(tmp_path: Path) -> None:
    with faulty("slow:factor=600") as model:
        asked = ask(model, note_question(), folder=tmp_path, options=ModelOptions(timeout=0.2))
    assert isinstance(asked.result, ModelUnavailable)
    assert "--timeout" in str(asked.result)
    assert len(model.requests) == 2
    assert asked.usage.input_tokens > 0  # the endpoint may have worked on it: estimated


def test_an_endpoint_that_is_not_there_is_named(tmp_path: Path) -> None:
    with ScriptedModel() as gone:
        url = gone.base_url
    asked = ask(url, note_question(), folder=tmp_path)
    assert isinstance(asked.result, ModelUnavailable)
    assert f"cannot connect to {url}" in str(asked.result)
    assert asked.usage.input_tokens == 0


def test_an_answer_without_usage_is_estimated(tmp_path: Path) -> None:
    with faulty("no_usage") as model:
        without = ask(model, note_question(), folder=tmp_path).usage
    assert without.input_tokens > 500
    assert without.output_tokens > 50


# ---- around a question


def test_a_prompt_that_does_not_fit_is_not_sent(model: ScriptedModel, tmp_path: Path) -> None:
    long = note_question("A very long sentence. " * 20_000)
    asked = ask(model, long, folder=tmp_path, options=ModelOptions(context_window=20_000))
    assert isinstance(asked.result, ModelError)
    assert "--context-window" in str(asked.result)
    assert model.requests == []


def test_fits_tells_beforehand(model: ScriptedModel, tmp_path: Path) -> None:
    async def run() -> tuple[bool, bool]:
        spec = parse("openai:x", base_url=model.base_url, environ={})
        options = ModelOptions(context_window=20_000)
        async with ModelReader(spec, prompts=prompts(tmp_path), options=options) as reader:
            return reader.fits(note_question()), reader.fits(note_question("A long sentence. " * 6_000))

    assert asyncio.run(run()) == (True, False)


def test_no_more_calls_are_in_flight_than_allowed(tmp_path: Path) -> None:
    questions = [note_question(f"Minister number {number} said no.", SENTENCES[0]) for number in range(12)]
    with ScriptedModel(latency=0.02) as model:
        ask(model, *questions, folder=tmp_path, options=ModelOptions(concurrency=3))
    assert model.most_in_flight == 3


def test_usage_is_told_as_it_grows(model: ScriptedModel, tmp_path: Path) -> None:
    seen: list[Usage] = []

    async def run() -> None:
        spec = parse("openai:x", base_url=model.base_url, environ={})
        async with ModelReader(spec, prompts=prompts(tmp_path), on_usage=seen.append) as reader:
            await reader.ask(note_question())
            await reader.ask(note_question())

    asyncio.run(run())
    assert [each.calls for each in seen] == [1, 1, 1]
    assert seen[-1].reused == 1


def test_a_cancelled_question_leaves_the_others_and_the_reader_usable(tmp_path: Path) -> None:
    async def run(url: str) -> tuple[bool, Any]:
        spec = parse("openai:x", base_url=url, environ={})
        async with ModelReader(spec, prompts=prompts(tmp_path)) as reader:
            first = asyncio.create_task(reader.ask(note_question()))
            second = asyncio.create_task(reader.ask(note_question()))
            await asyncio.sleep(0.05)
            first.cancel()
            answer = await second
            return first.cancelled(), answer

    with ScriptedModel(latency=0.2) as model:
        cancelled, answer = asyncio.run(run(model.base_url))
    assert cancelled
    assert isinstance(answer, Note)


def test_a_prompt_and_a_question_that_do_not_belong_together_are_told(model: ScriptedModel, tmp_path: Path) -> None:
    wrong = Question("note", "article a.txt", note_question().data, ReportGroups, lambda _: [])
    asked = ask(model, wrong, folder=tmp_path)
    assert isinstance(asked.result, ConfigurationError)
    assert "answers Note" in str(asked.result)


def test_without_a_key_a_hosted_endpoint_is_never_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    async def run() -> None:
        async with ModelReader(parse("openai:gpt-5-mini", environ={}), prompts=prompts(tmp_path)):
            raise AssertionError("opened without a key")

    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY is not set"):
        asyncio.run(run())


def test_the_key_is_sent_as_such_and_nowhere_else(
    model: ScriptedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-1")
    with caplog.at_level(logging.INFO):
        ask(model, note_question(), folder=tmp_path)
    (handled,) = model.requests
    assert handled.headers["authorization"] == "Bearer sk-secret-1"
    assert "sk-secret" not in json.dumps(handled.body)
    assert "sk-secret" not in caplog.text
