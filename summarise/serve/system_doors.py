"""Doors for whoever runs the service: is it alive, can it take calls, its figures."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from summarise.serve.metrics import MEDIA
from summarise.serve.models import HealthOut, ReadyOut
from summarise.serve.problems import documented
from summarise.serve.service import Service, in_thread

_METRICS = {
    "description": "The figures, as Prometheus reads them",
    "content": {"text/plain": {"schema": {"type": "string"}, "example": 'summarise_jobs{state="queued"} 2.0\n'}},
}


def doors(service: Service) -> APIRouter:
    """`/health`, `/ready`, `/metrics`. Neither of the first two asks a model."""
    router = APIRouter(tags=["service"])

    @router.get("/health", operation_id="health", responses=documented(), openapi_extra={"security": []})
    async def health() -> HealthOut:
        """Whether the process lives."""
        return HealthOut(status="ok")

    @router.get("/ready", operation_id="ready", responses=documented("not-ready"), openapi_extra={"security": []})
    async def ready() -> ReadyOut:
        """Whether calls can be answered: the store can be written to, and the service is not stopping."""
        await service.ready()
        return ReadyOut(status="ready")

    @router.get(
        "/metrics",
        operation_id="metrics",
        response_class=Response,
        responses=documented(also={200: _METRICS}),
        openapi_extra={"security": [{"token": []}, {}]},
    )
    async def metrics() -> Response:
        """The service's figures. Needs a token, unless the service listens on this machine alone."""
        jobs = await in_thread(service.jobs.counts)
        return Response(service.metrics.shown(jobs, service.worker.running), media_type=MEDIA)

    return router
