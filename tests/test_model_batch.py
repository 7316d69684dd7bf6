"""Batches: every question once, whatever happens on the way; what a batch does not answer is asked directly."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from asking import MODEL, note_question, prompts, reports_question
from batching import POINTS, QUICK, Ran, killed, questions, run

from summarise.answers import Note
from summarise.errors import BudgetSpent, ConfigurationError, ModelUnavailable, OutputError
from summarise.model import ModelOptions, ModelReader, parse
from summarise.model.batch import Batcher, UnderWay, under_way
from summarise.model.batch.book import Book
from summarise.model.batch.lines import Result, custom_id, request_line, result_of
from summarise.model.batch.queue import Queue
from summarise.scripted import ScriptedModel
from summarise.scripted import __main__ as scripted
from summarise.store import Store, StoredAnswer, open_store
from summarise.store.batches import ANSWERED, FAILED, SETTLED, SUBMITTED

OPTIONS = ModelOptions(attempts=2)
SMALL = ModelOptions(max_tokens=100)


def asked(model: ScriptedModel, folder: Path, number: int = 6, *, options: ModelOptions = OPTIONS, **more: Any) -> Ran:
    with open_store(folder / "store.sqlite3") as store:
        return asyncio.run(run(model.base_url, store, folder, questions(number), options=options, **more))


def answered(ran: Ran) -> bool:
    return all(isinstance(result, Note) for result in ran.results)


def once(model: ScriptedModel, number: int = 6) -> bool:
    """Whether the endpoint got each question once, in batches alone."""
    return sorted(model.batches.submitted.values()) == [1] * number and not model.requests


# ---- the way of a question


def test_questions_that_are_asked_together_go_in_one_batch_and_are_answered_as_if_directly(tmp_path: Path) -> None:
    with ScriptedModel() as model:
        ran = asked(model, tmp_path)
        assert answered(ran)
        assert once(model)
        assert model.batches.created == 1
        assert ran.usage.calls == 6
        assert not ran.fallen_back
        direct = asyncio.run(_directly(model.base_url, tmp_path))
    assert [result.model_dump() for result in ran.results] == [result.model_dump() for result in direct.results]
    assert ran.usage == direct.usage


async def _directly(url: str, folder: Path) -> Ran:
    spec = parse(f"openai:{MODEL}", base_url=url, environ={})
    async with ModelReader(spec, prompts=prompts(folder)) as reader:
        results = await asyncio.gather(*(reader.ask(each) for each in questions()))
        return Ran(list(results), reader.usage, Counter())


def test_what_is_answered_is_not_asked_again(tmp_path: Path) -> None:
    with ScriptedModel() as model:
        asked(model, tmp_path)
        ran = asked(model, tmp_path)
        assert answered(ran)
        assert once(model)
        assert (ran.usage.calls, ran.usage.reused) == (0, 6)


def test_a_question_asked_by_two_readers_at_once_is_one_item_and_paid_for_once(tmp_path: Path) -> None:
    async def both(url: str) -> tuple[Ran, Ran]:
        with open_store(tmp_path / "one.sqlite3") as one, open_store(tmp_path / "one.sqlite3") as other:
            first = run(url, one, tmp_path, questions())
            second = run(url, other, tmp_path, questions())
            return await asyncio.gather(first, second)

    with ScriptedModel() as model:
        first, second = asyncio.run(both(model.base_url))
        assert answered(first)
        assert answered(second)
        assert once(model)


def test_who_still_gathers_when_another_run_has_stored_the_answers_takes_those(tmp_path: Path) -> None:
    async def both(url: str) -> tuple[Ran, Ran]:
        with open_store(tmp_path / "one.sqlite3") as one, open_store(tmp_path / "one.sqlite3") as other:
            quick = run(url, one, tmp_path, questions())
            slow = run(url, other, tmp_path, questions(), pace=replace(QUICK, quiet=1.0))
            return await asyncio.gather(quick, slow)

    with ScriptedModel() as model:
        quick, slow = asyncio.run(both(model.base_url))
        assert answered(quick)
        assert answered(slow)
        assert once(model)
    assert slow.usage.calls == 0


def test_an_answer_that_is_stored_just_before_a_question_is_gathered_is_read_back(tmp_path: Path) -> None:
    class LateStore(Store):
        looks = 0

        def get(self, key: str) -> StoredAnswer | None:
            """Has nothing at the first look of each question, as before another process stored it."""
            self.looks += 1
            return None if self.looks <= 6 else super().get(key)

    with ScriptedModel() as model:
        asked(model, tmp_path)
        with LateStore.open(tmp_path / "store.sqlite3") as store:
            ran = asyncio.run(run(model.base_url, store, tmp_path, questions()))
        assert answered(ran)
        assert once(model)
    assert (ran.usage.calls, ran.usage.reused) == (0, 6)


def test_the_readers_of_one_process_share_a_batch_and_count_its_answers_once(tmp_path: Path) -> None:
    async def both(url: str) -> list[Any]:
        spec = parse(f"openai:{MODEL}", base_url=url, environ={})
        with Store.in_memory() as store, Store.in_memory() as one, Store.in_memory() as other:
            async with Batcher(spec, store, pace=QUICK) as batch:
                options = ModelOptions(batch=batch)
                folder = prompts(tmp_path)
                async with (
                    ModelReader(spec, store=one, prompts=folder, options=options) as a,
                    ModelReader(spec, store=other, prompts=folder, options=options) as b,
                ):
                    await asyncio.gather(a.ask(note_question()), b.ask(note_question()))
                    return [a.usage, b.usage]

    with ScriptedModel() as model:
        usages = asyncio.run(both(model.base_url))
        assert once(model, 1)
    assert sorted(usage.calls for usage in usages) == [0, 1]
    assert sorted(usage.reused for usage in usages) == [0, 1]


def test_limits_of_a_file_are_kept_by_several_batches(tmp_path: Path) -> None:
    with ScriptedModel() as model:
        assert answered(asked(model, tmp_path, 7, pace=replace(QUICK, questions=3, quiet=1.0)))
        assert once(model, 7)
        sizes = [len(upload.splitlines()) for upload in model.batches.uploads]
        assert (max(sizes), len(sizes)) == (3, 3)  # no more files than it takes, whichever came first


def test_a_file_is_no_larger_than_the_provider_takes(tmp_path: Path) -> None:
    size = 2 * len(request_line("q", {})) + 12_000
    with ScriptedModel() as model:
        assert answered(asked(model, tmp_path, 4, pace=replace(QUICK, size=size)))
        assert once(model, 4)
        assert len(model.batches.uploads) > 1
        assert all(len(upload) <= size for upload in model.batches.uploads)


def test_questions_of_a_later_stage_go_in_a_batch_of_their_own(tmp_path: Path) -> None:
    async def stages(url: str) -> None:
        spec = parse(f"openai:{MODEL}", base_url=url, environ={})
        with Store.in_memory() as store:
            async with Batcher(spec, store, pace=QUICK) as batch:
                options = ModelOptions(batch=batch)
                async with ModelReader(spec, store=store, prompts=prompts(tmp_path), options=options) as reader:
                    await asyncio.gather(*(reader.ask(each) for each in questions(2)))
                    await reader.ask(reports_question())

    with ScriptedModel() as model:
        asyncio.run(stages(model.base_url))
        assert [len(upload.splitlines()) for upload in model.batches.uploads] == [2, 1]
        assert once(model, 3)


def test_the_providers_files_are_deleted_after_collection(tmp_path: Path) -> None:
    with ScriptedModel(batch_faults=["items"]) as model:
        asked(model, tmp_path)
        assert len(model.batches.uploads) == 1
        assert model.batches.files == 0


def left_behind(model: ScriptedModel, folder: Path, number: int = 6) -> None:
    """A run that ends while its one batch is under way; the model is to have the fault "never"."""

    async def submitted(batch: Batcher) -> None:
        while not batch.under_way:  # noqa: ASYNC110  # the store sets no event
            await asyncio.sleep(0.01)
        raise asyncio.CancelledError

    with suppress(asyncio.CancelledError):
        asked(model, folder, number, meanwhile=submitted)
    assert len(model.batches.under_way()) == 1


def refusing(model: ScriptedModel, said: str) -> Callable[[Batcher], Awaitable[None]]:
    """Once a run waits for it, the batch under way proves too long for the provider's queue: no submission."""

    async def refuse(batch: Batcher) -> None:
        while not batch.waiting:  # noqa: ASYNC110  # set by no event
            await asyncio.sleep(0.001)
        (found,) = model.batches._batches.values()
        found.code, found.said, found.status = "token_limit_exceeded", said, "failed"
        model.batches.submitted.subtract(request["custom_id"] for request in found.requests)

    return refuse


