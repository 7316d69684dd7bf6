"""A person's corrections over HTTP: the YAML of `overrides.yaml`, or the same as JSON; kept as text, by its rules."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Literal

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from summarise.errors import ConfigurationError
from summarise.overrides import FILE_NAME, HEADER, MOST_BYTES, Overrides, parsed
from summarise.serve.models import CorrectionsIn, CorrectionsOut
from summarise.serve.negotiation import wanted
from summarise.serve.refusals import Refused

_YAML = ("application/yaml", "text/yaml", "application/x-yaml", "text/plain")
_UNHOLDABLE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
SENT: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/CorrectionsIn"}},
        "application/yaml": {
            "schema": {"type": ["array", "string", "null"], "items": {}, "description": "A list; empty: none at all."},
            "example": "- join: [the Kremlin, Russia]\n",
        },
    },
}


def form(accept: str) -> Literal["json", "yaml"]:
    """In which form a caller wants them. Raises `Refused`."""
    offers: list[tuple[str, Literal["json", "yaml"]]] = [("application/json", "json"), ("application/yaml", "yaml")]
    found = wanted(accept, offers)
    if found is None:
        raise Refused("not-acceptable", "there are application/json and application/yaml")
    return found


def sent(content_type: str, body: bytes) -> str:
    """The text to keep, after the rules of `overrides.yaml`. Raises `Refused` and RequestValidationError."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in ("application/json", *_YAML):
        raise Refused("unsupported-media-type", "send application/json or application/yaml")
    if len(body) > MOST_BYTES:
        raise Refused("too-large", f"corrections take at most {MOST_BYTES:,} bytes")
    if kind == "application/json":
        text = _as_text(body)
    else:
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            raise _fault("not UTF-8; send UTF-8") from None
    _read(text)
    return text


def shown(text: str) -> CorrectionsOut:
    """What a kept text says."""
    found = _read(text)
    return CorrectionsOut(overrides=_plain(found), words=[one.words for one in found.entries])


def _plain(found: Overrides) -> list[dict[str, dict[str, str] | list[str]]]:
    return [
        {one.kind_: list(one.names) if hasattr(one, "names") else one.fields()}  # a join and a part are lists of names
        for one in found.entries
    ]


def _as_text(body: bytes) -> str:
    """JSON as YAML, whose flow style it is; YAML knows no surrogate pairs, so only what it cannot hold is escaped."""
    try:
        given = CorrectionsIn.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from None
    if not given.overrides:
        return ""
    lines = [_UNHOLDABLE.sub(_escaped, json.dumps(one, ensure_ascii=False)) for one in given.overrides]
    return f"{HEADER}\n" + "".join(f"- {line}\n" for line in lines)


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _read(text: str) -> Overrides:
    try:
        return parsed(text, Path(FILE_NAME))
    except ConfigurationError as error:
        raise _fault(str(error).removeprefix(f"{FILE_NAME}").lstrip(":, ")) from None


def _fault(what: str) -> RequestValidationError:
    return RequestValidationError([{"type": "overrides", "loc": ("body",), "msg": what}])
