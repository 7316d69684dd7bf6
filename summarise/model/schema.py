"""The JSON schema that a strict endpoint accepts, made from an answer's type.

Strict endpoints want every field required, no defaults and no unknown fields, and only then hold the model to it;
what Pydantic makes (and instructor sends) has titles and may have defaults.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeAlias

from summarise.answers import Answer

JsonSchema: TypeAlias = "dict[str, Any]"

_DROPPED = frozenset({"title", "default"})


@cache
def strict_schema(answer: type[Answer]) -> JsonSchema:
    """The strict schema of an answer's type. Shared: do not change it."""
    return _strict(answer.model_json_schema())


@cache
def response_format(answer: type[Answer]) -> JsonSchema:
    """What `response_format` says in JSON-schema mode; the schema's name is the type's."""
    body = {"name": answer.__name__, "strict": True, "schema": strict_schema(answer)}
    return {"type": "json_schema", "json_schema": body}


@cache
def tool(answer: type[Answer]) -> JsonSchema:
    """The one tool of tools mode: calling it is answering."""
    description = (answer.__doc__ or answer.__name__).strip().splitlines()[0]
    function = {
        "name": answer.__name__,
        "description": description,
        "strict": True,
        "parameters": strict_schema(answer),
    }
    return {"type": "function", "function": function}


def _strict(node: JsonSchema) -> JsonSchema:
    """One schema node, and all below it. `properties` and `$defs` map names to nodes, so their keys are kept."""
    out: JsonSchema = {}
    for key, value in node.items():
        if key in ("properties", "$defs"):
            out[key] = {name: _strict(child) for name, child in value.items()}
        elif key in ("anyOf", "oneOf", "allOf", "prefixItems"):
            out[key] = [_strict(child) for child in value]
        elif key == "items" and isinstance(value, dict):
            out[key] = _strict(value)
        elif key not in _DROPPED:
            out[key] = value
    if "properties" in out:
        out["additionalProperties"] = False
        out["required"] = list(out["properties"])
    return out
