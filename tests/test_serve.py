"""The HTTP service as its callers meet it: the program as a process, a real socket, the embedded reader."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import yaml
from jsonschema import Draft202012Validator
from serving import SEEDS, Serving, ended, key, made, problem, seeds, serving

from summarise import ArticleText
from summarise.api import brief, load
from summarise.contract import Brief
from summarise.loading import ArticleFile
from summarise.schemas import schemas

ARTICLE = (
    "Minister rejects the bridge\n\nBy Ana Lind, Harbour Gazette, 3 May 2024\n\n"
    "Transport minister Lars Holm said on Friday that the city should not build the bridge. "
    "The union of dockers demanded that the bridge be built this year. It is not known who would pay for it."
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("serve") / "s.sqlite3") as running:
        yield running


@pytest.fixture(scope="module")
def client(service: Serving) -> Iterator[httpx.Client]:
    with service.client() as one:
        yield one


@pytest.fixture
def story(client: httpx.Client) -> str:
    """A story with one article."""
    name = f"s-{uuid4().hex[:12]}"
    given = {"articles": [{"name": "one.txt", "text": ARTICLE, "outlet": "Harbour Gazette"}]}
    assert client.put(f"/stories/{name}", json=given).status_code == 201
    return name


@pytest.fixture(scope="module")
def syria(client: httpx.Client) -> str:
    """The seeds, with a brief."""
    assert client.put("/stories/syria", json={"articles": seeds()}).status_code == 201
    made(client, "syria")
    return "syria"


# ---- the brief


def test_the_brief_is_the_one_that_the_function_returns(client: httpx.Client, syria: str) -> None:
    served = Brief.model_validate_json(client.get(f"/stories/{syria}/brief").content)
    given = [ArticleFile(path=one.name, content=one.read_bytes()) for one in SEEDS.iterdir()]
    here = brief(given, story=syria, model="extractive")
    assert served.model_copy(update={"run": here.run}) == here
    assert brief(SEEDS, story=syria, model="extractive").model_copy(update={"run": here.run}) == here


def test_the_brief_follows_the_published_schema(client: httpx.Client, syria: str) -> None:
    Draft202012Validator(schemas()["brief.schema.json"]).validate(client.get(f"/stories/{syria}/brief").json())


def test_accept_chooses_the_form(client: httpx.Client, syria: str) -> None:
    path = f"/stories/{syria}/brief"
    kinds = {
        "application/json": "application/json",
        "*/*": "application/json",
        "text/*": "text/markdown; charset=utf-8",
        "text/html, application/json;q=0.5": "text/html; charset=utf-8",
        "text/html;q=0, text/markdown": "text/markdown; charset=utf-8",
    }
    for accept, media in kinds.items():
        answer = client.get(path, headers={"Accept": accept})
        assert answer.headers["content-type"] == media, accept
        assert answer.headers["vary"] == "Accept"
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.text.startswith("<!DOCTYPE html>")
    assert "sandbox" in page.headers["content-security-policy"]
    problem(client.get(path, headers={"Accept": "image/png"}), 406, "not-acceptable")


@pytest.mark.parametrize("accept", ["application/json", "text/markdown", "text/html"])
def test_what_the_caller_has_is_not_sent_again(client: httpx.Client, syria: str, accept: str) -> None:
    path, wants = f"/stories/{syria}/brief", {"Accept": accept}
    first = client.get(path, headers=wants)
    for known in (first.headers["etag"], f'"other", W/{first.headers["etag"]}', "*"):
        again = client.get(path, headers={**wants, "If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    assert client.get(path, headers={**wants, "If-None-Match": '"other"'}).content == first.content
    named = client.get(path, params={"version": 1}, headers={**wants, "If-None-Match": first.headers["etag"]})
    assert named.status_code == 304


def test_every_form_has_a_tag_of_its_own(client: httpx.Client, syria: str) -> None:
    forms = ("application/json", "text/markdown", "text/html")
    tags = {client.get(f"/stories/{syria}/brief", headers={"Accept": one}).headers["etag"] for one in forms}
    assert len(tags) == 3


def test_offsets_point_into_the_texts(client: httpx.Client, syria: str) -> None:
    told = client.get(f"/stories/{syria}/brief").json()
    evidence = told["actors"][0]["evidence"][0]
    text = client.get(f"/stories/{syria}/texts/{evidence['article']}").text
    assert text[evidence["start"] : evidence["end"]] == evidence["quote"]
    problem(client.get(f"/stories/{syria}/texts/a-0000000000000000"), 404, "no-such-text")


def test_a_story_without_a_brief_says_so(client: httpx.Client, story: str) -> None:
    problem(client.get(f"/stories/{story}/brief"), 404, "no-such-version")
    problem(client.get(f"/stories/{story}/changes"), 404, "no-such-version")
    problem(client.get("/stories/nobody/brief"), 404, "no-such-story")


def test_an_article_more_makes_a_new_version_and_the_change_is_told(client: httpx.Client, story: str) -> None:
    assert made(client, story)["result"]["version"] == 1
    more = (
        ARTICLE.replace("Minister rejects", "Mayor wants")
        .replace("Transport minister Lars Holm", "Mayor Ida Berg")
        .replace("should not build", "must build")
    )
    added = client.post(f"/stories/{story}/articles", json={"articles": [{"name": "two.txt", "text": more}]})
    assert added.status_code == 201
    assert added.json()["articles"][0]["outcome"] == "added"
    assert made(client, story)["result"] | {"usage": None} == {
        "version": 2,
        "complete": True,
        "news": True,
        "usage": None,
    }
    changes = client.get(f"/stories/{story}/changes", params={"since": 1}).json()
    assert {"kind": "article_added", "what": "two.txt"}.items() <= next(
        one.items() for one in changes["changes"] if one["kind"] == "article_added"
    )
    assert (changes["before"]["number"], changes["after"]["number"]) == (1, 2)
    assert client.get(f"/stories/{story}/changes").json() == changes
    assert client.get(f"/stories/{story}/changes", params={"since": 2, "version": 1}).json()["after"]["number"] == 1
    words = client.get(f"/stories/{story}/changes", headers={"Accept": "text/markdown"})
    assert words.text.startswith("## What changed")
    history = client.get(f"/stories/{story}/history").json()
    assert [one["version"]["number"] for one in history["versions"]] == [1, 2]
    assert client.get(f"/stories/{story}/questions").json()["schema"] == "question-lives/1"
    assert client.get(f"/stories/{story}/brief", params={"version": 1}).headers["x-brief-version"] == "1"
    assert client.get(f"/stories/{story}/brief").headers["x-brief-version"] == "2"
    problem(client.get(f"/stories/{story}/changes", params={"since": 9}), 404, "no-such-version")


def test_nothing_new_makes_no_new_version(client: httpx.Client, story: str) -> None:
    made(client, story)
    again = made(client, story)
    assert again["result"]["version"] == 1
    assert again["result"]["news"] is False


# ---- stories and articles


def test_a_story_is_made_once(client: httpx.Client) -> None:
    made_now = client.post("/stories", json={"id": "once", "about": "a bridge", "language": "en"})
    assert made_now.status_code == 201
    assert made_now.headers["location"] == "/stories/once"
    assert made_now.json()["about"] == "a bridge"
    problem(client.post("/stories", json={"id": "once"}), 409, "story-exists")
    assert client.put("/stories/once", json={"about": "two bridges"}).status_code == 200
    assert client.get("/stories/once").json()["about"] == "two bridges"
    assert "once" in client.get("/stories").json()["stories"]


def test_the_list_of_stories_goes_on_where_it_stopped(client: httpx.Client) -> None:
    for number in range(3):
        client.put(f"/stories/list-{number}", json={})
    seen: list[str] = []
    after: str | None = "list-"
    while after is not None and len(seen) < 3:
        page = client.get("/stories", params={"after": after, "limit": 1}).json()
        seen += page["stories"]
        after = page["next"]
    assert seen == ["list-0", "list-1", "list-2"]


def test_an_article_comes_back_as_it_was_sent(client: httpx.Client, story: str) -> None:
    path = f"/stories/{story}/articles"
    raw = b"<html><body><script>alert(1)</script><p>\xff bytes</p></body></html>"
    put = client.put(f"{path}/page.html", content=raw, headers={"Content-Type": "text/html"})
    assert put.status_code == 201
    got = client.get(f"{path}/page.html")
    assert got.content == raw
    assert got.headers["content-type"] == "application/octet-stream"
    assert client.get(f"{path}/one.txt").json()["text"] == ARTICLE
    names = [one["name"] for one in client.get(path).json()["articles"]]
    assert names == ["one.txt", "page.html"]


def test_an_article_is_corrected_and_removed(client: httpx.Client, story: str) -> None:
    path = f"/stories/{story}/articles/one.txt"
    same = client.put(path, json={"text": ARTICLE, "outlet": "Harbour Gazette"})
    assert (same.status_code, same.json()["outcome"]) == (200, "unchanged")
    other = client.put(path, json={"text": ARTICLE + " More."})
    assert (other.status_code, other.json()["outcome"]) == (200, "corrected")
    problem(
        client.post(f"/stories/{story}/articles", json={"articles": [{"name": "one.txt", "text": "other"}]}),
        409,
        "article-exists",
    )
    assert client.delete(path).status_code == 204
    problem(client.delete(path), 404, "no-such-article")
    problem(client.post(f"/stories/{story}/briefs", headers=key()), 409, "no-articles")


def test_of_articles_sent_together_all_are_added_or_none(client: httpx.Client, story: str) -> None:
    given = [{"name": "new.txt", "text": "x"}, {"name": "one.txt", "text": "something else"}]
    problem(client.post(f"/stories/{story}/articles", json={"articles": given}), 409, "article-exists")
    assert len(client.get(f"/stories/{story}/articles").json()["articles"]) == 1


def test_every_article_that_was_sent_is_accounted_for(client: httpx.Client, story: str) -> None:
    path = f"/stories/{story}/articles"
    client.put(f"{path}/copy.txt", json={"text": ARTICLE})
    client.put(f"{path}/broken.pdf", content=b"%PDF-nonsense", headers={"Content-Type": "application/pdf"})
    client.put(f"{path}/empty.txt", content=b"", headers={"Content-Type": "text/plain"})
    made(client, story)
    told = client.get(f"/stories/{story}/brief").json()["articles"]
    assert {one["path"]: one["status"] for one in told} == {
        "broken.pdf": "unreadable",
        "copy.txt": "used",
        "empty.txt": "empty",
        "one.txt": "duplicate",
    }


def test_a_story_of_which_nothing_can_be_read_fails_and_says_so(client: httpx.Client) -> None:
    client.put("/stories/unreadable", json={"articles": [{"name": "x.pdf", "content_base64": "JVBERi0="}]})
    taken = client.post("/stories/unreadable/briefs", headers=key())
    job = ended(client, taken.headers["location"])
    assert job["state"] == "failed"
    assert job["error"]["type"] == "urn:summarise:problem:no-readable-article"
    assert "damaged" in job["error"]["detail"]
    assert job["result"] is None


def test_a_deleted_story_is_gone_with_its_briefs(client: httpx.Client, story: str) -> None:
    job = made(client, story)
    assert client.delete(f"/stories/{story}").status_code == 204
    for path in ("", "/brief", "/articles", "/history", "/overrides"):
        problem(client.get(f"/stories/{story}{path}"), 404, "no-such-story")
    problem(client.get(f"/jobs/{job['id']}"), 404, "no-such-job")
    client.put(f"/stories/{story}", json={"articles": [{"name": "one.txt", "text": ARTICLE}]})
    assert made(client, story)["result"]["version"] == 1


def test_names_that_a_folder_passes_over_are_refused(client: httpx.Client, story: str) -> None:
    for name in (".hidden", "~$open.docx", "notes.txt~", "x.tmp", "overrides.yaml", "a" * 201, "bell%07.txt"):
        problem(client.put(f"/stories/{story}/articles/{name}", json={"text": "x"}), 422, "invalid")
    arabic = client.put(f"/stories/{story}/articles/مقال ١.txt", json={"text": ARTICLE + " And more."})
    assert arabic.status_code == 201


def test_a_form_is_no_article(client: httpx.Client, story: str) -> None:
    answer = client.put(f"/stories/{story}/articles/x.txt", files={"file": b"x"})
    problem(answer, 415, "unsupported-media-type")


# ---- stories of folders


def test_a_folders_story_can_be_read_and_not_changed(service: Serving, client: httpx.Client, tmp_path: Path) -> None:
    folder = tmp_path / "harbour talks"
    folder.mkdir()
    (folder / "one.txt").write_text(ARTICLE)
    store = service.said[-1].partition("the store is ")[2]
    brief(folder, model="extractive", store=store)
    assert client.get("/stories/harbour talks/brief").json()["story"] == "harbour talks"
    assert client.get("/stories/harbour talks/history").json()["story"] == "harbour talks"
    shown = client.get("/stories/harbour talks").json()
    assert shown["source"] == "folder"
    assert str(tmp_path) not in json.dumps(shown)
    assert "harbour talks" in client.get("/stories", params={"limit": 1000}).json()["stories"]
    refused = client.post("/stories/harbour talks/articles", json={"articles": [{"name": "a.txt", "text": "x"}]})
    problem(refused, 409, "read-only-story")
    problem(client.post("/stories/harbour talks/briefs", headers=key()), 409, "read-only-story")
    other = tmp_path / "other" / "harbour talks"
    other.mkdir(parents=True)
    (other / "one.txt").write_text(ARTICLE)
    brief(other, model="extractive", store=store)
    told = problem(client.get("/stories/harbour talks/brief"), 409, "ambiguous-story")
    assert str(tmp_path) not in json.dumps(told)


# ---- corrections


def test_a_persons_corrections_hold_from_the_next_brief_on(client: httpx.Client, story: str) -> None:
    made(client, story)
    said = "# mine\n- rename: {actor: Lars Holm, to: Minister Holm}\n"
    put = client.put(f"/stories/{story}/overrides", content=said, headers={"Content-Type": "application/yaml"})
    assert put.status_code == 200
    assert put.json()["words"] == ["“Lars Holm” is shown as “Minister Holm”"]
    again = client.get(f"/stories/{story}/overrides", headers={"Accept": "application/yaml"})
    assert again.text == said
    assert made(client, story)["result"]["version"] == 2
    told = client.get(f"/stories/{story}/brief").json()
    assert "Minister Holm" in [one["name"] for one in told["actors"]]
    assert told["overrides"][0]["applied"] is True
    assert client.delete(f"/stories/{story}/overrides").status_code == 204
    assert client.get(f"/stories/{story}/overrides").json() == {"overrides": [], "words": []}


def test_corrections_as_json_say_the_same(client: httpx.Client, story: str) -> None:
    given = {"overrides": [{"join": ["Holm 🙂", "Lars “H” Holm"]}, {"wrong": {"quote": "a\u2028b", "because": "ö\\"}}]}
    put = client.put(f"/stories/{story}/overrides", json=given)
    assert put.status_code == 200, put.text
    assert put.json()["overrides"][0] == given["overrides"][0]
    text = client.get(f"/stories/{story}/overrides", headers={"Accept": "application/yaml"}).text
    assert yaml.safe_load(text)[0] == given["overrides"][0]


def test_corrections_that_cannot_be_read_are_refused_with_their_line(client: httpx.Client, story: str) -> None:
    bad = client.put(
        f"/stories/{story}/overrides", content="- join: [A]\n", headers={"Content-Type": "application/yaml"}
    )
    assert "line 1" in problem(bad, 422, "invalid")["detail"]
    problem(client.put(f"/stories/{story}/overrides", json={"overrides": [{"no": {"such": "thing"}}]}), 422, "invalid")
    problem(client.put(f"/stories/{story}/overrides", content=b"x"), 415, "unsupported-media-type")


# ---- jobs


def test_a_call_that_costs_needs_a_key(client: httpx.Client, story: str) -> None:
    problem(client.post(f"/stories/{story}/briefs"), 400, "idempotency-key-missing")
    problem(client.post(f"/stories/{story}/briefs", headers={"Idempotency-Key": "a b"}), 422, "invalid")


def test_the_same_call_is_answered_by_the_same_job(client: httpx.Client, story: str) -> None:
    mine = key()
    first = client.post(f"/stories/{story}/briefs", headers=mine)
    assert first.status_code == 202
    ended(client, first.headers["location"])
    again = client.post(f"/stories/{story}/briefs", headers=mine)
    assert again.status_code == 202
    assert again.headers["location"] == first.headers["location"]
    assert (
        client.post(f"/stories/{story}/briefs", headers=mine, json={}).headers["location"] == again.headers["location"]
    )
    client.put("/stories/another", json={"articles": [{"name": "one.txt", "text": ARTICLE}]})
    problem(client.post("/stories/another/briefs", headers=mine), 422, "idempotency-other-payload")
    assert client.post(f"/stories/{story}/briefs", headers=key()).headers["location"] != first.headers["location"]


def test_the_events_of_a_job_are_told_and_told_again(client: httpx.Client, story: str) -> None:
    job = made(client, story)
    told = events(client, job["id"])
    assert [one["event"] for one in told][:2] == ["queued", "running"]
    assert told[-1]["event"] == "done"
    assert told[-1]["data"]["result"] == job["result"]
    assert [int(one["id"]) for one in told] == list(range(1, len(told) + 1))
    assert events(client, job["id"], after=told[1]["id"]) == told[2:]
    problem(client.get("/jobs/j-0/events"), 404, "no-such-job")


def events(client: httpx.Client, job: str, after: str = "") -> list[dict[str, object]]:
    """The whole stream of a job."""
    headers = {"Last-Event-ID": after} if after else {}
    with client.stream("GET", f"/jobs/{job}/events", headers=headers) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        text = "".join(stream.iter_text())
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if lines:
            found.append({"event": lines["event"], "id": lines["id"], "data": json.loads(lines["data"])})
    return found


def test_a_job_is_listed_with_its_story(client: httpx.Client, story: str) -> None:
    jobs = [made(client, story)["id"] for _ in range(2)]
    first = client.get(f"/stories/{story}/jobs", params={"limit": 1}).json()
    assert [one["id"] for one in first["jobs"]] == jobs[1:]
    second = client.get(f"/stories/{story}/jobs", params={"limit": 1, "before": first["next"]}).json()
    assert [one["id"] for one in second["jobs"]] == jobs[:1]
    assert second["next"] is None


def test_a_job_that_has_ended_is_not_cancelled(client: httpx.Client, story: str) -> None:
    job = made(client, story)
    answer = client.post(f"/jobs/{job['id']}/cancel")
    assert (answer.status_code, answer.json()) == (202, job)


# ---- the service itself


def test_it_says_that_it_lives_and_is_ready(client: httpx.Client) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    assert client.get("/ready").json() == {"status": "ready"}


def test_its_figures_are_counted_by_route_never_by_path(client: httpx.Client, story: str) -> None:
    made(client, story)
    client.get(f"/stories/{story}/brief")
    client.get("/some/where/else")
    told = client.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain")
    assert 'route="/stories/{story}/brief",status="200"' in told.text
    assert 'route="unmatched",status="404"' in told.text
    assert 'summarise_jobs_ended_total{state="done"}' in told.text
    assert story not in told.text


def test_every_answer_has_the_headers_that_keep_browsers_out(client: httpx.Client) -> None:
    for path in ("/health", "/nothing", "/stories"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers


def test_what_was_sent_is_not_repeated_in_an_error(client: httpx.Client) -> None:
    canary = "canary-5a7e"
    for body in (
        {"id": "x", canary: 1},
        {"id": canary * 50},
        {"id": "x", "articles": [{"name": "x", "text": [canary]}]},
    ):
        answer = client.post("/stories", json=body)
        problem(answer, 422, "invalid")
        assert canary not in answer.text
    answer = client.post("/stories", content=b'{"id": "canary-5a7e', headers={"Content-Type": "application/json"})
    problem(answer, 400, "bad-request")
    assert canary not in answer.text


def test_what_is_not_there_and_what_cannot_be_done_are_problems(client: httpx.Client) -> None:
    problem(client.get("/"), 404, "not-found")
    problem(client.get("/docs"), 404, "not-found")
    problem(client.get("/stories/"), 404, "not-found")
    problem(client.patch("/stories/syria"), 405, "method-not-allowed")
    assert client.patch("/stories/syria").headers["allow"]


def test_text_and_file_of_one_content_are_one_article(client: httpx.Client) -> None:
    texts = [ArticleText(text=ARTICLE, path="a.txt")]
    raw = [ArticleFile(path="a.txt", content=ARTICLE.encode())]
    as_text, as_file = load(texts)[0], load(raw)[0]
    assert as_text.model_copy(update={"to_machine": None}) == as_file.model_copy(update={"to_machine": None})
    too_large = load([ArticleFile(path="b.txt", content=b"x" * 5_000_001)])[0]
    assert too_large.status == "unreadable"
    assert "larger than" in too_large.reason


def test_surrogates_and_nul_neither_pass_for_text_nor_break_anything(client: httpx.Client, story: str) -> None:
    path = f"/stories/{story}/articles/odd.txt"
    lone = client.put(path, content=b'{"text": "a \\ud800 b"}', headers={"Content-Type": "application/json"})
    assert lone.status_code in (201, 400, 422)
    nul = client.put(path, json={"text": ARTICLE + " nul \x00 here"})
    assert nul.status_code in (200, 201)
    made(client, story)
    problem(client.get("/stories/%00/brief"), 404, "no-such-story")
    problem(client.get("/jobs/%00"), 404, "no-such-job")


def test_two_calls_at_once_with_one_key_make_one_job(client: httpx.Client, service: Serving, story: str) -> None:
    mine, answers = key(), []

    def ask() -> None:
        with service.client() as one:
            answers.append(one.post(f"/stories/{story}/briefs", headers=mine))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = [one for one in answers if one.status_code == 202]
    assert taken
    assert len({one.headers["location"] for one in taken}) == 1
    for one in answers:
        if one.status_code != 202:
            problem(one, 409, "idempotency-in-flight")
    ended(client, taken[0].headers["location"])
    assert len(client.get(f"/stories/{story}/jobs").json()["jobs"]) == 1


def test_base64_that_is_none_is_refused(client: httpx.Client) -> None:
    given = {"articles": [{"name": "x.txt", "content_base64": "!!!"}]}
    problem(client.put("/stories/base64", json=given), 422, "invalid")
    good = {"articles": [{"name": "x.txt", "content_base64": base64.b64encode(b"text").decode()}]}
    assert client.put("/stories/base64", json=good).status_code == 201


def test_it_stops_when_asked_and_says_nothing_ill(tmp_path: Path) -> None:
    with serving(tmp_path / "s.sqlite3", "--grace", "5") as one:
        assert one.stop() == 0
        assert one.said[1:] == []
