"""Figures for Prometheus. Labels have few values: methods, routes (never paths), statuses, states."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from summarise.serve.jobs import State
from summarise.serve.worker import Ended

MEDIA = CONTENT_TYPE_LATEST
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_CALL_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30)
_JOB_SECONDS = (0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600)


class Metrics:
    """The figures of one process. Usable from several threads."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        at: dict[str, Any] = {"registry": self._registry}
        self._calls = Counter("summarise_http_requests", "Calls answered", ("method", "route", "status"), **at)
        self._seconds = Histogram(
            "summarise_http_seconds", "Seconds to the end of an answer", ("route",), buckets=_CALL_SECONDS, **at
        )
        self._jobs = Gauge("summarise_jobs", "Jobs in the store", ("state",), **at)
        self._running = Gauge("summarise_jobs_here", "Jobs that this process runs", **at)
        self._ended = Counter("summarise_jobs_ended", "Jobs that this process ended", ("state",), **at)
        self._job_seconds = Histogram("summarise_job_seconds", "Seconds a job ran", buckets=_JOB_SECONDS, **at)
        self._asked = Counter("summarise_model_calls", "Requests sent to the model", **at)
        self._reused = Counter("summarise_model_reused", "Questions answered from the store", **at)
        self._tokens = Counter("summarise_model_tokens", "Tokens of the model", ("direction",), **at)
        self._cost = Counter("summarise_model_cost_dollars", "Known cost of the model", **at)
        self._series: dict[tuple[str, str, int], Callable[[float], None]] = {}

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A call was answered."""
        key = (method if method in _METHODS else "other", route, status)
        count = self._series.get(key)
        if count is None:
            count = self._series[key] = self._both(*key)
        count(seconds)

    def _both(self, method: str, route: str, status: int) -> Callable[[float], None]:
        calls, seconds = self._calls.labels(method, route, str(status)), self._seconds.labels(route)

        def count(took: float) -> None:
            calls.inc()
            seconds.observe(took)

        return count

    def job_ended(self, ended: Ended) -> None:
        """A job ended here."""
        self._ended.labels(ended.state).inc()
        self._job_seconds.observe(ended.seconds)
        if usage := ended.usage:
            self._asked.inc(usage.calls)
            self._reused.inc(usage.reused)
            self._tokens.labels("in").inc(usage.input_tokens)
            self._tokens.labels("out").inc(usage.output_tokens)
            self._cost.inc(usage.cost or 0.0)

    def shown(self, jobs: Mapping[State, int], here: int) -> bytes:
        """All figures as Prometheus reads them; `jobs` by state as the store has them, `here` those of this process."""
        for state, count in jobs.items():
            self._jobs.labels(state).set(count)
        self._running.set(here)
        return generate_latest(self._registry)
