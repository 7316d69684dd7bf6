"""What stands before the doors: hostile hosts, origins, tokens, paths and sizes reach nothing behind it."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from serving import Serving, environment, key, problem, program, serving

from summarise.errors import ConfigurationError
from summarise.serve.negotiation import has, wanted
from summarise.serve.settings import ServeSettings
from summarise.serve.tokens import Tokens
from summarise.store import Store

MOST = 20_000
STORY = {"articles": [{"name": "one.txt", "text": "A text that is short."}]}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("guard") / "s.sqlite3"


@pytest.fixture(scope="module")
def token(store: Path) -> str:
    with Store.open(store) as opened:
        return Tokens(opened.database).add("tests")


@pytest.fixture(scope="module")
def service(store: Path, token: str) -> Iterator[Serving]:
    with serving(store, "--max-body", str(MOST), "--max-articles", "3", "--jobs", "0") as running:
        yield running


@pytest.fixture
def client(service: Serving, token: str) -> Iterator[httpx.Client]:
    with service.client(token) as one:
        yield one


def raw(service: Serving, data: bytes, *, patience: float = 60) -> bytes:
    """What comes back for bytes on the line."""
    where = urlsplit(service.url)
    with socket.create_connection((where.hostname, where.port or 80), patience) as line:
        line.sendall(data)
        found = b""
        while part := line.recv(65_536):
            found += part
            head, _, body = found.partition(b"\r\n\r\n")
            length = [one for one in head.lower().split(b"\r\n") if one.startswith(b"content-length:")]
            if length and len(body) >= int(length[0].split(b":")[1]):
                break
        return found


def head(token: str, *, method: str = "GET", path: str = "/stories", host: str = "127.0.0.1", more: str = "") -> bytes:
    """A request's head as bytes; `host` "" leaves the header out."""
    named = f"Host: {host}\r\n" if host else ""
    return f"{method} {path} HTTP/1.1\r\n{named}Authorization: Bearer {token}\r\n{more}\r\n".encode("latin-1")


def held(service: Serving, data: bytes) -> socket.socket:
    """A call that stays open."""
    where = urlsplit(service.url)
    line = socket.create_connection((where.hostname, where.port or 80))
    line.sendall(data)
    return line


def until(client: httpx.Client, status: int) -> httpx.Response:
    """The answer once it has this status: what other calls do shows a moment later."""
    for _ in range(600):
        answer = client.get("/stories")
        if answer.status_code == status:
            break
        time.sleep(0.05)
    return answer


def refused(answer: bytes, status: int) -> dict[str, object]:
    """The problem in raw bytes."""
    top, _, body = answer.partition(b"\r\n\r\n")
    assert top.startswith(f"HTTP/1.1 {status} ".encode()), answer[:300]
    assert b"application/problem+json" in top
    told: dict[str, object] = json.loads(body)
    assert told["status"] == status
    return told


HOSTS = (
    "evil.example",
    "evil.example:80",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "evil.example#127.0.0.1",
    "127.0.0.1@evil.example",
    "127.0.0.2",
    "0.0.0.0",  # noqa: S104 (a name in a header)
    "[::2]",
    "",
    "2130706433",
    "127.1",
    "localhost.",
    "127.0.0.1\r\nHost: evil.example",
)


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_that_is_not_this_one_is_refused(service: Serving, token: str, host: str) -> None:
    answer = raw(service, head(token, host=host))
    assert refused(answer, 421)["type"] == "urn:summarise:problem:wrong-host"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST:99", "[::1]", "[::1]:80", "127.0.0.1:"])
def test_the_names_of_this_machine_are_taken(service: Serving, token: str, host: str) -> None:
    assert raw(service, head(token, host=host)).startswith(b"HTTP/1.1 200 ")


ORIGINS = (
    "https://evil.example",
    "null",
    "http://127.0.0.1.evil.example",
    "http://127.0.0.1:1",
    "file://",
    "http://[",
    "chrome-extension://abc",
)


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_page_of_another_origin_is_refused(client: httpx.Client, origin: str) -> None:
    for method, path in (("GET", "/stories"), ("POST", "/stories"), ("GET", "/health")):
        answer = client.request(
            method, path, headers={"Origin": origin}, json={"id": "csrf"} if method == "POST" else None
        )
        problem(answer, 403, "cross-origin")
    problem(client.get("/stories/csrf"), 404, "no-such-story")


def test_a_browser_that_says_cross_site_is_refused_and_the_own_origin_is_not(
    service: Serving, client: httpx.Client
) -> None:
    problem(client.get("/stories", headers={"Sec-Fetch-Site": "cross-site"}), 403, "cross-origin")
    assert client.get("/stories", headers={"Origin": service.url}).status_code == 200


