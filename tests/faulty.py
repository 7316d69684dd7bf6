"""The faults of an endpoint, each with what it must cost: requests, tokens, and what becomes of the brief.

A fault strikes the note of one article of three. `tests/test_faults.py` runs them without waiting, `torture/faults.py`
as they are, with a deadline.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from asking import ask, note_question

from summarise.api import Made, amake
from summarise.command import root_cause
from summarise.errors import (
    ConfigurationError,
    CutOff,
    InvalidAnswer,
    ModelUnavailable,
    Refused,
    SummariseError,
)
from summarise.loading import ArticleText
from summarise.model import ModelOptions
from summarise.scripted import ScriptedModel

STRUCK = "Zorgland"
ARTICLES = tuple(
    ArticleText(
        path=f"{name}.txt",
        title=f"{country} on the port",
        text=f"{country} on the port\n\nThe government of {country} opposes the sale of the port, its minister"
        f" Ana {name} said."
        f"\n\nThe mayor of the town said on Tuesday that {country} would pay {number} million for the harbour.\n",
    )
    for number, (name, country) in enumerate((("Berg", "Norway"), ("Costa", STRUCK), ("Diaz", "Spain")), 1)
)
TIMEOUT = 0.5  # seconds: for what never answers


@contextmanager
def _no_names() -> Iterator[None]:
    """A machine whose name service is gone."""

    def gone(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    with patch("socket.getaddrinfo", gone):
        yield


@contextmanager
def _jumping_clock() -> Iterator[None]:
    """The wall clock a day ahead or behind, otherwise each time it is looked at."""
    real, looked = time.time, 0

    def jumping() -> float:
        nonlocal looked
        looked += 1
        return real() + (86_400 if looked % 2 else -86_400)

    with patch("time.time", jumping):
        yield


@dataclass(frozen=True)
class Case:
    """One fault. `requests` that one question must cost, and how many of them are re-asks; `error` what it ends with
    (None: an answer after all); `counted` whether the struck requests may be paid for, and so have tokens."""

    name: str
    fault: str
    requests: int
    error: type[SummariseError] | None
    counted: bool = False
    reasks: int = 0
    mode: str = "json_schema"
    around: Callable[[], AbstractContextManager[None]] = nullcontext
    on_the_wire: bool = True

    @property
    def stops(self) -> bool:
        """Whether no other question could do better: the run ends, and what was answered is kept."""
        return self.error is ConfigurationError

    @property
    def options(self) -> ModelOptions:
        return ModelOptions(mode=self.mode, timeout=TIMEOUT if self.fault in ("drip", "hang") else 10.0)  # type: ignore[arg-type]


CASES = (
    Case("401", "401", 1, ConfigurationError),
    Case("403", "403", 1, ConfigurationError),
    Case("404", "404", 1, ConfigurationError),
    Case("429", "429", 3, ModelUnavailable),
    Case("429 with Retry-After", "429:retry_after=0.3", 3, ModelUnavailable),
    Case("quota", "quota", 1, ConfigurationError),
    Case("500", "500", 3, ModelUnavailable),
    Case("502", "502", 3, ModelUnavailable),
    Case("503", "503", 3, ModelUnavailable),
    Case("408", "408", 3, ModelUnavailable),
    Case("reset in the middle of the body", "reset", 3, ModelUnavailable, counted=True),
    Case("slow drip", "drip", 2, ModelUnavailable, counted=True),
    Case("hang", "hang", 2, ModelUnavailable, counted=True),
    Case("a page with 200", "html", 1, ModelUnavailable, counted=True),
    Case("no choices", "empty", 1, ModelUnavailable, counted=True),
    Case("null content", "null", 2, InvalidAnswer, counted=True, reasks=1),
    Case("refusal", "refusal", 1, Refused, counted=True),
    Case("content filter", "content_filter", 1, Refused, counted=True),
    Case("cut off", "truncate", 1, CutOff, counted=True),
    Case("two tool calls", "two_calls", 2, InvalidAnswer, counted=True, reasks=1, mode="tools"),
    Case("wrong content type", "plain", 1, None, counted=True),
    Case("gzip bomb", "bomb", 1, ModelUnavailable, counted=True),
    Case("bad JSON", "badjson", 2, InvalidAnswer, counted=True, reasks=1),
    Case("right JSON of the wrong shape", "invalid", 2, InvalidAnswer, counted=True, reasks=1),
    Case("clock jump", "503:attempts=1", 2, None, counted=True, around=_jumping_clock),
    Case("DNS failure", "", 3, ModelUnavailable, around=_no_names, on_the_wire=False),
)


def one_question(case: Case, folder: Path) -> None:
    """Asks one question that the fault strikes: exact requests, the error by its type, its tokens counted."""
    with ScriptedModel(faults=(case.fault,) if case.fault else ()) as model:
        with case.around():
            url = model.base_url.replace("127.0.0.1", "localhost")  # a name, so that there is something to resolve
            asked = ask(url if not case.on_the_wire else model, note_question(), folder=folder, options=case.options)
        sent = len(model.requests)
    assert sent == (case.requests if case.on_the_wire else 0), f"{sent} requests"
    assert asked.usage.calls == case.requests, asked.usage
    assert asked.usage.reasks == case.reasks, asked.usage
    assert asked.usage.retries == case.requests - 1 - case.reasks, asked.usage
    assert (asked.usage.input_tokens > 0) == case.counted, asked.usage
    if case.error is None:
        assert not isinstance(asked.result, BaseException), asked.result
        return
    assert type(asked.result) is case.error, repr(asked.result)
    assert str(asked.result).isprintable()
    assert len(str(asked.result)) < 500


def a_brief(case: Case, folder: Path) -> Made | None:
    """Makes the brief of three articles, of which the fault strikes one; None where the run has to end.

    The brief must be made of the others and name the gap; run again without the fault, nothing is asked a second time.
    """
    store = folder / "store.sqlite3"
    kind, _, more = case.fault.partition(":")
    fault = f"{kind}:{f'{more},' if more else ''}holding={STRUCK},answer=Note"
    with ScriptedModel(faults=(fault,) if case.fault else ()) as model:
        asked = {"model": "openai:scripted", "story": "port", "store": store, "options": case.options}
        asked["base_url"] = model.base_url if case.on_the_wire else model.base_url.replace("127.0.0.1", "localhost")
        if not case.on_the_wire:  # the others were read before the names went
            asyncio.run(amake((ARTICLES[0], ARTICLES[2]), **asked))  # type: ignore[arg-type]
        made, ended = None, None
        try:
            with case.around():
                made = asyncio.run(amake(ARTICLES, **asked))  # type: ignore[arg-type]
        except Exception as error:
            ended = root_cause(error)
        assert (type(ended) is case.error) == case.stops, repr(ended)
        struck = [request for request in model.requests if request.fault]
        wanted = case.requests if case.error else 1  # what passes strikes once
        assert len(struck) == (wanted if case.on_the_wire else 0), f"{len(struck)} requests of the struck question"
        answered = {str(r.body["messages"]) for r in model.requests if not r.fault}
        model._draw.faults = ()
        before = len(model.requests)
        again = asyncio.run(amake(ARTICLES, **asked))  # type: ignore[arg-type]
        assert again.brief.complete
        twice = answered & {str(r.body["messages"]) for r in model.requests[before:]}
        in_flight = 2 if case.stops else 0  # what the end of a run cuts off may be asked again
        assert len(twice) <= in_flight, "a question was asked again that was answered"
    assert (made is None) == case.stops
    if made is not None:
        _made_of_the_rest(case, made)
    return made


def _made_of_the_rest(case: Case, made: Made) -> None:
    fates = {one.path: one for one in made.brief.articles}
    assert {path for path, one in fates.items() if one.status == "used"} >= {"Berg.txt", "Diaz.txt"}
    if case.error is None:
        assert made.brief.complete
        return
    gap = fates["Costa.txt"]
    assert (gap.status, made.brief.complete) == ("failed", False), gap
    assert gap.reason
    assert any("Costa.txt" in note for note in made.brief.run.notes), made.brief.run.notes
    told = {e.article for issue in made.brief.issues for p in issue.positions for e in p.evidence}
    others = {fates["Berg.txt"].id, fates["Diaz.txt"].id}
    assert told == others, "positions of the other two articles, and of no other"
