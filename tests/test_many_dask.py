"""The engine of a Dask cluster, on one whose workers are threads of this process; test_many_killed.py has real ones."""

from __future__ import annotations

import asyncio
import logging
import pickle
import re
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from many_stories import brief_in, newsroom, states, tasks_of, work
from postgres import Server

pytest.importorskip("distributed", reason="the extra dask is not installed")

from summarise.errors import ClusterLost, ConfigurationError, LostStore, UnreachableStore
from summarise.many import dask as engine_module
from summarise.many import worker as worker_module
from summarise.many.dask import Dask
from summarise.many.engines import engine
from summarise.many.making import Shared
from summarise.many.task import Outcome, Task, Work
from summarise.many.worker import check, ordered, pool_of, run_story
from summarise.model.spec import parse
from summarise.scripted import ScriptedModel
from summarise.sharing import Member, Purses
from summarise.store import open_store
from summarise.store.places import shown_place

CANARY = "canary-4f1b"


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a scheduler with two workers of two threads each."""
    from distributed import LocalCluster

    make: Any = LocalCluster
    cluster = make(
        n_workers=2,
        threads_per_worker=2,
        processes=False,
        protocol="tcp",
        host="127.0.0.1",
        dashboard_address=None,
        silence_logs=logging.CRITICAL,
    )
    with cluster:
        yield str(cluster.scheduler_address)


def work_of(**changes: Any) -> Work:
    """One run of its own."""
    return work(run=secrets.token_hex(4), **changes)


def run(tasks: Sequence[Task], work: Work, *, until: int = 10**6, **given: Any) -> dict[str, Outcome]:
    """The outcomes of the engine, the first so many, by story."""
    found: dict[str, Outcome] = {}

    async def process() -> None:
        async with aclosing(engine("dask", **given).run(tasks, work)) as outcomes:
            async for outcome in outcomes:
                found[outcome.story] = outcome
                if len(found) >= until:
                    return

    asyncio.run(process())
    return found


def rows(store: Path, *tables: str) -> int:
    """What sharing has left in a store, or in some of its tables."""
    with open_store(store) as opened:
        tables = tables or ("members", "purses", "leases")
        return sum(len(opened.database.fetch(f"SELECT 1 FROM sharing_{table}")) for table in tables)  # noqa: S608


def test_a_cluster_makes_the_briefs_that_one_process_makes_and_keeps_to_the_limit(
    tmp_path: Path, scheduler: str
) -> None:
    root = newsroom(tmp_path / "news", "a", "b", "c", articles=2)
    with ScriptedModel(told=True, latency=0.02) as model:
        here = work_of(base_url=model.base_url, store=str(tmp_path / "here.sqlite3"), concurrency=3)
        there = replace(here, store=str(tmp_path / "there.sqlite3"))

        async def local() -> None:
            async with aclosing(engine("local").run(tasks_of(root, tmp_path / "here"), here)) as outcomes:
                async for _ in outcomes:
                    pass

        asyncio.run(local())
        asked = len(model.requests)
        model.most_in_flight = 0
        made = run(tasks_of(root, tmp_path / "there"), there, scheduler=scheduler)
        assert len(model.requests) == 2 * asked
        assert model.most_in_flight <= 3
    assert states(made) == {"a": "made", "b": "made", "c": "made"}
    assert all(outcome.worker.startswith("tcp://127.0.0.1:") for outcome in made.values())
    for name in "abc":
        assert brief_in(tmp_path / "there" / name) == brief_in(tmp_path / "here" / name)
    assert rows(tmp_path / "there.sqlite3") == 0


def test_a_run_that_is_closed_early_stops_asking_and_is_gone_on_with(
    tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "Member", partial(Member, lease=1.0))
    root = newsroom(tmp_path / "news", *(f"s{number}" for number in range(8)))
    store = tmp_path / "s.sqlite3"
    with ScriptedModel(told=True, latency=0.1) as model:
        given = work_of(base_url=model.base_url, store=str(store), concurrency=2)
        run(tasks_of(root, tmp_path / "out"), given, scheduler=scheduler, until=1)
        asked = len(model.requests)
        assert rows(store, "purses", "leases") == 0
        time.sleep(0.3)
        assert len(model.requests) == asked, "the workers go on asking"
        made = run(tasks_of(root, tmp_path / "out"), replace(given, run="next"), scheduler=scheduler)
        questions = [str(one.body["messages"]) for one in model.requests]
    assert set(states(made).values()) <= {"made", "unchanged"}
    assert len(made) == 8
    assert len(questions) - len(set(questions)) <= 2  # those in flight when it was closed


def test_a_budget_holds_for_all_workers_together_and_ends_a_run_cleanly(tmp_path: Path, scheduler: str) -> None:
    root = newsroom(tmp_path / "news", *"abcdef")
    with ScriptedModel(told=True) as model:
        given = work_of(base_url=model.base_url, store=str(tmp_path / "s.sqlite3"), max_tokens=9_000)
        made = run(tasks_of(root, tmp_path / "out"), given, scheduler=scheduler)
    assert "incomplete" in states(made).values()
    spent = sum(outcome.usage.input_tokens + outcome.usage.output_tokens for outcome in made.values())
    assert 4_000 < spent < 10_500
    assert {outcome.reason for outcome in made.values() if outcome.state == "incomplete"} >= {
        "the limit of 9,000 tokens is reached; run again to go on from here, or raise --max-tokens"
    }


def test_a_failed_story_harms_no_other(tmp_path: Path, scheduler: str) -> None:
    root = newsroom(tmp_path / "news", *"abc")
    (root / "b" / "overrides.yaml").write_text("nonsense: [", encoding="utf-8")
    with ScriptedModel(told=True) as model:
        given = work_of(base_url=model.base_url, store=str(tmp_path / "s.sqlite3"))
        made = run(tasks_of(root, tmp_path / "out"), given, scheduler=scheduler)
    assert states(made) == {"a": "made", "b": "failed", "c": "made"}


def test_what_fails_every_story_alike_ends_the_run_with_one_line_that_names_the_worker(
    tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    root = newsroom(tmp_path / "news", *"ab")
    given = work_of(base_url="https://api.openai.com/v1", store=str(tmp_path / "s.sqlite3"))
    with pytest.raises(ConfigurationError, match=r"^worker tcp://\S+: OPENAI_API_KEY is not set") as told:
        run(tasks_of(root, tmp_path / "out"), given, scheduler=scheduler)
    assert "\n" not in str(told.value)


def test_a_worker_with_another_store_makes_nothing(tmp_path: Path, scheduler: str) -> None:
    root = newsroom(tmp_path / "news", "a")
    given = work_of(store=str(tmp_path / "there.sqlite3"), base_url="http://127.0.0.1:9/v1")
    with pytest.raises(ConfigurationError, match="is not that of the command; name the same --store for all"):
        run(tasks_of(root, tmp_path / "out"), given, scheduler=scheduler, store=str(tmp_path / "here.sqlite3"))


def test_a_brief_that_lies_where_the_command_does_not_see_it_is_no_brief(
    tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def elsewhere(task: Task, work: Work, shared: object) -> Outcome:
        return Outcome(story=task.story, state="made")

    monkeypatch.setattr(worker_module, "make_story", elsewhere)
    root = newsroom(tmp_path / "news", "a")
    with pytest.raises(ConfigurationError, match="--out must be one folder for all machines"):
        run(tasks_of(root, tmp_path / "out"), work_of(store=str(tmp_path / "s.sqlite3")), scheduler=scheduler)


def test_nobody_at_the_address_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarise.many.cluster.CONNECT", 0.3)
    root = newsroom(tmp_path / "news", "a")
    with pytest.raises(ConfigurationError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9; start one"):
        run(
            tasks_of(root, tmp_path / "out"),
            work_of(store=str(tmp_path / "s.sqlite3")),
            scheduler="tcp://127.0.0.1:9",
        )
    assert rows(tmp_path / "s.sqlite3") == 0


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "http://host:1", "tcp://host", "tcp://ho st:1", ""])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError, match="it looks like tcp://HOST:8786"):
        Dask(scheduler=address)


# ---- a store that is away


def locked(store: Path, seconds: float) -> threading.Thread:
    """Another process, as it were, that writes for so long: from when this returns until the thread ends."""
    began = threading.Event()

    def write() -> None:
        with open_store(store) as other, other.database.writing():
            began.set()
            time.sleep(seconds)

    thread = threading.Thread(target=write)
    thread.start()
    began.wait()
    return thread


class Locking:
    """`open_store` as a worker calls it; the store is locked when it does so first, for so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.times = seconds, 0
        self.thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def __call__(self, place: str) -> Any:
        with self._lock:
            self.times += 1
            if self.thread is None:
                self.thread = locked(Path(place), self.seconds)
        return open_store(place)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a lock for longer than a moment, so that it is an error soon."""
    monkeypatch.setattr("summarise.store.database.BUSY_SECONDS", 0.05)


@pytest.mark.usefixtures("impatient")
def test_a_store_that_is_locked_while_a_worker_joins_is_tried_again(
    tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    locking = Locking(0.6)
    monkeypatch.setattr(worker_module, "open_store", locking)
    root = newsroom(tmp_path / "news", *"abc")
    with ScriptedModel(told=True) as model:
        given = work_of(base_url=model.base_url, store=str(tmp_path / "s.sqlite3"))
        made = run(tasks_of(root, tmp_path / "out"), given, scheduler=scheduler)
    assert states(made) == {"a": "made", "b": "made", "c": "made"}
    assert locking.times > 1


@pytest.mark.usefixtures("impatient")
def test_a_store_that_stays_locked_fails_the_stories_that_waited_for_it_and_not_the_run(
    tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("summarise.many.patience.PATIENCE", 0.4)
    locking = Locking(1.2)
    monkeypatch.setattr(worker_module, "open_store", locking)
    root = newsroom(tmp_path / "news", *(f"s{number:02}" for number in range(16)))
    with ScriptedModel(told=True) as model:
        given = work_of(base_url=model.base_url, store=str(tmp_path / "s.sqlite3"))
        made = run(tasks_of(root, tmp_path / "out"), given, scheduler=scheduler)
    reasons = {outcome.reason for outcome in made.values() if outcome.state == "failed"}
    assert len(made) == 16
    assert reasons
    assert all(re.match(r"worker tcp://\S+, after 0 s of trying: the store .* was locked", one) for one in reasons)
    assert "made" in states(made).values()


def test_a_server_that_restarts_while_a_worker_joins_is_waited_for(
    tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch, postgres_server: Server
) -> None:
    place = postgres_server.address(postgres_server.database())
    monkeypatch.setenv("SUMMARISE_STORE", place)
    refused = list[Exception]()

    def opened(given: str) -> Any:
        if not refused:
            postgres_server.stop()
        try:
            return open_store(given)
        except UnreachableStore as error:
            if not refused:
                postgres_server.start()
            refused.append(error)
            raise

    monkeypatch.setattr(worker_module, "open_store", opened)
    root = newsroom(tmp_path / "news", *"ab")
    with ScriptedModel(told=True) as model:
        given = work_of(base_url=model.base_url, store=shown_place(place))
        made = run(tasks_of(root, tmp_path / "out"), given, scheduler=scheduler, store=place)
    assert states(made) == {"a": "made", "b": "made"}
    assert refused


def test_a_store_that_is_away_when_a_run_ends_spoils_no_run(
    tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(store: object, run: str) -> None:
        raise LostStore("the store was locked")

    monkeypatch.setattr(Purses, "close", away)
    root = newsroom(tmp_path / "news", "a")
    with ScriptedModel(told=True) as model:
        given = work_of(base_url=model.base_url, store=str(tmp_path / "s.sqlite3"))
        assert states(run(tasks_of(root, tmp_path / "out"), given, scheduler=scheduler)) == {"a": "made"}


# ---- what lasts


def test_a_run_that_lasts_for_weeks_keeps_its_purse_while_others_begin(
    tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one without a budget: a worker knows a run by its purse."""
    monkeypatch.setattr(engine_module, "KEEP", 0.05)
    place = tmp_path / "s.sqlite3"
    real = worker_module.make_story

    async def weeks(task: Task, work: Work, shared: Shared) -> Outcome:
        def pass_by() -> None:
            with open_store(place) as store:
                with store.database.writing() as execute:
                    execute("UPDATE sharing_purses SET made = '2020-01-01T00:00:00Z'")
                end = time.monotonic() + 5
                while (
                    time.monotonic() < end and "2020" in store.database.fetch("SELECT made FROM sharing_purses")[0][0]
                ):
                    time.sleep(0.02)
                Purses.open(store, "another", None, None)
                assert Purses.there(store, work.run), "it was swept away"

        await asyncio.to_thread(pass_by)
        return await real(task, work, shared)

    monkeypatch.setattr(worker_module, "make_story", weeks)
    root = newsroom(tmp_path / "news", "a")
    with ScriptedModel(told=True) as model:
        given = work_of(base_url=model.base_url, store=str(place))
        assert states(run(tasks_of(root, tmp_path / "out"), given, scheduler=scheduler)) == {"a": "made"}