# ---- what comes of a batch that does not answer


@pytest.mark.parametrize(
    ("fault", "reasons"),
    [
        ("items", {"server_error": 2}),
        ("expires", {"batch_expired": 3}),
        ("cancelled", {"batch_cancelled": 3}),
        ("garbled", {"no_answer": 2}),
        ("invalid", {"invalid_json_line": 6}),
        ("none", {"no Batch API here (status 404)": 6}),
        ("page", {"no Batch API here (status 200)": 6}),
    ],
)
def test_what_has_no_answer_from_a_batch_is_asked_directly(
    fault: str, reasons: dict[str, int], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "summarise")
    with ScriptedModel(batch_faults=[fault]) as model:
        ran = asked(model, tmp_path)
        assert answered(ran)
        assert ran.fallen_back == reasons
        assert len(model.requests) == sum(reasons.values())
        assert ran.usage.calls == 6
        assert model.batches.files == 0
    told = [record for record in caplog.records if "asked directly" in record.getMessage()]
    assert sum("has no answer from a batch" in record.getMessage() for record in told) == sum(reasons.values())


def test_a_direct_question_keeps_to_the_limits_of_concurrency(tmp_path: Path) -> None:
    with ScriptedModel(latency=0.02, batch_faults=["none"]) as model:
        assert answered(asked(model, tmp_path, options=ModelOptions(concurrency=2)))
        assert model.most_in_flight <= 2


