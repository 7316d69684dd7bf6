"""What a brief is asked to be, and how far the making of it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from summarise.overrides import Overrides

STAGES = ("note", "reconcile", "weigh", "write")


@dataclass(frozen=True)
class Progress:
    """Where a run is: `done` of `total` questions of a stage, and what was just read. `total` 0: not known."""

    stage: str
    done: int
    total: int
    what: str


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True)
class Asked:
    """What a brief is asked to be: options that can change it."""

    story: str
    about: str = ""
    language: str = ""
    check: bool = False
    """Have every position checked against its sentences by the reader, too."""
    overrides: Overrides = field(default_factory=Overrides)
    """What a person says, which counts before what the reader and the code say."""
