"""The OpenAPI document: what FastAPI writes, and what it leaves out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from summarise.serve.models import CorrectionsIn, EventOut, TextIn
from summarise.serve.problems import Problem

_BY_HAND: tuple[tuple[type[BaseModel], Literal["validation", "serialization"]], ...] = (
    (Problem, "serialization"),
    (EventOut, "serialization"),
    (TextIn, "validation"),
    (CorrectionsIn, "validation"),
)
_REF = "#/components/schemas/{model}"
_DESCRIPTION = """\
Stories are given articles; a job makes a brief of them, every item with evidence copied from the articles, and brings
it up to date as articles are added, corrected and removed.

Ask for a brief with `makeBrief`, follow its job with `getJob` or `followJob`, read it with `getBrief`. Every error is
`application/problem+json` (RFC 9457); its `type` is stable. Times are ISO 8601 in UTC.
"""


def document(app: FastAPI, version: str) -> dict[str, Any]:
    """The whole document, made once."""
    found: dict[str, Any] = get_openapi(
        title="summarise", version=version, description=_DESCRIPTION, routes=app.routes, openapi_version="3.1.0"
    )
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    _, by_hand = models_json_schema(list(_BY_HAND), ref_template=_REF)
    for name, schema in by_hand.get("$defs", {}).items():
        schemas.setdefault(name, schema)
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    found["components"]["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "made with `summarise serve token add NAME`; a service that only its own machine can reach "
            "needs none as long as none was made",
        }
    }
    found["security"] = [{"token": []}]
    for operations in found["paths"].values():
        for operation in operations.values():
            _mend(operation)
    return found


def allowed(written: dict[str, Any]) -> Callable[[str], str]:
    """What can be done at a path, as an Allow header has it: of all doors there, where FastAPI names the first."""
    doors = [
        (re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))), {method.upper() for method in operations})
        for path, operations in written["paths"].items()
    ]

    def found(path: str) -> str:
        return ", ".join(sorted(set().union(*(methods for door, methods in doors if door.fullmatch(path)))))

    return found


def _mend(operation: dict[str, Any]) -> None:
    """Takes FastAPI's own form of 422 out, which is not what is sent, and gives binary answers no empty JSON form."""
    for response in operation["responses"].values():
        content = response.get("content", {})
        if "application/problem+json" in content:
            response["content"] = {"application/problem+json": content["application/problem+json"]}
        if "text/event-stream" in content:
            # OpenAPI 3.1 has no word for the events of a stream
            stream = {
                "example": content["text/event-stream"]["example"],
                "x-event-data": {"$ref": _REF.format(model="EventOut")},
            }
            response["content"] = {"text/event-stream": stream}
