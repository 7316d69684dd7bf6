"""One request over the wire, again where the transport fails, and what came back recognised for what it is.

The client's own retries are off and instructor's cover validation alone: this is the one layer that repeats
a failed request, so that a request is never sent more often than `attempts`.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from summarise.errors import BudgetSpent, CutOff, ModelUnavailable, Refused
from summarise.model.budget import Budget
from summarise.model.client import new_client
from summarise.model.failures import (
    AnsweredMeanwhile,
    TimedOut,
    Transient,
    explained,
    malformed,
    page,
    place,
    timed_out,
    told_by,
)
from summarise.model.limits import Limits
from summarise.model.options import ModelOptions
from summarise.model.prompts import oneline
from summarise.model.spec import ModelSpec
from summarise.model.tokens import estimate_tokens
from summarise.model.usage import Attempt, Meter, Tokens, tokens_of

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion
    from tenacity import RetryCallState

    from summarise.model.batch import Batcher, Reply

PATH = "/chat/completions"

FIRST_WAIT, LONGEST_WAIT, LONGER = 0.5, 20.0, 8
"""Seconds before the second request, and how many times longer before each further one, with jitter: first what passes
at once, then what takes a moment. A Retry-After header goes before."""

AHEAD = 16
"""Questions, at least, that are prepared while others are in flight. A large story has thousands that wait for nothing
but a place in the line: prepared all at once they would hold their articles as prompts in memory, and the first
request would leave only when the last prompt is rendered."""

_FENCED = re.compile(r"\A\s*```(?:json)?\s*\n(.*)\n\s*```\s*\Z", re.DOTALL)

sleep = asyncio.sleep


@dataclass(frozen=True)
class Sending:
    """One request body, and what messages and limits need to know of it. `spent` grows with every attempt.

    `place` holds the place of an answered request among those in flight: whoever closes it has stored the answer.
    `end` is closed when the question has ended, whether there is an answer or not. `stored` tells whether the store has
    an answer by now, of somebody else who asked the same.
    """

    body: dict[str, Any]
    about: str
    input_tokens: int
    reask: bool
    spent: list[Attempt]
    place: AsyncExitStack
    end: AsyncExitStack
    stored: Callable[[], bool]


class Transport:
    """The one client of a reader: made when opened, shared by all questions, closed with the reader."""

    def __init__(self, spec: ModelSpec, options: ModelOptions, meter: Meter) -> None:
        self._spec = spec
        self._options = options
        self._meter = meter
        self._limits = options.limits or Limits(
            options.concurrency, options.requests_per_minute, options.tokens_per_minute
        )
        self._room = self._limits.beside(lambda concurrency: concurrency + max(AHEAD, concurrency // 4))
        self._budget = Budget(spec, options, meter)
        self._client = new_client(spec, options)

    def room(self) -> AbstractAsyncContextManager[None]:
        """Room to prepare questions and wait for their answers; any number where batches take them."""
        return nullcontext() if self._options.batch is not None else self._room.slot(0)

    async def close(self) -> None:
        """Closes the client's connections."""
        await self._client.close()

    async def send(self, sending: Sending) -> ChatCompletion:
        """The answer to one request, asked again where the transport fails in a way that may pass.

        Raises the errors of `summarise.errors`; never the client's.
        """
        from tenacity import AsyncRetrying, retry_if_exception_type

        if self._options.batch is not None and not sending.reask:  # a re-ask is not worth another day
            answer = await self._from_batch(self._options.batch, sending)
            if answer is not None:
                return answer
        # one a call: an AsyncRetrying shared between tasks loses attempts
        retrying = AsyncRetrying(
            stop=self._enough, wait=self._wait, retry=retry_if_exception_type(Transient), sleep=_sleep, reraise=True
        )
        try:
            async for attempt in retrying:
                with attempt:
                    return await self._send_once(sending, retry=attempt.retry_state.attempt_number > 1)
        except Transient as failure:
            raise failure.error from failure.__cause__
        raise AssertionError("unreachable: AsyncRetrying returns or raises")

    async def _from_batch(self, batch: Batcher, sending: Sending) -> ChatCompletion | None:
        """The answer that a batch brings, however long it takes; None where the request is to be sent directly."""
        from openai.types.chat import ChatCompletion as Completion

        began = monotonic()
        try:
            async with self._budget.in_time():
                while (reply := await self._asked(batch, sending)).again:
                    pass
        except BudgetSpent:
            if self._budget.out_of_time and (left := str(batch.under_way)):
                raise BudgetSpent(f"the time limit is reached; {left}") from None
            raise
        if reply.stored:
            raise AnsweredMeanwhile(f"{sending.about}: answered meanwhile")
        if reply.body is None:
            return None
        response = Completion.construct(**reply.body)
        if reply.fresh:
            self._meter.sent(retry=False, reask=False)
            took = tokens_of(response) or self._estimated(sending, response)
            sending.spent.append(self._meter.took(took, batch=True, seconds=monotonic() - began))
        else:
            self._meter.reused()
        try:
            return self._recognised(response, sending)
        except ModelUnavailable:  # an answer without content: as good as none
            batch.fell_back("no content")
            await sending.place.aclose()
            return None

    async def _asked(self, batch: Batcher, sending: Sending) -> Reply:
        """One question to the batches; what is to be paid anew is set aside before."""
        async with AsyncExitStack() as held:
            owed = await batch.known(sending.body)
            if not owed:
                await held.enter_async_context(self._budget.reserved(sending.input_tokens, batch=True))
            return await batch.ask(
                sending.body,
                sending.input_tokens,
                place=sending.place,
                end=sending.end,
                reserved=not owed,
                stored=sending.stored,
            )

    async def _send_once(self, sending: Sending, *, retry: bool) -> ChatCompletion:
        import openai
        from openai.types.chat import ChatCompletion as Completion

        tokens = sending.input_tokens + self._meter.expected_output(sending.input_tokens)
        async with AsyncExitStack() as slot, AsyncExitStack() as held:
            async with self._budget.in_time():  # a pause that the endpoint asks for may be longer than what is left
                await slot.enter_async_context(self._limits.slot(tokens))
                await held.enter_async_context(self._budget.reserved(sending.input_tokens))
            self._budget.check_time()
            self._meter.sent(retry=retry, reask=sending.reask)
            took, began = Tokens(), monotonic()
            try:
                async with asyncio.timeout(self._budget.seconds_left(self._options.timeout)):
                    # as `chat.completions.create` does, without its walk over the body's types (a quarter of its time)
                    response = await self._client.post(PATH, body=sending.body, cast_to=Completion)
                took = tokens_of(response) or self._estimated(sending, response)
            except asyncio.CancelledError:
                took = Tokens(sending.input_tokens)
                raise
            except TimeoutError as error:
                took = Tokens(sending.input_tokens)
                self._budget.check_time()
                raise TimedOut(timed_out(self._spec, sending.about), spent=True) from error
            except openai.OpenAIError as error:
                failure = explained(error, self._spec, sending.about)
                if failure.spent if isinstance(failure, Transient) else isinstance(failure, ModelUnavailable):
                    took = Tokens(sending.input_tokens)
                if isinstance(failure, Transient) and failure.overloaded and failure.after:
                    self._limits.pause(min(failure.after, self._options.timeout))
                raise failure from told_by(error)
            except ValueError as error:  # status 200 and a body that is no JSON
                took = Tokens(sending.input_tokens)
                raise Transient(malformed(self._spec, sending.about), spent=True) from error
            finally:
                sending.spent.append(self._meter.took(took, seconds=monotonic() - began))
            answer = self._recognised(response, sending)
            # not free before it is stored: where the disk is slower than the endpoint, a crash costs no more either
            sending.place.push_async_callback(slot.pop_all().aclose)
            return answer

    def _recognised(self, response: object, sending: Sending) -> ChatCompletion:
        """The response, if it is an answer at all: no page, no error in disguise, no refusal, not cut off."""
        about, where = sending.about, place(self._spec)
        if isinstance(response, str | bytes):
            raise page(self._spec, about)
        choice = first_choice(response)
        message = getattr(choice, "message", None)
        if message is None:
            error = getattr(response, "error", None)
            said = error.get("message") if isinstance(error, dict) else None
            detail = f" ({oneline(said)[:200]})" if said else ""
            raise ModelUnavailable(f"{about}: {where} sent an answer without content{detail}; try another --model")
        if refusal := getattr(message, "refusal", None):
            raise Refused(f"{about}: the model declined: {oneline(refusal)[:200]}; try another --model")
        reason = getattr(choice, "finish_reason", None)
        if reason == "content_filter":
            raise Refused(f"{about}: the content filter of {where} stopped the answer; try another --model")
        if reason == "length":
            remedy = "raise max_output_tokens" if self._options.max_output_tokens else "use a model with longer answers"
            raise CutOff(f"{about}: the answer was cut off at the model's limit; {remedy}")
        content = getattr(message, "content", None)
        if self._options.mode == "json" and isinstance(content, str) and (fenced := _FENCED.match(content)):
            message.content = fenced[1]
        return response  # type: ignore[return-value]  # shown above to be one

    def _enough(self, state: RetryCallState) -> bool:
        failure = state.outcome.exception() if state.outcome else None
        if isinstance(failure, TimedOut):
            return state.attempt_number >= min(2, self._options.attempts)
        patience = self._options.timeout
        if isinstance(failure, Transient) and failure.after is not None and failure.after > patience:
            return True  # "come back in an hour" is not waited for
        return state.attempt_number >= self._options.attempts

    def _wait(self, state: RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        if isinstance(failure, Transient) and failure.after is not None:
            wait = failure.after
        else:
            wait = min(LONGEST_WAIT, FIRST_WAIT * LONGER ** (state.attempt_number - 1))
            wait *= 0.75 + random.random() / 2  # noqa: S311  # jitter, not a secret
        return self._budget.seconds_left(wait)

    def _estimated(self, sending: Sending, response: object) -> Tokens:
        message = getattr(first_choice(response), "message", None)
        arguments = [getattr(getattr(call, "function", None), "arguments", None) for call in tool_calls(message)]
        texts = [text for text in (getattr(message, "content", None), *arguments) if isinstance(text, str)]
        return Tokens(sending.input_tokens, 0, sum(estimate_tokens(text) for text in texts))


def first_choice(response: object) -> object | None:
    """The one choice of an answer; the client checks nothing, so it may be anything."""
    choices = getattr(response, "choices", None)
    return choices[0] if isinstance(choices, list) and choices else None


def tool_calls(message: object) -> list[object]:
    """The tool calls of a message; none where there are none."""
    calls = getattr(message, "tool_calls", None)
    return calls if isinstance(calls, list) else []


async def _sleep(seconds: float) -> None:
    await sleep(seconds)  # looked up when called: a test puts its own in its place
