"""What `summarise brief` was asked to do: flags before environment before defaults, in one value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Format(StrEnum):
    """What goes to stdout."""

    TEXT = "text"
    MD = "md"
    JSON = "json"
    HTML = "html"


class ChangesFormat(StrEnum):
    """How changes are shown."""

    TEXT = "text"
    MD = "md"
    JSON = "json"


class Mode(StrEnum):
    """How an endpoint is held to the schema of an answer."""

    JSON_SCHEMA = "json_schema"
    TOOLS = "tools"
    JSON = "json"


@dataclass(frozen=True, kw_only=True)
class BriefSettings:
    """One call of `summarise brief`. None leaves the choice to the function (`summarise.abrief`).

    `timeout` is in seconds, `context_window` and `tpm` in tokens, `rpm` in requests a minute, `max_cost` in US dollars.
    """

    folder: Path
    model: str | None = None
    base_url: str | None = None
    mode: Mode = Mode.JSON_SCHEMA
    out: Path | None = None
    format: Format = Format.TEXT
    language: str | None = None
    story: str | None = None
    about: str | None = None
    store: str | None = None
    overrides: Path | None = None
    prompts: Path | None = None
    concurrency: int = 8
    timeout: float = 300.0
    context_window: int = 128_000
    rpm: int | None = None
    tpm: int | None = None
    max_cost: float | None = None
    plan: bool = False
    check: bool = False
    quiet: bool = False
    verbose: bool = False
