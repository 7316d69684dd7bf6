"""Jobs: rows that outlive the process, one of a story at a time, taken up again, cancelled, given back."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from postgres import Server
from serving import ended, key, serving, start

from summarise.errors import (
    BudgetSpent,
    ConfigurationError,
    InputError,
    InvalidAnswer,
    ModelUnavailable,
    NoReadableArticle,
    OutputError,
)
from summarise.scripted import ScriptedModel
from summarise.scripted.told import Story
from summarise.serve.failures import failure_of
from summarise.serve.jobs import TAKEOVERS, Asked, Job, Jobs, Progressed
from summarise.serve.refusals import Refused
from summarise.serve.settings import ServeSettings
from summarise.serve.stories import Article, Stories
from summarise.serve.tokens import Tokens
from summarise.store import Series, Store, open_store

SETTINGS = ServeSettings(model="extractive", max_waiting=20, max_waiting_per_token=10)
ONE = Article("one.txt", "file", b"A text.")


@pytest.fixture
def store(store_place: str) -> Iterator[Store]:
    with open_store(store_place) as opened:
        yield opened


@pytest.fixture
def stories(store: Store) -> Stories:
    return Stories(store.database, SETTINGS)


@pytest.fixture
def jobs(store: Store, stories: Stories) -> Jobs:
    for name in ("a", "b"):
        stories.create(name, articles=[ONE], only_new=True)
    return Jobs(store.database, SETTINGS)


def ask(jobs: Jobs, story: str, key: str, *, by: str = "me", fingerprint: str = "f") -> Job:
    return jobs.ask(Asked(story, by, key, fingerprint))


# ---- rooms, over both databases


def test_a_job_waits_runs_and_ends(jobs: Jobs) -> None:
    job = ask(jobs, "a", "k")
    assert (job.state, jobs.counts()["queued"]) == ("queued", 1)
    claimed = jobs.claim("w1")
    assert claimed is not None
    assert (claimed.id, claimed.state, claimed.revision) == (job.id, "running", jobs.get(job.id).revision)
    assert jobs.claim("w2") is None
    assert jobs.beat("w1", {job.id: Progressed("note", 1, 2)}) == (frozenset({job.id}), frozenset())
    assert (jobs.get(job.id).stage, jobs.get(job.id).done, jobs.get(job.id).total) == ("note", 1, 2)
    assert jobs.finish("w1", job.id, "done", {"version": 1})
    assert not jobs.finish("w1", job.id, "failed", {})
    done = jobs.get(job.id)
    assert (done.state, json.loads(done.outcome)) == ("done", {"version": 1})
    assert [one.kind for one in jobs.events(job.id)] == ["queued", "running", "progress", "done"]
    assert [one.number for one in jobs.events(job.id, 2)] == [3, 4]


def test_jobs_are_taken_in_their_order_and_one_of_a_story_at_a_time(jobs: Jobs, stories: Stories) -> None:
    first = ask(jobs, "a", "1")
    jobs.claim("w")
    stories.put("a", [Article("two.txt", "file", b"More.")], replace=False)
    second, other = ask(jobs, "a", "2"), ask(jobs, "b", "3")
    assert len({first.id, second.id, other.id}) == 3
    claimed = jobs.claim("w")
    assert claimed is not None
    assert claimed.id == other.id
    assert jobs.claim("w") is None
    jobs.finish("w", first.id, "done", {})
    claimed = jobs.claim("w")
    assert claimed is not None
    assert claimed.id == second.id


def test_a_call_joins_the_job_that_waits_or_has_seen_all_there_is(jobs: Jobs, stories: Stories) -> None:
    waiting = ask(jobs, "a", "1")
    assert ask(jobs, "a", "2", by="other").id == waiting.id
    stories.put("a", [Article("two.txt", "file", b"More.")], replace=False)
    assert ask(jobs, "a", "3").id == waiting.id, "it reads the story when it starts"
    jobs.claim("w")
    assert ask(jobs, "a", "4").id == waiting.id
    stories.correct("a", "- join: [x, y]")
    later = ask(jobs, "a", "5")
    assert later.id != waiting.id
    assert ask(jobs, "a", "6").id == later.id


def test_a_job_that_is_being_cancelled_is_not_joined(jobs: Jobs) -> None:
    first = ask(jobs, "a", "1")
    jobs.claim("w")
    jobs.cancel(first.id)
    assert ask(jobs, "a", "2").id != first.id


def test_a_key_is_its_callers_own_and_means_one_call(jobs: Jobs) -> None:
    job = ask(jobs, "a", "k")
    jobs.claim("w")
    jobs.finish("w", job.id, "done", {})
    assert ask(jobs, "a", "k").id == job.id
    with pytest.raises(Refused, match="new key"):
        ask(jobs, "a", "k", fingerprint="g")
    assert ask(jobs, "a", "k", by="other").id != job.id


def test_a_job_that_waits_ends_at_once_when_cancelled_and_one_that_runs_is_told(jobs: Jobs) -> None:
    waiting, running = ask(jobs, "a", "1"), ask(jobs, "b", "2")
    jobs.claim("w")
    jobs.finish("w", waiting.id, "done", {})
    jobs.claim("w")
    assert jobs.cancel(running.id).state == "running"
    assert jobs.to_stop("w") == {running.id}
    assert jobs.beat("w", {running.id: None}) == (frozenset({running.id}), frozenset({running.id}))
    third = ask(jobs, "a", "3")
    assert jobs.cancel(third.id).state == "cancelled"
    assert jobs.cancel(third.id).state == "cancelled"
    with pytest.raises(Refused, match="forgotten"):
        jobs.cancel("j-0")


def test_a_job_without_a_sign_of_life_is_taken_up_again_and_its_old_owner_learns_it(jobs: Jobs) -> None:
    job = ask(jobs, "a", "1")
    jobs.claim("dead")
    owner, beat = jobs.beats()[job.id]
    assert owner == "dead"
    jobs.beat("dead", {job.id: None})
    assert not jobs.take_over(job.id, owner, beat), "it has beaten since"
    owner, beat = jobs.beats()[job.id]
    assert jobs.take_over(job.id, owner, beat)
    assert not jobs.take_over(job.id, owner, beat)
    taken = jobs.claim("w")
    assert taken is not None
    assert (taken.id, taken.takeovers) == (job.id, 1)
    assert jobs.beat("dead", {job.id: Progressed("note", 9, 9)}) == (frozenset(), frozenset())
    assert not jobs.finish("dead", job.id, "done", {})
    assert jobs.get(job.id).done == 0


def test_a_job_that_ends_its_process_again_and_again_is_given_up(jobs: Jobs) -> None:
    job = ask(jobs, "a", "1")
    for _ in range(TAKEOVERS):
        assert jobs.claim("w") is not None
        owner, beat = jobs.beats()[job.id]
        assert jobs.take_over(job.id, owner, beat)
    given_up = jobs.get(job.id)
    assert given_up.state == "failed"
    assert str(TAKEOVERS) in json.loads(given_up.outcome)["detail"]


def test_what_is_given_back_is_there_for_the_next(jobs: Jobs) -> None:
    job = ask(jobs, "a", "1")
    jobs.claim("w1")
    jobs.release("w1", [job.id], "the service stopped")
    taken = jobs.claim("w2")
    assert taken is not None
    assert (taken.id, taken.takeovers) == (job.id, 0)
    jobs.release("w1", [job.id], "not its own any more")
    assert jobs.get(job.id).owner == "w2"


def test_many_claim_at_once_and_each_job_goes_to_one(store_place: str, jobs: Jobs, stories: Stories) -> None:
    for number in range(8):
        stories.create(f"s{number}", articles=[ONE], only_new=True)
        ask(jobs, f"s{number}", str(number))
    claimed: list[str] = []

    def work(who: str) -> None:
        with open_store(store_place) as mine:
            room = Jobs(mine.database, SETTINGS)
            while (job := room.claim(who)) is not None:
                claimed.append(job.id)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == 8


def test_jobs_that_ended_long_ago_are_forgotten(store: Store, jobs: Jobs) -> None:
    job = ask(jobs, "a", "1")
    jobs.claim("w")
    jobs.finish("w", job.id, "done", {})
    assert jobs.sweep() == 0
    with store.database.writing() as run:
        run("UPDATE jobs SET ended = '2001-01-01T00:00:00Z'")
    assert jobs.sweep() == 1
    assert jobs.of_story("a", limit=9) == ()
    assert jobs.events(job.id) == ()
    assert ask(jobs, "a", "1").id != job.id


def test_a_story_is_kept_to_the_byte_and_changes_count_it_up(stories: Stories) -> None:
    odd = Article("ö.txt", "file", bytes(range(256)))
    _, story = stories.create("s", about="a\x00b\ud800", articles=[odd], only_new=True)
    whole = stories.whole("s")
    assert whole is not None
    assert whole.articles == (odd,)
    assert whole.story.about == "a\x00b\ud800"
    assert stories.put("s", [odd], replace=False)[0].outcome == "unchanged"
    assert stories.get("s").revision == story.revision
    stories.put("s", [Article("ö.txt", "text", b'{"text": "x"}')], replace=True)
    assert stories.get("s").revision > story.revision
    stories.remove("s", "ö.txt")
    assert stories.size("s") == (0, 0)


def test_a_story_with_a_job_under_way_is_not_deleted(jobs: Jobs, stories: Stories) -> None:
    job = ask(jobs, "a", "1")
    with pytest.raises(Refused, match="cancel"):
        stories.delete("a")
    jobs.cancel(job.id)
    stories.delete("a")
    assert stories.find("a") is None


def test_a_token_opens_until_it_is_revoked(store: Store) -> None:
    tokens = Tokens(store.database)
    assert not tokens.exist()
    token = tokens.add("a")
    fresh = Tokens(store.database)
    assert fresh.exist()
    assert fresh.owner(token) == "a"
    assert fresh.owner(token[:-1]) is None
    assert fresh.owner("\ud800") is None
    fresh.revoke("a")
    later = Tokens(store.database)
    assert later.owner(token) is None
    assert later.exist(), "a service that asked for tokens goes on asking"
    assert token not in repr(later.listed())


@pytest.mark.parametrize(
    ("error", "kind", "told"),
    [
        (NoReadableArticle("none of the 2 files"), "no-readable-article", "none of the 2 files"),
        (InputError("nothing"), "no-readable-article", "nothing"),
        (ModelUnavailable("http://10.0.0.1: refused"), "model-unavailable", "operator"),
        (InvalidAnswer("secret words"), "model-failed", "operator"),
        (BudgetSpent("$5"), "budget-spent", "ask again"),
        (ConfigurationError("OPENAI_API_KEY is not set"), "misconfigured", "operator"),
        (OutputError("/var/lib/store is full"), "store-unavailable", "operator"),
        (ZeroDivisionError("/home/x"), "failed", "operator"),
        (ExceptionGroup("g", [BudgetSpent("$5")]), "budget-spent", "ask again"),
    ],
)
def test_a_failure_tells_the_caller_what_they_sent_and_nothing_of_the_machine(
    error: Exception, kind: str, told: str
) -> None:
    failure = failure_of(error)
    assert (failure.kind, told in failure.detail) == (kind, True)


# ---- the service with a model


@pytest.fixture
def model() -> Iterator[ScriptedModel]:
    with ScriptedModel(told=True, latency=0.1) as running:
        yield running


def asking(model: ScriptedModel, *more: str) -> list[str]:
    return ["--model", "openai:told", "--base-url", model.base_url, *more]


def articles(count: int, seed: int = 0) -> list[dict[str, str]]:
    return [{"name": f"{n:03}.txt", "text": Story(seed).article(n)} for n in range(count)]


def asked(model: ScriptedModel) -> Counter[str]:
    """How often each question was asked."""
    return Counter(json.dumps(one.body["messages"]) for one in model.requests)


def test_jobs_go_on_after_kill_9_and_no_answer_is_asked_for_twice_but_those_in_flight(
    model: ScriptedModel, tmp_path: Path
) -> None:
    settings = asking(model, "--jobs", "3", "--concurrency", "4", "--lease", "1")
    first = start(tmp_path / "s.sqlite3", *settings)
    locations = []
    with first.client() as client:
        for story in range(3):
            client.put(f"/stories/{story}", json={"articles": articles(2, story)})
            locations.append(client.post(f"/stories/{story}/briefs", headers=key()).headers["location"])
        end = time.monotonic() + 20
        while len(model.requests) < 5 and time.monotonic() < end:
            time.sleep(0.01)
    first.kill()
    in_flight = model.in_flight
    with serving(tmp_path / "s.sqlite3", *settings) as second, second.client() as client:
        for location in locations:
            job = ended(client, location)
            assert job["state"] == "done", job
            assert job["result"]["complete"] is True
        assert client.get("/stories/0/brief").status_code == 200
    assert in_flight <= 4
    again = {question: count for question, count in asked(model).items() if count > 1}
    assert sum(count - 1 for count in again.values()) <= 4, "only what was in flight when it was killed"
    with open_store(tmp_path / "s.sqlite3") as store:
        assert store.verify() == []


def test_a_job_is_cancelled_in_the_middle_and_what_was_answered_is_kept(model: ScriptedModel, tmp_path: Path) -> None:
    model.latency = 0.5
    with serving(tmp_path / "s.sqlite3", *asking(model, "--concurrency", "2")) as running, running.client() as client:
        client.put("/stories/s", json={"articles": articles(6)})
        location = client.post("/stories/s/briefs", headers=key()).headers["location"]
        while len(model.requests) < 4:
            time.sleep(0.01)
        assert client.post(f"{location}/cancel").status_code == 202
        assert ended(client, location)["state"] == "cancelled"
        with open_store(tmp_path / "s.sqlite3") as store:
            kept = store.counts().answers
        assert 2 <= kept < 6
        model.latency = 0.0
        again = client.post("/stories/s/briefs", headers=key()).headers["location"]
        assert again != location
        job = ended(client, again)
        assert job["result"]["usage"]["reused"] >= kept
        with client.stream("GET", f"{location}/events") as stream:
            assert "event: cancelling" in "".join(stream.iter_text())


def test_a_service_that_is_stopped_gives_back_what_it_cannot_finish(model: ScriptedModel, tmp_path: Path) -> None:
    model.latency = 1.0
    settings = asking(model, "--concurrency", "1", "--lease", "60")
    with serving(tmp_path / "s.sqlite3", *settings, "--grace", "0.5") as running:
        with running.client() as client:
            client.put("/stories/s", json={"articles": articles(6)})
            location = client.post("/stories/s/briefs", headers=key()).headers["location"]
            while not model.requests:
                time.sleep(0.01)
        assert running.stop() == 0
    model.latency = 0.0
    with serving(tmp_path / "s.sqlite3", *settings) as running, running.client() as client:
        assert ended(client, location, seconds=50)["state"] == "done", "without waiting for the lease to run out"


def test_a_model_that_cannot_be_reached_fails_the_job_and_names_no_address(tmp_path: Path) -> None:
    settings = ["--model", "openai:none", "--base-url", "http://127.0.0.1:9/v1", "--job-seconds", "2"]
    with serving(tmp_path / "s.sqlite3", *settings) as running, running.client() as client:
        client.put("/stories/s", json={"articles": articles(1)})
        job = ended(client, client.post("/stories/s/briefs", headers=key()).headers["location"])
        assert job["state"] == "failed"
        assert job["error"]["type"].rpartition(":")[2] in ("model-unavailable", "budget-spent", "model-failed")
        assert job["error"]["retry"] is True
        assert "127.0.0.1" not in json.dumps(job)


def test_two_processes_on_one_database_share_the_jobs(model: ScriptedModel, postgres_server: Server) -> None:
    place = postgres_server.socket_address(postgres_server.database())
    settings = asking(model, "--jobs", "1", "--concurrency", "2", "--lease", "1")
    with (
        serving(place, *settings) as one,
        serving(place, *settings) as other,
        one.client() as client,
        other.client() as second,
    ):
        locations = []
        for story in range(4):
            client.put(f"/stories/{story}", json={"articles": articles(1, story)})
            locations.append(client.post(f"/stories/{story}/briefs", headers=key()).headers["location"])
        done: list[dict[str, Any]] = [ended(second, location) for location in locations]
        assert all(job["state"] == "done" for job in done)
        here = [figure(each, "summarise_jobs_ended_total") for each in (client, second)]
        assert sum(here) == 4
        assert all(here), "each did some"
        tags = {each.get("/stories/0/brief").headers["etag"] for each in (client, second)}
        assert len(tags) == 1
    with open_store(place) as store:
        assert len(store.series()) == 4
        assert store.load(Series("0", "")) is not None
    assert max(asked(model).values()) == 1


def figure(client: Any, name: str) -> int:
    """The sum of a figure over its labels."""
    lines = [line for line in client.get("/metrics").text.splitlines() if line.startswith(name)]
    return round(sum(float(line.rpartition(" ")[2]) for line in lines))
