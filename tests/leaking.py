"""A canary for the key, an endpoint that repeats it wherever it can, and a run of the program that tells all it says.

    python tests/leaking.py URL FOLDER PLACE [brief|record]

The run has DEBUG logs of every library on, prints the whole traceback of what ends it, and keeps its store, its output
and its cassette below PLACE. `sung` says where the canary is found.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

HERE = Path(__file__).resolve().parent
CANARY = "canary-that/must+not=sing"
WAYS = ("body", "header", "redirect", "text", "answer", "refusal", "choices", "reset")


def forms(secret: str) -> set[str]:
    """A secret as it is, as in an address, in base64, and as Python and JSON write it."""
    as_base64 = base64.b64encode(secret.encode()).decode()
    return {secret, quote(secret, safe=""), quote(secret), as_base64, repr(secret)[1:-1], json.dumps(secret)[1:-1]}


FORMS = forms(CANARY)


@contextmanager
def repeating(way: str, status: int = 401) -> Iterator[str]:
    """An endpoint that repeats the key it was sent: in the way named, and in its headers always."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            key = self.headers["authorization"].removeprefix("Bearer ")
            code, content, said = self._answer(key, body)
            self.send_response(code, f"No {key}" if way == "header" else None)
            for name in ("x-echo", "set-cookie", "www-authenticate", "x-request-id", "openai-organization"):
                self.send_header(name, f"key={key}")
            if way == "redirect":
                self.send_header("location", f"/v1/{quote(key, safe='')}?key={key}")
            self.send_header("content-type", content)
            self.send_header("content-length", str(len(said) + (99 if way == "reset" else 0)))
            self.end_headers()
            with suppress(ConnectionError):  # whoever stops at the first refusal reads no other
                self.wfile.write(said)
            self.close_connection = way == "reset"

        def _answer(self, key: str, body: dict[str, Any]) -> tuple[int, str, bytes]:
            error = {"message": f"Incorrect API key provided: {key}. {key}", "type": key, "code": "no", "param": key}
            if way == "text":
                return status, "text/plain", f"go away with {key}".encode()
            if way == "redirect":
                return 307, "text/plain", b""
            if way in ("answer", "refusal", "choices"):
                from summarise import answers
                from summarise.scripted.answering import empty

                kind = getattr(answers, body["response_format"]["json_schema"]["name"])
                text = empty(kind).replace('""', json.dumps(f"the key is {key}"), 1)
                message = {"role": "assistant", "content": text, "refusal": f"no, {key}" if way == "refusal" else None}
                choices = [] if way == "choices" else [{"index": 0, "finish_reason": "stop", "message": message}]
                said = {"id": "x", "object": "chat.completion", "created": 0, "model": key, "choices": choices}
                return 200, "application/json", json.dumps(said | {"error": error}).encode()
            return (200 if way == "reset" else status), "application/json", json.dumps({"error": error}).encode()

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def run(url: str, folder: Path, place: Path, what: str = "brief") -> str:
    """Everything that a run of the program says, stdout and stderr."""
    place.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "OPENAI_API_KEY": CANARY,
        "OPENAI_ORG_ID": "",
        "SUMMARISE_STORE": str(place / "s.sqlite3"),
    }
    command = [sys.executable, str(HERE / "leaking.py"), url, str(folder), str(place), what]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=120)
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def sung(said: str, place: Path, secrets: tuple[str, ...] = (CANARY,)) -> list[str]:
    """Where the canary, or one of other secrets, is found: in what was said, and in the files below the place."""
    sought = {form for secret in secrets for form in forms(secret)}
    found = [f"said: {line.strip()[:160]}" for line in said.splitlines() if any(form in line for form in sought)]
    for file in sorted(path for path in place.rglob("*") if path.is_file()):
        if any(form.encode() in file.read_bytes() for form in sought):
            found.append(str(file.relative_to(place)))
    return found


def main() -> None:
    url, folder, place, what = sys.argv[1:5]
    sys.path[:0] = [str(HERE.parent)]
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    for name in ("openai", "httpx2", "httpcore2", "instructor", "summarise", "asyncio"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    import asyncio

    from summarise.api import amake
    from summarise.model import ModelOptions
    from summarise.output import Edition, write_output

    async def make() -> None:
        options = ModelOptions(attempts=2, timeout=10)
        made = await amake(folder, model="openai:scripted", base_url=url, options=options)
        write_output(Path(place) / "out", Edition(made.brief, made.texts))

    try:
        if what == "record":
            from summarise.recording import cassette

            with cassette(Path(place) / "cassette.json", record=True):
                asyncio.run(make())
        else:
            asyncio.run(make())
    except BaseException:
        traceback.print_exc()
    logging.shutdown()
    print("end of the run")


if __name__ == "__main__":
    main()
