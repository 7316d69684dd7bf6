"""MCP servers in processes of their own, as clients start them, and the raw requests that hostile callers send."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from summarise.serve.tokens import Tokens
from summarise.store import Store

ROOT = Path(__file__).resolve().parent.parent
SENTENCES = (
    "The president of France, Emmanuel Macron, said on Tuesday that he opposes the sale of the port of {}.",
    "“We will not leave {},” Russian Foreign Minister Sergei Lavrov told reporters.",
)


def text_about(place: str) -> str:
    return f"The port of {place}\n\n" + "\n\n".join(line.format(place) for line in SENTENCES) + "\n"


def a_folder(parent: Path, *places: str, name: str = "ports") -> Path:
    """A folder of articles, one about each place."""
    made = parent / name
    made.mkdir(parents=True, exist_ok=True)
    for place in places:
        (made / f"{place}.txt").write_text(text_about(place), encoding="utf-8")
    return made


def arguments(allow: Sequence[Path], store: Path, *more: str) -> list[str]:
    allowed = [word for folder in allow for word in ("--allow", str(folder))]
    return ["-m", "summarise", "mcp", *allowed, "--store", str(store), *more]


@dataclass
class HttpServer:
    """A server on loopback. `said` are the lines of its stderr so far."""

    url: str
    port: int
    token: str
    store: Path
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)


@contextmanager
def over_http(allow: Sequence[Path], store: Path, *more: str) -> Iterator[HttpServer]:
    """`summarise mcp --http`, with one token."""
    with Store.open(store) as opened:
        token = Tokens(opened.database).add("test")
    command = [sys.executable, *arguments(allow, store, "--http", "127.0.0.1:0", "--verbose", *more)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        assert "MCP at " in first, first + process.stderr.read()
        url = first.split()[-1]
        server = HttpServer(url, int(url.rpartition(":")[2].split("/")[0]), token, store, process)
        stderr = process.stderr
        reading = threading.Thread(target=lambda: server.said.extend(stderr), daemon=True)
        reading.start()
        try:
            yield server
        finally:
            process.terminate()
            process.wait(30)
            reading.join(10)
