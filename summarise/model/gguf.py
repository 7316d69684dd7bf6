"""A model file on this machine: llama.cpp in this process, served on loopback to the same client as any endpoint.

Through xllamacpp (extra `gguf`): its server speaks the OpenAI API and binds an answer to its JSON schema by a grammar.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from summarise.errors import ConfigurationError

LARGEST_CONTEXT = 32_768
"""Tokens of context that are set up at most: a model's full window may take more memory than the model itself."""


@dataclass(frozen=True)
class Served:
    """A model that is being served: where, and how many tokens it takes."""

    base_url: str
    context_window: int


@asynccontextmanager
async def serve(path: Path, context_window: int) -> AsyncIterator[Served]:
    """Serves a model file while the `with` lasts.

    Raises ConfigurationError where the extra is not installed or the file is no model that llama.cpp can load.
    """
    if not await asyncio.to_thread(_is_gguf, path):
        raise ConfigurationError(f"{path} is no gguf model file; --model gguf:PATH needs one")
    server = await asyncio.to_thread(_start, path, min(context_window, LARGEST_CONTEXT))
    try:
        address = server.listening_address
        window = await asyncio.to_thread(_context_of, address)
        yield Served(f"{address}/v1", min(context_window, window or context_window))
    finally:
        del server  # the binding has no other way to stop it


def _start(path: Path, context_window: int) -> Any:
    try:
        import xllamacpp
    except ImportError as error:
        raise ConfigurationError(
            "--model gguf:PATH needs the extra gguf: install it with `pip install 'summarise[gguf]'`"
        ) from error
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.n_ctx = context_window
    parameters.n_parallel = 1
    parameters.port = 0
    parameters.hostnames = ["127.0.0.1"]
    parameters.warmup = False
    parameters.ui = False
    parameters.verbosity = -1
    try:
        return xllamacpp.Server(parameters)
    except (RuntimeError, ValueError, OSError) as error:
        raise ConfigurationError(f"llama.cpp cannot load {path}: {error}; try another gguf file") from error


def _context_of(address: str) -> int:
    """Tokens of context that the server has set up; 0 where it does not say."""
    try:
        with urlopen(f"{address}/props", timeout=10) as response:  # noqa: S310  # our own server on loopback
            said = json.load(response)
        return int(said["default_generation_settings"]["n_ctx"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _is_gguf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == b"GGUF"
    except OSError as error:
        raise ConfigurationError(f"the model file {path} cannot be read: {error.strerror}") from error
