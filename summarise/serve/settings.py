"""What the service was told when it was started. Callers can change none of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from summarise.errors import ConfigurationError
from summarise.model.limits import Limits
from summarise.model.options import Mode, ModelOptions
from summarise.model.price import price_of

MIB = 1024 * 1024

_HOST_NAME = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]")


@dataclass(frozen=True, kw_only=True)
class ServeSettings:
    """One service. Durations are in seconds, sizes in bytes; `max_cost` (US dollars) and `max_tokens` are for each job.

    `jobs` may be 0: this process takes jobs in and leaves them to others on the same store. `lease` is how long a job
    may show no sign of life before another process takes it up; `grace` how long running jobs may go on once the
    service is asked to stop.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    allowed_hosts: tuple[str, ...] = ()
    store: str | None = None

    model: str | None = None
    base_url: str | None = None
    mode: Mode = "json_schema"
    prompts: Path | None = None
    check: bool = False
    concurrency: int = 8
    timeout: float = 300.0
    context_window: int = 128_000
    rpm: int | None = None
    tpm: int | None = None
    max_cost: float | None = None
    max_tokens: int | None = None
    price: str | None = None
    job_seconds: float = 3_600.0

    jobs: int = 4
    lease: float = 15.0
    grace: float = 20.0
    keep_jobs_days: float = 7.0

    max_body: int = 16 * MIB
    max_articles: int = 2_000
    max_story_bytes: int = 256 * MIB
    max_stories: int = 100_000
    max_calls: int = 128
    max_calls_per_token: int = 64
    max_streams: int = 100
    max_waiting: int = 500
    max_waiting_per_token: int = 200
    request_seconds: float = 30.0
    body_seconds: float = 30.0
    cache_bytes: int = 64 * MIB

    def __post_init__(self) -> None:
        """Raises ConfigurationError for a value that can mean nothing."""
        positive = ("concurrency", "timeout", "job_seconds", "lease", "keep_jobs_days", "max_body", "max_articles")
        more = ("max_story_bytes", "max_calls", "max_calls_per_token", "max_streams", "max_waiting", "request_seconds")
        for name in (*positive, *more, "max_stories", "max_waiting_per_token", "body_seconds"):
            if getattr(self, name) <= 0:
                raise ConfigurationError(f"--{name.replace('_', '-')} must be more than 0, not {getattr(self, name)}")
        for name in ("jobs", "grace", "cache_bytes"):
            if getattr(self, name) < 0:
                raise ConfigurationError(f"--{name.replace('_', '-')} must be 0 or more, not {getattr(self, name)}")
        if not 0 <= self.port <= 65_535:
            raise ConfigurationError(f"--port must be 0 to 65535, not {self.port}")
        for name in self.allowed_hosts:
            if not _HOST_NAME.fullmatch(name):
                raise ConfigurationError(f"--allowed-host {name!r} is no host's name; give it without a port")

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        if self.host.lower() == "localhost":
            return True
        try:
            return ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False

    def options(self, limits: Limits | None = None) -> ModelOptions:
        """How a job asks the model; `limits` are those of all jobs together."""
        return ModelOptions(
            timeout=self.timeout,
            concurrency=self.concurrency,
            requests_per_minute=self.rpm,
            tokens_per_minute=self.tpm,
            mode=self.mode,
            context_window=self.context_window,
            max_cost=self.max_cost,
            max_tokens=self.max_tokens,
            price=price_of(self.price),
            deadline=self.job_seconds,
            limits=limits,
        )
