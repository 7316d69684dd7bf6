"""What the figures of a brief must not fall below (or, of faults, rise above), kept in a small TOML file.

# large-model, 2025-01-30
[actors]
recall = 1.0
split = 0
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from summarise.errors import ConfigurationError
from summarise.evaluation.figures import LESS_IS_BETTER, MORE_IS_BETTER, Scores, figure_names
from summarise.reading_back import read_text


@dataclass(frozen=True)
class Floor:
    """One figure and its limit: a minimum where more is better, a maximum where less is."""

    figure: str
    limit: float

    @property
    def is_maximum(self) -> bool:
        return self.figure.partition(".")[2] in LESS_IS_BETTER

    def holds(self, got: float | None) -> bool:
        """A figure that counts nothing holds no floor: nobody knows."""
        return got is not None and (got <= self.limit if self.is_maximum else got >= self.limit)


@dataclass(frozen=True)
class Miss:
    """A floor that a brief does not hold. `got` is None where there was nothing to count."""

    floor: Floor
    got: float | None

    def __str__(self) -> str:
        bound = "at most" if self.floor.is_maximum else "at least"
        got = "nothing to count" if self.got is None else f"{self.got:g}"
        return f"{self.floor.figure}: {bound} {self.floor.limit:g}, got {got}"


def load_floors(path: Path) -> tuple[Floor, ...]:
    """The floors in `path`. Raises InputError (it cannot be read) or ConfigurationError (it says nothing known)."""
    try:
        tables = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: not TOML ({error}); write lines such as actors.recall = 1.0") from None
    allowed = {name for name in figure_names() if name.partition(".")[2] in MORE_IS_BETTER | LESS_IS_BETTER}
    floors: list[Floor] = []
    for part, figures in tables.items():
        if not isinstance(figures, dict):
            raise ConfigurationError(f"{path}: {part} is no figure; write lines such as actors.recall = 1.0")
        for name, limit in figures.items():
            figure = f"{part}.{name}"
            if figure not in allowed:
                raise ConfigurationError(
                    f"{path}: {figure} is no figure that has a floor; docs/evaluation.md lists them"
                )
            if isinstance(limit, bool) or not isinstance(limit, int | float):
                raise ConfigurationError(f"{path}: the floor of {figure} is no number; write one, as in {figure} = 1.0")
            floors.append(Floor(figure, float(limit)))
    if not floors:
        raise ConfigurationError(f"{path}: there is no floor in it; write lines such as actors.recall = 1.0")
    return tuple(floors)


def missed(scores: Scores, floors: tuple[Floor, ...]) -> list[Miss]:
    """The floors that do not hold, in their order."""
    figures = scores.flat()
    found: list[Miss] = []
    for floor in floors:
        value = figures[floor.figure]
        got = None if value is None or isinstance(value, tuple) else float(value)
        if not floor.holds(got):
            found.append(Miss(floor, got))
    return found
