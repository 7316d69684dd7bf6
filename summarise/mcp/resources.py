"""Briefs by address: brief://STORY, brief://STORY/VERSION, and the texts that their offsets point into."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from mcp import MCPError
from mcp.server.lowlevel.helper_types import ReadResourceContents
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError, ToolError, UnexpectedToolError
from mcp.server.mcpserver.resources import ResourceSecurity
from mcp.types import INVALID_PARAMS, CallToolResult, InputRequiredResult, Resource
from pydantic import AnyUrl

from summarise import history
from summarise.errors import InputError, SummariseError
from summarise.mcp.desk import Desk
from summarise.render.safe import clean, one_line

LISTED = 200
T = TypeVar("T")

# values of addresses are looked up in the store, never in the file system: a story may be called "a/b" or ".."
_NAMES = ResourceSecurity(reject_path_traversal=False, reject_absolute_paths=False)


class BriefServer(MCPServer):
    """The server, with the stories of the store as its resources; what it repeats of callers' words acts on nobody."""

    desk: Desk

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """As the SDK has it; its errors name the tool and the arguments that were sent."""
        try:
            return await super().call_tool(name, arguments, context)
        except UnexpectedToolError:
            raise
        except ToolError as error:
            raise ToolError(_plain(str(error))) from error.__cause__

    async def read_resource(
        self, uri: AnyUrl | str, context: Context[Any, Any] | None = None
    ) -> Iterable[ReadResourceContents] | InputRequiredResult:
        """As the SDK has it, for addresses that are such: its errors name the one that was sent."""
        if not (str(uri).isascii() and str(uri).isprintable()):
            raise MCPError(code=INVALID_PARAMS, message="this is no address of a resource: encode it as a URI is")
        return await super().read_resource(uri, context)

    async def list_resources(self) -> list[Resource]:
        """The newest brief of each story that can be read here."""
        listed = await asyncio.to_thread(self.desk.listed)
        return [
            Resource(
                uri=one.uri,
                name=one_line(one.series.story).encode("utf-8", "replace").decode(),
                description="The newest brief of this story",
                mime_type="application/json",
            )
            for one in listed
            if one.uri
        ][:LISTED]


def add_resources(server: MCPServer, desk: Desk) -> None:
    """Adds briefs and texts as resources."""

    async def found(uri: str, work: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(work)
        except InputError:
            raise ResourceNotFoundError(f"there is no {uri} here") from None
        except SummariseError as error:
            raise ResourceError(one_line(desk.runs.said(error))) from None

    @server.resource("brief://{story}", mime_type="application/json", title="The newest brief", security=_NAMES)
    async def newest(story: str) -> str:
        """The newest brief of a story: brief.json."""
        return await found("such story", lambda: history.json_of(history.stored(desk.store, desk.series(story, None))))

    @server.resource("brief://{story}/{version}", mime_type="application/json", title="A version", security=_NAMES)
    async def numbered(story: str, version: str) -> str:
        """A version of a story's brief: brief.json."""

        def read() -> str:
            series = desk.series(story, None)
            return history.json_of(history.stored(desk.store, series, _number(version)))

        return await found("such version", read)

    @server.resource(
        "brief://{story}/{version}/texts/{article}", mime_type="text/plain", title="A text", security=_NAMES
    )
    async def text(story: str, version: str, article: str) -> str:
        """The cleaned text of an article that a version's evidence points into."""

        def read() -> str:
            kept = history.stored(desk.store, desk.series(story, None), _number(version))
            texts = desk.store.texts([article]) if article in kept.articles else {}
            if article not in texts:
                raise InputError("no such text")
            return texts[article].encode("utf-8", "replace").decode()

        return await found("such text", read)


def _plain(text: str) -> str:
    return clean(text).replace("\t", " ")


def _number(version: str) -> int:
    if not (version.isascii() and version.isdigit() and 0 < len(version) < 10):
        raise InputError("no such version")
    return int(version)
