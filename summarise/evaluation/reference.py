"""A reference reading: what a good brief of some articles has, written by a person who read them.

It points into the articles by spans, so a brief is judged by what it cites and not by how it puts it. How to write one
is in `docs/evaluation.md`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Protocol, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from summarise.contract import Stance
from summarise.evaluation.articles import Articles
from summarise.reading_back import load

Need = Literal["must", "may"]
KNOWN_STANCES = frozenset([*get_args(Stance), "reports"])


class _Written(BaseModel):
    """Base of all parts: immutable, and a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(_Written):
    """A passage of an article: its `text`, copied, or `start` and `end`.

    `article` is a file's name. Offsets are half-open and count the code points of the file as it lies on the disk,
    carriage returns too.
    """

    article: str
    text: str | None = None
    start: int | None = Field(default=None, ge=0)
    end: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _one_way_of_pointing(self) -> Self:
        if self.text is None and (self.start is None or self.end is None):
            raise ValueError("a span needs a text, or a start and an end")
        return self


class ReferenceActor(_Written):
    """One actor and every name that the articles give it. A name of two actors tells neither from the other."""

    id: str
    names: tuple[str, ...]
    kind: str = ""
    need: Need
    gist: str = ""


class ReferencePosition(_Written):
    """What one actor holds. `actor` has several ids where more than one reading of whose it is would be right."""

    id: str
    actor: tuple[str, ...]
    issue: str = ""
    stance: str
    need: Need
    gist: str = ""
    spans: tuple[Span, ...]

    @field_validator("actor", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


class ReferenceQuestion(_Written):
    """Something that the articles leave open."""

    id: str
    need: Need
    gist: str = ""
    spans: tuple[Span, ...]


class ReferenceDisagreement(_Written):
    """Accounts that differ: for each side the spans that hold it."""

    id: str
    need: Need
    gist: str = ""
    sides: tuple[tuple[Span, ...], ...]


class ReferenceDate(_Written):
    """Something dated: `when` is ISO 8601, as precise as the articles allow; of a range the start counts."""

    id: str
    when: str
    need: Need
    gist: str = ""
    spans: tuple[Span, ...]


class ReferenceOrigin(_Written):
    """A report that `articles` (file names) pass on."""

    report: str
    articles: tuple[str, ...]
    need: Need
    gist: str = ""


class Boilerplate(_Written):
    """What of a file is page furniture and what is not. Not scored: it is no part of a brief."""

    article: str
    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()


class Metadata(_Written):
    """What a file says of itself. Not scored."""

    article: str
    title: str = ""
    published: str = ""
    outlet: str = ""
    author: str = ""


class Reference(_Written):
    """A whole reference reading; the file is JSON with these names."""

    about: str = ""
    actors: tuple[ReferenceActor, ...]
    positions: tuple[ReferencePosition, ...] = ()
    open_questions: tuple[ReferenceQuestion, ...] = ()
    disagreements: tuple[ReferenceDisagreement, ...] = ()
    dates: tuple[ReferenceDate, ...] = ()
    upstream: tuple[ReferenceOrigin, ...] = ()
    boilerplate: tuple[Boilerplate, ...] = ()
    metadata: tuple[Metadata, ...] = ()

    @model_validator(mode="after")
    def _ids_once(self) -> Self:
        kinds: tuple[tuple[_Identified, ...], ...] = (
            self.actors, self.positions, self.open_questions, self.disagreements, self.dates
        )  # fmt: skip
        for items in kinds:
            twice = [one for one, number in Counter(item.id for item in items).items() if number > 1]
            if twice:
                raise ValueError(f"the id {twice[0]!r} is given twice")
        return self


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


def load_reference(path: Path) -> Reference:
    """The reference reading in `path`. Raises InputError."""
    return load(path, Reference, remedy="docs/evaluation.md says what a reference reading looks like")


def problems(reference: Reference, articles: Articles) -> list[str]:
    """What in a reference can never be found as it stands, one line each; it can be scored all the same."""
    found: list[str] = []
    known = {actor.id for actor in reference.actors}
    for position in reference.positions:
        found += [
            f"{position.id}: the actor {one!r} is not in its actors" for one in position.actor if one not in known
        ]
        if position.stance not in KNOWN_STANCES:
            found.append(f"{position.id}: the stance {position.stance!r} is unknown and counts as neutral")
    for item, span in _spans(reference):
        if not articles.places(span.article, _text_of(span, articles)):
            where = "is not among the articles" if span.article not in articles else "does not hold one of its spans"
            found.append(f"{item}: {span.article} {where}")
    return list(dict.fromkeys(found))


def _spans(reference: Reference) -> Iterator[tuple[str, Span]]:
    pointing: tuple[ReferencePosition | ReferenceQuestion | ReferenceDate, ...] = (
        *reference.positions,
        *reference.open_questions,
        *reference.dates,
    )
    for item in pointing:
        yield from ((item.id, span) for span in item.spans)
    for disagreement in reference.disagreements:
        yield from ((disagreement.id, span) for side in disagreement.sides for span in side)


def _text_of(span: Span, articles: Articles) -> str:
    return span.text if span.text is not None else articles.cut(span.article, span.start or 0, span.end or 0)


def places_of(span: Span, articles: Articles) -> tuple[range, ...]:
    """Where a span's words stand in the folded text of its article: everywhere, should they stand there twice."""
    return articles.places(span.article, _text_of(span, articles))
