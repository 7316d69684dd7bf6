"""The published contract: JSON Schema of the brief and of every answer, generated from the types.

`python -m summarise.schemas [FOLDER]` writes them (default: `schemas/` of the checkout); a test holds them to it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from summarise import answers
from summarise.change import Changes, Log, QuestionLives
from summarise.contract import Brief
from summarise.many.report import Report
from summarise.render.canonical import canonical_json

DIALECT = GenerateJsonSchema.schema_dialect
"""JSON Schema 2020-12."""


class _Written(GenerateJsonSchema):
    """Of what is written: every field is there, also one with a default."""

    def field_is_required(self, field: Any, total: bool) -> bool:
        return True


def answer_types() -> tuple[type[answers.Answer], ...]:
    """The types that a whole answer has: those that are no part of another, in the order of their module."""
    types = [
        one
        for one in vars(answers).values()
        if isinstance(one, type) and issubclass(one, answers.Answer) and one is not answers.Answer
    ]
    parts = {name for one in types for name in one.model_json_schema().get("$defs", {})}
    return tuple(one for one in types if one.__name__ not in parts)


def schema_of(model: type[BaseModel], name: str) -> dict[str, Any]:
    """The JSON Schema of `model` as it is written; `$id` is `urn:summarise:schema:<name>`."""
    schema = model.model_json_schema(by_alias=True, mode="serialization", schema_generator=_Written)
    head = {"$schema": DIALECT, "$id": f"urn:summarise:schema:{name}"}
    return head | {"title": schema.pop("title")} | schema


def schemas() -> dict[str, dict[str, Any]]:
    """Schemas by file name: "brief.schema.json" (that of "brief/1"), "note.schema.json", "actor-groups.schema.json"."""
    found = {
        "brief.schema.json": schema_of(Brief, "brief:1"),
        "changes.schema.json": schema_of(Changes, "changes:1"),
        "log.schema.json": schema_of(Log, "log:1"),
        "question-lives.schema.json": schema_of(QuestionLives, "question-lives:1"),
        "report.schema.json": schema_of(Report, "report:1"),
    }
    for one in answer_types():
        name = re.sub(r"(?<!^)(?=[A-Z])", "-", one.__name__).lower()
        found[f"{name}.schema.json"] = schema_of(one, name)
    return found


def main(folder: Path) -> None:
    """Writes all schemas into `folder` and removes those that no type has any more."""
    folder.mkdir(parents=True, exist_ok=True)
    current = schemas()
    for name, schema in current.items():
        (folder / name).write_text(canonical_json(schema), encoding="utf-8")
    for path in folder.glob("*.schema.json"):
        if path.name not in current:
            path.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "schemas")
