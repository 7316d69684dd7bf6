"""The published contract says what the types say, and what is written follows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from made_briefs import seeds_brief

from summarise.answers import Note
from summarise.render.canonical import brief_json, canonical_json
from summarise.schemas import answer_types, main, schemas

PUBLISHED = Path(__file__).resolve().parent.parent / "schemas"


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((PUBLISHED / name).read_text(encoding="utf-8")))


def test_the_published_schemas_are_those_of_the_types() -> None:
    published = {path.name: path.read_text(encoding="utf-8") for path in PUBLISHED.glob("*.json")}
    current = {name: canonical_json(schema) for name, schema in schemas().items()}
    assert published == current, "run `make schemas` and look at the difference: others rely on these files"


def test_there_is_a_schema_of_the_brief_of_the_note_and_of_every_answer() -> None:
    assert {"brief.schema.json", "note.schema.json", "actor-groups.schema.json", "written.schema.json"} <= set(
        schemas()
    )
    assert {"changes.schema.json", "log.schema.json", "question-lives.schema.json", "report.schema.json"} <= set(
        schemas()
    )
    assert len(schemas()) == len(answer_types()) + 5


@pytest.mark.parametrize("name", sorted(schemas()))
def test_every_schema_is_valid_and_names_itself(name: str) -> None:
    schema = schemas()[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].startswith("urn:summarise:schema:")
    assert schema["title"]
    assert schema["additionalProperties"] is False


def test_a_brief_as_it_is_written_follows_its_schema() -> None:
    validator("brief.schema.json").validate(json.loads(brief_json(seeds_brief())))


@pytest.mark.parametrize("field", ["schema", "articles", "complete", "run"])
def test_a_brief_without_one_of_its_fields_does_not_follow_it(field: str) -> None:
    data = json.loads(brief_json(seeds_brief()))
    del data[field]
    assert not validator("brief.schema.json").is_valid(data)


def test_a_brief_of_another_version_does_not_follow_it() -> None:
    data = json.loads(brief_json(seeds_brief())) | {"schema": "brief/2"}
    assert not validator("brief.schema.json").is_valid(data)


def test_an_empty_note_follows_its_schema_and_an_unknown_field_does_not() -> None:
    note = {name: "" if name == "subject" else [] for name in Note.model_fields}
    assert validator("note.schema.json").is_valid(note)
    assert not validator("note.schema.json").is_valid(note | {"quote": "x"})


def test_writing_the_schemas_removes_those_that_no_type_has_any_more(tmp_path: Path) -> None:
    (tmp_path / "gone.schema.json").write_text("{}", encoding="utf-8")
    main(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(schemas())