def test_an_invalid_answer_is_asked_for_again_directly_and_both_are_counted(tmp_path: Path) -> None:
    with ScriptedModel(faults=["invalid:attempts=1"]) as model:
        ran = asked(model, tmp_path, 2)
        assert answered(ran)
        assert len(model.requests) == 2
        assert (ran.usage.calls, ran.usage.reasks) == (4, 2)
        assert set(model.batches.submitted.values()) == {1}


def test_an_invalid_answer_waits_in_the_book_until_it_is_asked_for_again(tmp_path: Path) -> None:
    with ScriptedModel(faults=["invalid:attempts=1", "503:attempts=3"]) as model:
        ran = asked(model, tmp_path, 1)
        assert isinstance(ran.results[0], ModelUnavailable)
        assert answered(asked(model, tmp_path, 1))
        assert set(model.batches.submitted.values()) == {1}
        assert len(model.requests) == 3


def test_a_question_that_failed_for_good_may_be_asked_anew_in_a_later_run(tmp_path: Path) -> None:
    with ScriptedModel(faults=["refusal:attempts=1"]) as model:
        ran = asked(model, tmp_path, 1)
        assert type(ran.results[0]).__name__ == "Refused"
        assert answered(asked(model, tmp_path, 1))
        assert set(model.batches.submitted.values()) == {2}


def test_an_answer_without_content_is_as_good_as_none(tmp_path: Path) -> None:
    with ScriptedModel(faults=["empty:attempts=1"]) as model:
        ran = asked(model, tmp_path, 2)
        assert answered(ran)
        assert ran.fallen_back == {"no content": 2}


@pytest.mark.parametrize(
    "fault", ["429:times=1", "500:times=1", "upload_500:times=1", "poll_500:times=3", "lost:times=1", "cut:times=1"]
)
def test_calls_that_fail_are_made_again_and_no_batch_comes_to_be_twice(fault: str, tmp_path: Path) -> None:
    with ScriptedModel(batch_faults=[fault]) as model:
        assert answered(asked(model, tmp_path))
        assert once(model)
        assert model.batches.created == 1


def test_a_provider_out_of_reach_ends_the_questions_and_the_next_run_asks_them(tmp_path: Path) -> None:
    with ScriptedModel(batch_faults=["upload_500:times=2"]) as model:
        ran = asked(model, tmp_path)
        assert all(isinstance(result, ModelUnavailable) for result in ran.results)
        assert not model.requests
        assert answered(asked(model, tmp_path))
        assert once(model)


