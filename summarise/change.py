"""What changed between two versions of a brief: the contract (`schemas/changes.schema.json`, schema "changes/1").

It lies beside the brief (`changes.json`) and in the store, never in it: a brief knows no version before it. Items of
two versions are matched by their evidence, so that an id that changed is not told as news.
"""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from summarise.contract import Contract, Evidence, QuestionStatus

ChangeKind = Literal[
    "article_added",
    "article_withdrawn",
    "article_corrected",
    "actor_new",
    "actor_withdrawn",
    "actor_renamed",
    "position_new",
    "position_withdrawn",
    "stance_changed",
    "evidence_gained",
    "evidence_lost",
    "evidence_reworded",
    "disagreement_opened",
    "disagreement_settled",
    "question_opened",
    "question_answered",
    "question_reopened",
    "question_withdrawn",
    "event_new",
    "event_withdrawn",
    "event_redated",
    "joined",
    "parted",
]
"""What can be different. "joined" and "parted" tell of items of every kind that were told apart and are told as one
now, and back: the articles say what they said, only the reading of who or what is the same differs.
"evidence_reworded": an article was corrected, and the item rests on the sentence as it stands there now."""


class VersionRef(Contract):
    """A version of a story's brief: they are numbered from 1; `made` is when it was first made (ISO 8601, UTC)."""

    number: int
    made: str


class Change(Contract):
    """One thing that is different, in the words of the version that has it."""

    kind: ChangeKind
    item: str = Field(description="id of the item (or article) in the later version; in the earlier for what is gone")
    was: str = Field(default="", description="id in the earlier version; empty for what is new")
    what: str = Field(description="the item in words: a name, 'ACTOR: statement', a question, a path")
    before: str = Field(
        default="",
        description="the value that changed, as it was: a stance, a status, a name, a day, the kind of a disagreement; "
        'of evidence of a position, on how many independent origins it rested ("2 origins"), where that changed; of '
        "what was joined or parted, the item in words",
    )
    after: str = Field(default="", description="the value that changed, as it is")
    gained: tuple[Evidence, ...] = Field(default=(), description="sentences it rests on now and did not before")
    lost: tuple[Evidence, ...] = Field(default=(), description="sentences it no longer rests on")


class Changes(Contract):
    """All changes from one version to a later one, or back; `before` is None where there is no earlier version."""

    schema_: Literal["changes/1"] = Field(default="changes/1", alias="schema")
    story: str
    before: VersionRef | None
    after: VersionRef
    changes: tuple[Change, ...]

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)


class Moment(Contract):
    """A question's state from one version on."""

    version: VersionRef
    status: QuestionStatus | Literal["withdrawn"]


class QuestionLife(Contract):
    """A question from its opening on: `id` and words in the last version that has it; a moment per change of state."""

    id: str
    question: str
    moments: tuple[Moment, ...]


class QuestionLives(Contract):
    """`summarise log --questions --json`: every question that any version has, those opened first first."""

    schema_: Literal["question-lives/1"] = Field(default="question-lives/1", alias="schema")
    story: str
    questions: tuple[QuestionLife, ...]

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)


class LogEntry(Contract):
    """One version in a story's history."""

    version: VersionRef
    complete: bool
    articles: int = Field(description="articles that it was made of")
    changes: dict[ChangeKind, int] = Field(description="how many changes of each kind since the version before")


class Log(Contract):
    """`summarise log --json`: all versions of a story, the oldest first."""

    schema_: Literal["log/1"] = Field(default="log/1", alias="schema")
    story: str
    versions: tuple[LogEntry, ...]

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)
