"""What the server was told when it was started. Callers can change none of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from summarise.errors import ConfigurationError
from summarise.model.limits import Limits
from summarise.model.options import Mode, ModelOptions
from summarise.model.price import price_of

MIB = 1024 * 1024
_HOST_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")


@dataclass(frozen=True)
class Address:
    """Where the server listens; port 0 takes a free one."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Address:
        """Reads "HOST:PORT" or "[::1]:PORT". Raises ConfigurationError."""
        host, _, port = text.rpartition(":")
        if not _HOST_NAME.fullmatch(host) or not port.isascii() or not port.isdigit() or int(port) > 65_535:
            raise ConfigurationError(f"--http {text!r} is no address; it looks like 127.0.0.1:8765")
        return cls(host.strip("[]"), int(port))

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host.lower() == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


@dataclass(frozen=True, kw_only=True)
class McpSettings:
    """One server. `max_cost` is in US dollars a run, `max_tokens` in tokens a run, `run_seconds` and `body_seconds` in
    seconds, `max_body` in bytes.

    `hosts` and `origins` are those that HTTP requests may name beside the loopback names; no origin is allowed unless
    it is named here.
    """

    allow: tuple[Path, ...] = ()
    store: str | None = None

    model: str | None = None
    base_url: str | None = None
    mode: Mode = "json_schema"
    prompts: Path | None = None
    concurrency: int = 8
    timeout: float = 300.0
    context_window: int = 128_000
    rpm: int | None = None
    tpm: int | None = None
    max_cost: float | None = None
    max_tokens: int | None = None
    price: str | None = None
    run_seconds: float = 3_600.0

    runs: int = 2
    waiting: int = 20
    max_articles: int = 500

    http: Address | None = None
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    max_body: int = 8 * MIB
    body_seconds: float = 30.0
    max_calls: int = 64

    def __post_init__(self) -> None:
        """Raises ConfigurationError for a value that can mean nothing."""
        for name in ("runs", "run_seconds"):
            if getattr(self, name) <= 0:
                raise ConfigurationError(f"--{name.replace('_', '-')} must be more than 0, not {getattr(self, name)}")
        for host in self.hosts:
            if not _HOST_NAME.fullmatch(host):
                raise ConfigurationError(f"--allowed-host {host!r} is no host's name; give it without a port")
        for origin in self.origins:
            if not _is_origin(origin):
                raise ConfigurationError(f"--allowed-origin {origin!r} is no origin; it looks like https://example.org")
        if self.http is not None and not self.http.on_loopback and not self.hosts:
            raise ConfigurationError("--http beyond loopback needs --allowed-host NAME: what callers call this server")

    def options(self, limits: Limits | None = None) -> ModelOptions:
        """How a run asks the model; `limits` are those of all runs together."""
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
            deadline=self.run_seconds,
            limits=limits,
        )


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and text.lower() == f"{parts.scheme}://{parts.netloc}".lower() != ""
    except ValueError:
        return False