def test_looks_that_keep_failing_end_with_where_the_questions_are(tmp_path: Path) -> None:
    with ScriptedModel(batch_faults=["poll_500:times=6"]) as model:
        ran = asked(model, tmp_path, 2, pace=replace(QUICK, patience=2))
        assert all("2 questions are with the provider in 1 batch" in str(result) for result in ran.results)
        assert answered(asked(model, tmp_path, 2))
        assert once(model, 2)


@pytest.mark.parametrize("number", [1, 2])
def test_a_batch_that_ends_out_of_reach_makes_room_for_others(number: int, tmp_path: Path) -> None:
    async def narrow(batch: Batcher) -> None:
        batch._queue.ceiling = 1  # one question at a time

    pace, options = replace(QUICK, patience=0), ModelOptions(attempts=2, deadline=3)
    with ScriptedModel(batch_faults=[f"poll_500:times={2 * number}"]) as model:
        ran = asked(model, tmp_path, 3, pace=pace, options=options, meanwhile=narrow)
    ends = Counter(type(result).__name__ for result in ran.results)
    assert ends == {"ModelUnavailable": number, "Note": 3 - number}


def test_a_batch_that_the_provider_does_not_know_is_not_paid_for_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pace = replace(QUICK, patience=2)
    with ScriptedModel(batch_faults=["never"]) as model:
        left_behind(model, tmp_path)
        seen, model.batches._batches = model.batches._batches, {}  # as the key of another project sees them
        ran = asked(model, tmp_path, pace=pace)
        assert all(isinstance(result, ConfigurationError) for result in ran.results)
        assert f"does not know batch {next(iter(seen))}; use the key of the project" in str(ran.results[0])
        assert "is not known to the provider" in caplog.text
        model.batches._batches = seen
        model.batches.hurry()
        assert answered(asked(model, tmp_path, pace=pace))
        assert once(model)


def test_a_batch_that_is_not_known_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    async def hidden(batch: Batcher) -> None:
        while not batch.waiting:  # noqa: ASYNC110  # set by no event
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        model.batches._batches.update(seen)

    with ScriptedModel(batch_faults=["never"]) as model:
        left_behind(model, tmp_path)
        model.batches.hurry()
        seen, model.batches._batches = dict(model.batches._batches), {}
        assert answered(asked(model, tmp_path, meanwhile=hidden, pace=replace(QUICK, patience=10_000)))
        assert once(model)


def test_a_batch_that_is_gone_after_its_time_is_asked_directly(tmp_path: Path) -> None:
    with ScriptedModel(batch_faults=["never"]) as model:
        left_behind(model, tmp_path, 2)
        model.batches._batches.clear()
        with open_store(tmp_path / "store.sqlite3") as store, store.database.writing() as write:
            write("UPDATE batches SET made = ?", ("2020-01-01T00:00:00Z",))
        ran = asked(model, tmp_path, 2)
        assert answered(ran)
        assert ran.fallen_back == {"batch_gone": 2}


# ---- a queue at the provider that is full


def test_a_refused_batch_goes_again_in_parts_when_there_is_room(tmp_path: Path) -> None:
    with ScriptedModel(batch_faults=["queue_full:tokens=2500"]) as model:
        ran = asked(model, tmp_path)
        assert answered(ran)
        assert not ran.fallen_back
        assert once(model)
        assert model.batches.created > 2


def test_one_question_that_is_too_long_for_the_queue_is_asked_directly(tmp_path: Path) -> None:
    with ScriptedModel(batch_faults=["queue_full:tokens=10"]) as model:
        ran = asked(model, tmp_path, 3)
        assert answered(ran)
        assert ran.fallen_back == {"token_limit_exceeded": 3}
        assert len(model.requests) == 3


def test_a_batch_waits_for_others_when_the_queue_was_too_full() -> None:
    async def wait() -> list[str]:
        queue, order = Queue(), []
        assert await queue.enter("first", 60, divisible=True)
        assert await queue.enter("second", 60, divisible=True)
        queue.refused("second", "Limit: 100 enqueued tokens", alone=False)
        queue.leave("second")

        async def again() -> None:
            assert await queue.enter("second", 60, divisible=True)
            order.append("second")

        task = asyncio.ensure_future(again())
        await asyncio.sleep(0)
        order.append("first ends")
        queue.leave("first")
        await task
        assert not await queue.enter("large", 500, divisible=True)
        return order

    assert asyncio.run(wait()) == ["first ends", "second"]