CREDENTIALS = (
    "",
    "Bearer",
    "Bearer ,",
    "Bearer wrong",
    "Bearer sums_" + "A" * 43,
    "Basic dGVzdHM6dGVzdHM=",
    "Token {token}",
    "Bearer {token}x",
    "Bearer {token}, Bearer {token}",
    "{token}",
    "Bearer tests",
    "Bearer \xff\xfe",
    "Bearer ' OR 1=1 --",
    "Bearer " + "A" * 20_000,
)


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_without_a_token_in_use_nothing_is_answered(service: Serving, token: str, credential: str) -> None:
    sent = credential.format(token=token).encode("latin-1")
    with service.client() as nobody:
        for method, path in (
            ("GET", "/stories"),
            ("PUT", "/stories/taken"),
            ("GET", "/nowhere"),
            ("GET", "/openapi.json"),
        ):
            answer = nobody.request(method, path, headers={"Authorization": sent} if sent else {})
            problem(answer, 401, "unauthorized")
            assert answer.headers["www-authenticate"] == "Bearer"
            assert token not in answer.text


def test_nothing_that_was_refused_left_a_trace(client: httpx.Client) -> None:
    assert not {"taken", "csrf"} & set(client.get("/stories").json()["stories"])


PATHS = (
    "/stories/../../etc/passwd",
    "/stories/%2e%2e/%2e%2e/etc/passwd/brief",
    "/stories/..%2f..%2fetc%2fpasswd/brief",
    "/stories/%00/brief",
    "/stories/x%00y/articles",
    "//stories",
    "/stories//brief",
    "/stories/x/texts/..%2f..%2fs.sqlite3",
    "/stories/x/texts/%2e%2e",
    "/jobs/..%2fstories",
    "/.git/config",
    "/stories/x/articles/%2e%2e%2fx",
    "/static/..%5c..%5cwindows",
    "/stories/" + "x" * 300 + "/brief",
)


@pytest.mark.parametrize("path", PATHS)
def test_a_path_leads_nowhere_but_to_what_is_there(service: Serving, token: str, path: str) -> None:
    answer = raw(service, head(token, path=path))
    status = int(answer[9:12])
    assert status in (404, 422), answer[:200]
    refused(answer, status)
    assert b"sqlite" not in answer.lower().replace(b"s.sqlite3", b"")


@pytest.mark.parametrize(
    "path", ["/stories/a%2Fb", "/stories/.hidden", "/stories/" + "x" * 101, "/stories/a b", "/stories/é"]
)
def test_ids_that_cannot_be_given_are_refused(service: Serving, client: httpx.Client, path: str) -> None:
    answer = client.put(path, json={})
    assert answer.status_code in (404, 405, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_that_is_too_large_is_refused_before_it_is_read(
    service: Serving, token: str, client: httpx.Client
) -> None:
    announced = head(token, method="PUT", path="/stories/big", more=f"Content-Length: {10**12}\r\n")
    assert refused(raw(service, announced), 413)["type"] == "urn:summarise:problem:too-large"
    problem(client.put("/stories/big/overrides", content=b"x" * (MOST + 1)), 413, "too-large")
    assert client.put("/stories/fits", json={}).status_code == 201


def test_a_body_that_never_says_its_size_is_refused_when_it_is_too_large(service: Serving, token: str) -> None:
    chunk = b"3e8\r\n" + b"x" * 1_000 + b"\r\n"
    data = head(token, method="PUT", path="/stories/big", more="Transfer-Encoding: chunked\r\n") + chunk * 30
    assert refused(raw(service, data), 413)["type"] == "urn:summarise:problem:too-large"


@pytest.mark.parametrize(
    "more",
    [
        "Content-Length: -1\r\n",
        "Content-Length: five\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip\r\n",
        "X\x00Y: 1\r\n",
        ": nameless\r\n",
        " folded\r\n",
    ],
)
def test_what_is_no_http_is_refused(service: Serving, token: str, more: str) -> None:
    answer = raw(service, head(token, method="POST", more=more) + b"0\r\n\r\n")
    refused(answer, 400)


def test_headers_without_end_are_cut_off(service: Serving, token: str) -> None:
    one_long = head(token, more="X: " + "a" * 40_000 + "\r\n")
    assert refused(raw(service, one_long), 431)["type"] == "urn:summarise:problem:headers-too-large"
    endless = head(token, more="X: " + "a" * 80_000)[:-2]
    assert refused(raw(service, endless), 431)["type"] == "urn:summarise:problem:headers-too-large"


def test_depth_and_numbers_in_json_break_nothing(client: httpx.Client) -> None:
    for body in (
        b"[" * 10_000,
        b'{"id":' * 3_000,
        b"1e999",
        b"-0",
        b"\xff\xfe",
        b'{"id": 1' + b"0" * 9_000 + b"}",
        b"NaN",
    ):
        answer = client.post("/stories", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 422), body[:20]
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_story_takes_so_many_articles_and_no_more(client: httpx.Client) -> None:
    given = [{"name": f"{number}.txt", "text": "x"} for number in range(4)]
    problem(client.put("/stories/full", json={"articles": given}), 413, "story-full")
    problem(client.get("/stories/full"), 404, "no-such-story")
    assert client.put("/stories/full", json={"articles": given[:3]}).status_code == 201
    problem(client.put("/stories/full/articles/more.txt", json={"text": "x"}), 413, "story-full")


def test_no_url_is_fetched_for_a_caller(client: httpx.Client) -> None:
    fetched = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.5)
        url = f"http://127.0.0.1:{trap.getsockname()[1]}/"
        for given in ({"name": "u.txt", "url": url}, {"name": "u.txt", "path": url, "text": "x"}):
            problem(client.put("/stories/ssrf", json={"articles": [given]}), 422, "invalid")
        client.put("/stories/ssrf", json={"articles": [{"name": "u.url.txt", "text": url}]})
        with pytest.raises(TimeoutError):
            trap.accept()
    assert not fetched.is_set()


