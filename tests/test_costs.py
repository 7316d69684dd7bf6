"""What was spent: the ledger is the sum of all that runs used, whatever befell them, and `summarise costs` shows it."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import batching
import pytest
from asking import SENTENCES, ask, note_question
from typer.testing import CliRunner

from summarise.api import amake
from summarise.cli import app
from summarise.contract import Usage
from summarise.costs import CostLine, Costs, costs, day
from summarise.errors import ConfigurationError, SummariseError
from summarise.loading import ArticleText
from summarise.model import ModelOptions
from summarise.model.price import Price
from summarise.render.costs import costs_csv, costs_text, dollars
from summarise.scripted import ScriptedModel
from summarise.store import Spent, Store, open_store

ROOT = Path(__file__).resolve().parent.parent
PRICE = Price(3.0, 12.0, 0.3)
ROW = Spent(
    run="r1",
    story="harbour",
    kind="note",
    model="openai:x",
    host="api.example",
    batch=False,
    milliseconds=10,
    calls=3,
    unpriced=0,
    input_tokens=12_000,
    cached_tokens=4_000,
    output_tokens=900,
    cost=1_234_500_000,
)


def articles(number: int) -> list[ArticleText]:
    return [
        ArticleText(
            path=f"{n}.txt",
            title=f"The sale, part {n}",
            text=f"The sale, part {n}\n\nThe minister of place number {n}, Ana Berg, opposes the sale of the port.\n\n"
            f"“We will not sell for {n + 3} million,” Mayor Costa {n} said on Tuesday.\n",
        )
        for n in range(number)
    ]


class Counted:
    """The usage of one run, also of one that was cut off: what the reader told last."""

    def __init__(self) -> None:
        self.usage = Usage(cost=0.0)

    def __call__(self, usage: Usage) -> None:
        self.usage = usage


def same(line: CostLine, *used: Usage) -> None:
    """The sum of the ledger is that of the runs."""
    assert line.calls == sum(usage.calls for usage in used)
    assert line.input_tokens == sum(usage.input_tokens for usage in used)
    assert line.cached_tokens == sum(usage.cached_tokens for usage in used)
    assert line.output_tokens == sum(usage.output_tokens for usage in used)
    assert line.cost == sum(round((usage.cost or 0) * 1e9) for usage in used)
    assert line.unpriced == 0


@pytest.mark.parametrize(
    "faults",
    [
        [],
        ["429:rate=0.3,retry_after=0"],
        ["drop:rate=0.3", "reset:rate=0.2"],
        ["invalid:rate=0.5,attempts=1", "badjson:rate=0.2"],
        ["truncate:rate=0.4", "refusal:rate=0.2"],
        ["out_of_range:rate=0.5", "503:rate=0.3", "no_usage:rate=0.2", "null:rate=0.2"],
    ],
)
def test_the_ledger_is_the_sum_of_what_runs_used_whatever_befell_them(
    tmp_path: Path, faults: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("summarise.model.transport.FIRST_WAIT", 0.001)
    used: list[Usage] = []
    with ScriptedModel(faults=faults) as model, open_store(tmp_path / "s.sqlite3") as store:
        for number in (5, 5, 7):
            counted = Counted()
            with suppress(SummariseError):
                asyncio.run(
                    amake(
                        articles(number),
                        model="openai:scripted",
                        base_url=model.base_url,
                        store=store,
                        options=ModelOptions(price=PRICE, attempts=2),
                        on_usage=counted,
                        story="sale",
                        run_id=f"run-{number}",
                    )
                )
            used.append(counted.usage)
        assert sum(usage.calls for usage in used) == len(model.requests)
        same(costs(store, "story").total, *used)
        assert [line.name for line in store.spent("story")] == ["sale"]
        assert {line.name for line in store.spent("run")} == {"run-5", "run-7"}
        assert store.verify() == []


def test_what_is_cut_off_in_flight_is_in_the_ledger_too(tmp_path: Path) -> None:
    counted = Counted()

    async def cancelled(url: str, store: Store) -> None:
        enough = asyncio.Event()

        def used(usage: Usage) -> None:
            counted(usage)
            if usage.output_tokens and usage.calls >= 7:
                enough.set()

        task = asyncio.create_task(
            amake(
                articles(12),
                model="openai:scripted",
                base_url=url,
                store=store,
                options=ModelOptions(price=PRICE, concurrency=4),
                on_usage=used,
                story="sale",
            )
        )
        await enough.wait()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    with ScriptedModel(latency=0.05) as model, open_store(tmp_path / "s.sqlite3") as store:
        asyncio.run(cancelled(model.base_url, store))
        same(costs(store, "story").total, counted.usage)
        assert counted.usage.output_tokens > 0


def test_a_store_that_can_not_write_a_failure_down_keeps_it_until_the_reader_ends(tmp_path: Path) -> None:
    class Full(Store):
        refused = 0

        def spend(self, spent: object) -> None:
            if self.refused < 1:
                self.refused += 1
                raise SummariseError("the disk is full")
            super().spend(spent)  # type: ignore[arg-type]

    with ScriptedModel(faults=["refusal"]) as model, Full.in_memory() as store:
        asked = ask(model, note_question(), folder=tmp_path, store=store, options=ModelOptions(price=PRICE))
        same(costs(store, "story").total, asked.usage)


def test_the_words_of_articles_and_keys_stand_nowhere_in_the_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "canary-of-a-key-0123456789")
    with ScriptedModel(faults=["refusal:rate=0.5"]) as model, open_store(tmp_path / "s.sqlite3") as store:
        questions = [note_question(f"Canary number {n} sang.", SENTENCES[0]) for n in range(6)]
        ask(model, *questions, folder=tmp_path, store=store)
        rows = store.database.fetch("SELECT * FROM spending")
    assert len(rows) == 6
    assert "anary" not in repr(rows)
    assert {row[5] for row in rows} == {model.base_url.split("/")[2]}


def test_what_comes_in_batches_is_in_the_ledger_as_such_and_is_not_counted_as_time(tmp_path: Path) -> None:
    with ScriptedModel(faults=["invalid:rate=0.5,attempts=1"]) as model, open_store(tmp_path / "s.sqlite3") as store:
        options = ModelOptions(price=PRICE)
        ran = asyncio.run(batching.run(model.base_url, store, tmp_path, batching.questions(), options=options))
        same(costs(store, "story").total, ran.usage)
        rows = store.database.fetch("SELECT batch, sum(calls) FROM spending GROUP BY batch ORDER BY batch")
        batched = {int(batch): int(calls) for batch, calls in rows}
        assert batched == {0: ran.usage.reasks, 1: 6} if ran.usage.reasks else {1: 6}
        assert store.verify() == []


def test_answers_of_a_batch_whose_process_was_killed_are_counted_once_by_whoever_collects_them(tmp_path: Path) -> None:
    place = tmp_path / "s.sqlite3"
    with ScriptedModel() as model:
        batching.killed(place, model.base_url, "handed")
        with open_store(place) as store:
            asyncio.run(batching.run(model.base_url, store, tmp_path, batching.questions()))
            assert costs(store, "story").total.calls == 6


_KILLED = """
import asyncio, sys
from summarise.api import amake
from test_costs import articles
asyncio.run(amake(articles(40), model="openai:scripted", base_url=sys.argv[1], store=sys.argv[2], story="sale"))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_kill_9_loses_at_most_what_was_in_flight(tmp_path: Path) -> None:
    place = tmp_path / "s.sqlite3"
    with ScriptedModel(latency=0.02) as model:
        process = subprocess.Popen(
            [sys.executable, "-c", _KILLED, model.base_url, str(place)],
            env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
            stderr=subprocess.DEVNULL,
        )
        while len(model.requests) < 20 and process.poll() is None:
            time.sleep(0.005)
        process.kill()
        process.wait()
        sent = len(model.requests)
        with open_store(place) as store:
            total = costs(store, "story").total
            answers = store.counts().answers
    assert total.calls >= sent - 8
    assert total.calls == answers


