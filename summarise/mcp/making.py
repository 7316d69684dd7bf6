"""The tools that make a brief: at once, or in a run that goes on by itself."""

from __future__ import annotations

import asyncio
from typing import Annotated

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, ToolAnnotations
from pydantic import Field

from summarise.asked import Progress
from summarise.errors import InputError
from summarise.loading import ArticleText
from summarise.mcp.desk import Desk
from summarise.mcp.runs import Order, Run, Started
from summarise.mcp.told import MadeBrief, RunStatus, answer, head_text, uri_of
from summarise.store import Series

TOLD_EVERY = 0.1
"""Seconds between two progress notifications."""

Folder = Annotated[
    str | None,
    Field(max_length=4096, description="a folder of articles, absolute or relative to an allowed folder"),
]
Articles = Annotated[
    list[ArticleText] | None,
    Field(max_length=500, description="instead of a folder: all texts of the story; those of an earlier call are gone"),
]
Story = Annotated[
    str | None, Field(max_length=200, description="the story's id; needed with articles, else the folder's name")
]
About = Annotated[str, Field(max_length=1000, description="what the story is about, where the articles leave it open")]
Language = Annotated[str, Field(pattern="^([a-z]{2})?$", description="ISO 639-1 code of the brief; else the articles'")]
RunId = Annotated[str, Field(max_length=64, description="as brief_start gave it")]


def add_tools(server: MCPServer, desk: Desk) -> None:
    """Adds the tools that make briefs."""
    making = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    looking = ToolAnnotations(read_only_hint=True, open_world_hint=False)

    @server.tool(title="Make or update a brief", annotations=making)
    async def brief_make(
        ctx: Context,
        folder: Folder = None,
        articles: Articles = None,
        story: Story = None,
        about: About = "",
        language: Language = "",
    ) -> Annotated[CallToolResult, MadeBrief]:
        """Makes the brief of a folder or of texts, or brings it up to date: only what is new is read.

        Reports progress. Cancelling it stops the work; what was answered is kept, and the same call goes on from
        there. For many articles use brief_start.
        """
        with desk.told():
            started = desk.runs.start(_order(desk, folder, articles, story, about, language))
        await _followed(ctx, desk, started)
        await ctx.notify_resource_updated(uri_of(started.run.order.series.story))
        return _result(started.run)

    @server.tool(title="Begin to make a brief", annotations=making)
    async def brief_start(
        folder: Folder = None,
        articles: Articles = None,
        story: Story = None,
        about: About = "",
        language: Language = "",
    ) -> Annotated[CallToolResult, RunStatus]:
        """Begins what brief_make does and returns at once; brief_status, brief_result and brief_cancel take its run."""
        with desk.told():
            started = desk.runs.start(_order(desk, folder, articles, story, about, language))
        return _status(started.run, joined=started.joined)

    @server.tool(title="See how far a run is", annotations=looking)
    async def brief_status(run: RunId) -> Annotated[CallToolResult, RunStatus]:
        """Tells how far a run is: waiting, running, done, failed or cancelled."""
        with desk.told():
            return _status(desk.runs.get(run))

    @server.tool(title="Get what a run made", annotations=looking)
    async def brief_result(
        ctx: Context,
        run: RunId,
        wait: Annotated[float, Field(ge=0, le=600, description="seconds to wait for its end")] = 0,
    ) -> Annotated[CallToolResult, MadeBrief]:
        """Gives the head of the brief that a run made. Cancelling this leaves the run alone."""
        with desk.told():
            found = desk.runs.get(run)
        try:
            async with asyncio.timeout(wait):
                await _watched(ctx, found)
        except TimeoutError:
            raise ToolError(f"run {found.id} is {found.state}; ask again later, or give it time with wait") from None
        return _result(found)

    @server.tool(title="Stop a run", annotations=making)
    async def brief_cancel(run: RunId) -> Annotated[CallToolResult, RunStatus]:
        """Stops a run. What was answered is kept; starting the same again goes on from there."""
        with desk.told():
            found = desk.runs.get(run)
            desk.runs.cancel(found)
        if found.task is not None:
            await asyncio.wait([found.task])
        return _status(found)


def _order(
    desk: Desk, folder: str | None, articles: list[ArticleText] | None, story: str | None, about: str, language: str
) -> Order:
    """What is to be made. Raises InputError for a folder that is not allowed, or where it is not said what."""
    if (folder is None) == (articles is None):
        raise InputError("give either a folder or articles")
    if folder is not None:
        return Order(desk.folder_series(folder, story or None), (), about, language)
    if not story or not story.strip():
        raise InputError("articles need a story: the id under which their brief is kept")
    if len(articles or ()) > desk.settings.max_articles:
        raise InputError(f"more than {desk.settings.max_articles} articles in one call; put them into a folder")
    return Order(Series(story, ""), tuple(articles or ()), about, language)


async def _followed(ctx: Context, desk: Desk, started: Started) -> None:
    """Waits for a run. A caller that gives up ends what it began, and nothing that others began."""
    try:
        await _watched(ctx, started.run)
    except asyncio.CancelledError:
        if not started.joined:
            desk.runs.cancel(started.run)
        raise


async def _watched(ctx: Context, run: Run) -> None:
    """Waits for a run's end, with its progress told; it only ever grows."""
    told: Progress | None = None
    last = 0
    await ctx.report_progress(0, None, run.state)  # at once: over HTTP, it begins the answer
    while not run.over and run.task is not None:
        await asyncio.wait([run.task], timeout=TOLD_EVERY)
        if run.step is not told and run.step is not None:
            told = run.step
            done, total = run.steps()
            if done > last:
                last = done
                await ctx.report_progress(done, total, told.stage)


def _status(run: Run, *, joined: bool = False) -> CallToolResult:
    status = run.status(joined=joined)
    step = f", {status.stage} {status.done}/{status.total}" if status.stage else ""
    return answer(status, f"run {run.id}: {status.state}{step}{': ' if status.error else ''}{status.error}")


def _result(run: Run) -> CallToolResult:
    if run.result is None:
        raise ToolError(f"run {run.id} {run.state}: {run.error}" if run.over else f"run {run.id} is {run.state}")
    return answer(run.result, head_text(run.result), [(run.result.uri, run.result.story)])