def test_a_revoked_token_opens_nothing_and_leaves_the_service_closed(service: Serving, store: Path) -> None:
    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        line = program("serve", "token", *arguments, "--store", str(store))
        return subprocess.run(line, capture_output=True, text=True, check=False, env=environment())

    with Store.open(store) as opened:
        second = Tokens(opened.database).add("second")
    time.sleep(1.2)
    with service.client(second) as client:
        assert client.get("/stories").status_code == 200
        assert command("revoke", "second").returncode == 0
        time.sleep(1.2)
        problem(client.get("/stories"), 401, "unauthorized")
    listing = command("list").stdout
    assert "second" in listing
    assert "revoked" in listing
    assert second not in listing
    with Store.open(store) as opened:
        with pytest.raises(ConfigurationError, match="no token second in use"):
            Tokens(opened.database).revoke("second")
        for name in ("second", "a b", ""):
            with pytest.raises(ConfigurationError):
                Tokens(opened.database).add(name)
    assert second.encode() not in store.read_bytes()


def test_calls_at_once_are_bounded_for_all_and_for_each(store: Path, token: str, tmp_path: Path) -> None:
    place = tmp_path / "bounds.sqlite3"
    with Store.open(place) as opened:
        mine, others = Tokens(opened.database).add("mine"), Tokens(opened.database).add("others")
    slow = "Transfer-Encoding: chunked\r\n"
    with serving(place, "--jobs", "0", "--max-calls", "3", "--max-calls-per-token", "2") as running:
        lines: list[socket.socket] = []
        try:
            for owner in (mine, mine):
                lines.append(held(running, head(owner, method="PUT", path="/stories/x", more=slow)))
            with running.client(mine) as client:
                told = until(client, 429)
                problem(told, 429, "too-many-calls")
                assert told.headers["retry-after"] == "1"
                assert client.get("/health").status_code == 200
            with running.client(others) as client:
                assert client.get("/stories").status_code == 200
            lines.append(held(running, head(others, method="PUT", path="/stories/x", more=slow)))
            with running.client(others) as client:
                problem(until(client, 503), 503, "busy")
        finally:
            for line in lines:
                line.close()
        with running.client(mine) as client:
            assert until(client, 200).status_code == 200


def test_jobs_that_wait_are_bounded(tmp_path: Path) -> None:
    with (
        serving(tmp_path / "s.sqlite3", "--jobs", "0", "--max-waiting", "3", "--max-waiting-per-token", "2") as running,
        running.client() as client,
    ):
        for number in range(3):
            client.put(f"/stories/{number}", json=STORY)
        answers = [client.post(f"/stories/{number}/briefs", headers=key()) for number in range(3)]
        assert [one.status_code for one in answers] == [202, 202, 429]
        assert problem(answers[2], 429, "too-many-jobs")


def test_other_machines_are_not_served_without_a_token(tmp_path: Path) -> None:
    anywhere = "0.0.0.0"  # noqa: S104 (which is what is refused)
    line = program("serve", "--host", anywhere, "--port", "0", "--store", str(tmp_path / "s"), "--model", "extractive")
    ended = subprocess.run(line, capture_output=True, text=True, check=False, env=environment(), timeout=180)
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert "summarise serve token add" in ended.stderr


@pytest.mark.parametrize(
    "wrong",
    [{"lease": 0}, {"port": 70_000}, {"jobs": -1}, {"allowed_hosts": ("http://x",)}, {"max_body": 0}],
)
def test_settings_that_can_mean_nothing_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match="--"):
        ServeSettings(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("[::1]", True), ("::", False), ("10.0.0.1", False)],
)
def test_loopback_is_told_from_the_rest(host: str, local: bool) -> None:
    assert ServeSettings(host=host).on_loopback is local


# ---- what a caller wants and has

OFFERS = [("application/json", "json"), ("text/html", "html")]


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("text/*", "html"),
        ("TEXT/HTML", "html"),
        ("text/html;q=0.1, */*;q=0.2", "json"),
        ("text/html;q=0.2, */*;q=0.1", "html"),
        ("application/json;q=0, */*", "html"),
        ("text/plain", None),
        ("application/json;q=nan", None),
        ("application/json;q=x", None),
        (",;,;", None),
    ],
)
def test_the_form_that_is_liked_best_is_chosen(accept: str, form: str | None) -> None:
    assert wanted(accept, OFFERS) == form


def test_tags_are_compared_weakly_and_whole() -> None:
    assert has('"a"', '"a"')
    assert has('W/"a"', '"a"')
    assert has('"b", "a"', '"a"')
    assert has("*", '"a"')
    assert not has('"ab"', '"a"')
    assert not has("a", '"a"')
