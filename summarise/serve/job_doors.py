"""Doors to jobs: ask for a brief, see how far it is, listen, cancel."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.responses import Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from summarise.serve import models
from summarise.serve.guard import ANONYMOUS
from summarise.serve.jobs import ENDED, Asked, Event, Job
from summarise.serve.problems import TYPE, documented
from summarise.serve.refusals import Refused
from summarise.serve.service import Service, in_thread
from summarise.serve.sound_json import SoundJSON
from summarise.serve.story_doors import InPath
from summarise.store.forms import hashed

LISTEN_SECONDS = 0.3
"""Between two looks for new events, which another process may have written."""
POLL_SECONDS = "1"

JobId = Annotated[str, Path(min_length=1, max_length=64, description="the job's id", examples=["j-0123456789abcdef"])]
Key = Annotated[
    str,
    Header(
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="a random text of the caller's: the same call sent again with it is answered by the same job",
        examples=["8e03978e-40d5-43dd-bc93-6894a57f9324"],
    ),
]
LastEvent = Annotated[
    str, Header(max_length=20, pattern="^[0-9]*$", description="the last event that was seen; the stream goes on there")
]
_ACCEPTED: dict[str, Any] = {
    "description": "Taken in: a job, this call's own or one that stands for it",
    "headers": {
        "Location": {"schema": {"type": "string"}, "description": "where the job is"},
        "Retry-After": {"schema": {"type": "integer"}, "description": "seconds to wait before looking"},
    },
}
_STREAM: dict[str, Any] = {
    "description": "Events as they happen: queued, running, progress, cancelling; at last done, failed or cancelled",
    "content": {
        "text/event-stream": {"example": 'event: progress\ndata: {"stage": "note", "done": 1, "total": 2}\nid: 3\n\n'}
    },
}


def doors(service: Service) -> APIRouter:
    """`/stories/{story}/briefs` and `/jobs`."""
    router = APIRouter(tags=["jobs"])
    jobs = service.jobs

    @router.post(
        "/stories/{story}/briefs",
        operation_id="makeBrief",
        status_code=202,
        response_model=models.JobOut,
        responses=documented(
            "idempotency-key-missing",
            "no-such-story",
            "read-only-story",
            "no-articles",
            "idempotency-in-flight",
            "idempotency-other-payload",
            "too-many-jobs",
            "too-large",
            also={202: _ACCEPTED},
        ),
    )
    async def make_brief(
        story: InPath, request: Request, idempotency_key: Key, body: models.BriefIn | None = None
    ) -> Response:
        """Has the brief made, or brought up to date, by a job. Where nothing changed that costs nothing."""
        who = str(request.scope.get("token", ANONYMOUS))
        said = body.model_dump_json() if body else "{}"
        asked = Asked(story, who, idempotency_key, hashed(json.dumps([story, said])))
        mine = (who, idempotency_key)
        if mine in service.asking:
            raise Refused("idempotency-in-flight", "wait for the answer to the first call")
        service.asking.add(mine)
        try:
            job = await in_thread(lambda: _ask(service, asked))
        finally:
            service.asking.discard(mine)
        service.worker.wake()
        headers = {"Location": f"/jobs/{job.id}", "Retry-After": POLL_SECONDS}
        return SoundJSON(_job(job).model_dump(), 202, headers)

    @router.get(
        "/stories/{story}/jobs", operation_id="listJobs", responses=documented("no-such-story", "read-only-story")
    )
    async def list_jobs(
        story: InPath,
        before: Annotated[str, Query(pattern="^[0-9]{0,12}$", description="`next` of the call before")] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> models.JobsOut:
        """The jobs of a story, the newest first."""
        await in_thread(lambda: service.stories.get(story))
        found = await in_thread(lambda: jobs.of_story(story, limit=limit + 1, before=int(before or 0)))
        more = str(found[limit - 1].number) if len(found) > limit else None
        return models.JobsOut(jobs=[_job(one) for one in found[:limit]], next=more)

    @router.get("/jobs/{job}", operation_id="getJob", responses=documented("no-such-job"))
    async def get_job(job: JobId) -> models.JobOut:
        """How far a job is, and what came of it."""
        return _job(await in_thread(lambda: jobs.get(job)))

    @router.post("/jobs/{job}/cancel", operation_id="cancelJob", status_code=202, responses=documented("no-such-job"))
    async def cancel_job(job: JobId) -> models.JobOut:
        """Stops a job; what the model answered until then is kept. A job that has ended stays as it is."""
        found = await in_thread(lambda: jobs.cancel(job))
        service.worker.wake()
        return _job(found)

    async def there(job: JobId) -> Job:
        """The job, before the stream begins: after that no other status can be sent."""
        return await in_thread(lambda: jobs.get(job))

    @router.get(
        "/jobs/{job}/events",
        operation_id="followJob",
        response_class=EventSourceResponse,
        responses=documented("no-such-job", also={200: _STREAM}),
    )
    async def follow_job(
        found: Job = Depends(there),  # noqa: B008 (so FastAPI is told)
        last_event_id: LastEvent = "",
    ) -> AsyncIterator[ServerSentEvent]:
        """The job's events as server-sent events, from the first on or after Last-Event-ID, until it has ended."""
        seen = int(last_event_id or 0)
        while True:
            # the state before the events: what is written between the two is in the next round
            ended = (await in_thread(lambda: jobs.get(found.id))).state in ENDED
            for event in await in_thread(lambda: jobs.events(found.id, seen)):  # noqa: B023 (awaited at once)
                seen = event.number
                yield ServerSentEvent(event=event.kind, id=str(event.number), data=_event(event))
            if ended or service.stopping.is_set():
                return
            try:
                async with asyncio.timeout(LISTEN_SECONDS):
                    await service.stopping.wait()
            except TimeoutError:
                continue

    return router


def _ask(service: Service, asked: Asked) -> Job:
    if service.stories.find(asked.story) is None:
        service.stories.get(asked.story)  # says why not
    return service.jobs.ask(asked)


def _job(job: Job) -> models.JobOut:
    outcome = json.loads(job.outcome) if job.outcome else {}
    return models.JobOut(
        id=job.id,
        story=job.story,
        state=job.state,
        made=job.made,
        started=job.started,
        ended=job.ended,
        stage=job.stage,
        done=job.done,
        total=job.total,
        result=models.ResultOut(**outcome) if job.state == "done" else None,
        error=_error(outcome) if job.state == "failed" else None,
    )


def _error(outcome: dict[str, Any]) -> models.ErrorOut:
    return models.ErrorOut(
        type=TYPE + str(outcome["kind"]),
        title=str(outcome["title"]),
        detail=str(outcome["detail"]),
        retry=bool(outcome["retry"]),
    )


def _event(event: Event) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(event.data)
    told: dict[str, Any] = {"at": event.at}
    if event.kind in ("progress", "cancelling"):
        return told | data
    told["state"] = event.kind
    if event.kind == "done":
        return told | {"result": data}
    return told | ({"error": _error(data).model_dump()} if event.kind == "failed" else data)
