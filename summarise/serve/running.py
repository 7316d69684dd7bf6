"""The process: a socket, uvicorn, signals, and an end that loses nothing."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable
from importlib.util import find_spec
from types import FrameType
from typing import Any

import uvicorn

from summarise.errors import ConfigurationError
from summarise.serve.app import create_app
from summarise.serve.connections import patient
from summarise.serve.service import Service
from summarise.serve.settings import ServeSettings
from summarise.store import open_store

SWITCH_SECONDS = 0.001
"""How long a job that computes may keep the interpreter from a caller who waits; Python's own is five times that."""
_KEEP_ALIVE = 30
_BACKLOG = 2_048


def run(settings: ServeSettings, say: Callable[[str], None]) -> None:
    """Serves until a signal ends it; returns once running jobs are finished or given back.

    Raises ConfigurationError where the settings cannot work, or the address cannot be had; KeyboardInterrupt where it
    was Ctrl-C that ended it.
    """
    with open_store(settings.store) as store:
        service = Service(store, settings)
        if not settings.on_loopback and not service.tokens.exist():
            raise ConfigurationError(
                f"--host {settings.host} can be reached from other machines, and there is no token; "
                "make one first: summarise serve token add NAME"
            )
        listening = _socket(settings)
        port = listening.getsockname()[1]
        shown = f"[{settings.host}]" if ":" in settings.host else settings.host
        guarded = "a token is needed" if service.tokens.exist() else "no token is needed"
        say(f"serving on http://{shown}:{port} with {service.model}, {guarded}; the store is {store.place}")
        sys.setswitchinterval(SWITCH_SECONDS)
        server = _Server(_config(service), service)
        server.run([listening])
        if server.interrupted:
            raise KeyboardInterrupt


class _Server(uvicorn.Server):
    """Tells the service of its end first, so that streams end and no call waits for another's job."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service
        self.interrupted = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """As uvicorn has it, but the signal does not end the process a second time once all is put away."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True
        self.interrupted = self.interrupted or sig == signal.SIGINT

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._service.stopping.set()
        await super().shutdown(sockets)


def _config(service: Service) -> uvicorn.Config:
    settings = service.settings
    fast: dict[str, Any] = {"http": patient(settings.body_seconds)}
    return uvicorn.Config(
        create_app(service),
        loop="uvloop" if find_spec("uvloop") else "asyncio",
        ws="none",
        lifespan="on",
        server_header=False,
        proxy_headers=False,  # who calls is told by tokens alone
        access_log=False,
        log_config=None,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=max(1, round(settings.grace)),
        **fast,
    )


def _socket(settings: ServeSettings) -> socket.socket:
    host = settings.host.strip("[]")
    try:
        family = socket.getaddrinfo(host, settings.port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family)
    except (OSError, UnicodeError) as error:
        raise ConfigurationError(f"--host {settings.host} is no address of this machine ({error})") from None
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, settings.port))
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        why = error.strerror or str(error)
        raise ConfigurationError(
            f"cannot listen on {settings.host}:{settings.port} ({why}); choose another --port"
        ) from None
    listening.setblocking(False)
    return listening
