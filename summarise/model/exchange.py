"""One question's exchange with a model through instructor: the answer checked, and asked for once more when invalid.

instructor is given what it needs and no more: a `create` that sends, and in place of the answer's Pydantic model a
stand-in whose schema is made once and whose validation is ours. So the schema is not made again for every call, an
answer is validated once, and what the re-ask says is bounded.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Generic

from pydantic import ValidationError

from summarise import runlog
from summarise.answers import Answer
from summarise.model.options import Mode
from summarise.model.prompts import oneline
from summarise.model.schema import strict_schema
from summarise.model.usage import Attempt
from summarise.question import A, Question

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

REASKS = 1
"""Times a question is asked again after an invalid answer."""

FAULTS_TOLD, FAULT_LENGTH = 20, 300
"""How many faults the re-ask lists, and characters of each: a re-ask must not grow with the number of faults."""


@dataclass
class Exchange(Generic[A]):
    """One question while it is being asked: what the parts that instructor calls need to know."""

    question: Question[A]
    input_tokens: int
    stored: Callable[[], bool] = lambda: False
    """Whether the store has an answer by now."""
    messages: int = 0  # sent so far
    faults: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    raw: str = ""
    broken: Exception | None = None
    spent: list[Attempt] = field(default_factory=list)
    place: AsyncExitStack = field(default_factory=AsyncExitStack)
    end: AsyncExitStack = field(default_factory=AsyncExitStack)

    def accept(self, text: str) -> A:
        """The answer that a text holds; raises what instructor asks again for, telling the faults."""
        from instructor.core.exceptions import ResponseParsingError

        self.raw = text
        try:
            answer, faults = checked(self.question, text)
        except Exception as error:
            self.broken = error  # a mistake of ours, not the model's: instructor would hide it
            raise
        if answer is None or self.faults:
            self.told = _bounded([*self.faults, *faults])
            refused = ResponseParsingError("", mode="", raw_response=None)
            refused.args = ("\n".join(self.told),)  # what the re-ask says, without instructor's own additions
            raise refused
        return answer


current: ContextVar[Exchange[Any]] = ContextVar("exchange")
# not instructor's `context=`: it would render every message, articles and all, as a template


def checked(question: Question[A], text: str) -> tuple[A | None, list[str]]:
    """The answer that a text holds, or None and what is wrong with it: the schema first, then what it points to."""
    try:
        answer = question.answer.model_validate_json(text, strict=True)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        return None, [f"{'.'.join(map(str, each['loc'])) or 'answer'}: {each['msg']}" for each in found]
    faults = question.faults(answer)
    return (None, faults) if faults else (answer, [])


def _bounded(faults: list[str]) -> list[str]:
    told = [f"- {oneline(fault)[:FAULT_LENGTH]}" for fault in faults[:FAULTS_TOLD]]
    rest = len(faults) - len(told)
    return [*told, f"- and {rest} more"] if rest else told


@cache
def shape(answer: type[Answer]) -> Any:
    """What instructor takes for the answer's model: its schema is the cached one, its validation the exchange's.

    So the schema is not made again for every call, the answer is validated once, and it comes back as the plain
    answer without the response attached.
    """
    from instructor import ResponseSchema

    class Shape(ResponseSchema):
        @classmethod
        def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
            return {"title": answer.__name__, "description": "", **strict_schema(answer)}

        @classmethod
        def model_validate_json(cls, json_data: Any, **_: Any) -> Any:
            return _Accepted(current.get().accept(json_data))

    Shape.__name__ = Shape.__qualname__ = answer.__name__
    return Shape


@dataclass(frozen=True)
class _Accepted:
    """Carries an answer out of instructor, which would attach the response to a Pydantic model."""

    answer: Any


def patched_create(create: Callable[..., Awaitable[ChatCompletion]], mode: Mode) -> Callable[..., Awaitable[Any]]:
    """`create` with instructor around it: schema into the request, re-ask on an invalid answer."""
    import instructor

    runlog.hush("instructor")  # its errors are ours to tell, and may quote an article
    modes = {
        "json_schema": instructor.Mode.JSON_SCHEMA,
        "tools": instructor.Mode.TOOLS,
        "json": instructor.Mode.JSON,
    }
    patched: Any = instructor.patch(create=create, mode=modes[mode])

    async def ask(**body: Any) -> Any:
        accepted = await patched(**body)
        return accepted.answer

    return ask
