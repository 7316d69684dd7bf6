"""What can go wrong on the way to a model, told in this project's words: which failures may pass, which never will."""

from __future__ import annotations

import os
import re
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from summarise.errors import ConfigurationError, ModelError, ModelUnavailable, Refused, SummariseError
from summarise.model.client import TooLarge
from summarise.model.prompts import oneline
from summarise.model.secret import without_key
from summarise.model.spec import OPENAI_URL, ModelSpec

if TYPE_CHECKING:
    import openai

RECORD_AGAIN = "make record"
_TRANSIENT = frozenset({408, 409, 425, 429})
_DECLINED_CODES = frozenset(
    {
        *("content_filter", "content_policy_violation", "responsible_ai_policy_violation", "moderation_blocked"),
        *("invalid_prompt", "cyber_policy_violation", "safety_violation", "flagged"),
    }
)
_DECLINED = re.compile(
    r"\b(?:(?:input|prompt|content|messages?|request|text|output)\b[^.]{0,60}\bflagged|moderation|"
    r"content (?:management )?(?:filter\w*|polic(?:y|ies))|"
    r"usage polic(?:y|ies)"
    r"|(?:safety|acceptable use) polic(?:y|ies)|safety system|prohibited content|guardrails?)\b",
    re.IGNORECASE,
)
_BARRED = re.compile(
    r"\b(?:account|organi[sz]ation|project|key)\b[^.]{0,40}\b(?:flagged|suspended|disabled|blocked|deactivated)\b",
    re.IGNORECASE,
)
_NO_SCHEMA = re.compile(
    r"\b(?:response_format|json_schema|json schema|structured outputs?|tools|tool_choice|"
    r"tool (?:calls?|calling|use|choice)|function calling)\b",
    re.IGNORECASE,
)
_NO_SCHEMA_PARAMETERS = ("response_format", "tools", "tool_choice", "json_schema", "strict")


class AnsweredMeanwhile(SummariseError):
    """Somebody else has asked the same question, and its answer has been stored since it was looked for."""


class Transient(Exception):  # most pass
    """A failure of transport that may pass: worth asking again.

    `error` is what to raise when it does not; `after` the seconds that the endpoint asks to wait; `spent` whether the
    endpoint may have worked on the request (and be paid for it); `overloaded` whether it asks everybody to slow down.
    """

    def __init__(
        self, error: ModelUnavailable, *, after: float | None = None, spent: bool = False, overloaded: bool = False
    ) -> None:
        super().__init__(str(error))
        self.error = error
        self.after = after
        self.spent = spent
        self.overloaded = overloaded


class TimedOut(Transient):
    """The request took longer than it may. Asked again once only: every time-out is waited for and may be paid for."""


def explained(error: openai.OpenAIError, spec: ModelSpec, about: str) -> SummariseError | Transient:
    """One of the client's errors as what is to be raised, or as `Transient` where it is worth asking again."""
    import openai

    where = place(spec)
    if isinstance(error, openai.APITimeoutError):
        return TimedOut(timed_out(spec, about), spent=True)
    if isinstance(error, openai.APIConnectionError):
        return _connection(error, spec, about)
    if isinstance(error, openai.APIStatusError):
        return _status(error, spec, about)
    if isinstance(error, openai.APIError):
        return Transient(ModelUnavailable(f"{about}: {where} sent no usable answer: {_short(error)}"), spent=True)
    return ConfigurationError(f"the client cannot be used: {_short(error)}")


def place(spec: ModelSpec) -> str:
    """The endpoint as messages call it."""
    return "the OpenAI API" if spec.base_url == OPENAI_URL else spec.base_url or "the endpoint"


def timed_out(spec: ModelSpec, about: str) -> ModelUnavailable:
    """No answer in time."""
    return ModelUnavailable(f"{about}: no answer from {place(spec)} in time; raise --timeout, or ask a faster model")


def broken_off(spec: ModelSpec, about: str, error: BaseException) -> ModelUnavailable:
    """The connection ended in the middle."""
    return ModelUnavailable(f"{about}: the connection to {place(spec)} broke ({_short(error)}); run again to resume")


def page(spec: ModelSpec, about: str) -> ModelUnavailable:
    """Status 200 and a web page: usually the wrong path, or a gateway's login."""
    return ModelUnavailable(
        f"{about}: {place(spec)} answered with a page, not with JSON; check --base-url (it usually ends in /v1)"
    )


def malformed(spec: ModelSpec, about: str) -> ModelUnavailable:
    """Status 200, and a body that is no JSON."""
    return ModelUnavailable(f"{about}: {place(spec)} sent a malformed answer; check --base-url")


def _connection(error: openai.APIConnectionError, spec: ModelSpec, about: str) -> SummariseError | Transient:
    chain = list(_chain(error))
    # vcrpy's error is told by its name: a cassette is no dependency of the program
    if any("CannotOverwriteExistingCassette" in type(cause).__name__ for cause in chain):
        return ConfigurationError(
            f"{about}: this request is not in the cassette: a prompt, schema or input has changed since;"
            f" record again with `{RECORD_AGAIN}`"
        )
    if any(isinstance(cause, TooLarge) for cause in chain):
        return ModelUnavailable(f"{about}: the answer of {place(spec)} is larger than any answer; check --base-url")
    reason = _short(chain[-1])
    if any("ConnectError" in type(cause).__name__ for cause in chain):
        remedy = "check the network" if spec.base_url == OPENAI_URL else "check --base-url and that it is running"
        return Transient(ModelUnavailable(f"{about}: cannot connect to {place(spec)} ({reason}); {remedy}"))
    return Transient(broken_off(spec, about, chain[-1]), spent=True)


