"""Why a job failed, as its caller may know it: what they sent is named, what the operator set up is not."""

from __future__ import annotations

from dataclasses import dataclass

from summarise.errors import (
    BudgetSpent,
    ConfigurationError,
    CutOff,
    InputError,
    InvalidAnswer,
    ModelError,
    ModelUnavailable,
    OutputError,
    Refused,
    UnreadLanguage,
)


@dataclass(frozen=True)
class Failure:
    """A kind of failure, told to whoever asked. `retry`: whether the same job may well succeed later."""

    kind: str
    title: str
    detail: str
    retry: bool

    def outcome(self) -> dict[str, object]:
        """As a job keeps it."""
        return {"kind": self.kind, "title": self.title, "detail": self.detail, "retry": self.retry}


_OPERATOR = "the operator finds the cause in the log of the service, under the job's id"
_KINDS: tuple[tuple[type[Exception], str, str, str, bool], ...] = (
    (InputError, "no-readable-article", "None of the articles can be read", "", False),
    (UnreadLanguage, "unread-language", "The articles are in a language that is not read here", "", False),
    (ModelUnavailable, "model-unavailable", "The model could not be reached", _OPERATOR, True),
    (Refused, "model-refused", "The model declined to read the articles", _OPERATOR, False),
    (CutOff, "model-failed", "The model gave no usable answer", _OPERATOR, True),
    (InvalidAnswer, "model-failed", "The model gave no usable answer", _OPERATOR, True),
    (ModelError, "model-failed", "The model gave no usable answer", _OPERATOR, True),
    (BudgetSpent, "budget-spent", "A limit on cost or time was reached", "ask again: it goes on from there", True),
    (ConfigurationError, "misconfigured", "The service is not set up to do this", _OPERATOR, False),
    (OutputError, "store-unavailable", "The store could not be used", _OPERATOR, True),
)


def failure_of(error: BaseException) -> Failure:
    """What is told of an error; its own words only where they speak of nothing but what the caller sent."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    for kind_of, kind, title, detail, retry in _KINDS:
        if isinstance(error, kind_of):
            return Failure(kind, title, detail or str(error), retry)
    return Failure("failed", "The service failed at this", _OPERATOR, True)
