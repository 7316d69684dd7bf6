"""`summarise mcp` over stdio: the official client, and the server in a process of its own."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from mcp_servers import ROOT, a_folder, arguments, text_about

pytest.importorskip("mcp", reason="the extra mcp is not installed")

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, MCPError, StdioServerParameters
from mcp.types import CallToolResult

from summarise.change import Changes, Log
from summarise.commands.mcp import run_mcp
from summarise.contract import Brief
from summarise.explain import Explanation
from summarise.mcp.settings import Address, McpSettings
from summarise.mcp.told import BriefRead, Hits, MadeBrief, RunStatus, Stories
from summarise.scripted import ScriptedModel
from summarise.store import Store

TOOLS = {
    *("brief_make", "brief_start", "brief_status", "brief_result", "brief_cancel"),
    *("brief_list", "brief_read", "brief_explain", "brief_diff", "brief_history", "brief_search"),
}
SLOW = "slow:holding=Cairo,factor=600"


@dataclass(frozen=True)
class Place:
    """Folders and a store of one test."""

    allowed: Path
    store: Path

    def client(self, *more: str, mode: str = "auto", allow: bool = True) -> Client:
        args = arguments([self.allowed] if allow else [], self.store, *(more or ("--model", "extractive")))
        return Client(
            StdioServerParameters(command=sys.executable, args=args, env={"PYTHONPATH": str(ROOT)}), mode=mode
        )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place of its own for a test that starts its own server."""
    a_folder(tmp_path / "allowed", "Alexandria", "Beirut", "Cairo")
    return Place(tmp_path / "allowed", tmp_path / "store.sqlite3")


@dataclass(frozen=True)
class Shared:
    """One server and its client, for tests that read by rules: it takes some seconds to start."""

    place: Place
    client: Client
    portal: BlockingPortal

    def runs(self, work: Callable[[Client], Coroutine[Any, Any, None]]) -> None:
        async def bounded() -> None:
            async with asyncio.timeout(90):
                await work(self.client)

        self.portal.call(bounded)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    scratch = tmp_path_factory.mktemp("mcp")
    (scratch / "allowed").mkdir()
    place = Place(scratch / "allowed", scratch / "store.sqlite3")
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(place.client()) as client:
        yield Shared(place, client, portal)


