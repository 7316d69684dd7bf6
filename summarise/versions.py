"""A brief as the store keeps it, and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from summarise.change import VersionRef
from summarise.contract import Brief, Run, Usage
from summarise.errors import InputError
from summarise.render.canonical import run_json, whole_json

if TYPE_CHECKING:
    from summarise.store import Version, VersionEntry


def brief_from(content: str, run: Run) -> Brief:
    """The brief of a version's content (canonical JSON without `run`), with this `run`.

    Raises InputError where it follows another schema than this program's.
    """
    try:
        return Brief.model_validate_json(whole_json(content, run_json(run)))
    except ValueError:
        raise InputError("the brief that is stored follows another schema than this program's; make it again") from None


def brief_of(version: Version) -> Brief:
    """The brief of a stored version. Raises InputError where it follows another schema than this program's."""
    try:
        return Brief.model_validate_json(f'{version.content.rstrip().removesuffix("}")}, "run": {version.run}}}')
    except ValueError:
        raise InputError(
            f"version {version.number} was made by another release of this program and cannot be compared or drawn; "
            "its JSON can be shown: --format json"
        ) from None


_ASIDE = (
    "summary",
    "actors",
    "issues",
    "disagreements",
    "events",
    "facts",
    "origins",
    "flags",
    "left_out",
    "overrides",
)


def questions_of(version: Version) -> Brief:
    """A stored version's articles and open questions, all else left out: the lives of questions need no more.

    One of another schema has none.
    """
    try:
        content = json.loads(version.content) | dict.fromkeys(_ASIDE, ()) | {"run": json.loads(version.run)}
        return Brief.model_validate(content)
    except (ValueError, TypeError):
        return brief_without_items(version)


def brief_without_items(version: Version) -> Brief:
    """What can be said of a version that cannot be read."""
    run = Run(started=version.made, seconds=0, version="", model="", usage=Usage(), counts={})
    nothing = dict.fromkeys((*_ASIDE, "articles", "open_questions"), ())
    return Brief.model_validate(
        {"story": version.series.story, "complete": version.complete, "title": "", "run": run, **nothing}
    )


def version_ref(entry: VersionEntry) -> VersionRef:
    """A version as `changes.json` and the log name it."""
    return VersionRef(number=entry.number, made=entry.made)
