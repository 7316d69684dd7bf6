"""Faults on demand, the same for the same questions: drawn by a hash of the question and of how often it was asked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields

from summarise.errors import ConfigurationError

STATUSES = {
    "400": (400, "Invalid value for 'messages'", "invalid_request_error", None),
    "401": (401, "Incorrect API key provided", "invalid_request_error", "invalid_api_key"),
    "403": (403, "You are not allowed to sample from this model", "invalid_request_error", None),
    "404": (
        404,
        "The model does not exist",
        "invalid_request_error",
        "model_not_found",
    ),
    "408": (408, "The request took too long to arrive", "server_error", None),
    "429": (429, "Rate limit reached for requests", "requests", "rate_limit_exceeded"),
    "quota": (429, "You exceeded your current quota", "insufficient_quota", "insufficient_quota"),
    "too_long": (
        400,
        "The maximum context length is 8192",
        "invalid_request_error",
        "context_length_exceeded",
    ),
    "no_schema": (400, "response_format json_schema is not supported", "invalid_request_error", None),
    "500": (500, "The server had an error while processing your request", "server_error", None),
    "502": (502, "Bad gateway", "server_error", None),
    "503": (503, "The engine is currently overloaded", "server_error", None),
}
"""Faults that are an error status: status, message, type and code."""

KINDS = (
    *STATUSES,
    "drop",  # the connection is closed without an answer
    "reset",  # the connection is closed in the middle of the answer
    "drip",  # the answer comes a byte at a time, and never ends
    "hang",  # no answer, and the connection stays open
    "slow",  # the answer takes `factor` times the latency, at least `factor` tenths of a second
    "html",  # status 200 and a web page
    "garbage",  # status 200, content type JSON, and no JSON
    "plain",  # the right answer, called text/plain
    "bomb",  # the answer unpacks to 64 MB
    "empty",  # status 200 and no choices
    "null",  # a message without content
    "truncate",  # half the answer, finish reason "length"
    "badjson",  # half the answer, finish reason "stop"
    "refusal",
    "content_filter",
    "invalid",  # JSON that breaks the schema: its first field is missing
    "out_of_range",  # the schema is kept, and every number points nowhere
    "two_calls",  # in tools mode: the answer's tool is called twice
    "no_usage",  # an answer that does not say what it took
)


@dataclass(frozen=True)
class Fault:
    """One kind of fault and when it strikes.

    `rate` is the share of requests it strikes; `attempts` how often at most for one question (0: always); `answer` the
    answer type it is limited to; `holding` words that the question must hold; `retry_after` the seconds that its
    Retry-After header says.
    """

    kind: str
    rate: float = 1.0
    attempts: int = 0
    answer: str = ""
    holding: str = ""
    retry_after: float | None = None
    factor: float = 10.0

    @classmethod
    def parse(cls, text: str) -> Fault:
        """Reads "KIND:option=value,...", as `--fault` takes it. Raises ConfigurationError."""
        kind, _, rest = text.partition(":")
        if kind not in KINDS:
            raise ConfigurationError(f"--fault {kind!r} is unknown; use one of {', '.join(KINDS)}")
        known = {each.name for each in fields(cls)} - {"kind"}
        values: dict[str, float | int | str] = {}
        for item in filter(None, rest.split(",")):
            name, _, value = item.partition("=")
            if name not in known:
                raise ConfigurationError(f"--fault {text!r}: no option {name!r}; use {', '.join(sorted(known))}")
            try:
                values[name] = (
                    value if name in ("answer", "holding") else int(value) if name == "attempts" else float(value)
                )
            except ValueError:
                raise ConfigurationError(f"--fault {text!r}: {value!r} is no number for {name}") from None
        return cls(kind, **values)  # type: ignore[arg-type]  # each value was read as its field's type


@dataclass
class Draw:
    """Which fault strikes which request; remembers how often each question came (a re-ask is the same question)."""

    faults: tuple[Fault, ...] = ()
    _seen: dict[str, int] = field(default_factory=dict)

    def of(self, question: str, answer: str) -> Fault | None:
        """The fault for this request, the first of the list that strikes; None for an answer without one."""
        if not self.faults:
            return None
        digest = hashlib.sha256(question.encode("utf-8", "surrogatepass")).hexdigest()
        attempt = self._seen[digest] = self._seen.get(digest, 0) + 1
        for fault in self.faults:
            if (fault.attempts and attempt > fault.attempts) or (fault.answer and fault.answer != answer):
                continue
            if fault.holding not in question:
                continue
            drawn = hashlib.sha256(f"{fault.kind} {attempt} {digest}".encode()).digest()
            if int.from_bytes(drawn[:4], "big") / 2**32 < fault.rate:
                return fault
        return None