def together(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(90):
            await work()

    asyncio.run(bounded())


def of(result: CallToolResult, kind: type[Any]) -> Any:
    assert not result.is_error, result.content
    return kind.model_validate(result.structured_content)


def said(result: CallToolResult) -> str:
    return "".join(getattr(block, "text", "") for block in result.content)


async def ended(client: Client, run: str, state: str) -> RunStatus:
    while True:
        status: RunStatus = of(await client.call_tool("brief_status", {"run": run}), RunStatus)
        if status.state == state:
            return status
        assert status.state in ("waiting", "running"), status
        await asyncio.sleep(0.05)


def test_a_story_is_made_updated_read_and_compared_with_output_that_keeps_the_contract(shared: Shared) -> None:
    place = shared.place
    a_folder(place.allowed, "Alexandria", "Beirut")

    async def work(client: Client) -> None:
        steps: list[tuple[float, float | None]] = []

        async def progress(done: float, total: float | None, message: str | None) -> None:
            steps.append((done, total))

        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == TOOLS
        assert all(tool.output_schema and tool.description for tool in tools.values())
        assert {name for name, tool in tools.items() if tool.annotations and not tool.annotations.read_only_hint} == {
            *("brief_make", "brief_start", "brief_cancel")
        }

        made = await client.call_tool("brief_make", {"folder": "ports"}, progress_callback=progress)
        head = of(made, MadeBrief)
        assert (head.story, head.version.number, head.news, head.complete) == ("ports", 1, True, True)
        assert [getattr(block, "uri", "") for block in made.content][1:] == ["brief://ports/1"]
        assert [done for done, _ in steps] == sorted({done for done, _ in steps})

        (place.allowed / "ports" / "Cairo.txt").write_text(text_about("Cairo"), encoding="utf-8")
        started = of(await client.call_tool("brief_start", {"folder": str(place.allowed / "ports")}), RunStatus)
        waited = of(await client.call_tool("brief_result", {"run": started.run, "wait": 60}), MadeBrief)
        assert (waited.version.number, waited.changed["article_added"]) == (2, 1)
        assert of(await client.call_tool("brief_make", {"folder": "ports"}), MadeBrief).news is False

        read = of(await client.call_tool("brief_read", {"story": "ports"}), BriefRead)
        assert (len(read.brief.articles), read.omitted) == (3, ())
        some = await client.call_tool("brief_read", {"folder": "ports", "version": 1, "parts": ["articles"]})
        part = of(some, BriefRead)
        assert (len(part.brief.articles), part.brief.issues) == (2, ())
        assert "issues" in part.omitted

        told = of(await client.call_tool("brief_diff", {"story": "ports"}), Changes)
        assert [one.what for one in told.changes if one.kind == "article_added"] == ["Cairo.txt"]
        back = of(await client.call_tool("brief_diff", {"story": "ports", "before": 2, "after": 1}), Changes)
        assert any(one.kind == "article_withdrawn" for one in back.changes)
        alone = of(await client.call_tool("brief_diff", {"story": "ports", "after": 1}), Changes)
        assert alone.before is None
        log = of(await client.call_tool("brief_history", {"story": "ports"}), Log)
        assert [one.version.number for one in log.versions] == [1, 2]

        hits = of(await client.call_tool("brief_search", {"words": "LAVROV leave Cairo"}), Hits)
        assert any(hit.kind == "position" and "leave Cairo" in hit.quote for hit in hits.hits)
        found = of(await client.call_tool("brief_explain", {"item": hits.hits[0].item, "story": "ports"}), Explanation)
        assert found.id == hits.hits[0].item

        stories = of(await client.call_tool("brief_list", {}), Stories)
        assert ("ports", 2, "brief://ports") in [(s.story, s.newest.number, s.uri) for s in stories.stories]
        assert stories.folders == (str(place.allowed),)

        assert "brief://ports" in [one.uri for one in (await client.list_resources()).resources]
        newest = Brief.model_validate_json((await client.read_resource("brief://ports")).contents[0].text)  # type: ignore[union-attr]
        assert newest == read.brief
        first = (await client.read_resource("brief://ports/1")).contents[0].text  # type: ignore[union-attr]
        assert len(Brief.model_validate_json(first).articles) == 2
        evidence = next(e for a in newest.actors for e in a.evidence)
        text = (await client.read_resource(f"brief://ports/2/texts/{evidence.article}")).contents[0].text  # type: ignore[union-attr]
        assert text[evidence.start : evidence.end] == evidence.quote

    shared.runs(work)


def test_a_cancelled_call_stops_its_work_and_the_next_goes_on_from_there(place: Place) -> None:
    async def work(model: ScriptedModel) -> None:
        async with place.client("--model", "openai:scripted", "--base-url", model.base_url, mode="legacy") as client:
            call = asyncio.create_task(client.call_tool("brief_make", {"folder": "ports"}))
            with Store.open(place.store) as store:
                while store.counts().answers < 2 or len(model.requests) < 3:
                    assert not call.done(), call.result()
                    await asyncio.sleep(0.05)
            call.cancel()
            await asyncio.wait([call])
            assert call.cancelled()
            while True:  # the cancellation is on its way
                started = await client.call_tool("brief_start", {"folder": "ports"})
                if not of(started, RunStatus).joined:
                    break
                await asyncio.sleep(0.02)
            head = of(
                await client.call_tool("brief_result", {"run": of(started, RunStatus).run, "wait": 60}), MadeBrief
            )
            assert head.complete
            assert head.usage.reused == 2

    with ScriptedModel(faults=[f"{SLOW},attempts=1,answer=Note"]) as model:
        together(lambda: work(model))


def test_a_run_outlives_whoever_waits_for_it_and_stops_when_it_is_told_to(place: Place) -> None:
    async def work(model: ScriptedModel) -> None:
        async with place.client("--model", "openai:scripted", "--base-url", model.base_url) as client:
            started = of(await client.call_tool("brief_start", {"folder": "ports"}), RunStatus)
            again = of(await client.call_tool("brief_start", {"folder": "ports"}), RunStatus)
            assert (again.run, again.joined) == (started.run, True)
            other = await client.call_tool("brief_start", {"folder": "ports", "about": "something else"})
            assert other.is_error
            assert started.run in said(other)

            waiting = [
                asyncio.create_task(client.call_tool("brief_result", {"run": started.run, "wait": 600})),
                asyncio.create_task(client.call_tool("brief_make", {"folder": "ports"})),
            ]
            await asyncio.sleep(0.3)
            for one in waiting:
                one.cancel()
            await asyncio.wait(waiting)
            early = await client.call_tool("brief_result", {"run": started.run})
            assert early.is_error
            assert "running" in said(early)

            stopped = of(await client.call_tool("brief_cancel", {"run": started.run}), RunStatus)
            assert stopped.state == "cancelled"
            assert "goes on from there" in stopped.error
            assert of(await client.call_tool("brief_cancel", {"run": started.run}), RunStatus) == stopped
            assert (await client.call_tool("brief_result", {"run": started.run})).is_error

            begun = asyncio.Event()

            async def progress(done: float, total: float | None, message: str | None) -> None:
                begun.set()

            make = client.call_tool("brief_make", {"folder": "ports"}, progress_callback=progress)
            mine = asyncio.create_task(make)
            await begun.wait()
            mine.cancel()
            await asyncio.wait([mine])
            while of(await client.call_tool("brief_start", {"folder": "ports"}), RunStatus).joined:  # noqa: ASYNC110
                await asyncio.sleep(0.05)  # until the cancellation has arrived: what a caller began, it ends

    with ScriptedModel(faults=[SLOW]) as model:
        together(lambda: work(model))


def test_every_tool_can_be_cancelled_and_the_server_goes_on(shared: Shared) -> None:
    calls: dict[str, dict[str, Any]] = {
        "brief_make": {"folder": "others"},
        "brief_start": {"folder": "others"},
        "brief_status": {"run": "x"},
        "brief_result": {"run": "x", "wait": 5},
        "brief_cancel": {"run": "x"},
        "brief_list": {},
        "brief_read": {"story": "ports"},
        "brief_explain": {"story": "ports", "item": "x"},
        "brief_diff": {"story": "ports"},
        "brief_history": {"story": "ports"},
        "brief_search": {"words": "x"},
    }
    assert set(calls) == TOOLS
    a_folder(shared.place.allowed, "Alexandria", name="others")

    async def work(client: Client) -> None:
        for name, given in calls.items():
            call = asyncio.create_task(client.call_tool(name, given))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            call.cancel()
            await asyncio.wait([call])
            assert call.cancelled(), name
        assert not (await client.call_tool("brief_list", {})).is_error

    shared.runs(work)


def test_texts_handed_over_become_a_story_of_the_id_they_were_given(shared: Shared) -> None:
    texts = [{"text": text_about(name), "path": f"{name}.txt", "outlet": "Herald"} for name in ("Alexandria", "Beirut")]

    async def work(client: Client) -> None:
        head = of(await client.call_tool("brief_make", {"articles": texts, "story": "a/b ç"}), MadeBrief)
        assert head.uri == "brief://a%2Fb%20%C3%A7/1"
        brief = Brief.model_validate_json((await client.read_resource(head.uri)).contents[0].text)  # type: ignore[union-attr]
        assert {one.outlet for one in brief.articles} == {"Herald"}
        less = of(await client.call_tool("brief_make", {"articles": texts[:1], "story": "a/b ç"}), MadeBrief)
        assert less.changed["article_withdrawn"] == 1
        for wrong in ({"articles": texts}, {"articles": texts, "folder": "x", "story": "s"}, {}):
            assert (await client.call_tool("brief_make", wrong)).is_error

    shared.runs(work)


@pytest.fixture
def hidden(shared: Shared) -> Path:
    """A folder beside the allowed one, with a brief in the same store, and ways that lead to it."""
    from summarise import brief

    place = shared.place
    secret = a_folder(place.allowed.parent, "Dakar", name="secret")
    brief(secret, model="extractive", store=place.store)
    (place.allowed / "link").symlink_to(secret)
    (place.allowed / "up").symlink_to("..")
    (a_folder(place.allowed, "Beirut", name="mine") / "leak.txt").symlink_to(secret / "Dakar.txt")
    return secret


def test_nothing_outside_the_allowed_folders_is_read_shown_or_confirmed(shared: Shared, hidden: Path) -> None:
    place = shared.place
    outside = [
        *(str(hidden), str(hidden / "none"), "/", "/etc", "/etc/none", "/proc/self", "..", "../secret", "link", "up"),
        *("link/.", "up/secret", "mine/../../secret", "mine/../link", "./../secret", f"{place.allowed}/../secret"),
        *(f"{place.allowed}-not", f"{place.allowed}/link", "\0", "mine\0", "~", "~root", "x" * 5000, ""),
        *("file:///etc", "//etc", "\\\\host\\share", "mine/leak.txt/..", "mine/leak.txt"),
    ]
    refusals = {"is not within", "no such folder", "validation error", "either a folder or"}

    async def work(client: Client) -> None:
        for folder in outside:
            for name in ("brief_make", "brief_start", "brief_read", "brief_history"):
                result = await client.call_tool(name, {"folder": folder})
                assert result.is_error, (name, folder)
                told = said(result)
                assert any(words in told for words in refusals) or "name a story" in told, (folder, told)
                assert "Dakar" not in told
        pairs = [
            ({"folder": str(hidden)}, {"folder": str(hidden / "none")}),
            ({"story": "secret"}, {"story": "nosuch"}),
        ]
        for there, not_there in pairs:  # nobody can ask what exists
            told = []
            for given in (there, not_there):
                result = await client.call_tool("brief_read", given)
                told.append(said(result).replace(*given.values(), "*"))
            assert told[0] == told[1]

        stories = of(await client.call_tool("brief_list", {}), Stories)
        assert "secret" not in {one.story for one in stories.stories}
        assert "brief://secret" not in {one.uri for one in (await client.list_resources()).resources}
        assert of(await client.call_tool("brief_search", {"words": "Dakar"}), Hits).hits == ()
        for uri in ("brief://secret", "brief://secret/1", f"brief://mine/1/texts/{_text_id(place)}"):
            with pytest.raises(MCPError, match="there is no such"):
                await client.read_resource(uri)

        head = of(await client.call_tool("brief_make", {"folder": "mine"}), MadeBrief)
        assert [(one.path, one.status) for one in head.not_used] == [("leak.txt", "unreadable")]
        with pytest.raises(MCPError, match="there is no such"):
            await client.read_resource(f"brief://mine/1/texts/{_text_id(place)}")

    shared.runs(work)


def _text_id(place: Place) -> str:
    """The id of the text that must not be shown."""
    with Store.open(place.store) as store:
        secret = next(one for one in store.series() if one.story == "secret")
        version = store.load(secret)
        assert version is not None
        return version.articles[0]


def test_settings_that_cannot_work_end_the_server_with_one_line_and_code_2(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    for wrong in (
        {"allow": (place.allowed / "none",)},
        {"allow": (place.allowed / "ports" / "Beirut.txt",)},
        {"http": "8765"},
        {"http": "127.0.0.1:0"},  # without a token
        {"http": "0.0.0.0:0"},  # without a name to be called by
        {"model": "nonsense"},
        {"origins": ("example.org",)},
        {"origins": ("https://example.org/",)},
        {"hosts": ("a:1",)},
        {"runs": 0},
    ):

        def settings(wrong: dict[str, Any] = wrong) -> McpSettings:
            http = Address.parse(wrong["http"]) if "http" in wrong else None
            return McpSettings(**{"store": str(place.store), **wrong, "http": http})

        assert run_mcp(settings) == 2, wrong
        shown = capsys.readouterr()
        assert shown.out == ""
        assert len(shown.err.strip().splitlines()) == 1, shown.err


def test_without_the_extra_one_line_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert run_mcp(McpSettings) == 2
    assert "pip install 'summarise[mcp]'" in capsys.readouterr().err


def test_ctrl_c_ends_a_server_without_a_word_of_the_tasks_it_cuts_off(place: Place) -> None:
    command = [sys.executable, *arguments([place.allowed], place.store, "--model", "extractive")]
    hello = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(hello) + "\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == 1
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert told.strip() == "summarise: interrupted"
