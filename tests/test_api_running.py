"""A call while it runs: cancelled, out of time or money, and the errors that a caller can tell apart."""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import summarise
from summarise import (
    ArticleText,
    BudgetSpent,
    ConfigurationError,
    ModelOptions,
    ModelUnavailable,
    NoReadableArticle,
    Refused,
    SummariseError,
    abrief,
    brief,
    errors,
)
from summarise.contract import Brief
from summarise.model.usage import Prices
from summarise.scripted import ScriptedModel
from summarise.store import Store

HOLDING = "slow:holding=Cairo,factor=600"
LINES = (
    "The minister of Elbonia said on Monday that the port of {} will stay open.",
    "“We oppose the sale,” the mayor of {} told reporters.",
)


def article(place: str) -> ArticleText:
    text = "\n\n".join(line.format(place) for line in LINES)
    return ArticleText(text=text, path=f"{place}.txt", title=f"The port of {place}")


THREE = [article(place) for place in ("Alexandria", "Beirut", "Cairo")]


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110 (another thread's state)
            await asyncio.sleep(0.01)


def test_a_cancelled_call_keeps_what_arrived_ends_what_is_in_flight_and_says_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder
) -> None:
    place = tmp_path / "s.sqlite3"

    async def cancelled(model: ScriptedModel) -> None:
        task = asyncio.create_task(
            abrief(THREE, story="ports", model="openai:scripted", base_url=model.base_url, store=place)
        )

        def two_are_kept() -> bool:
            return place.exists() and _answers(place) == 2 and len(model.requests) == 3

        await _until(two_are_kept)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert asyncio.all_tasks() == {asyncio.current_task()}

    with ScriptedModel(faults=[HOLDING]) as model, caplog.at_level(logging.WARNING):
        asyncio.run(cancelled(model))
        gc.collect()
    assert not caplog.records
    assert not recwarn.list
    assert _answers(place) == 2


def _answers(place: Path) -> int:
    with Store.open(place) as store:
        return store.counts().answers


def test_a_call_after_a_cancelled_one_asks_only_what_was_in_flight(tmp_path: Path) -> None:
    place = tmp_path / "s.sqlite3"

    async def twice(model: ScriptedModel) -> list[str]:
        def call() -> asyncio.Task[summarise.Brief]:
            return asyncio.create_task(
                abrief(THREE, story="ports", model="openai:scripted", base_url=model.base_url, store=place)
            )

        first = call()
        await _until(lambda: place.exists() and _answers(place) == 2 and len(model.requests) == 3)
        first.cancel()
        await asyncio.wait([first])
        model.requests.clear()
        assert (await call()).complete
        return [str(one.body["messages"]) for one in model.requests if one.answer == "Note"]

    with ScriptedModel(faults=["slow:holding=Cairo,factor=600,attempts=1,answer=Note"]) as model:
        again = asyncio.run(twice(model))
    assert len(again) == 1
    assert "Cairo" in again[0]


def test_an_answer_that_arrives_while_the_call_is_cancelled_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "s.sqlite3"
    cancel: list[Callable[[], object]] = []
    real = Store._put_all

    def slow_put(store: Store, *given: object) -> object:
        cancel.pop()()  # in the store's thread, with the answer in hand
        time.sleep(0.2)
        return real(store, *given)  # type: ignore[arg-type]

    async def cancelled(model: ScriptedModel) -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.create_task(
            abrief(THREE[:1], story="ports", model="openai:scripted", base_url=model.base_url, store=place)
        )
        cancel.append(lambda: loop.call_soon_threadsafe(task.cancel))
        with pytest.raises(asyncio.CancelledError):
            await task

    monkeypatch.setattr(Store, "_put_all", slow_put)
    with ScriptedModel() as model:
        asyncio.run(cancelled(model))
    assert _answers(place) == 1


def test_a_deadline_leaves_an_incomplete_brief_of_what_was_read_in_time() -> None:
    with ScriptedModel(faults=[HOLDING]) as model:
        made = brief(THREE, story="ports", model="openai:scripted", base_url=model.base_url, deadline=1.5)
    assert not made.complete
    fates = {one.path: one.status for one in made.articles}
    assert fates == {"Alexandria.txt": "used", "Beirut.txt": "used", "Cairo.txt": "failed"}


def test_a_deadline_before_anything_is_read_is_an_error_that_says_so() -> None:
    with (
        ScriptedModel(faults=["slow:factor=600"]) as model,
        pytest.raises(BudgetSpent, match="time limit is reached; run again"),
    ):
        brief(THREE, story="ports", model="openai:scripted", base_url=model.base_url, deadline=0.5)


def test_a_limit_on_cost_holds_and_goes_before_that_of_the_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Prices, "cost", lambda self, tokens, batch=False: (tokens.input + tokens.output) / 1000)
    with ScriptedModel() as model:
        with pytest.raises(BudgetSpent, match=r"cost limit of \$0\.001"):
            brief(
                THREE,
                story="ports",
                model="openai:scripted",
                base_url=model.base_url,
                options=ModelOptions(max_cost=1_000.0),
                max_cost=0.001,
            )
        assert not model.requests


def test_at_a_limit_on_tokens_what_is_answered_is_kept_and_the_next_call_goes_on_from_there(tmp_path: Path) -> None:
    place = tmp_path / "s.sqlite3"

    def made(url: str, **more: object) -> Brief:
        given = {"story": "ports", "model": "openai:scripted", "base_url": url, "store": place, **more}
        return brief(THREE, **given)  # type: ignore[arg-type]

    with ScriptedModel() as model:
        whole = brief(THREE, story="ports", model="openai:scripted", base_url=model.base_url, store=tmp_path / "other")
        limit = (whole.run.usage.input_tokens + whole.run.usage.output_tokens) * 2 // 3
        first = made(model.base_url, max_tokens=limit)
        second = made(model.base_url)
    assert not first.complete
    assert first.run.usage.input_tokens + first.run.usage.output_tokens <= limit
    assert "--max-tokens" in " ".join([*first.run.notes, *(article.reason for article in first.articles)])
    assert second.complete
    assert second.run.usage.reused >= first.run.usage.calls > 0
    assert second.run.usage.calls + first.run.usage.calls == whole.run.usage.calls


@pytest.mark.parametrize("wrong", [{"max_tokens": 0}, {"max_cost": 0.0}, {"deadline": -1.0}])
def test_a_budget_that_can_mean_nothing_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError, match="more than 0"):
        brief(THREE, model="extractive", **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("faults", "kind"),
    [(["refusal:answer=Note"], Refused), (["401"], ConfigurationError), (["drop"], ModelUnavailable)],
)
def test_what_went_wrong_is_told_by_the_type_of_the_error(faults: list[str], kind: type[SummariseError]) -> None:
    with ScriptedModel(faults=faults) as model, pytest.raises(kind):
        brief(THREE, model="openai:scripted", base_url=model.base_url, options=ModelOptions(attempts=1))


def test_texts_without_a_word_are_an_error_of_their_own_kind() -> None:
    with pytest.raises(NoReadableArticle):
        brief([ArticleText(text=" \n ")], model="extractive")


def test_every_error_that_the_package_raises_can_be_imported_from_it() -> None:
    tree = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
    assert tree <= set(summarise.__all__)
    assert all(issubclass(getattr(summarise, name), SummariseError) for name in tree)
