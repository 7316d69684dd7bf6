"""Why a call is refused: every reason there is, in one table, with the status it has in HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

RETRY_SECONDS = 1


@dataclass(frozen=True)
class Reason:
    """A kind of refusal; `title` is the same every time, what is special to the call is in the detail."""

    kind: str
    status: int
    title: str


_REASONS = (
    Reason("bad-request", 400, "The request cannot be read"),
    Reason("idempotency-key-missing", 400, "An Idempotency-Key header is needed here"),
    Reason("unauthorized", 401, "A bearer token is needed"),
    Reason("cross-origin", 403, "Web pages of other origins may not call this service"),
    Reason("not-found", 404, "There is nothing here"),
    Reason("no-such-story", 404, "There is no story of this id"),
    Reason("no-such-article", 404, "The story has no article of this name"),
    Reason("no-such-text", 404, "This version has no text of this id"),
    Reason("no-such-version", 404, "The story has no such version of its brief"),
    Reason("no-such-job", 404, "There is no job of this id"),
    Reason("method-not-allowed", 405, "This cannot be done here"),
    Reason("not-acceptable", 406, "Not to be had in a form that the Accept header allows"),
    Reason("body-timeout", 408, "The body of the request did not arrive in time"),
    Reason("story-exists", 409, "There is a story of this id already"),
    Reason("article-exists", 409, "The story has another article of this name"),
    Reason("ambiguous-story", 409, "Several folders have a story of this id"),
    Reason("read-only-story", 409, "A story that was read from a folder is changed in its folder"),
    Reason("no-articles", 409, "The story has no articles yet"),
    Reason("story-busy", 409, "A job of this story is under way"),
    Reason("idempotency-in-flight", 409, "A call with this Idempotency-Key is being answered"),
    Reason("too-large", 413, "The body of the request is too large"),
    Reason("story-full", 413, "The story would grow beyond what this service takes"),
    Reason("unsupported-media-type", 415, "Bodies of this type are not taken here"),
    Reason("wrong-host", 421, "This service does not go by the host that was called"),
    Reason("invalid", 422, "The request does not have the form it must have"),
    Reason("idempotency-other-payload", 422, "This Idempotency-Key was used for another request"),
    Reason("too-many-calls", 429, "Too many calls at once with this token"),
    Reason("too-many-jobs", 429, "Too many jobs wait for this token"),
    Reason("headers-too-large", 431, "The headers of the request are too large"),
    Reason("failed", 500, "The service failed at this"),
    Reason("busy", 503, "The service is busy"),
    Reason("timed-out", 503, "The service did not finish this in time"),
    Reason("stopping", 503, "The service is stopping"),
    Reason("store-unavailable", 503, "The store cannot be used"),
    Reason("not-ready", 503, "The service is not ready"),
)
REASONS: Final = {reason.kind: reason for reason in _REASONS}


@dataclass
class Refused(Exception):
    """A call that is not answered. `detail` is shown to the caller: it holds nothing of the machine."""

    kind: str
    detail: str
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(self.detail)
        if self.reason.status in (429, 503):
            self.headers.setdefault("Retry-After", str(RETRY_SECONDS))

    @property
    def reason(self) -> Reason:
        return REASONS[self.kind]
