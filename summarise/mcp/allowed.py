"""The folders that may be read. They are named when the server starts; a caller can add none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from summarise.errors import ConfigurationError, InputError
from summarise.loading.files import shown
from summarise.render.safe import shorten
from summarise.store import Series

LONGEST = 4_096
"""Characters of a path."""


class Allowed:
    """The named folders and all below them. Raises ConfigurationError where one is no folder."""

    def __init__(self, folders: Sequence[Path]) -> None:
        found: list[Path] = []
        for folder in folders:
            try:
                resolved = folder.expanduser().resolve(strict=True)
            except (OSError, RuntimeError, ValueError):
                raise ConfigurationError(f"no such folder: {shown(str(folder))}; check --allow") from None
            if not resolved.is_dir():
                raise ConfigurationError(f"not a folder: {shown(str(folder))}; --allow takes folders")
            if resolved not in found:
                found.append(resolved)
        self.folders = tuple(found)

    def folder(self, given: str) -> Path:
        """An allowed folder, with every link on the way to it followed.

        `given` is absolute, or relative to an allowed folder. Raises InputError for any other: in the same words
        whether there is something or not, so that nobody can ask what lies elsewhere.
        """
        refused = InputError(f"{shorten(shown(given), 200)!r} is not within the folders that this server may read")
        if not given or len(given) > LONGEST or "\0" in given:
            raise refused
        if not self.folders:
            raise InputError("this server may read no folder; start it with --allow DIR, or hand over texts")
        path = Path(given)
        tries = [path] if path.is_absolute() else [root / path for root in self.folders]
        inside = [found for one in tries if (found := self._inside(one)) is not None]
        if not inside:
            raise refused
        there = [one for one in inside if one.is_dir()]
        if not there:
            raise InputError(f"no such folder: {shorten(shown(given), 200)}; check the path")
        if len(there) > 1:
            raise InputError(f"{len(there)} allowed folders hold {shorten(shown(given), 200)}; give the whole path")
        return there[0]

    def check(self, folder: Path) -> None:
        """Raises InputError where a folder that was allowed leads elsewhere by now."""
        if self._inside(folder) != folder:
            raise InputError("the folder is another than the one that was allowed; name it again")

    def shows(self, series: Series) -> bool:
        """Whether a story may be read: one without a folder, or of a folder that is allowed."""
        return not series.place or self._inside(Path(series.place)) is not None

    def _inside(self, path: Path) -> Path | None:
        try:
            resolved = path.resolve()
        except (OSError, RuntimeError, ValueError):
            return None
        return resolved if any(resolved.is_relative_to(root) for root in self.folders) else None