@pytest.mark.parametrize("said", ["Enqueued token limit reached. Limit: 9,000,000 enqueued tokens.", "Too many."])
def test_a_refused_batch_of_an_earlier_run_goes_again_in_few_parts(said: str, tmp_path: Path) -> None:
    with ScriptedModel(batch_faults=["never:times=1"]) as model:
        left_behind(model, tmp_path)
        ran = asked(model, tmp_path, meanwhile=refusing(model, said))
        assert answered(ran)
        assert not ran.fallen_back
        assert once(model)
        assert model.batches.created <= 4


def refused(*said: str, alone: bool = False, tokens: int = 1_000_000) -> Queue:
    """A queue whose batches were refused with these words, one after the other."""

    async def refuse_all() -> Queue:
        queue = Queue()
        for number, each in enumerate(said):
            await queue.enter(str(number), tokens, divisible=False)
            queue.refused(str(number), each, alone=alone)
            queue.leave(str(number))
        return queue

    return asyncio.run(refuse_all())


def test_while_others_fill_the_queue_the_ceiling_is_what_the_provider_names_however_often_it_refuses() -> None:
    assert refused(*["Limit: 2,000,000 enqueued tokens."] * 100).ceiling == 1_900_000
    assert refused(*["Too many."] * 100).ceiling is None


def test_a_refusal_of_nothing_sets_no_ceiling() -> None:
    queue = Queue()
    queue.refused("of an earlier run", "Too many.", alone=True)
    assert queue.ceiling is None


def test_a_limit_that_is_far_above_a_batch_is_not_taken_for_its_fault() -> None:
    assert refused(*["Limit: 9,000,000 enqueued tokens."] * 9, alone=True).ceiling == 8_550_000
    assert refused("Limit: 1,100,000 enqueued tokens.", alone=True).ceiling == 500_000


def test_the_ceiling_rises_with_what_the_provider_takes_up_to_the_limit_that_it_names() -> None:
    async def taken(queue: Queue, times: int) -> int | None:
        for _ in range(times):
            await queue.enter("next", queue.ceiling or 0, divisible=True)
            queue.taken("next")
            queue.leave("next")
        return queue.ceiling

    unnamed = refused("Too many.", alone=True)
    assert unnamed.ceiling == 500_000
    assert asyncio.run(taken(unnamed, 1)) == 625_001
    named = refused("Limit: 1,100,000 enqueued tokens.", alone=True)
    assert asyncio.run(taken(named, 20)) == 1_045_000


# ---- stopped and gone on with


@pytest.mark.long
@pytest.mark.parametrize("point", POINTS)
def test_a_run_killed_at_any_step_is_gone_on_with_and_nothing_is_submitted_twice(point: str, tmp_path: Path) -> None:
    with ScriptedModel() as model:
        killed(tmp_path / "store.sqlite3", model.base_url, point)
        ran = asked(model, tmp_path)
        assert answered(ran)
        assert once(model)
        assert model.batches.created == 1
        assert model.batches.files == 0
        assert ran.usage.calls == 6


def test_a_run_that_is_cut_off_leaves_its_batch_and_says_so(tmp_path: Path) -> None:
    async def cut_off(url: str, store: Store) -> UnderWay:
        async def submitted(batch: Batcher) -> None:
            while not batch.under_way.questions:  # noqa: ASYNC110  # the store sets no event
                await asyncio.sleep(0.01)
            raise asyncio.CancelledError

        with suppress(asyncio.CancelledError):
            await run(url, store, tmp_path, questions(), meanwhile=submitted)
        return under_way(store)

    with ScriptedModel(batch_faults=["never"]) as model:
        with open_store(tmp_path / "store.sqlite3") as store:
            left = asyncio.run(cut_off(model.base_url, store))
        assert left == UnderWay(6, 1)
        assert str(left) == "6 questions are with the provider in 1 batch; run the same command again to collect them"
        model.batches.hurry()
        assert answered(asked(model, tmp_path))
        assert once(model)


def test_a_deadline_leaves_the_batch_and_the_error_says_where_the_questions_are(tmp_path: Path) -> None:
    with ScriptedModel(batch_faults=["never"]) as model:
        ran = asked(model, tmp_path, 2, options=ModelOptions(deadline=0.4))
        assert all(isinstance(result, BudgetSpent) for result in ran.results)
        assert "2 questions are with the provider in 1 batch; run the same command" in str(ran.results[0])
        model.batches.hurry()
        assert answered(asked(model, tmp_path, 2))
        assert once(model, 2)


