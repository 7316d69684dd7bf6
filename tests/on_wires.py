"""Everything that the HTTP service and the MCP server answer about hostile stories, and what in it would act.

Both run in this process, behind their guards, without a socket: what is looked at are the headers and bytes that they
hand to the server. Stories have hostile names, briefs, articles and facts; callers send hostile paths, headers and
bodies.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import lxml.html
from hostile import brief_of, harmless, texts
from large_briefs import Large
from lxml.etree import _Comment, _ProcessingInstruction
from markdown_it import MarkdownIt
from on_screens import _acts, large

from summarise.contract import Brief
from summarise.render.canonical import content_json, run_json
from summarise.render.page import brief_page
from summarise.render.page.markup import ATTRIBUTES, TAGS
from summarise.store import Series, Store

JSON, PROBLEM, MARKDOWN = "application/json", "application/problem+json", "text/markdown; charset=utf-8"
PAGE, EVENTS, PLAIN, BYTES = (
    *("text/html; charset=utf-8", "text/event-stream; charset=utf-8"),
    *("text/plain; charset=utf-8", "application/octet-stream"),
)
OF_AN_ANSWER = frozenset(
    (
        *("content-type", "content-length", "etag", "vary", "cache-control", "x-brief-version", "retry-after"),
        *("content-security-policy", "x-content-type-options", "referrer-policy", "cross-origin-resource-policy"),
        *("x-frame-options", "x-request-id", "location", "allow", "www-authenticate", "connection"),
        *("x-accel-buffering", "mcp-session-id"),
    )
)
"""Names of headers that answers have."""
PLACES = re.compile(rb"/stories/[A-Za-z0-9][A-Za-z0-9._-]{0,99}|/jobs/j-[0-9a-f]+")
"""What a Location may be."""
KINDS = {"queued", "running", "progress", "cancelling", "done", "failed", "cancelled"}
_PRINTED = re.compile(rb"[\x20-\x7e]*")
_IN_HEAD = {"html", "head", "meta", "style", "script"}
_TAG_OF_MARKDOWN = re.compile(r"<(?!/?(?:h[1-6]|p|em|strong|[uo]l|li|table|thead|tbody|t[rhd]|br|hr|a|sup)\b)")
_LINK_OF_MARKDOWN = re.compile(r'(?:href|src)="(?!#)')


@dataclass(frozen=True)
class Answer:
    """What a caller gets. `media` is the type that it must have, one of `statuses` its status."""

    name: str
    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    media: str
    statuses: tuple[int, ...] = (200,)

    def of(self, header: str) -> list[bytes]:
        """The values of a header."""
        return [value for name, value in self.headers if name.lower() == header.encode()]


def acting(answer: Answer) -> list[str]:
    """What in an answer would act on whoever shows it, or passes for something that it is not."""
    wrong = []
    if answer.status not in answer.statuses:
        wrong.append(f"status {answer.status}")
    ok = answer.status < 400
    media = answer.of("content-type")
    if answer.status not in (204, 304) and media != [(answer.media if ok else PROBLEM).encode()]:
        wrong.append(f"content-type {media}")
    for name, value in answer.headers:
        if name.decode("latin-1").lower() not in OF_AN_ANSWER or not _PRINTED.fullmatch(value):
            wrong.append(f"header {name!r}: {value[:60]!r}")
    if answer.of("x-content-type-options") != [b"nosniff"]:
        wrong.append("no nosniff")
    if any(not PLACES.fullmatch(value) for value in answer.of("location")):
        wrong.append(f"location {answer.of('location')}")
    lengths = answer.of("content-length")
    if lengths and answer.status != 304 and lengths != [str(len(answer.body)).encode()]:
        wrong.append(f"content-length {lengths} of {len(answer.body)}")
    if answer.status not in (204, 304) and (media != [BYTES.encode()]):
        wrong += in_body(answer.body, answer.media if ok else PROBLEM)
    return [f"{answer.name}: {one}" for one in wrong]


def in_body(body: bytes, media: str) -> list[str]:
    """The same of a body of this type."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        return [str(error)]
    if media == EVENTS:
        return in_events(text)
    wrong = in_text(text, but="\t" if media == PAGE else "")
    if media in (JSON, PROBLEM):
        try:
            json.loads(text)
        except ValueError as error:
            wrong.append(str(error))
    if media == PAGE:
        wrong += in_page(text)
    if media == MARKDOWN:
        html = MarkdownIt("gfm-like").render(text)
        wrong += [
            f"markup {found[0]}" for found in [*_TAG_OF_MARKDOWN.finditer(html), *_LINK_OF_MARKDOWN.finditer(html)]
        ]
    return wrong


