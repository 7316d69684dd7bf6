"""The strict schema: everything required, nothing else allowed, for every answer type there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from summarise import answers
from summarise.model.schema import response_format, strict_schema, tool

TYPES = sorted(
    (kind for kind in vars(answers).values() if isinstance(kind, type) and issubclass(kind, answers.Answer)),
    key=lambda kind: kind.__name__,
)


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
    for child in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from nodes(child)


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
def test_every_answer_type_has_a_schema_that_strict_endpoints_take(kind: type[answers.Answer]) -> None:
    schema = strict_schema(kind)
    Draft202012Validator.check_schema(schema)
    for node in nodes(schema):
        assert "default" not in node
        assert not isinstance(node.get("title"), str)  # a field may be called title; a title is dropped
        if node.get("type") == "object":
            assert node["additionalProperties"] is False
            assert node["required"] == list(node["properties"])


def test_a_field_that_is_called_title_stays() -> None:
    assert set(strict_schema(answers.Written)["properties"]) == {"title", "summary"}


def test_what_the_schema_takes_is_what_the_type_takes() -> None:
    validator = Draft202012Validator(strict_schema(answers.ReportGroups))
    good = {"groups": [{"members": [1, 2], "report": "Bloomberg"}]}
    assert validator.is_valid(good)
    assert answers.ReportGroups.model_validate(good)
    assert not validator.is_valid({"groups": [{"members": [1, 2]}]})
    assert not validator.is_valid({"groups": [], "more": 1})


def test_the_name_over_the_wire_is_the_types() -> None:
    assert response_format(answers.Note)["json_schema"]["name"] == "Note"
    assert tool(answers.Note)["function"]["name"] == "Note"