def test_a_run_cut_off_in_the_middle_of_a_submission_is_gone_on_with_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from summarise.model.batch.wire import Wire

    async def hangs(*_: Any) -> Any:
        await asyncio.Event().wait()

    with ScriptedModel() as model:
        with monkeypatch.context() as patched:
            patched.setattr(Wire, "create", hangs)
            assert not answered(asked(model, tmp_path, options=ModelOptions(deadline=0.3)))
        assert answered(asked(model, tmp_path, pace=replace(QUICK, lease=3600)))
        assert once(model)


@pytest.mark.parametrize("owner", ["", "a process that was killed"])
def test_a_submission_cut_off_that_nobody_asks_for_again_is_tidied_up(
    owner: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from summarise.model.batch.wire import Wire

    async def hangs(*_: Any) -> Any:
        await asyncio.Event().wait()

    async def tidied(batch: Batcher) -> None:
        for _ in range(100):
            if not model.batches.files:
                return
            await asyncio.sleep(0.02)

    with ScriptedModel() as model, open_store(tmp_path / "store.sqlite3") as store:
        with monkeypatch.context() as patched:
            patched.setattr(Wire, "create", hangs)
            asked(model, tmp_path, options=ModelOptions(deadline=0.3))
        assert model.batches.files == 1
        with store.database.writing() as write:
            write("UPDATE batches SET owner = ?", (owner,))
        asyncio.run(run(model.base_url, store, tmp_path, [], meanwhile=tidied))
        assert model.batches.files == 0
        assert answered(asked(model, tmp_path))
        assert once(model)


@pytest.mark.parametrize("work", ["sweep", "left", "begun"])
def test_upkeep_that_fails_is_told_to_the_log_and_to_nobody_else(
    work: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(self: Book) -> None:
        raise OutputError("the disk is full")

    monkeypatch.setattr(Book, work, full, raising=False)
    with ScriptedModel() as model:
        assert answered(asked(model, tmp_path, 2))
    assert "the disk is full" in caplog.text


def test_a_process_that_slept_through_its_lease_finds_what_another_has_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It wakes up between its last look at the book and the call: no look can prevent that, and it is put right."""
    from summarise.model.batch.wire import Remote, Wire

    create = Wire.create
    awake, asleep = asyncio.Event(), asyncio.Event()

    async def sleeps(self: Wire, *given: str) -> Remote:
        if not asleep.is_set():
            asleep.set()
            await awake.wait()
        return await create(self, *given)

    async def both(url: str) -> tuple[Ran, Ran]:
        with open_store(tmp_path / "one.sqlite3") as one, open_store(tmp_path / "one.sqlite3") as other:
            sleeper = asyncio.ensure_future(run(url, one, tmp_path, questions(2), pace=replace(QUICK, lease=3600)))
            await asleep.wait()
            second = await run(url, other, tmp_path, questions(2))
            awake.set()
            return await sleeper, second

    monkeypatch.setattr(Wire, "create", sleeps)
    with ScriptedModel(batch_latency=0.05) as model:
        first, second = asyncio.run(both(model.base_url))
        assert answered(first)
        assert answered(second)
        assert (first.usage.calls, second.usage.calls) == (0, 2)
        assert model.batches.under_way() == []


def test_a_cancelled_batch_gives_what_it_has(tmp_path: Path) -> None:
    async def cancelled(batch: Batcher) -> None:
        while not model.batches.under_way():  # noqa: ASYNC110  # another thread's
            await asyncio.sleep(0.01)
        await model.batches.cancel(model.batches.under_way()[0])

    with ScriptedModel(batch_faults=["never"]) as model:
        ran = asked(model, tmp_path, meanwhile=cancelled)
        assert answered(ran)
        assert ran.fallen_back == {"batch_cancelled": 3}
        assert len(model.requests) == 3


# ---- money and secrets


def test_a_budget_is_set_aside_before_anything_is_submitted(tmp_path: Path) -> None:
    with ScriptedModel() as model:
        ran = asked(model, tmp_path, 6, options=ModelOptions(max_tokens=4500))
        sent = sum(model.batches.submitted.values())
        assert 0 < sent <= 6
        assert ran.usage.input_tokens + ran.usage.output_tokens <= 4500


def test_a_question_that_cannot_be_paid_for_is_not_submitted(tmp_path: Path) -> None:
    with ScriptedModel() as model:
        ran = asked(model, tmp_path, 3, options=SMALL)
        assert all(isinstance(result, BudgetSpent) for result in ran.results)
        assert not model.batches.uploads


def test_an_answer_that_was_paid_for_is_collected_whatever_the_budget_is_now(tmp_path: Path) -> None:
    with ScriptedModel(batch_faults=["never"]) as model:
        asked(model, tmp_path, 2, options=ModelOptions(deadline=0.4))
        model.batches.hurry()
        assert answered(asked(model, tmp_path, 2, options=SMALL))


def test_a_refused_batch_of_an_earlier_run_is_not_submitted_again_beyond_the_budget(tmp_path: Path) -> None:
    with ScriptedModel(batch_faults=["never:times=1"]) as model:
        left_behind(model, tmp_path)
        ran = asked(model, tmp_path, options=SMALL, meanwhile=refusing(model, "Too many."))
        assert all(isinstance(result, BudgetSpent) for result in ran.results)
        assert model.batches.created == 1
        assert not model.requests
        ran = asked(model, tmp_path, options=ModelOptions(max_tokens=4500))
        assert 0 < sum(model.batches.submitted.values()) <= 6
        assert ran.usage.input_tokens + ran.usage.output_tokens <= 4500


def test_answers_of_batches_are_priced_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from summarise.model.usage import Prices

    priced: list[bool] = []

    def cost(self: Prices, tokens: object, batch: bool = False) -> float:
        priced.append(batch)
        return 0.5 if batch else 1.0

    monkeypatch.setattr(Prices, "cost", cost)
    with ScriptedModel(batch_faults=["items"]) as model:
        ran = asked(model, tmp_path)
    assert any(priced)
    assert ran.usage.cost == pytest.approx(4 * 0.5 + 2 * 1.0)


def test_the_key_is_nowhere_but_in_the_header(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    canary = "canary-of-the-key-0123456789"
    monkeypatch.setenv("OPENAI_API_KEY", canary)
    caplog.set_level(logging.DEBUG)
    with ScriptedModel(batch_faults=["items"]) as model:
        assert answered(asked(model, tmp_path))
        assert all(canary.encode() not in upload for upload in model.batches.uploads)
        assert model.requests[0].headers["authorization"].endswith(canary)
    assert canary not in caplog.text
    assert all(canary.encode() not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_no_question_stands_in_the_log_or_in_the_book(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with ScriptedModel(batch_faults=["items"]) as model:
        asked(model, tmp_path)
    assert "president of France" not in caplog.text
    with open_store(tmp_path / "store.sqlite3") as store:
        rows = store.database.fetch("SELECT * FROM batches") + store.database.fetch(
            "SELECT id, batch, state, reason FROM batch_items"
        )
    assert rows
    assert "president" not in str(rows)


def test_the_scripted_model_names_the_faults_of_its_batches(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["scripted", "--help"])
    with pytest.raises(SystemExit):
        scripted.main()
    assert "--batch-fault" in (said := capsys.readouterr().out)
    assert "queue_full" in said
    for wrong in ("no-such", "never:often=1", "never:times=x"):
        with pytest.raises(ConfigurationError, match="--batch-fault"):
            ScriptedModel(batch_faults=[wrong])


def test_only_a_model_behind_the_api_has_batches() -> None:
    with Store.in_memory() as store, pytest.raises(ConfigurationError, match="extractive"):
        Batcher(parse("extractive"), store)


# ---- lines and book


def test_a_requests_name_is_that_of_its_content() -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "«Да»\u2028 \ud800"}]}
    name = custom_id("http://a/v1", body)
    assert name == custom_id("http://a/v1", json.loads(json.dumps(body)))
    assert name != custom_id("http://b/v1", body)
    assert name != custom_id("http://a/v1", {**body, "model": "n"})
    assert len(name) <= 64
    line = request_line(name, body)
    assert line.count(b"\n") == 1
    assert json.loads(line)["body"] == body
    assert json.loads(line)["url"] == "/v1/chat/completions"


def test_an_answer_that_is_kept_does_not_fail_over_the_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Book, ids: object) -> None:
        raise OutputError("the disk is full")

    monkeypatch.setattr(Book, "settle", full)
    with ScriptedModel() as model:
        assert answered(asked(model, tmp_path, 2))


def test_the_order_of_a_schema_is_kept() -> None:
    body = {"response_format": {"zebra": 1, "ant": 2}}
    assert request_line("q", body).index(b"zebra") < request_line("q", body).index(b"ant")


@pytest.mark.parametrize(
    ("line", "result"),
    [
        (b'{"custom_id":"q","response":{"status_code":200,"body":{"a":1}},"error":null}', Result("q", '{"a":1}')),
        (b'{"custom_id":"q","response":null,"error":{"code":"batch_expired"}}', Result("q", "", "batch_expired")),
        (
            b'{"custom_id":"q","response":{"status_code":400,"body":{"error":{"code":"x y<b>"}}}}',
            Result("q", "", "status 400"),
        ),
        (b'{"custom_id":"q","response":{"status_code":500,"body":"page"}}', Result("q", "", "status 500")),
        (b'{"custom_id":"q"}', Result("q", "", "no_answer")),
        (b'{"custom_id":7}', None),
        (b"[]", None),
        (b"{", None),
        (b"\xff", None),
    ],
)
def test_lines_of_results(line: bytes, result: Result | None) -> None:
    assert result_of(line) == result


def test_the_book_knows_what_is_with_the_provider(store_place: str) -> None:
    with open_store(store_place) as store:
        mine, theirs = Book(store, "http://a/v1", "me"), Book(store, "http://a/v1", "they")
        assert mine.claim("b1", {"q1": 10, "q2": 20, "q3": 30}) == {}
        assert not mine.owed("q1")
        assert {key: item.state for key, item in theirs.claim("b2", {"q3": 30}).items()} == {"q3": SUBMITTED}
        assert theirs.batch("b2") is None
        assert mine.beat("b1", "file-1")
        assert not theirs.beat("b1")
        assert mine.created("b1", "batch_1")
        assert not mine.created("b1", "batch_2")
        assert mine.owed("q1")
        assert under_way(store) == UnderWay(3, 1)
        assert under_way(store, "http://b/v1") == UnderWay(0, 0)
        mine.record("b1", [Result("q1", '{"a": "Ж\\u0000"}'), Result("q2", "", "batch_expired")])
        mine.record("b1", [Result("q1", "", "again")])
        theirs.collected("b1", ["file-2"], "no_answer")
        states = {key: (item.state, item.reason) for key, item in theirs.items(["q1", "q2", "q3", "q4"]).items()}
        assert states == {"q1": (ANSWERED, ""), "q2": (FAILED, "batch_expired"), "q3": (FAILED, "no_answer")}
        assert mine.answer("q1") == '{"a": "Ж\\u0000"}'
        assert mine.left() == ["b1"]
        mine.closed("b1")
        assert mine.left() == []
        mine.settle(["q1"])
        assert mine.items(["q1"])["q1"].state == SETTLED
        assert (theirs.settled("q1"), theirs.settled("q2"), theirs.settled("q4")) == ("b1", "", "")
        assert theirs.claim("b3", {"q1": 10}).keys() == {"q1"}  # settled since it was looked for: there is an answer
        assert theirs.claim("b3", {"q1": 10}, {"q1": "b0"}).keys() == {"q1"}
        assert theirs.claim("b3", {"q1": 10}, {"q1": "b1"}) == {}
        mine.sweep()
        assert store.verify() == []


def test_who_stands_still_is_taken_over_by_one_other_and_is_told(store_place: str) -> None:
    with open_store(store_place) as store:
        mine, theirs, third = (Book(store, "http://a/v1", name) for name in ("me", "they", "third"))
        mine.claim("b1", {"q1": 10})
        seen = theirs.batch("b1")
        assert seen is not None
        assert mine.beat("b1")
        assert not theirs.take_over(seen)
        seen = theirs.batch("b1")
        assert seen is not None
        assert theirs.take_over(seen)
        assert not third.take_over(seen)
        assert not mine.beat("b1", "file-1")
        theirs.give_up("b1")
        assert not mine.created("b1", "batch_1")
        assert theirs.items(["q1"]) == {}