def in_text(text: str, *, but: str = "") -> list[str]:
    """Controls, escapes and bidirectional characters in a text; line breaks are none."""
    return [f"U+{ord(c):04X}" for c in sorted(set(text)) if _acts(c) and c not in but and c != "\u200b"]


def in_events(text: str) -> list[str]:
    """What in a stream of events is not one, or would act."""
    wrong = in_text(text)
    for event in text.split("\n\n")[:-1]:
        fields = [line.partition(": ") for line in event.split("\n") if not line.startswith(":")]
        names = [name for name, _, _ in fields]
        if not fields:
            continue
        if sorted(names) != ["data", "event", "id"]:
            wrong.append(f"fields {names}")
            continue
        told = {name: value for name, _, value in fields}
        if told["event"] not in KINDS or not told["id"].isdigit() or not isinstance(json.loads(told["data"]), dict):
            wrong.append(f"event {event[:80]!r}")
    return wrong if text.endswith("\n\n") else [*wrong, "an event without its end"]


def in_page(html: str) -> list[str]:
    """What of a page is not on the lists of what a page of ours has, or would load something."""
    tree = lxml.html.document_fromstring(html)
    wrong = []
    for element in tree.iter():
        if isinstance(element, _Comment | _ProcessingInstruction):
            wrong.append("a comment")
        elif element.tag in _IN_HEAD:
            continue
        elif element.tag not in TAGS or not set(element.attrib) <= {name.lower() for name in ATTRIBUTES}:
            wrong.append(f"<{element.tag} {dict(element.attrib)}>")
        elif (element.get("href") or "#")[0] != "#":
            wrong.append(f"a link to {element.get('href')}")
    ours = _ours()
    for name in ("script", "style", "meta"):
        if [lxml.html.tostring(one) for one in tree.iter(name)] != ours[name]:
            wrong.append(f"another {name}")
    return wrong


@cache
def _ours() -> dict[str, list[bytes]]:
    """The scripts, styles and meta elements that the page of a harmless brief has."""
    harmless_one = brief_of(harmless())
    tree = lxml.html.document_fromstring(brief_page(harmless_one.brief, harmless_one.texts))
    return {name: [lxml.html.tostring(one) for one in tree.iter(name)] for name in ("script", "style", "meta")}


# ---- stories


def name_of(seed: int, *, longest: int = 100) -> str:
    """A hostile name that a folder could have."""
    said = texts(seed, most=2)().encode("utf-8", "ignore").decode()
    return re.sub(r"[/\x00]", "", said).strip(". ")[:longest] or "x"


def kept(store: Store, seed: int) -> tuple[Series, Large]:
    """Two versions of a hostile brief, put into the store under a hostile name; the newest of them."""
    series = Series(name_of(seed), f"/news/{seed}")
    for one, own in ((large(seed + 1_000_000), {}), (large(seed, dates=seed % 2 == 1), None)):
        brief = _without_surrogates(one.brief.model_copy(update={"story": series.story}))
        content, run = content_json(brief), run_json(brief.run)
        held = {article: _sound(text) for article, text in one.texts.items()} if own is None else own
        store.record(series, inputs=f"sha256:{seed}", content=content, run=run, complete=True, texts=held, answers=())
    return series, one


def hostile_articles(seed: int, count: int = 4) -> list[dict[str, str]]:
    """Articles as a caller sends them, hostile in text, facts and (as far as they are taken) names."""
    said = texts(seed, most=3)
    plain = "The minister, Ann Lee, said on {} that she opposes the sale of the port."
    found = []
    for number in range(count):
        body = f"{said()}\n\n{plain.format(f'day {number}')} {said()}\n\n{said()} {plain.format('Friday')}"
        facts = {name: _sound(said())[:900] for name in ("title", "outlet", "author", "published")}
        name = "".join(c for c in name_of(seed + number, longest=60) if c.isprintable() and c not in "\\~#$")
        found.append({"name": f"n{number} {name}.txt", "text": _sound(body), **facts})
    return found