def _status(error: openai.APIStatusError, spec: ModelSpec, about: str) -> SummariseError | Transient:
    status, code, said, where = error.status_code, str(error.code or ""), _short(error), place(spec)
    if status == 401 and not os.environ.get("OPENAI_API_KEY", "").strip():
        return ConfigurationError(f"{where} wants a key; set OPENAI_API_KEY ({said})")
    if status == 401:
        return ConfigurationError(f"{where} does not accept the key; check OPENAI_API_KEY ({said})")
    if _declined(status, code, error, said):
        return Refused(f"{about}: the content filter of {where} declined it ({said}); try another --model")
    if status == 403:
        return ConfigurationError(f"{where} does not allow this; check OPENAI_API_KEY and --model ({said})")
    if 300 <= status < 400:
        return ConfigurationError(f"{where} sends requests elsewhere (status {status}); ask there with --base-url")
    if status == 404:
        return ConfigurationError(
            f"{where} has no model {spec.name!r}, or is no such endpoint; check --model and --base-url ({said})"
        )
    if status == 402 or code in ("insufficient_quota", "billing_hard_limit_reached"):
        return ConfigurationError(f"the account's quota at {where} is used up; add credit, or use another key ({said})")
    if code == "context_length_exceeded" or "context length" in said.lower() or "context window" in said.lower():
        return ModelError(f"{about}: longer than the model takes; lower --context-window to its real size ({said})")
    if status in (400, 422) and _no_schema(error, said):
        return ConfigurationError(f"{where} cannot be held to a schema this way; try --mode tools or json ({said})")
    if status in _TRANSIENT or status >= 500:
        return _passing(error, status, where, said, about)
    return ModelError(f"{about}: {where} did not take the request (status {status}): {said}")


def _declined(status: int, code: str, error: openai.APIStatusError, said: str) -> bool:
    """Whether a filter declined this one question: nothing is wrong with the key, the model or the settings."""
    if code in _DECLINED_CODES or str(getattr(error, "type", None) or "") in _DECLINED_CODES:
        return True
    return status in (400, 403, 422) and _DECLINED.search(said) is not None and _BARRED.search(said) is None


def _no_schema(error: openai.APIStatusError, said: str) -> bool:
    """Whether the endpoint cannot do what `--mode` asks of it; by the parameter it blames, else by whole words."""
    blamed = str(getattr(error, "param", None) or "")
    if blamed not in ("", "None", "null"):
        return re.split(r"[.\[]", blamed)[0] in _NO_SCHEMA_PARAMETERS
    return _NO_SCHEMA.search(said) is not None


def _passing(error: openai.APIStatusError, status: int, where: str, said: str, about: str) -> Transient:
    after = retry_after(error.response.headers)
    if status == 429:
        message = f"{about}: the rate limit of {where} is reached; lower --concurrency, or wait ({said})"
    else:
        message = f"{about}: {where} keeps failing (status {status}: {said}); run again later to resume"
    return Transient(ModelUnavailable(message), after=after, overloaded=status == 429)


def told_by(error: BaseException) -> BaseException | None:
    """What a failure is raised from: the client's error, unless it holds the key, which no traceback may show."""
    chain = [cause for each in _chain(error) for cause in (str(each), str(getattr(each, "body", "")))]
    return None if any(without_key(text) != text for text in chain) else error


def retry_after(headers: object) -> float | None:
    """Seconds that an answer's headers ask to wait: `retry-after-ms`, or `Retry-After` in seconds or as a date.

    A date is counted from the answer's own `Date`, since the two clocks may differ.
    """
    get = getattr(headers, "get", lambda _: None)
    milliseconds, value = get("retry-after-ms"), get("retry-after")
    try:
        if milliseconds is not None:
            return max(0.0, float(milliseconds) / 1000)
        if value is not None:
            return max(0.0, float(value))
    except ValueError:
        pass
    return None if value is None else _until(str(value), get("date"))


def _until(moment: str, now: object) -> float | None:
    try:
        since = parsedate_to_datetime(str(now)).timestamp() if now else time.time()
        return max(0.0, parsedate_to_datetime(moment).timestamp() - since)
    except (TypeError, ValueError, OverflowError):
        return None


def _chain(error: BaseException) -> list[BaseException]:
    """An error and what it comes from, the first cause last."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    return chain


def _short(error: BaseException, length: int = 200) -> str:
    """What an error says, as one line that fits into a message."""
    body = getattr(error, "body", None)
    said = body.get("message") if isinstance(body, dict) else None
    text = oneline(without_key(str(said or error))) or type(error).__name__
    return text if len(text) <= length else text[: length - 1] + "…"