# ---- what is shown


def line(**given: object) -> CostLine:
    return replace(CostLine(name="a", calls=1), **given)  # type: ignore[arg-type]


def shown(*lines: CostLine, by: str = "story") -> Costs:
    return Costs(by=by, since=None, until=None, story=None, lines=lines)  # type: ignore[arg-type]


def test_the_table_has_a_line_each_and_the_total() -> None:
    text = costs_text(
        shown(
            line(name="harbour", calls=1_200, input_tokens=2_000_000, cached_tokens=5, output_tokens=7, cost=10**9),
            line(name="ports", calls=3, cost=500_000_000),
        )
    )
    assert text.splitlines() == [
        "calls  tokens in  cached  tokens out     cost  story",
        "1,200  2,000,000       5           7  $1.0000  harbour",
        "    3          0       0           0  $0.5000  ports",
        "1,203  2,000,000       5           7  $1.5000  total",
    ]


def test_unknown_prices_are_said_and_not_counted_as_nothing() -> None:
    text = costs_text(shown(line(cost=1_230_000_000), line(name="b", calls=12, unpriced=12)))
    assert "unknown  b" in text
    assert "at least $1.2300  total" in text
    assert text.splitlines()[-1].startswith("at least $1.2300; 12 calls without a known price")
    assert dollars(line(unpriced=1)) == "unknown"
    assert dollars(line(unpriced=1, cost=10**9)) == "at least $1.0000"
    assert dollars(line()) == "$0.0000"


