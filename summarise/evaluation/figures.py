"""What is counted. The figure `recall` of `actors` is called "actors.recall" wherever it is named.

A ratio is rounded to three decimals, and None where there is nothing to count.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

Figure = int | float | tuple[str, ...] | None

MORE_IS_BETTER = frozenset({"recall", "precision", "stance", "verbatim"})
"""Figures for which a floor is a minimum."""
LESS_IS_BETTER = frozenset({"split", "merged", "unknown", "duplicates", "over_cited", "short", "long", "vague"})
"""Figures for which a floor is a maximum."""


class _Figures(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ArticleFigures(_Figures):
    unknown: int = Field(description="articles of the brief that are not in the folder")


class ActorFigures(_Figures):
    predicted: int = Field(description="actors of the brief")
    recall: float | None = Field(description="of the actors it must have, those it has")
    precision: float | None = Field(description="of its actors, those that are one of the reference")
    split: int = Field(description="reference actors that it has more than once")
    merged: int = Field(description="actors that are more than one of the reference")
    unknown: int = Field(description="actors with no name of the reference")


class PositionFigures(_Figures):
    predicted: int = Field(description="positions of the brief")
    recall: float | None = Field(description="of the positions it must have, those it has")
    precision: float | None = Field(description="of its positions, those that are right and no repetition")
    stance: float | None = Field(description="of the positions found, those with a stance of the same direction")
    duplicates: int = Field(description="positions that say again what another says")
    missed: tuple[str, ...] = Field(description="ids of the reference's positions that it must have and has not")
    unmatched: tuple[str, ...] = Field(description="ids of the brief's positions that are not right")


class ListFigures(_Figures):
    predicted: int = Field(description="items of the brief")
    recall: float | None = Field(description="of those it must have, those it has")
    precision: float | None = Field(description="of its items, those that are right and no repetition")
    missed: tuple[str, ...] = Field(description="ids (or reports) of those that it must have and has not")


class EvidenceFigures(_Figures):
    quotes: int = Field(description="quotations in all of the brief")
    verbatim: float | None = Field(description="of them, those that stand in their article, typography aside")
    per_item: float | None = Field(description="quotations for each position, question, side and event")
    over_cited: int = Field(description="quotations past what counts of one item")
    short: int = Field(description="quotations that are too short to count")
    long: int = Field(description="quotations that are too long to count")
    vague: int = Field(description="quotations that stand in too many places to count")


class Scores(_Figures):
    """All figures of one brief."""

    articles: ArticleFigures
    actors: ActorFigures
    positions: PositionFigures
    open_questions: ListFigures
    disagreements: ListFigures
    events: ListFigures
    origins: ListFigures
    evidence: EvidenceFigures

    def flat(self) -> dict[str, Figure]:
        """Every figure by its name, in a fixed order."""
        return {f"{part}.{name}": value for part, group in self for name, value in group}


def figure_names() -> list[str]:
    """The names of all figures, in the order of `Scores.flat`."""
    parts = {part: field.annotation for part, field in Scores.model_fields.items()}
    return [
        f"{part}.{name}"
        for part, group in parts.items()
        if isinstance(group, type) and issubclass(group, _Figures)
        for name in group.model_fields
    ]


def ratio(part: int, whole: int) -> float | None:
    """`part / whole` to three decimals; None where `whole` is 0."""
    return round(part / whole, 3) if whole else None
