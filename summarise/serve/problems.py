"""Errors as RFC 9457 has them: each is `application/problem+json`, and none echoes what was sent."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from summarise.errors import SummariseError
from summarise.serve.refusals import REASONS, Refused

MEDIA = "application/problem+json"
log = logging.getLogger("summarise.serve")
TYPE = "urn:summarise:problem:"
_MOST_FAULTS = 20
_BY_STATUS = {
    400: "bad-request",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid",
    503: "busy",
}


class Fault(BaseModel):
    """One thing that is wrong with a request: where in it, and what would be right."""

    model_config = ConfigDict(extra="forbid")

    where: str = Field(examples=["body/articles/0/text"])
    what: str = Field(examples=["Field required"])


class Problem(BaseModel):
    """Why a call was not answered (RFC 9457). `type` is for programs and stays; `detail` is for people."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(examples=["urn:summarise:problem:no-such-story"])
    title: str = Field(examples=["There is no story of this id"])
    status: int = Field(ge=400, le=599, examples=[404])
    detail: str = Field(examples=["make it with PUT, or see the list of stories"])
    request: str = Field(description="the call's id, also in the header X-Request-Id and in the log")
    faults: list[Fault] | None = Field(default=None, description="of a 422: what is wrong, and where")


def body_of(kind: str, detail: str, request: str, faults: list[dict[str, str]] | None = None) -> bytes:
    """A problem as it goes out."""
    reason = REASONS[kind]
    told: dict[str, object] = {"type": TYPE + kind, "title": reason.title, "status": reason.status, "detail": detail}
    told["request"] = request
    if faults is not None:
        told["faults"] = faults
    return json.dumps(told).encode()


def response(
    kind: str,
    detail: str,
    request: Request,
    headers: Mapping[str, str] | None = None,
    faults: list[dict[str, str]] | None = None,
) -> Response:
    """A problem as the answer to a request."""
    body = body_of(kind, detail, str(request.scope.get("request_id", "")), faults)
    return Response(body, REASONS[kind].status, dict(headers or {}), MEDIA)


def handle(app: FastAPI, allowed: Callable[[str], str]) -> None:
    """Has every error that reaches the app told as a problem; what nobody expects reaches the guard, who tells it.

    `allowed` says what can be done at a path.
    """

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)  # noqa: S101 (registered for these alone)
        return response(error.kind, error.detail, request, error.headers)

    async def stored(request: Request, error: Exception) -> Response:
        log.error("request %s: %s", request.scope.get("request_id", ""), error)
        return response("store-unavailable", "ask again later", request, {"Retry-After": "5"})

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        kind = _BY_STATUS.get(error.status_code, "failed" if error.status_code >= 500 else "bad-request")
        detail = {"not-found": "see /openapi.json for what there is"}.get(kind, REASONS[kind].title.lower())
        headers = {"Allow": allowed(request.url.path)} if error.status_code == 405 else error.headers
        return response(kind, detail, request, headers)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        found = error.errors()
        faults = [{"where": _where(one), "what": _what(one)} for one in found[:_MOST_FAULTS]]
        if any(one["type"] == "json_invalid" for one in found):
            return response("bad-request", "the body is not JSON", request)
        if any(tuple(one["loc"])[:2] == ("header", "idempotency-key") and one["type"] == "missing" for one in found):
            return response(
                "idempotency-key-missing", "send a new random one for each new request", request, None, None
            )
        return response("invalid", f"{faults[0]['where']}: {faults[0]['what']}", request, None, faults)

    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(SummariseError, stored)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)


def _where(fault: Any) -> str:
    """The place of a fault; a name that the caller made up is not repeated."""
    parts = [str(part) for part in fault["loc"]]
    if fault["type"] == "extra_forbidden":
        parts[-1] = "?"
    return "/".join(parts)[:200]


def _what(fault: Any) -> str:
    """The rule that was broken, in the rule's words."""
    if fault["type"] == "extra_forbidden":
        return "There is no field of this name"
    return str(fault["msg"])[:300]


# ---- in the OpenAPI document

_ANYWHERE = ("bad-request", "unauthorized", "cross-origin", "wrong-host", "invalid", "too-many-calls", "busy", "failed")


def documented(*kinds: str, also: Mapping[Any, dict[str, Any]] | None = None) -> dict[int | str, dict[str, Any]]:
    """The problems an operation may answer with, as FastAPI's `responses`: these, and those that any operation may.

    `also`: what it answers beside problems, where that is not told by its type.
    """
    by_status: dict[int, list[str]] = {}
    for kind in (*kinds, *_ANYWHERE, "store-unavailable", "timed-out", "stopping", "method-not-allowed"):
        named = by_status.setdefault(REASONS[kind].status, [])
        if kind not in named:
            named.append(kind)
    return {**(also or {}), **{status: _documented(status, names) for status, names in sorted(by_status.items())}}


def _documented(status: int, kinds: list[str]) -> dict[str, Any]:
    examples = {kind: {"value": _example(kind)} for kind in kinds}
    schema = {"$ref": "#/components/schemas/Problem"}
    found: dict[str, Any] = {
        "description": "; ".join(REASONS[kind].title for kind in kinds),
        "content": {MEDIA: {"schema": schema, "examples": examples}},
    }
    if status in (429, 503):
        found["headers"] = {
            "Retry-After": {"description": "seconds to wait before asking again", "schema": {"type": "integer"}}
        }
    if status == 401:
        found["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return found


def _example(kind: str) -> dict[str, Any]:
    reason = REASONS[kind]
    return {
        "type": TYPE + kind,
        "title": reason.title,
        "status": reason.status,
        "detail": reason.title.lower(),
        "request": "r-0123456789abcdef",
    }
