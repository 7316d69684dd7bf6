"""The app: all doors behind the guard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import FastAPI

from summarise.fingerprint import program
from summarise.serve import brief_doors, job_doors, openapi, problems, story_doors, system_doors
from summarise.serve.guard import Guard
from summarise.serve.service import Service
from summarise.serve.sound_json import SoundJSON

_THREADS = 16
"""Calls that may wait for the store at once."""


def create_app(service: Service) -> Guard:
    """An ASGI app that serves `service`, and runs its worker from start to stop."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS, "store"))
        await asyncio.to_thread(program)  # what tags are made of: worked out before the first call
        service.worker.start()
        try:
            yield
        finally:
            service.stopping.set()
            await asyncio.to_thread(service.worker.stop)

    app = FastAPI(
        title="summarise",
        openapi_url=None,
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        default_response_class=SoundJSON,
        lifespan=lifespan,
    )
    for doors in (story_doors, brief_doors, job_doors, system_doors):
        app.include_router(doors.doors(service))
    written: dict[str, Any] = openapi.document(app, _version())
    problems.handle(app, openapi.allowed(written))

    @app.get("/openapi.json", include_in_schema=False)
    async def document() -> dict[str, Any]:
        return written

    quick = brief_doors.Quick(service.briefs)
    return Guard(app, service.settings, service.tokens, service.metrics, quick, service.stopping)


def _version() -> str:
    try:
        return version("summarise")
    except PackageNotFoundError:
        return "0+unknown"