def _without_surrogates(brief: Brief) -> Brief:
    """What no file and no answer of a model can bring into a brief is not in it."""
    return Brief.model_validate_json(_sound(json.dumps(brief.model_dump(by_alias=True), ensure_ascii=False)))


def _sound(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


# ---- the HTTP service


@dataclass
class Caller:
    """Who calls an app in this process, and keeps what it answers."""

    client: httpx.AsyncClient
    answers: list[Answer]

    async def ask(
        self,
        path: str,
        media: str = JSON,
        *,
        method: str = "GET",
        statuses: tuple[int, ...] = (200,),
        headers: dict[str, str | bytes] | None = None,
        **more: Any,
    ) -> httpx.Response:
        """Calls a path; `media` is the type wanted where the answer is no problem."""
        raw = [
            (name.encode(), v if isinstance(v, bytes) else v.encode("latin-1")) for name, v in (headers or {}).items()
        ]
        answer = await self.client.request(method, path, headers=raw, **more)
        name = re.sub(r"%[0-9A-F]{2}", "%", f"{method} {path}")[:80]
        told = tuple((bytes(name), bytes(value)) for name, value in answer.headers.raw)
        self.answers.append(Answer(name, answer.status_code, told, answer.content, media, statuses))
        return answer


@asynccontextmanager
async def calling(store: Store) -> AsyncIterator[tuple[Caller, Any]]:
    """A caller of the HTTP service over this store, and the service."""
    from summarise.serve.app import create_app
    from summarise.serve.service import Service
    from summarise.serve.settings import ServeSettings

    service = Service(store, ServeSettings(model="extractive", jobs=1))
    transport = httpx.ASGITransport(create_app(service))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield Caller(client, []), service


async def over_http(seed: int, *, jobs: bool) -> list[Answer]:
    """Everything the service answers about hostile stories, to hostile callers; with `jobs` it makes briefs."""
    with Store.in_memory() as store:
        series, _ = kept(store, seed)
        async with calling(store) as (caller, service):
            story = f"/stories/{quote(series.story, safe='')}"
            await _read(caller, story)
            await caller.ask("/stories")
            await caller.ask("/stories?limit=1")
            await _hostile_calls(caller, seed)
            if jobs:
                await _jobs(caller, service, seed)
            return caller.answers


async def _read(caller: Caller, story: str) -> None:
    await caller.ask(story)
    for accept, media in (("application/json", JSON), ("text/markdown", MARKDOWN), ("text/html", PAGE)):
        read = await caller.ask(f"{story}/brief", media, headers={"accept": accept})
        await caller.ask(f"{story}/brief?version=1", media, headers={"accept": accept}, statuses=(200, 404))
        same = {"accept": accept, "if-none-match": read.headers.get("etag", "*")}
        await caller.ask(f"{story}/brief", media, headers=same, statuses=(304,))
    await caller.ask(f"{story}/changes", statuses=(200,))
    await caller.ask(f"{story}/changes", MARKDOWN, headers={"accept": "text/markdown"})
    await caller.ask(f"{story}/history")
    await caller.ask(f"{story}/questions")


async def _hostile_calls(caller: Caller, seed: int) -> None:
    """What is answered to hostile paths, headers and bodies."""
    said = texts(seed + 2_000_000)
    assert (await caller.ask("/stories/mine", method="PUT", json={}, statuses=(201,))).headers["location"]
    refused = (400, 403, 404, 405, 406, 409, 415, 421, 422, 431)
    for number in range(6):
        text = _sound(said())[:150]
        path = quote(text, safe="") or "x"
        line = text.encode()[:150]
        for method, place in (
            *(("GET", f"/{path}"), ("GET", f"/stories/{path}"), ("GET", f"/stories/{path}/brief")),
            *(("PUT", f"/stories/{path}"), ("DELETE", f"/stories/{path}"), ("POST", f"/stories/{path}/briefs")),
            *(("GET", f"/jobs/{path}"), ("GET", f"/jobs/{path}/events"), ("POST", f"/jobs/{path}/cancel")),
            *(("GET", f"/stories/mine/texts/{path}"), ("GET", f"/stories/mine/articles/{path}")),
            *(("GET", f"/stories/mine/brief?version={path}"), ("GET", f"/stories?after={path}&limit={path}")),
        ):
            key: dict[str, str | bytes] = {"idempotency-key": "k"}
            more: dict[str, Any] = {"json": {}} if method == "PUT" else {}
            await caller.ask(place, method=method, statuses=(*refused, 200, 201), headers=key, **more)
        for name in ("accept", "if-none-match", "host", "origin", "authorization", "last-event-id", "x-request-id"):
            await caller.ask("/stories/mine", statuses=(200, *refused), headers={name: line})
        await caller.ask("/stories/mine/briefs", method="POST", statuses=refused, headers={"idempotency-key": line})
        put = f"/stories/mine/articles/{quote('a.txt')}"
        for media, content in ((text, b"x"), ("application/json", line), ("application/json", json.dumps({text: 1}))):
            head: dict[str, str | bytes] = {"content-type": media.encode()}
            await caller.ask(put, method="PUT", statuses=(200, 201, *refused), headers=head, content=content)
        for given in (
            {"id": text},
            {"id": f"s{number}", "language": text},
            {"id": f"t{number}", "about": text},
            {text: 1},
        ):
            await caller.ask("/stories", method="POST", statuses=(201, *refused), json=given)
        await caller.ask(f"/stories/t{number}", statuses=(200, 404))
        join = {"overrides": [{"join": [text, f"the other {number}"]}]}
        where = "/stories/mine/overrides"
        await caller.ask(where, method="PUT", statuses=(200, *refused), json=join)
        await caller.ask(where)
        yaml: dict[str, str | bytes] = {"content-type": "application/yaml"}
        await caller.ask(where, method="PUT", statuses=(200, *refused), headers=yaml, content=line)


async def _jobs(caller: Caller, service: Any, seed: int) -> None:
    """A brief of hostile articles, made and read with its texts and events; and a job that fails and says on which."""
    given = hostile_articles(seed)
    await caller.ask("/stories", method="POST", statuses=(201,), json={"id": "made", "articles": given, "about": "x"})
    unread = [{"name": one["name"].replace(".txt", ".bin"), "content_base64": "iVBORw0KGgoAAQI="} for one in given]
    await caller.ask("/stories", method="POST", statuses=(201,), json={"id": "unread", "articles": unread})
    for story in ("made", "unread"):
        await caller.ask(f"/stories/{story}/articles")
    for one in given:
        await caller.ask(f"/stories/made/articles/{quote(one['name'], safe='')}")
    for one in unread:
        await caller.ask(f"/stories/unread/articles/{quote(one['name'], safe='')}", BYTES)
    service.worker.start()
    try:
        for story in ("made", "unread"):
            asked = await caller.ask(
                f"/stories/{story}/briefs", method="POST", statuses=(202,), headers={"idempotency-key": story}
            )
            await caller.ask(f"{asked.headers['location']}/events", EVENTS)
            await caller.ask(asked.headers["location"])
            await caller.ask(f"/stories/{story}/jobs")
    finally:
        service.worker.stop()
    await _read(caller, "/stories/made")
    brief = (await caller.ask("/stories/made/brief")).json()
    for one in brief["articles"]:
        await caller.ask(f"/stories/made/texts/{one['id']}", PLAIN, statuses=(200, 404))


# ---- the MCP server

VERSION = "2026-07-28"
MCP_EVENTS = "text/event-stream"


@asynccontextmanager
async def serving_mcp(store: Store, allow: Path) -> AsyncIterator[tuple[Any, httpx.AsyncClient]]:
    """The MCP server over this store, and a client of its HTTP door with a token."""
    from mcp.server.transport_security import TransportSecuritySettings

    from summarise.mcp.desk import Desk
    from summarise.mcp.guard import PATH, Guard
    from summarise.mcp.server import build
    from summarise.mcp.settings import Address, McpSettings
    from summarise.serve.tokens import Tokens

    settings = McpSettings(allow=(allow,), model="extractive", http=Address("127.0.0.1", 80))
    tokens = Tokens(store.database)
    token = tokens.add("wires")
    desk = Desk(settings, store)
    server = build(desk)
    inner = server.streamable_http_app(
        streamable_http_path=PATH,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    headers = {"authorization": f"Bearer {token}", "accept": "application/json, text/event-stream"}
    transport = httpx.ASGITransport(Guard(inner, settings, tokens, 80))
    async with (
        server.session_manager.run(),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers, timeout=60) as client,
    ):
        yield server, client
    await desk.runs.close()


async def over_mcp(seed: int, scratch: Path, *, makes: bool) -> list[Answer]:
    """Everything the MCP server answers over HTTP about hostile stories; with `makes` it makes briefs, too."""
    with Store.in_memory() as store:
        series, after = kept(store, seed)
        allowed = scratch / f"allowed-{seed}"
        folder = allowed / name_of(seed, longest=40)
        folder.mkdir(parents=True)
        for one in hostile_articles(seed):
            (folder / one["name"].replace("/", "_")).write_text(one["text"], encoding="utf-8")
        with_story = Series(series.story, "")  # of no folder: any caller may read it
        for held in store.load(series, 1), store.load(series, 2):
            assert held is not None
            store.record(
                with_story, inputs=held.inputs, content=held.content, run=held.run, complete=True, answers=(),
                texts=store.texts(held.articles),
            )  # fmt: skip
        async with serving_mcp(store, allowed) as (_, client):
            asks = Asks(client)
            await _tools(asks, series.story, after, seed)
            await _resources(asks, series.story, after, seed)
            if makes:
                await _makes(asks, folder, seed)
            return asks.answers


class Asks:
    """Calls of the MCP server, each one request of its own, and what was answered."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.answers: list[Answer] = []

    async def tool(self, name: str, **given: Any) -> dict[str, Any]:
        """What a tool returns."""
        return await self._call("tools/call", name, {"name": name, "arguments": given})

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """What a method returns."""
        return await self._call(method, str(params.get("uri", "")), params)

    async def _call(self, method: str, name: str, params: dict[str, Any]) -> dict[str, Any]:
        meta = {
            "io.modelcontextprotocol/protocolVersion": VERSION,
            "io.modelcontextprotocol/clientInfo": {"name": "wires", "version": "1"},
            "io.modelcontextprotocol/clientCapabilities": {},
        }
        asked = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {**params, "_meta": meta}}
        headers = {
            "content-type": "application/json",
            "mcp-protocol-version": VERSION,
            "mcp-method": _in_header(method),
        }
        if name:
            headers["mcp-name"] = _in_header(name)
        answer = await self.client.post("/mcp", headers=headers, content=json.dumps(asked).encode())
        told = tuple((bytes(key), bytes(value)) for key, value in answer.headers.raw)
        media = answer.headers.get("content-type", "")
        wanted = MCP_EVENTS if media.startswith(MCP_EVENTS) else JSON
        self.answers.append(
            Answer(f"{method} {params.get('name', '')}", answer.status_code, told, answer.content, wanted)
        )
        if wanted == JSON:
            said = json.loads(answer.content)
        else:
            data = [line[6:] for line in answer.text.split("\r\n") if line.startswith("data: ")]
            said = next(one for one in map(json.loads, reversed(data)) if "result" in one or "error" in one)
        found: dict[str, Any] = said
        return found


def _in_header(text: str) -> str:
    """A name as the protocol puts it into a header."""
    if text.isascii() and text.isprintable() and text.strip() == text:
        return text
    return f"=?base64?{base64.b64encode(text.encode()).decode()}?="


def acting_over_mcp(answer: Answer) -> list[str]:
    """The same as `acting`, and of what a host shows its user and its model: the blocks of text."""
    wrong = []
    media = answer.of("content-type")
    if media != [answer.media.encode()]:
        wrong.append(f"content-type {media}")
    for name, value in answer.headers:
        if name.decode("latin-1").lower() not in OF_AN_ANSWER or not _PRINTED.fullmatch(value):
            wrong.append(f"header {name!r}: {value[:60]!r}")
    if answer.of("x-content-type-options") != [b"nosniff"]:
        wrong.append("no nosniff")
    lengths = answer.of("content-length")
    if lengths and lengths != [str(len(answer.body)).encode()]:
        wrong.append(f"content-length {lengths} of {len(answer.body)}")
    text = answer.body.decode()
    events = text.split("\r\n\r\n") if answer.media == MCP_EVENTS else [f"data: {text}"]
    wrong += in_text(text.replace("\r\n", "\n"))
    for event in events:
        lines = [line.partition(": ") for line in event.split("\r\n") if line and not line.startswith(":")]
        if not {name for name, _, _ in lines} <= {"event", "data", "id"}:
            wrong.append(f"fields {[name for name, _, _ in lines]}")
        for value in (value for name, _, value in lines if name == "data"):
            message = json.loads(value)
            for shown in _shown(message):
                wrong += [f"shown {one}" for one in in_text(shown)]
    return [f"{answer.name}: {one}" for one in wrong]


def _shown(message: dict[str, Any]) -> Iterator[str]:
    """What a host shows of a message: texts of tools, names of links and resources, errors, progress."""
    result = message.get("result") or {}
    for block in result.get("content", ()):
        yield from (str(block[name]) for name in ("text", "name", "title", "description", "uri") if name in block)
    for one in result.get("contents", ()):
        yield from (str(one[name]) for name in ("text", "uri") if name in one)
    for one in result.get("resources", ()):
        yield from map(str, one.values())
    yield str((message.get("error") or {}).get("message", ""))
    yield json.dumps((message.get("error") or {}).get("data", ""), ensure_ascii=False)
    yield str((message.get("params") or {}).get("message", ""))


async def _tools(asks: Asks, story: str, after: Large, seed: int) -> None:
    said = texts(seed + 3_000_000)
    await asks.call("tools/list")
    await asks.tool("brief_list")
    read = await asks.tool("brief_read", story=story)
    assert "result" in read, read
    await asks.tool("brief_read", story=story, version=1, parts=["actors", "issues"])
    await asks.tool("brief_diff", story=story)
    await asks.tool("brief_diff", story=story, before=2, after=1)
    await asks.tool("brief_history", story=story)
    for issue in after.brief.issues[:2]:
        for position in issue.positions[:2]:
            await asks.tool("brief_explain", story=story, item=position.id)
    await asks.tool("brief_explain", story=story, item=_sound(after.brief.actors[0].name)[:400] or "x")
    for words in ("alert", "evil example", "n7"):
        await asks.tool("brief_search", words=words, most=50)
    for _ in range(5):
        text = _sound(said())[:190] or "x"
        await asks.tool("brief_read", story=text)
        await asks.tool("brief_read", folder=text)
        await asks.tool("brief_read", story=story, parts=[text])
        await asks.tool("brief_explain", story=story, item=text)
        await asks.tool("brief_search", words=text)
        await asks.tool("brief_status", run=text[:60])
        await asks.tool("brief_make", folder=text)
        await asks.tool("brief_make", story=text, articles=[{"text": ""}])
        await asks.tool("brief_make", **{text: text})
        await asks.tool(text)
        await asks.call(text)


async def _resources(asks: Asks, story: str, after: Large, seed: int) -> None:
    said = texts(seed + 4_000_000)
    uri = f"brief://{quote(story, safe='')}"
    await asks.call("resources/list")
    await asks.call("resources/templates/list")
    for one in (uri, f"{uri}/1", f"{uri}/2"):
        read = await asks.call("resources/read", uri=one)
        assert "result" in read or len(story) > 90, read
    for _ in range(5):
        text = _sound(said())[:150]
        await asks.call("resources/read", uri=f"brief://{quote(text, safe='')}")
        await asks.call("resources/read", uri=f"{uri}/{quote(text, safe='')}")
        await asks.call("resources/read", uri=f"{uri}/2/texts/{quote(text, safe='')}")
        await asks.call("resources/read", uri=text)


async def _makes(asks: Asks, folder: Path, seed: int) -> None:
    """Briefs of hostile articles, from a folder of a hostile name and as texts; and their texts as resources."""
    given = [{name: value for name, value in one.items() if name != "name"} for one in hostile_articles(seed + 7)]
    story = name_of(seed + 9)
    for made in (
        await asks.tool("brief_make", folder=str(folder)),
        await asks.tool("brief_make", story=story, articles=given),
    ):
        assert not made["result"].get("isError"), made
        head = made["result"]["structuredContent"]
        brief = (await asks.tool("brief_read", story=head["story"]))["result"]["structuredContent"]["brief"]
        for one in brief["articles"]:
            await asks.call("resources/read", uri=f"{head['uri']}/texts/{one['id']}")
    unread = folder.parent / "unread"
    unread.mkdir()
    (unread / f"{name_of(seed + 11, longest=60)}.bin").write_bytes(b"\x89PNG\r\n")
    await asks.tool("brief_make", folder=str(unread))
    started = await asks.tool("brief_start", folder=str(unread))
    if run := (started["result"].get("structuredContent") or {}).get("run"):
        await asks.tool("brief_result", run=run, wait=20)
        await asks.tool("brief_status", run=run)