def test_names_can_neither_reach_the_terminal_nor_be_a_formula() -> None:
    evil = line(name="=HYPERLINK(1)\x1b]0;x\x07\nnext")
    text = costs_text(shown(evil))
    assert "\x1b" not in text
    assert len(text.splitlines()) == 3
    ((_, row), name) = (list(csv.reader(io.StringIO(costs_csv(shown(evil))))), "'=HYPERLINK")
    assert row[0].startswith(name)
    assert costs_text(shown(line(name=""))).splitlines()[1].endswith("(no story)")


def run(*arguments: str, store: Path | None = None) -> tuple[int, str, str]:
    given = [*arguments, *(["--store", str(store)] if store else [])]
    done = CliRunner().invoke(app, ["costs", *given], standalone_mode=False)
    code = done.return_value if done.exception is None else 1
    return (code if isinstance(code, int) else done.exit_code), done.stdout, done.stderr


@pytest.fixture
def place(tmp_path: Path) -> Path:
    found = tmp_path / "s.sqlite3"
    with open_store(found) as store:
        store.spend([ROW, replace(ROW, story="ports", run="r2", kind="write", unpriced=3, cost=0)])
    return found


def test_the_command_shows_the_sums_as_asked(place: Path) -> None:
    code, out, _ = run(store=place)
    assert code == 0
    assert [one.split()[-1] for one in out.splitlines()[:4]] == ["story", "harbour", "ports", "total"]
    assert "at least $1.2345; 3 calls without a known price" in out
    for by in ("model", "day", "kind", "run"):
        code, out, _ = run("--by", by, store=place)
        assert code == 0
        assert by in out


def test_the_command_speaks_json_and_csv(place: Path) -> None:
    code, out, _ = run("--format", "json", store=place)
    told = json.loads(out)
    assert code == 0
    assert [one["name"] for one in told["lines"]] == ["harbour", "ports"]
    assert told["lines"][0]["cost"] == 1.2345
    assert told["lines"][1]["cost"] is None
    assert told["total"]["cost"] is None
    assert told["total"]["cost_at_least"] == 1.2345
    assert told["total"]["calls_without_price"] == 3
    code, out, _ = run("--format", "csv", "--story", "harbour", store=place)
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["story"], row["calls"], row["cost"]) for row in rows] == [("harbour", "3", "1.234500000")]


def test_an_empty_ledger_is_one_friendly_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    monkeypatch.delenv("SUMMARISE_STORE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    code, out, _ = run()
    assert code == 0
    assert out.startswith("nothing was spent yet")
    assert len(out.splitlines()) == 1
    assert not (tmp_path / "data").exists(), "looking makes no store"
    code, out, _ = run("--since", "2099-01-01", store=place)
    assert code == 0
    assert out.startswith("nothing was spent that fits")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--since", "yesterday"], "--since 'yesterday' is no day"),
        (["--until", "2026-02-30"], "--until '2026-02-30' is no day"),
        (["--since", "2026-02-02", "--until", "2026-02-01"], "--since 2026-02-02 is after --until 2026-02-01"),
    ],
)
def test_what_can_not_be_asked_for_is_one_line_and_exits_with_2(place: Path, given: list[str], words: str) -> None:
    code, out, said = run(*given, store=place)
    assert (code, out) == (2, "")
    assert words in said
    assert len(said.splitlines()) == 1


def test_a_store_that_was_named_and_is_not_there_is_told(tmp_path: Path) -> None:
    code, out, said = run(store=tmp_path / "none")
    assert (code, out) == (2, "")
    assert "there is no store" in said


def test_the_last_day_is_included_and_the_last_of_all_days_no_trouble(place: Path) -> None:
    with open_store(place) as store:
        today = date.fromisoformat(store.spent("day")[0].name)
        assert len(costs(store, "story", since=today, until=today).lines) == 2
        assert len(costs(store, "story", until=date.max).lines) == 2
    assert day(None, "--since") is None
    with pytest.raises(ConfigurationError, match="--since '20261122'"):
        day("20261122", "--since")
