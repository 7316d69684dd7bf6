"""The Batch API's files: a request a line going there, an answer or an error a line coming back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from summarise.store.forms import json_text

ENDPOINT: Final = "/v1/chat/completions"
MISSING = "no_answer"
"""Why a question has no answer that the provider's files say nothing of."""


@dataclass(frozen=True)
class Result:
    """What came of one request: the answer's body as JSON, or why there is none ("batch_expired", "status 400")."""

    id: str
    answer: str
    reason: str = ""


def custom_id(endpoint: str, body: dict[str, Any]) -> str:
    """The name of a request: the same for the same body to the same endpoint, in any process. 50 characters."""
    return "q-" + hashlib.sha256(f"{endpoint}\n{_json(body)}".encode()).hexdigest()[:48]


def request_line(name: str, body: dict[str, Any]) -> bytes:
    """One line of an input file, its newline with it."""
    return _json({"custom_id": name, "method": "POST", "url": ENDPOINT, "body": body}).encode() + b"\n"


def result_of(line: bytes) -> Result | None:
    """What one line of an output or error file says; None for a line that says nothing of any request."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    name = found.get("custom_id") if isinstance(found, dict) else None
    if not isinstance(name, str):
        return None
    response, error = found.get("response"), found.get("error")
    status = response.get("status_code") if isinstance(response, dict) else None
    body = response.get("body") if isinstance(response, dict) else None
    if status == 200 and isinstance(body, dict):
        return Result(name, json.dumps(body, separators=(",", ":")))
    if isinstance(body, dict) and isinstance(body.get("error"), dict):
        error = body["error"]
    code = error.get("code") or error.get("type") if isinstance(error, dict) else None
    return Result(name, "", _short(code) or (f"status {status}" if status else MISSING))


def _json(value: object) -> str:
    """As it is sent, in the order it was made in: models give the fields of an answer in the order of its schema."""
    return json_text(json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False))


def _short(code: object) -> str:
    """A code as it may stand in a log: one word of the provider's, never its sentences, which may quote an article."""
    text = code if isinstance(code, str) else ""
    return text if text.replace("_", "").isalnum() and text.isascii() and len(text) <= 60 else ""
