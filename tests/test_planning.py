"""What a run would ask and cost is told before, and nothing is sent for it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from summarise.api import amake
from summarise.errors import ConfigurationError, InputError
from summarise.planning import Plan, plan
from summarise.scripted import ScriptedModel

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


def test_what_can_not_be_run_can_not_be_planned(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="missing"):
        planned(tmp_path, "openai:some-model", NOWHERE, folder=tmp_path / "missing")
    with pytest.raises(ConfigurationError):
        planned(tmp_path, "gpt")
