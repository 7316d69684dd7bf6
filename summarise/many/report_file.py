"""The file of a report over many stories, by which a folder of briefs is told from a folder of stories."""

from __future__ import annotations

import re
from pathlib import Path

REPORT = "report.json"

_OURS = re.compile(rb'\s*\{\s*"schema"\s*:\s*"report/')


def is_report(path: Path) -> bool:
    """Whether this is a `report.json` of ours."""
    try:
        if path.name != REPORT or path.is_symlink() or not path.is_file():
            return False
        with path.open("rb") as file:
            return _OURS.match(file.read(200)) is not None
    except OSError:
        return False
