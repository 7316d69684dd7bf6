"""What all tools work with: the store, the folders, the runs; and how their errors reach a caller."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from mcp.server.mcpserver.exceptions import ToolError

from summarise.api import series_of
from summarise.errors import InputError, SummariseError
from summarise.mcp.allowed import Allowed
from summarise.mcp.runs import Runs
from summarise.mcp.settings import McpSettings
from summarise.mcp.told import uri_of
from summarise.past import series_named
from summarise.render.safe import one_line
from summarise.store import Series, Store, open_store

T = TypeVar("T")


@dataclass(frozen=True)
class Listed:
    """A story that may be read; `uri` is empty where its id alone does not name it."""

    series: Series
    uri: str


class Desk:
    """One server's store, allowed folders and runs."""

    def __init__(self, settings: McpSettings, store: Store) -> None:
        self.settings, self.store = settings, store
        self.allowed = Allowed(settings.allow)
        self.runs = Runs(store, settings, self.allowed)

    def folder_series(self, folder: str, story: str | None) -> Series:
        """The story of an allowed folder. Raises InputError for any other folder."""
        found = series_of(self.allowed.folder(folder), story)
        assert found is not None  # noqa: S101 (a folder always has one)
        return found

    def series(self, story: str | None, folder: str | None) -> Series:
        """A story with a brief that may be read here. Raises InputError, in the same words whether it exists or not."""
        if folder:
            found = self.folder_series(folder, story)
            if not self.store.versions(found):
                raise InputError("there is no brief of this folder yet; make one with brief_make")
            return found
        if not story:
            raise InputError("name a story or a folder")
        return series_named(self.store, story, among=self.allowed.shows)

    def visible(self) -> Iterator[Series]:
        """The stories that may be read here and have a brief."""
        return (one for one in self.store.series() if self.allowed.shows(one) and self.store.versions(one))

    def listed(self) -> list[Listed]:
        """The stories that may be read here, each with its address where its id alone names it."""
        visible = list(self.visible())
        times = Counter(one.story for one in visible)
        return [Listed(one, uri_of(one.story) if not one.place or times[one.story] == 1 else "") for one in visible]

    async def asked(self, work: Callable[[], T]) -> T:
        """What `work` returns, worked out beside the event loop; its errors as a tool tells them."""
        with self.told():
            return await asyncio.to_thread(work)

    @contextmanager
    def told(self) -> Iterator[None]:
        """Errors of ours become the tool's answer; all others stay hidden, and are the SDK's to mask."""
        try:
            yield
        except SummariseError as error:
            raise ToolError(one_line(self.runs.said(error))) from None


@asynccontextmanager
async def opened(settings: McpSettings) -> AsyncIterator[Desk]:
    """The desk while the server runs; at its end runs under way are given up, and what was answered is kept."""
    place: str | Path | None = settings.store
    store = await asyncio.to_thread(open_store, place)
    try:
        desk = Desk(settings, store)
        try:
            yield desk
        finally:
            await desk.runs.close()
    finally:
        store.close()
