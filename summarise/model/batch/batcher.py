"""The Batcher: gathers the questions of all readers of a process into batches, follows these, and hands answers out."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from summarise import runlog
from summarise.errors import ConfigurationError, ModelUnavailable, SummariseError
from summarise.model.batch.beside import failed, kept, told
from summarise.model.batch.book import Book, Item, UnderWay, under_way
from summarise.model.batch.following import follow, take_up, tidy, tidy_left
from summarise.model.batch.lines import MISSING, custom_id, request_line
from summarise.model.batch.pace import Pace
from summarise.model.batch.queue import Queue
from summarise.model.batch.settling import Settling
from summarise.model.batch.submitting import Ticket, submit
from summarise.model.batch.wire import NO_API, TOO_MANY, Declined, Wire
from summarise.model.client import new_client
from summarise.model.options import ModelOptions
from summarise.model.spec import ModelSpec
from summarise.store import Store
from summarise.store.batches import ANSWERED, FAILED, SETTLED, SUBMITTED

_log = runlog.logger(__name__)

HANDED_OUT = 64
"""Answers that are on their way from the book to their readers at once: not a whole batch of them is in memory."""

_TICKS = 5  # looks in a quiet time: a loop that was held up for long has not been quiet
_TIDY_SECONDS = 10.0
_ONCE_MORE = "once more"  # why a ticket is given back: it is to be submitted anew, and nobody has reserved its price
_NO_BATCHES = frozenset({NO_API, 400, 404, 405, 422, 501})


@dataclass(frozen=True)
class Reply:
    """What came of a question: the body of its answer, or None and why it is to be asked directly.

    `fresh`: what it took is not counted yet; another process, or another reader of this one, had its answer before.
    `again`: its batch came to nothing, and nobody has set aside what a further one takes: to be asked `reserved`.
    `stored`: somebody else has asked it, and has stored the answer since it was looked for.
    """

    body: dict[str, Any] | None
    reason: str = ""
    fresh: bool = True
    again: bool = False
    stored: bool = False


class Batcher:
    """Takes the place of single requests for any number of readers of one event loop, open while the `with` lasts.

        async with Batcher(spec, store) as batch:
            options = ModelOptions(batch=batch)

    `fallen_back` counts why questions were asked directly. Closed in the middle, it leaves what was submitted with
    the provider: the same questions, asked in another run, are found there.
    """

    def __init__(
        self, spec: ModelSpec, store: Store, *, options: ModelOptions | None = None, pace: Pace | None = None
    ) -> None:
        if spec.kind != "openai":
            raise ConfigurationError(
                f"batches need a model behind the OpenAI API, and {spec.display} is none; use --model openai:NAME"
            )
        self._spec, self._store = spec, store
        self._options, self._pace = options or ModelOptions(), pace or Pace()
        self._book = Book(store, spec.base_url, secrets.token_hex(8))
        self._tickets: dict[str, Ticket] = {}
        self._waiting: list[Ticket] = []
        self._followed: dict[str, list[Ticket]] = {}
        self._settling = Settling(self._book)
        self._given_back: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._tidying: set[asyncio.Task[None]] = set()
        self._worked, self._off = False, ""
        self.fallen_back: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        """Opens the client. Raises ConfigurationError where there is no key."""
        self._wire = Wire(new_client(self._spec, self._options), self._spec, self._options, self._pace)
        self._arrived, self._queue = asyncio.Event(), Queue()
        self._handed_out = asyncio.Semaphore(HANDED_OUT)
        self._start(self._gather(), self._waiting)
        self._start(self._upkeep(), [])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._tidying:
            await asyncio.wait(self._tidying, timeout=_TIDY_SECONDS if error is None else 0)
            for task in self._tidying:
                task.cancel()
            await asyncio.gather(*self._tidying, return_exceptions=True)
        await self._settling.flush()
        await self._wire.close()

    @property
    def under_way(self) -> UnderWay:
        """What is with the provider, of this run and of others in this store."""
        return under_way(self._store, self._spec.base_url)

    @property
    def waiting(self) -> UnderWay:
        """What this run waits for now: questions submitted, and the batches they are in."""
        followed = [len(tickets) for tickets in self._followed.values()]
        return UnderWay(sum(followed), len(followed))

    # ---- for the transport

    async def known(self, body: dict[str, Any]) -> bool:
        """Whether a request has been submitted before, so that its price is owed or paid already."""
        return await asyncio.to_thread(self._book.owed, custom_id(self._spec.base_url, body))

    async def ask(
        self,
        body: dict[str, Any],
        tokens: int,
        *,
        place: AsyncExitStack,
        end: AsyncExitStack,
        reserved: bool = True,
        stored: Callable[[], bool] = lambda: False,
    ) -> Reply:
        """What came of a request in a batch, however long it took.

        `place` is closed once the answer has been kept; `end` when its question has ended, one way or the other.
        `reserved`: what it will take is set aside, so that it may be submitted; else only what `known` tells of is
        waited for. `stored` tells whether the store has its answer by now. Raises ModelUnavailable where the provider
        is out of reach, ConfigurationError where it does not know the batch. Cancelled, the question stays where it is.
        """
        name = custom_id(self._spec.base_url, body)
        if self._off and not await self.known(body):
            return self._directly(name, self._off)
        if name not in self._tickets:
            settled = await asyncio.to_thread(self._book.settled, name)
            if settled and stored():  # in this order: what is settled has been stored before
                return Reply(None, stored=True)
            if name not in self._tickets:
                self._queue_up([self._ticket(name, body, tokens, settled)])
        ticket = self._tickets[name]
        ticket.waiters += 1
        ticket.reserved += reserved
        try:
            reason = await asyncio.shield(ticket.future)
        finally:
            ticket.waiters -= 1
            ticket.reserved -= reserved
        if reason == _ONCE_MORE:
            return Reply(None, again=True)
        end.push_async_exit(self._settling.at_end(name))
        if reason:
            return self._directly(name, reason)
        await place.enter_async_context(self._handed_out)
        text = await asyncio.to_thread(self._book.answer, name)
        fresh, ticket.fresh = ticket.fresh, False
        return Reply(json.loads(text), fresh=fresh) if text else self._directly(name, MISSING)

    def _ticket(self, name: str, body: dict[str, Any], tokens: int, settled: str) -> Ticket:
        """A new one. For what is given back somebody else may have had an answer since, which is then its own."""
        settled = "" if name in self._given_back else settled
        self._given_back.discard(name)
        size, future = len(request_line(name, body)), asyncio.get_running_loop().create_future()
        ticket = self._tickets[name] = Ticket(name, body, size, tokens, future, settled=settled)
        return ticket

    def fell_back(self, reason: str, name: str = "") -> None:
        """Counts a question that is asked directly, and tells the log."""
        self.fallen_back[reason] += 1
        _log.warning("question %s has no answer from a batch (%s): asked directly", name, reason)

    def _directly(self, name: str, reason: str) -> Reply:
        self.fell_back(reason, name)
        return Reply(None, reason)

    # ---- gathering

    def _queue_up(self, tickets: Sequence[Ticket]) -> None:
        self._waiting.extend(tickets)
        self._arrived.set()

    def _queue_up_again(self, tickets: Sequence[Ticket]) -> None:
        for ticket in tickets:
            ticket.settled = ""
        self._queue_up(tickets)

    async def _gather(self) -> None:
        """Lets what waits go when nothing more has come for a quiet time, or when it fills a batch."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            still = 0
            while still < _TICKS and not self._full():
                count = len(self._waiting)
                await self._pace.sleep(self._pace.quiet / _TICKS)
                still = still + 1 if len(self._waiting) == count else 0
            waiting = self._waiting[:]
            self._waiting.clear()
            for group in self._groups(waiting):
                self._start(self._place(group), group)

    def _full(self) -> bool:
        size = sum(ticket.size for ticket in self._waiting)
        return len(self._waiting) >= self._pace.questions or size >= self._pace.size

    def _groups(self, tickets: Sequence[Ticket]) -> Iterator[list[Ticket]]:
        """The tickets in the order they came, as few batches as their limits let them be."""
        group: list[Ticket] = []
        size = tokens = 0
        most = self._queue.ceiling
        for ticket in tickets:
            over = most is not None and tokens + ticket.tokens > most
            if group and (len(group) >= self._pace.questions or size + ticket.size > self._pace.size or over):
                yield group
                group, size, tokens = [], 0, 0
            group.append(ticket)
            size, tokens = size + ticket.size, tokens + ticket.tokens
        if group:
            yield group

    # ---- a batch

    async def _place(self, tickets: list[Ticket]) -> None:
        """Submits these as one batch, but for those that are in another one, have an answer, or are not wanted now."""
        tickets = await self._reserved(tickets)
        if not tickets:
            return
        batch = f"b-{secrets.token_hex(12)}"
        tokens = sum(ticket.tokens for ticket in tickets)
        if not await self._queue.enter(batch, tokens, divisible=len(tickets) > 1):
            for group in self._groups(tickets):
                self._start(self._place(group), group)
            return
        created = False
        try:
            wanted = [ticket for ticket in await self._reserved(tickets) if self._wanted(ticket)]
            if not wanted:
                return
            tokens_of = {each.id: each.tokens for each in wanted}
            settled = {each.id: each.settled for each in wanted if each.settled}
            others = await asyncio.to_thread(self._book.claim, batch, tokens_of, settled)
            self._hand_out([each for each in wanted if each.id in others], others)
            mine = [ticket for ticket in wanted if ticket.id not in others]
            if mine and (created := await self._submitted(batch, mine)):
                for ticket in mine:
                    self._follow(batch, ticket)
        finally:
            if not created:
                self._queue.leave(batch)

    async def _reserved(self, tickets: list[Ticket]) -> list[Ticket]:
        """Those that may be submitted; the others wait for what is with the provider, or are given back."""
        owed = [ticket for ticket in tickets if ticket.waiters and not ticket.reserved]
        if not owed:
            return tickets
        items = await asyncio.to_thread(self._book.items, [ticket.id for ticket in owed])
        seen_to: set[str] = set()
        for ticket in owed:
            item = items.get(ticket.id)
            if ticket.reserved:  # somebody has come with money meanwhile
                continue
            seen_to.add(ticket.id)
            if item is not None and item.state != SETTLED:
                self._hand_out([ticket], items)
                continue
            if not ticket.settled:
                self._given_back.add(ticket.id)
            self._resolve(ticket, _ONCE_MORE)
        return [ticket for ticket in tickets if ticket.id not in seen_to]

    def _wanted(self, ticket: Ticket) -> bool:
        if ticket.waiters:
            return True
        self._tickets.pop(ticket.id, None)
        ticket.future.cancel()
        return False

    async def _submitted(self, batch: str, tickets: Sequence[Ticket]) -> bool:
        """Whether the provider has the batch now; if not, it has been seen to what becomes of its questions."""
        try:
            if await submit(self._wire, self._book, batch, tickets, self._pace):
                self._worked = True
                _log.info("batch %s: %d questions submitted", batch, len(tickets))
                return True
        except Declined as declined:
            if declined.code == TOO_MANY:
                await self._refused(batch, str(declined), tickets)
                return False
            reason = declined.code or f"status {declined.status}"
            if not self._worked and declined.status in _NO_BATCHES:
                self._off = f"no Batch API here ({reason})"
                _log.warning("%s: no Batch API; questions are asked directly", declined.said)
            for ticket in tickets:
                self._resolve(ticket, self._off or reason)
            return False
        except ModelUnavailable as error:
            self._fail(tickets, error)
            return False
        self._queue_up_again(tickets)  # another process took it over, and has not got through
        return False

    async def _refused(self, batch: str, said: str, tickets: Sequence[Ticket]) -> None:
        """Too much waits at the provider already: these go again when there is less, or in smaller batches."""
        others = await self._busy()
        ours = self._queue.beside(batch)
        lone = len(tickets) == 1 and self._queue.tokens(batch) <= tickets[0].tokens  # no part of an earlier run's batch
        explained = self._queue.refused(batch, said, alone=not others)
        self._queue.leave(batch)
        _log.warning("batch %s: the provider's queue is too full for %d questions", batch, len(tickets))
        if lone and explained and not ours and not others:
            self._resolve(tickets[0], TOO_MANY)
            return
        if others or not explained:
            await self._pace.sleep(self._pace.longest_poll)
        self._queue_up_again(tickets)

    async def _busy(self) -> bool:
        """Whether batches of others stand in the provider's queue."""
        try:
            return await self._wire.busy(self._queue.batches)
        except (Declined, ModelUnavailable):
            return False

    def _follow(self, batch: str, ticket: Ticket) -> None:
        """Has a question wait for a batch, whoever submitted it."""
        tickets = self._followed.setdefault(batch, [])
        tickets.append(ticket)
        if len(tickets) == 1:
            self._start(self._to_its_end(batch, tickets), tickets)

    async def _to_its_end(self, batch: str, tickets: list[Ticket]) -> None:
        try:
            try:
                if (row := await asyncio.to_thread(self._book.batch, batch)) is not None:
                    self._queue.stands(batch, row.tokens)
                refused = await follow(self._wire, self._book, batch, self._pace)
            except ModelUnavailable as error:
                raise ModelUnavailable(f"{error}; {self.under_way}") from error
            finally:
                self._followed.pop(batch, None)
            if refused is not None:
                await self._refused(batch, refused.said, tickets)
                return
            self._tidy(batch)
            items = await asyncio.to_thread(self._book.items, [ticket.id for ticket in tickets])
            if any(item.batch == batch for item in items.values()):
                self._queue.taken(batch)
        finally:  # however it ended: others wait for its place
            self._queue.leave(batch)
        self._hand_out(tickets, items)

    def _hand_out(self, tickets: Sequence[Ticket], items: Mapping[str, Item]) -> None:
        """Tells those who wait what is known of their questions; what nobody knows of any more goes again."""
        for ticket in tickets:
            item = items.get(ticket.id)
            if item is None:
                self._queue_up_again([ticket])
            elif item.state == SUBMITTED:
                self._follow(item.batch, ticket)
            else:
                ticket.fresh = item.state == ANSWERED
                self._resolve(ticket, (item.reason or MISSING) if item.state == FAILED else "")

    def _resolve(self, ticket: Ticket, reason: str) -> None:
        self._tickets.pop(ticket.id, None)
        if not ticket.future.done():
            ticket.future.set_result(reason)

    def _fail(self, tickets: Sequence[Ticket], error: Exception) -> None:
        for ticket in tickets:
            self._tickets.pop(ticket.id, None)
            if ticket.future.done():
                continue
            if ticket.waiters:
                # one each: an error that is raised in many places gathers all their tracebacks
                own = type(error)(str(error)) if isinstance(error, SummariseError) else error
                ticket.future.set_exception(own)
            else:
                ticket.future.cancel()

    # ---- what runs beside

    def _start(self, work: Coroutine[Any, Any, None], tickets: Sequence[Ticket]) -> None:
        """Has some work done; where it fails, those who hold these tickets are told."""

        async def guarded() -> None:
            try:
                await work
            except Exception as error:  # whatever it is, nobody waits for ever
                if not tickets:
                    failed(error)
                self._fail(list(tickets), error)

        kept(self._tasks, guarded())

    def _tidy(self, batch: str) -> None:
        """Deletes a batch's files at the provider, while others go on."""
        kept(self._tidying, told(tidy(self._wire, self._book, batch)))

    async def _upkeep(self) -> None:
        """What earlier runs left."""
        await told(asyncio.to_thread(self._book.sweep))
        for batch in await asyncio.to_thread(self._book.left):
            if batch not in self._followed:
                kept(self._tidying, told(tidy_left(self._wire, self._book, batch)))
        for batch in await asyncio.to_thread(self._book.begun):
            self._start(self._take_up(batch), [])

    async def _take_up(self, batch: str) -> None:
        """Sees to a submission of another process, should it stand still: nobody may ask for its questions again."""
        await take_up(self._wire, self._book, batch, self._pace)
        if batch not in self._followed:
            kept(self._tidying, told(tidy_left(self._wire, self._book, batch)))
