"""The seam: every question to a model goes through `ModelReader.ask`.

render ─▶ key ─▶ look up ─▶ limit ─▶ call (deadline, retry) ─▶ validate (one re-ask) ─▶ store ─▶ count
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from summarise import runlog
from summarise.answers import Answer
from summarise.contract import Usage
from summarise.errors import ConfigurationError, InvalidAnswer, ModelError, SummariseError
from summarise.model.account import Account, spent
from summarise.model.budget import Purse
from summarise.model.exchange import FAULT_LENGTH, REASKS, Exchange, checked, current, patched_create, shape
from summarise.model.failures import AnsweredMeanwhile
from summarise.model.keys import answer_key
from summarise.model.options import ModelOptions
from summarise.model.prompts import Messages, Prompts, oneline
from summarise.model.schema import response_format, strict_schema, tool
from summarise.model.spec import ModelSpec, api_key, identity
from summarise.model.tokens import estimate_tokens
from summarise.model.transport import Sending, Transport, tool_calls
from summarise.model.turns import Turns
from summarise.model.usage import Meter, Prices
from summarise.question import A, Question
from summarise.store import Spent, Store, StoredAnswer

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

T = TypeVar("T")
_log = runlog.logger(__name__)


class ModelReader:
    """A model that answers questions: behind an endpoint, or a gguf file served in-process.

        async with ModelReader(spec, store=store, prompts=None, options=ModelOptions()) as reader:
            note = await reader.ask(question)

    One client, one set of limits, one count; any number of tasks of one event loop may ask at once, and two that ask
    the same question make one call. `store` None keeps answers while the reader is open; a store given stays open.
    `on_usage` is called with the sum so far whenever it changes, `on_answer` with the key of every answer given.
    `account`: whose questions these are, for the store's ledger.
    """

    def __init__(
        self,
        spec: ModelSpec,
        *,
        store: Store | None = None,
        prompts: Path | None = None,
        options: ModelOptions | None = None,
        on_usage: Callable[[Usage], None] | None = None,
        on_answer: Callable[[str], None] | None = None,
        account: Account | None = None,
    ) -> None:
        if spec.kind == "extractive":
            raise ConfigurationError("the extractive reader is no model; open it with summarise.model.open_reader")
        self._spec = spec
        self._options = options or ModelOptions()
        self._prompts = Prompts(prompts)
        self._given_store = store
        self._prices = Prices(spec, self._options.price)
        purse = self._options.purse or Purse(self._options.max_cost, self._options.max_tokens)
        self._meter = Meter(self._prices, on_usage, purse)
        self._on_answer = on_answer or (lambda key: None)
        self._account = account or Account()
        self._unwritten: list[Spent] = []
        self._rendered: tuple[Question[Any], Messages] | None = None
        self._turns = self._options.limits.turns if self._options.limits else Turns()
        self._closing = AsyncExitStack()

    @property
    def name(self) -> str:
        """What `run.model` says."""
        return self._spec.display

    @property
    def usage(self) -> Usage:
        """Calls, tokens and cost so far, every attempt counted."""
        return self._meter.usage

    async def __aenter__(self) -> ModelReader:
        """Starts the model (a gguf file) or the client. Raises ConfigurationError: no key, no such file, no extra."""
        async with AsyncExitStack() as opening:
            if self._spec.kind == "openai":
                api_key(self._spec)  # a missing key is told before anything is loaded
            self._endpoint, self._model = await asyncio.to_thread(identity, self._spec)
            if self._spec.path is not None:
                from summarise.model.gguf import serve

                served = await opening.enter_async_context(serve(self._spec.path, self._options.context_window))
                self._spec = replace(self._spec, base_url=served.base_url)
                # one at a time: a request that only waits its turn would use up its time-out
                self._options = replace(self._options, concurrency=1, limits=None, context_window=served.context_window)
            await asyncio.to_thread(_warm, self._prices)
            self._store = self._given_store or opening.enter_context(Store.in_memory())
            opening.push_async_callback(self._write_down)
            self._transport = Transport(self._spec, self._options, self._meter)
            opening.push_async_callback(self._transport.close)
            self._create = patched_create(self._send, self._options.mode)
            self._closing = opening.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self._closing.aclose()

    def room(self) -> AbstractAsyncContextManager[None]:
        """Room to prepare and ask a question; see `summarise.question.Reader`."""
        return self._transport.room()

    # ---- the steps of a question

    async def ask(self, question: Question[A]) -> A:
        """The answer to a question; see `summarise.question.Reader`.

        Raises ModelUnavailable, Refused, CutOff, InvalidAnswer or ModelError for this question,
        ConfigurationError and BudgetSpent for all of them.
        """
        messages = self._render(question)
        key = answer_key(messages, question.answer, self._endpoint, self._model, self._options)
        async with self._turns.alone(key):
            while (answer := await self._look_up(key, question)) is None:
                with suppress(AnsweredMeanwhile):
                    answer = await self._answered(key, question, messages)
                    break
        self._on_answer(key)
        return answer

    async def _answered(self, key: str, question: Question[A], messages: Messages) -> A:
        """The model's answer, stored. Raises AnsweredMeanwhile where somebody else's is."""
        async with AsyncExitStack() as end, AsyncExitStack() as place:
            tokens, stored = self._input_tokens(messages, question.answer), lambda: self._store.get(key) is not None
            exchange = Exchange(question, tokens, stored, place=place, end=end)
            async with self._written_down(exchange):
                with _failing(question, key):
                    answer = await self._call(messages, exchange)
                return await self._keep(key, exchange, answer)

    @property
    def window(self) -> int:
        """Tokens that a question and its answer may have together."""
        return self._options.context_window

    def fits(self, question: Question[A]) -> bool:
        """Whether prompt, schema and a usual answer fit into the model's context window, by estimate."""
        return self.estimate(question) + self._reserve <= self._options.context_window

    def estimate(self, question: Question[A]) -> int:
        """About how many tokens the question's request has, schema included."""
        return self._input_tokens(self._render(question), question.answer)

    def _render(self, question: Question[A]) -> Messages:
        if self._rendered is not None and self._rendered[0] is question:  # it was just asked whether it fits
            return self._rendered[1]
        prompt = self._prompts.get(question.prompt)
        if prompt.front.answer != question.answer.__name__:
            raise ConfigurationError(
                f"{prompt.path}: answers {prompt.front.answer}, asked for {question.answer.__name__}"
            )
        messages = prompt.render(question.data)
        self._rendered = question, messages
        return messages

    async def _look_up(self, key: str, question: Question[A]) -> A | None:
        stored = self._store.get(key)  # some 30 µs, and it waits for no writer: no thread needed
        if stored is None:
            return None
        answer, _ = checked(question, stored.answer)
        if answer is None:  # kept before a check that is newer: ask again
            await asyncio.to_thread(self._store.discard, stored)
            return None
        self._meter.reused()
        return answer

    async def _call(self, messages: Messages, exchange: Exchange[A]) -> A:
        """Asks the model, once more after an invalid answer; limit, deadline and retries are the transport's.

        The exchange keeps its place among those in flight until the caller closes that.
        """
        from instructor.core.exceptions import InstructorRetryException

        question = exchange.question
        if exchange.input_tokens + (self._options.max_output_tokens or 0) >= self._options.context_window:
            raise ModelError(
                f"{question.about}: about {exchange.input_tokens:,} tokens do not fit into the model's window of"
                f" {self._options.context_window:,}; raise --context-window if the model takes more"
            )
        body: dict[str, Any] = {"model": self._spec.name, "messages": _messages(messages)}
        if self._options.max_output_tokens is not None:
            body["max_completion_tokens"] = self._options.max_output_tokens
        token = current.set(exchange)
        try:
            answer: A = await self._create(response_model=shape(question.answer), max_retries=REASKS, **body)
            return answer
        except InstructorRetryException as error:
            if exchange.broken is not None:
                raise exchange.broken from None
            cause = error.__cause__
            if isinstance(cause, SummariseError):
                raise cause from cause.__cause__
            said = oneline(" ".join(exchange.told) or cause)[:FAULT_LENGTH]
            raise InvalidAnswer(
                f"{question.about}: no valid answer, asked again too; try another --model or --mode: {said}"
            ) from cause
        finally:
            current.reset(token)

    async def _keep(self, key: str, exchange: Exchange[A], answer: A) -> A:
        """Stores an answer durably, and what it cost; where somebody else was first, theirs is the answer."""
        question = exchange.question
        mine = StoredAnswer(
            key=key,
            answer=exchange.raw,
            kind=question.answer.__name__,
            model=self.name,
            input_tokens=sum(one.tokens.input for one in exchange.spent),
            cached_tokens=sum(one.tokens.cached for one in exchange.spent),
            output_tokens=sum(one.tokens.output for one in exchange.spent),
        )
        stored = await _to_its_end(self._put(mine, exchange))
        if stored.answer == mine.answer:
            return answer
        theirs, _ = checked(question, stored.answer)
        return answer if theirs is None else theirs

    # ---- the ledger

    def _put(self, answer: StoredAnswer, exchange: Exchange[Any]) -> Future[StoredAnswer]:
        put = self._store.put_soon(answer, self._spent(exchange))
        # it is written down, whatever cuts the question off now
        put.add_done_callback(lambda done: None if done.exception() else exchange.spent.clear())
        return put

    def _spent(self, exchange: Exchange[Any]) -> tuple[Spent, ...]:
        return spent(self._account, self._spec, exchange.question.prompt, exchange.spent)

    @asynccontextmanager
    async def _written_down(self, exchange: Exchange[Any]) -> AsyncIterator[None]:
        """What a question took that brings no answer is written down too: at once, or, cut off, with the others."""
        try:
            yield
        except SummariseError:
            self._unwritten += self._spent(exchange)
            await self._write_down()
            raise
        except BaseException:
            self._unwritten += self._spent(exchange)
            raise

    async def _write_down(self) -> None:
        """Writes down what is not yet; what cannot be is told to the log, and tried again at the reader's end."""
        rows, self._unwritten = self._unwritten, []
        if not rows:
            return
        try:
            await _to_its_end(asyncio.ensure_future(asyncio.to_thread(self._store.spend, rows)))
        except SummariseError as error:
            self._unwritten += rows
            _log.warning("what %d questions cost could not be written down: %s", len(rows), error)

    # ---- what instructor calls

    async def _send(self, **body: Any) -> ChatCompletion:
        """`create` as instructor knows it: puts the strict schema in, bounds a re-ask, and sends."""
        exchange = current.get()
        answer: type[Answer] = exchange.question.answer
        if self._options.mode == "json_schema":
            body["response_format"] = response_format(answer)
        elif self._options.mode == "tools":
            body["tools"] = [tool(answer)]
        reask, exchange.faults = exchange.messages > 0, []
        tokens = exchange.input_tokens
        if reask:
            tokens += sum(estimate_tokens(str(message)) for message in body["messages"][exchange.messages :])
            if tokens + self._reserve > self._options.context_window:
                raise InvalidAnswer(
                    f"{exchange.question.about}: the model's answer is not valid, and there is no room to ask again;"
                    " try another --model"
                )
        exchange.messages = len(body["messages"])
        await exchange.place.aclose()  # that of an answer which was not valid
        sending = Sending(
            body, exchange.question.about, tokens, reask, exchange.spent, exchange.place, exchange.end, exchange.stored
        )
        response = await self._transport.send(sending)
        if len(tool_calls(response.choices[0].message)) > 1:
            exchange.faults.append(f"call {answer.__name__} once, with the whole answer")  # instructor takes the first
        return response

    # ---- small things

    @property
    def _reserve(self) -> int:
        return self._options.max_output_tokens or min(16_000, self._options.context_window // 4)

    def _input_tokens(self, messages: Messages, answer: type[Answer]) -> int:
        return estimate_tokens(messages.system) + estimate_tokens(messages.user) + _schema_tokens(answer)


@contextmanager
def _failing(question: Question[Any], key: str) -> Iterator[None]:
    """Tells the log that a question failed: its kind and that of the error, as words of both may be an article's."""
    try:
        yield
    except AnsweredMeanwhile:
        raise
    except SummariseError as error:
        _log.warning("question %s %s: %s", question.prompt, key[:19], type(error).__name__)
        _log.debug("question %s %s: %s: %s", question.prompt, key[:19], question.about, error)
        raise


async def _to_its_end(work: Future[T] | asyncio.Future[T]) -> T:
    """The result of work that a cancellation does not cut short: what it keeps has been paid for.

    Not by `asyncio.shield` and `wrap_future`: beside fifty answers each of their turns of the loop takes some 40 ms.
    """
    cancelled: asyncio.CancelledError | None = None
    loop = asyncio.get_running_loop()
    while not work.done():
        done = loop.create_future()
        work.add_done_callback(partial(_wake, loop, done))
        try:
            await done
        except asyncio.CancelledError as cut:
            cancelled = cut
    if cancelled is None:
        return work.result()
    if (error := work.exception()) is not None:
        _log.warning("an answer could not be kept: %s", error)
    raise cancelled


def _wake(loop: asyncio.AbstractEventLoop, waiting: asyncio.Future[None], _: object) -> None:
    """From any thread."""
    loop.call_soon_threadsafe(lambda: None if waiting.done() else waiting.set_result(None))


def _warm(prices: Prices) -> None:
    """Imports what the first question needs (about a second), beside the event loop and before any time limit runs."""
    import instructor.core.exceptions
    import openai.types.chat
    import tenacity

    _ = (instructor.Mode, instructor.patch, instructor.core.exceptions, openai.types.chat, tenacity)
    prices.warm()


def _messages(messages: Messages) -> list[dict[str, str]]:
    system = [{"role": "system", "content": messages.system}] if messages.system else []
    return [*system, {"role": "user", "content": messages.user}]


@cache
def _schema_tokens(answer: type[Answer]) -> int:
    import json

    return estimate_tokens(json.dumps(strict_schema(answer)))
