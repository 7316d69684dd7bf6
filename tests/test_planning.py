"""What a run would ask and cost is told before, and nothing is sent for it."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from summarise.api import amake
from summarise.command import plan_lines
from summarise.errors import ConfigurationError, InputError
from summarise.model import ModelOptions, parse
from summarise.model.usage import Prices, Tokens
from summarise.planning import Plan, _Counting, _Waves, plan
from summarise.scripted import ScriptedModel
from summarise.store import Store

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
NOWHERE = "http://127.0.0.1:9/v1"


def planned(tmp_path: Path, model: str, base_url: str | None = None, folder: Path = SEEDS) -> Plan:
    return asyncio.run(plan(folder, model=model, base_url=base_url, store=tmp_path / "store"))


def test_a_plan_needs_no_key_and_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    made = planned(tmp_path, "openai:gpt-5-mini")
    assert made.calls["note"] == made.articles == 2
    assert made.calls["write"] == 1
    assert made.input_tokens > 2_000
    assert made.cost is not None
    assert 0 < made.cost < 1


def test_an_unknown_price_is_unknown_and_not_0(tmp_path: Path) -> None:
    assert planned(tmp_path, "openai:some-model", NOWHERE).cost is None


def test_the_embedded_rules_cost_nothing(tmp_path: Path) -> None:
    made = planned(tmp_path, "extractive")
    assert made.calls == {}
    assert made.cost == 0


def test_planning_stores_nothing_and_makes_no_store(tmp_path: Path) -> None:
    planned(tmp_path, "openai:some-model", NOWHERE)
    assert list(tmp_path.iterdir()) == []


def test_after_a_run_the_plan_is_to_call_nobody(tmp_path: Path) -> None:
    with ScriptedModel() as model:
        before = planned(tmp_path, "openai:scripted", model.base_url)
        made = asyncio.run(
            amake(SEEDS, model="openai:scripted", base_url=model.base_url, store=tmp_path / "store")
        ).brief
        after = planned(tmp_path, "openai:scripted", model.base_url)
    assert before.reused == 0
    assert sum(before.calls.values()) == made.run.usage.calls
    assert after.calls == {}
    assert after.reused == sum(before.calls.values())
    assert after.input_tokens == 0


def test_calls_that_wait_for_one_another_are_told_from_those_that_go_together(tmp_path: Path) -> None:
    """A note stage, then the joining, then what is asked of the joined, then the summary."""
    made = planned(tmp_path, "openai:some-model", NOWHERE)
    assert 4 <= made.chain <= 6
    assert made.chain < made.number


def test_the_chain_is_as_long_as_the_longest_row_of_answers_that_wait_for_one_another() -> None:
    async def run() -> int:
        waves = _Waves()

        async def row(length: int) -> None:
            for _ in range(length):
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(waves.next())

        async with asyncio.TaskGroup() as tasks:
            for length in (1, 7, 3, 7):
                tasks.create_task(row(length))
        return waves.number

    assert asyncio.run(run()) == 7


def test_before_the_model_has_answered_nothing_is_said_of_the_time(tmp_path: Path) -> None:
    made = planned(tmp_path, "openai:some-model", NOWHERE)
    assert made.answer_seconds is None
    assert made.seconds(ModelOptions()) is None
    assert "time unknown: this model has not answered yet" in plan_lines(made, ModelOptions())


def test_the_time_is_known_from_the_answers_that_the_ledger_has_of_this_model(tmp_path: Path) -> None:
    with ScriptedModel(latency=0.05) as model:
        url, other = model.base_url, tmp_path / "other"
        other.mkdir()
        (other / "a.txt").write_text("The mayor said no.\n\nThe minister, Ana Berg, opposes it.\n")
        asyncio.run(amake(other, model="openai:scripted", base_url=url, store=tmp_path / "store"))
        made = planned(tmp_path, "openai:scripted", url)
        elsewhere = planned(tmp_path, "openai:scripted", NOWHERE)
    assert made.answer_seconds is not None
    assert made.answer_seconds >= 0.05
    assert elsewhere.answer_seconds is None
    assert plan_lines(made, ModelOptions())[-1].startswith("about ")


PLAN = Plan("openai:x", 10, {"note": 100}, 5, 1_000_000, 200_000, 1.5, chain=5, answer_seconds=2.0)


def test_the_time_follows_from_calls_chain_concurrency_and_the_limits_a_minute() -> None:
    assert PLAN.seconds(ModelOptions(concurrency=1)) == 200
    assert PLAN.seconds(ModelOptions(concurrency=100)) == pytest.approx(2 + 5 * 2, rel=0.02)
    assert PLAN.seconds(ModelOptions(concurrency=10, requests_per_minute=10)) == 600
    assert PLAN.seconds(ModelOptions(concurrency=10, tokens_per_minute=60_000)) == 1_200
    assert PLAN.seconds(ModelOptions(), jobs=5) < PLAN.seconds(ModelOptions())  # type: ignore[operator]
    assert replace(PLAN, calls={}, answer_seconds=None).seconds(ModelOptions()) == 0
    assert replace(PLAN, batch=True).seconds(ModelOptions()) is None


def test_plans_of_several_stories_add_up() -> None:
    both = PLAN + replace(PLAN, calls={"note": 1, "write": 2}, answer_seconds=None)
    assert both.calls == {"note": 101, "write": 2}
    assert (both.articles, both.reused, both.chain, both.cost) == (20, 10, 10, 3.0)
    assert both.answer_seconds == 2.0
    assert (PLAN + replace(PLAN, cost=None)).cost is None
    with pytest.raises(ValueError, match="no sum"):
        _ = PLAN + replace(PLAN, model="openai:y")


def test_a_plan_of_many_calls_is_not_priced_as_one_long_prompt() -> None:
    """A model's price may be higher for long prompts; a story's calls together are no long prompt."""
    spec = parse("openai:gpt-6-luna", base_url="https://api.openai.com/v1", environ={})
    with Store.in_memory() as store:
        reader = _Counting(spec, store, None, ModelOptions(), batch=False)
        for _ in range(3):
            reader._count(Tokens(200_000, 0, 1_000))
    assert reader.tokens == Tokens(600_000, 0, 3_000)
    assert reader.cost == pytest.approx(3 * (Prices(spec).cost(Tokens(200_000, 0, 1_000)) or 0))


def test_in_batches_it_costs_half_and_takes_a_batch_a_link_of_the_chain(tmp_path: Path) -> None:
    alone, batched = (
        asyncio.run(plan(SEEDS, model="openai:gpt-6-luna", store=tmp_path / "store", batch=batch))
        for batch in (False, True)
    )
    assert batched.cost == pytest.approx((alone.cost or 0) / 2)
    assert plan_lines(batched, ModelOptions())[-1] == (
        f"about {alone.chain} batches one after the other, each of them done within 24 hours"
    )


def test_a_person_s_corrections_are_planned_with(tmp_path: Path) -> None:
    """They can change what is asked, so that a run with them is planned at no call only if it makes none."""
    folder = tmp_path / "articles"
    shutil.copytree(SEEDS, folder)
    (folder / "overrides.yaml").write_text("- not_a_correction: x\n")
    with pytest.raises(ConfigurationError):
        planned(tmp_path, "openai:some-model", NOWHERE, folder)


def test_a_plan_takes_a_store_that_is_open_and_leaves_it_open(tmp_path: Path) -> None:
    with Store.in_memory() as store:
        asyncio.run(plan(SEEDS, model="openai:some-model", base_url=NOWHERE, store=store))
        assert store.counts().answers == 0


def test_what_can_not_be_run_can_not_be_planned(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="missing"):
        planned(tmp_path, "openai:some-model", NOWHERE, folder=tmp_path / "missing")
    with pytest.raises(ConfigurationError):
        planned(tmp_path, "gpt")
