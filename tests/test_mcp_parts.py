"""Parts of the MCP server that a client's tests do not reach."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from mcp_servers import a_folder, text_about

pytest.importorskip("mcp", reason="the extra mcp is not installed")

from mcp import Client

from summarise import ArticleText, InputError, brief
from summarise.asked import Progress
from summarise.mcp import reading, told
from summarise.mcp.allowed import Allowed
from summarise.mcp.desk import Desk
from summarise.mcp.runs import Order, Run, Runs
from summarise.mcp.seeking import seek
from summarise.mcp.server import build
from summarise.mcp.settings import McpSettings
from summarise.mcp.told import NotUsed, answer
from summarise.store import Series, Store

TEXTS = [ArticleText(text=text_about(place), path=place) for place in ("Alexandria", "Beirut")]
PORT = Series("port", "")


def test_a_lone_surrogate_never_reaches_a_transport() -> None:
    said = answer(NotUsed(path="a\ud800b", status="empty", reason="\udcff"), "x\udfff", [("brief://x", "n\ud800")])
    sent = said.model_dump_json(by_alias=True)
    assert json.loads(sent)["structuredContent"] == {"path": "a?b", "status": "empty", "reason": "?"}


def test_a_folder_that_became_another_while_its_run_waited_is_not_read(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "allowed", "Beirut")
    secret = a_folder(tmp_path, "Dakar", name="secret")
    settings = McpSettings(allow=(tmp_path / "allowed",), model="extractive", runs=1)

    async def work(store: Store) -> Run:
        runs = Runs(store, settings, Allowed(settings.allow))
        run = runs.start(Order(Series("ports", str(folder)))).run
        folder.rename(tmp_path / "elsewhere")
        folder.symlink_to(secret)
        assert run.task is not None
        await run.task
        return run

    with Store.in_memory() as store:
        run = asyncio.run(work(store))
        assert (run.state, store.series()) == ("failed", ())
    assert "another than the one that was allowed" in run.error


def test_a_run_counts_its_articles_and_its_stages() -> None:
    run = Run("x", Order(PORT))
    counted = [run.steps()]
    for stage, done, total in (("note", 0, 3), ("note", 2, 3), ("reconcile", 0, 0), ("weigh", 0, 0), ("write", 0, 0)):
        run.advance(Progress(stage, done, total, ""))
        counted.append(run.steps())
    assert counted == [(0, 0), (0, 6), (2, 6), (3, 6), (4, 6), (5, 6)]


def test_only_so_many_runs_may_wait() -> None:
    settings = McpSettings(model="extractive", runs=1, waiting=1)

    async def work(store: Store) -> None:
        runs = Runs(store, settings, Allowed(()))
        for number in range(2):
            runs.start(Order(Series(f"s{number}", ""), tuple(TEXTS)))
        with pytest.raises(InputError, match="2 runs are under way"):
            runs.start(Order(Series("s2", ""), tuple(TEXTS)))
        await runs.close()

    with Store.in_memory() as store:
        asyncio.run(work(store))


def test_a_search_needs_all_words_and_puts_wording_before_quotation() -> None:
    with Store.in_memory() as store:
        brief(TEXTS, story="port", model="extractive", store=store)
        assert seek(store, [PORT], "zebra macron", 5).hits == ()
        found = seek(store, [PORT], "MACRON Beirut", 1)
        assert (len(found.hits), found.more > 0) == (1, True)
        with pytest.raises(InputError, match="at least one word"):
            seek(store, [PORT], "…", 5)


def test_a_brief_that_is_too_large_for_one_answer_is_never_cut_but_refused_with_a_way_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def work(store: Store) -> None:
        async with Client(build(Desk(McpSettings(model="extractive"), store))) as client:
            monkeypatch.setattr(reading, "MOST", 3_000)
            whole = await client.call_tool("brief_read", {"story": "port"})
            assert whole.is_error
            assert "name parts (actors, issues" in str(whole.content)
            part = await client.call_tool("brief_read", {"story": "port", "parts": ["flags"]})
            assert not part.is_error
            most = await client.call_tool("brief_read", {"story": "port", "parts": list(told.PARTS)})
            assert most.is_error
            assert "name fewer" in str(most.content)
            monkeypatch.setattr(told, "MOST_SENT", 100)
            assert "too many for one answer" in str(
                (await client.call_tool("brief_history", {"story": "port"})).content
            )

    with Store.in_memory() as store:
        brief(TEXTS, story="port", model="extractive", store=store)
        asyncio.run(work(store))


def test_over_http_a_caller_learns_nothing_of_how_the_server_is_set_up() -> None:
    from summarise.errors import ConfigurationError
    from summarise.mcp.settings import Address

    secret = ConfigurationError("the store /srv/private/store.sqlite3 cannot be opened")
    with Store.in_memory() as store:

        def said(settings: McpSettings) -> str:
            async def work() -> str:
                return Runs(store, settings, Allowed(())).said(secret)

            return asyncio.run(work())

        assert "/srv/private" in said(McpSettings())
        assert "/srv/private" not in said(McpSettings(http=Address("127.0.0.1", 0)))
