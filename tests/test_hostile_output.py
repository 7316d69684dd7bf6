"""Whatever an article or a model says, a terminal and a reader of JSON get text."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile import texts
from on_screens import acting_after_cleaning, acting_in_json, acting_on_a_terminal, counted, in_json, on_terminals
from on_wires import EVENTS, PAGE, PLAIN, PROBLEM, Answer, acting, acting_over_mcp, over_http, over_mcp


@pytest.fixture
def silent() -> Iterator[None]:
    """Without the libraries' own lines."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("seed", range(2))
def test_nothing_in_a_hostile_brief_acts_on_a_terminal(seed: int) -> None:
    for name, text in on_terminals(seed, widths=(100,)):
        assert acting_on_a_terminal(name, text) == []


def test_nothing_in_a_hostile_brief_acts_where_its_json_is_printed_and_all_of_it_is_there() -> None:
    for seed in range(10):
        for name, text, value in in_json(seed):
            assert acting_in_json(name, text, value) == []
    assert counted(0) * 10 > 3_000


def test_of_20000_texts_nothing_that_acts_is_left_on_a_line() -> None:
    source = texts(7)
    for _ in range(20_000):
        assert acting_after_cleaning(source()) == []


@pytest.mark.long
@pytest.mark.usefixtures("silent")
def test_nothing_acts_in_what_the_service_answers_about_a_hostile_story_and_to_a_hostile_caller() -> None:
    pytest.importorskip("fastapi", reason="the extra serve is not installed")
    answers = asyncio.run(over_http(0, jobs=True))
    assert [one for answer in answers for one in acting(answer)] == []
    media = {answer.of("content-type")[0].decode() for answer in answers if answer.of("content-type")}
    assert media >= {PAGE, EVENTS, PLAIN, PROBLEM}


@pytest.mark.long
@pytest.mark.usefixtures("silent")
def test_nothing_acts_in_what_the_mcp_server_answers_about_a_hostile_story_and_to_a_hostile_caller(
    tmp_path: Path,
) -> None:
    pytest.importorskip("mcp", reason="the extra mcp is not installed")
    answers = asyncio.run(over_mcp(0, tmp_path, makes=True))
    assert [one for answer in answers for one in acting_over_mcp(answer)] == []
    assert sum(answer.status == 200 for answer in answers) > 50


HEAD = ((b"content-type", b"application/json"), (b"x-content-type-options", b"nosniff"))


@pytest.mark.parametrize(
    "answer",
    [
        Answer("a control", 200, HEAD, b'"\x7f"', "application/json"),
        Answer("a bidirectional override", 200, HEAD, '"\u202e"'.encode(), "application/json"),
        Answer("no JSON", 200, HEAD, b"{", "application/json"),
        Answer("another type", 200, HEAD, b"{}", "text/plain"),
        Answer("no nosniff", 200, HEAD[:1], b"{}", "application/json"),
        Answer("a new header", 200, (*HEAD, (b"set-cookie", b"a=b")), b"{}", "application/json"),
        Answer("a header of two lines", 200, (*HEAD, (b"etag", b"a\r\nb: c")), b"{}", "application/json"),
        Answer("a place elsewhere", 200, (*HEAD, (b"location", b"//evil.example")), b"{}", "application/json"),
        Answer("a script", 200, ((b"content-type", PAGE.encode()), HEAD[1]), b"<script>1</script>", PAGE),
        Answer("a status", 500, HEAD, b"{}", "application/json"),
    ],
    ids=lambda answer: answer.name,
)
def test_what_acts_in_an_answer_is_seen(answer: Answer) -> None:
    assert acting(answer)
