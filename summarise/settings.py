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


class ReportFormat(StrEnum):
    """How the report of many stories is shown."""

    TEXT = "text"
    JSON = "json"


class Engine(StrEnum):
    """Who makes the stories."""

    LOCAL = "local"
    DASK = "dask"
    BATCH = "batch"


class CostsFormat(StrEnum):
    """How costs are shown."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


class CostsBy(StrEnum):
    """What sums of costs are told by."""

    STORY = "story"
    MODEL = "model"
    DAY = "day"
    KIND = "kind"
    RUN = "run"


class Mode(StrEnum):
    """How an endpoint is held to the schema of an answer."""

    JSON_SCHEMA = "json_schema"
    TOOLS = "tools"
    JSON = "json"


@dataclass(frozen=True, kw_only=True)
class BriefSettings:
    """One call of `summarise brief`. None leaves the choice to the function (`summarise.abrief`).

    `timeout` is in seconds, `context_window`, `tpm` and `max_tokens` in tokens, `rpm` in requests a minute,
    `max_cost` in US dollars.
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
    max_tokens: int | None = None
    price: str | None = None
    batch: bool = False
    plan: bool = False
    check: bool = False
    quiet: bool = False
    verbose: bool = False


@dataclass(frozen=True, kw_only=True)
class ManySettings:
    """One call of `summarise many`; as in `BriefSettings`, what limits holds for all stories together.

    `root` is a folder of folders or a manifest. `jobs` stories are made at once in one process; `scheduler` and
    `workers` are those of the engine dask.
    """

    root: Path
    out: Path = Path("briefs")
    engine: Engine = Engine.LOCAL
    jobs: int = 4
    scheduler: str | None = None
    workers: int | None = None
    model: str | None = None
    base_url: str | None = None
    mode: Mode = Mode.JSON_SCHEMA
    format: ReportFormat = ReportFormat.TEXT
    language: str | None = None
    store: str | None = None
    prompts: Path | None = None
    concurrency: int = 8
    timeout: float = 300.0
    context_window: int = 128_000
    rpm: int | None = None
    tpm: int | None = None
    max_cost: float | None = None
    max_tokens: int | None = None
    price: str | None = None
    check: bool = False
    only_changed: bool = False
    fail_fast: bool = False
    plan: bool = False
    quiet: bool = False
    verbose: bool = False