@pytest.mark.parametrize(("kind", "most"), [("gguf", 1), ("openai", 4)])
def test_a_model_file_is_held_by_one_story_at_a_time_however_many_threads_a_worker_has(
    kind: str, most: int, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = [0, 0]

    async def made(task: Task, work: Work, shared: Shared) -> Outcome:
        at_once[0] += 1
        at_once[1] = max(at_once)
        await asyncio.sleep(0.1)
        at_once[0] -= 1
        return Outcome(story=task.story, state="incomplete")

    monkeypatch.setattr(worker_module, "make_story", made)
    (tmp_path / "model.gguf").write_bytes(b"GGUF")
    root = newsroom(tmp_path / "news", *"abcdefgh")
    model = {"gguf": f"gguf:{tmp_path / 'model.gguf'}", "openai": "openai:told"}[kind]
    given = work_of(model=model, store=str(tmp_path / "s.sqlite3"), jobs=1)
    assert len(run(tasks_of(root, tmp_path / "out"), given, scheduler=scheduler)) == 8
    assert at_once[1] == most  # the two workers of the fixture, of two threads each, are one process


# ---- what a worker looks at before it begins


def test_a_worker_refuses_what_it_would_make_otherwise(tmp_path: Path) -> None:
    task = Task(story="a", folder=tmp_path, out=tmp_path / "out" / "a")
    (tmp_path / "out").mkdir()
    order = ordered(work_of(store=str(tmp_path / "s.sqlite3")))
    check(order, task)
    with pytest.raises(ConfigurationError, match=r"it has summarise .*, and the command is 9\.9"):
        check(replace(order, version="9.9"), task)
    with pytest.raises(ConfigurationError, match=r"another machine than the store .*PostgreSQL"):
        check(replace(order, machine="elsewhere"), task)
    far = replace(order, machine="elsewhere", work=replace(order.work, store="postgresql://user@host/db"))
    check(far, task)
    with pytest.raises(ConfigurationError, match="/nowhere is not there; every machine must have it at the same path"):
        check(order, replace(task, folder=Path("/nowhere/a")))
    check(order, replace(task, folder=tmp_path / "just-removed"))  # its own failure, not the machine's


def test_the_pool_of_an_endpoint_is_that_of_its_model() -> None:
    names = {pool_of(parse(f"openai:{name}", base_url=url)) for name in "ab" for url in ("http://a/v1", "http://b/v1")}
    assert len(names) == 4


# ---- what is sent


def test_what_is_sent_holds_no_key_no_password_and_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    monkeypatch.setenv("PGPASSWORD", CANARY)
    monkeypatch.setenv("SUMMARISE_STORE", f"postgresql://me:{CANARY}@host/db")
    from summarise.commands.many import work_of as work_of_settings
    from summarise.settings import ManySettings

    root = newsroom(tmp_path / "news", "a")
    settings = ManySettings(
        root=root, out=tmp_path / "out", model="openai:m", store=f"postgresql://me:{CANARY}@host/db"
    )
    given = work_of_settings(settings, parse("openai:m"))
    sent = pickle.dumps((run_story, ordered(given), *tasks_of(root, tmp_path / "out")))
    assert CANARY.encode() not in sent
    words = [line for line in (root / "a" / "0.txt").read_text(encoding="utf-8").splitlines() if len(line) > 20]
    assert words
    assert not any(line.encode() in sent for line in words)
    assert len(sent) < 2_000


# ---- what the cluster does


class Cluster:
    """A client whose futures end as they are told, in the place of `distributed.Client`."""

    def __init__(self, *ends: Exception | Outcome | None) -> None:
        self.ends, self.keys = list(ends), list[str]()
        self.status = "closed"

    def submit(self, function: Any, order: Any, task: Task, *, key: str, pure: bool) -> Any:
        self.keys.append(key)
        end = self.ends.pop(0)

        class Future:
            def __await__(self) -> Any:
                yield from asyncio.sleep(0).__await__()
                if isinstance(end, Exception):
                    raise end
                return end

            def release(self) -> None:
                pass

        return Future()

    async def wait_for_workers(self, count: int, timeout: float) -> None:  # noqa: ASYNC109
        pass

    async def get_versions(self, packages: list[str]) -> dict[str, Any]:
        from summarise.fingerprint import installed_version

        one = {"packages": {"summarise": installed_version()}}
        return {"scheduler": one, "workers": {"tcp://w": one}}

    async def nthreads(self) -> dict[str, int]:
        return {"tcp://w": 1}


def outcomes(cluster: Cluster, out: Path) -> list[Outcome]:
    async def process() -> list[Outcome]:
        one = engine_module._Run(cluster, "tcp://s:1", ordered(work_of()))
        return [outcome async for outcome in one.outcomes([Task(story="a", out=out)])]

    return asyncio.run(process())


def killed() -> Exception:
    from distributed.scheduler import KilledWorker

    make: Any = KilledWorker
    return make("key", None, 3)  # type: ignore[no-any-return]


def test_a_story_that_ends_every_worker_is_tried_alone_and_then_has_failed(tmp_path: Path) -> None:
    cluster = Cluster(killed(), killed())
    (outcome,) = outcomes(cluster, tmp_path)
    assert (outcome.state, len(set(cluster.keys))) == ("failed", 2)
    assert "every worker that began it died" in outcome.reason


def test_a_story_that_was_beside_one_that_ends_workers_is_made(tmp_path: Path) -> None:
    (tmp_path / "brief.json").write_text("{}")
    assert outcomes(Cluster(killed(), Outcome(story="a", state="made")), tmp_path)[0].state == "made"


def test_a_lost_scheduler_ends_the_run_with_one_line_that_says_how_to_go_on(tmp_path: Path) -> None:
    from distributed.client import FutureCancelledError

    lost: Any = FutureCancelledError
    with pytest.raises(ClusterLost, match="tcp://s:1 was lost; run the same command again: what was answered is kept"):
        outcomes(Cluster(lost("key", "scheduler-connection-lost")), tmp_path)


def test_a_story_that_no_worker_can_begin_is_no_traceback(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"a worker of tcp://s:1 cannot run stories \(AttributeError\)"):
        outcomes(Cluster(AttributeError("words of\nsomebody")), tmp_path)


def test_a_worker_without_the_program_is_named(tmp_path: Path) -> None:
    class Bare(Cluster):
        async def get_versions(self, packages: list[str]) -> dict[str, Any]:
            told = await super().get_versions(packages)
            return told | {"workers": {"tcp://w:2": {"packages": {"summarise": None}}}}

    with pytest.raises(ConfigurationError, match=r"^worker tcp://w:2 has no summarise; install summarise \S+ there"):
        outcomes(Bare(), tmp_path)
