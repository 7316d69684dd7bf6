"""The calls of the Batch API: files and batches. Each is tried again as a request is, and none is made twice unseen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Container
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, TYPE_CHECKING, TypeVar

from summarise import runlog
from summarise.errors import ConfigurationError, ModelUnavailable, SummariseError
from summarise.model.batch.lines import ENDPOINT, Result, result_of
from summarise.model.batch.pace import Pace
from summarise.model.client import MOST_BYTES
from summarise.model.failures import Transient, broken_off, explained, malformed, place, timed_out, told_by
from summarise.model.options import ModelOptions
from summarise.model.secret import bytes_without_key
from summarise.model.spec import ModelSpec

if TYPE_CHECKING:
    from openai import AsyncOpenAI, OpenAIError
    from openai.types import Batch as RemoteBatch

T = TypeVar("T")
_log = runlog.logger(__name__)

MARK = "summarise"
"""Under which our own id of a batch stands in its metadata."""
TOO_MANY = "token_limit_exceeded"
"""The provider's code for a batch that waits in too long a queue: it may be submitted again when others have ended."""
ENDED = frozenset({"completed", "failed", "expired", "cancelled"})

NO_API = 200
"""The status of a page, or of whatever else is no answer of an API."""

_LONGER, _LONGEST_RETRY = 8, 20.0
_SLOWEST = 200_000  # bytes a second that a file is waited for
_NOT_HERE = frozenset({405, 501})  # as plain as 404, and worth no second try
_PAGES = 50  # of a hundred batches, in which a batch of ours is looked for
_CHUNK = 200  # results handed on at once
_SKEW = timedelta(days=1)  # by which the provider's clock may differ from ours


class Declined(Exception):
    """The provider does not do this, and asking again would not help. `status` 0: not known."""

    def __init__(self, error: SummariseError, status: int, code: str, said: str) -> None:
        super().__init__(str(error))
        self.error, self.status, self.code, self.said = error, status, code, said


@dataclass(frozen=True)
class Remote:
    """A batch as the provider tells of it: its id there, state, files of what came of it, and why it failed."""

    id: str
    status: str
    files: tuple[str, ...]
    codes: tuple[str, ...]
    said: str
    done: int

    @property
    def ended(self) -> bool:
        """Whether nothing more comes."""
        return self.status in ENDED


class Wire:
    """The Batch API of one endpoint. Every call raises ModelUnavailable or `Declined`, never the client's errors."""

    def __init__(self, client: AsyncOpenAI, spec: ModelSpec, options: ModelOptions, pace: Pace) -> None:
        self._client, self._spec, self._options, self._pace = client, spec, options, pace

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.close()

    async def upload(self, name: str, file: IO[bytes], size: int) -> str:
        """Uploads an input file of so many bytes; its id."""

        async def send() -> str:
            file.seek(0)
            uploaded = await self._client.files.create(file=(name, file), purpose="batch")
            return _id_of(uploaded)

        return await self._patiently(send, size)

    async def create(self, input_file: str, batch: str, made: str) -> Remote:
        """Creates the batch of an uploaded file, with our id of it; one that came to be unseen is found."""

        async def send() -> Remote:
            return _remote(
                await self._client.batches.create(
                    completion_window="24h", endpoint=ENDPOINT, input_file_id=input_file, metadata={MARK: batch}
                )
            )

        async def seen() -> Remote | None:
            with suppress(Declined):
                return await self.find(batch, made)
            return None

        return await self._patiently(send, seen=seen)

    async def find(self, batch: str, made: str) -> Remote | None:
        """The batch with our id in its metadata, made about that time (ISO 8601); None where there is none."""
        since = (datetime.fromisoformat(made) - _SKEW).timestamp()
        after = ""
        for _ in range(_PAGES):
            page = await self._page(after)
            for found in page:
                if (found.metadata or {}).get(MARK) == batch:
                    return _remote(found)
            if not page or (page[-1].created_at or 0) < since:
                return None
            after = page[-1].id
        return None

    async def busy(self, besides: Container[str] = ()) -> bool:
        """Whether the account has any batch under way, besides those with these ids of ours."""
        return any(
            found.status not in ENDED and (found.metadata or {}).get(MARK) not in besides
            for found in await self._page("")
        )

    async def retrieve(self, remote: str) -> Remote:
        """A batch as it stands."""

        async def send() -> Remote:
            return _remote(await self._client.batches.retrieve(remote))

        return await self._patiently(send)

    def unknown(self, remote: str, until: datetime) -> ConfigurationError:
        """The provider has no such batch, though it was submitted there: another project's key sees none of it."""
        return ConfigurationError(
            f"{place(self._spec)} does not know batch {remote}; use the key of the project that submitted it"
            f" (from {until:%Y-%m-%d %H:%M} UTC on its questions are asked anew)"
        )

    async def cancel(self, remote: str) -> None:
        """Has a batch stopped, as far as the provider does."""
        with suppress(Declined, ModelUnavailable):
            await self._patiently(lambda: self._client.batches.cancel(remote))

    async def results(self, file: str) -> AsyncIterator[list[Result]]:
        """What an output or error file says, some results at a time: the file itself is never in memory."""
        import httpx2
        import openai

        some: list[Result] = []
        unread = 0
        try:
            async with self._client.files.with_streaming_response.content(file) as response:
                async for line in _lines(response.iter_bytes(), self._options.timeout):
                    result = result_of(line)
                    unread += result is None
                    if result is not None:
                        some.append(result)
                    if len(some) == _CHUNK:
                        yield some
                        some = []
        except TimeoutError as error:
            raise timed_out(self._spec, "a batch") from error
        except openai.OpenAIError as error:
            failure = self._failure(error)
            raise (failure.error if isinstance(failure, Transient) else failure) from told_by(error)
        except httpx2.HTTPError as error:  # of a body that is read in parts the client passes them on as they are
            raise broken_off(self._spec, "a batch", error) from told_by(error)
        except ValueError as error:
            raise malformed(self._spec, "a batch") from error
        if unread:
            _log.warning("a file of batch results has %d lines that say nothing of any question", unread)
        if some:
            yield some

    async def delete(self, file: str) -> bool:
        """Deletes a file at the provider; whether it is gone."""
        try:
            await self._patiently(lambda: self._client.files.delete(file))
        except Declined as declined:
            return declined.status == 404
        except ModelUnavailable:
            return False
        return True

    async def files_named(self, name: str) -> list[str]:
        """Input files of this name among the newest, whose id was lost."""

        async def send() -> list[str]:
            page = await self._client.files.list(purpose="batch", limit=100)
            return [file.id for file in page.data or [] if file.filename == name]

        with suppress(Declined, ModelUnavailable):
            return await self._patiently(send)
        return []

    async def _page(self, after: str) -> list[RemoteBatch]:
        async def send() -> list[RemoteBatch]:
            listed = (
                self._client.batches.list(limit=100, after=after) if after else self._client.batches.list(limit=100)
            )
            return list((await listed).data or [])

        return await self._patiently(send)

    async def _patiently(
        self, call: Callable[[], Awaitable[T]], size: int = 0, seen: Callable[[], Awaitable[T | None]] | None = None
    ) -> T:
        """The result of a call, made again where it fails in a way that may pass.

        `size`: bytes that go with it; `seen`: looks whether a call whose answer was lost came through all the same.
        """
        import openai

        for attempt in range(1, self._options.attempts + 1):
            odd = False
            try:
                async with asyncio.timeout(self._options.timeout + size / _SLOWEST):
                    return await call()
            except TimeoutError:
                failure = Transient(timed_out(self._spec, "a batch"), spent=True)
            except openai.OpenAIError as error:
                found = self._failure(error)
                if not isinstance(found, Transient):
                    raise found from told_by(error)
                failure = found
            except (ValueError, AttributeError):  # status 200, and no JSON or none of an API
                failure, odd = Transient(malformed(self._spec, "a batch"), spent=True), True
            if seen is not None and (already := await seen()) is not None:
                return already
            if attempt == self._options.attempts or (failure.after or 0) > self._options.timeout:
                if odd:
                    raise Declined(failure.error, NO_API, "", f"{place(self._spec)} answered with no JSON of an API")
                raise failure.error
            wait = min(_LONGEST_RETRY, self._pace.first_retry * _LONGER ** (attempt - 1))
            await self._pace.sleep(wait if failure.after is None else failure.after)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _failure(self, error: OpenAIError) -> Transient | Declined:
        import openai

        found = explained(error, self._spec, "a batch")
        status = error.status_code if isinstance(error, openai.APIStatusError) else 0
        code = str(getattr(error, "code", None) or "")
        if isinstance(found, Transient) and status not in _NOT_HERE and code != TOO_MANY:
            return found
        told = found.error if isinstance(found, Transient) else found
        return Declined(told, status, code, f"{place(self._spec)} answered with status {status}")


def _remote(found: RemoteBatch) -> Remote:
    if found.status is None:
        raise ValueError("no batch")
    errors = (found.errors.data or []) if found.errors else []
    counts = found.request_counts
    return Remote(
        id=_id_of(found),
        status=str(found.status),
        files=tuple(file for file in (found.output_file_id, found.error_file_id) if file),
        codes=tuple(error.code or "" for error in errors),
        said=" ".join(error.message or "" for error in errors),
        done=(counts.completed or 0) + (counts.failed or 0) if counts else 0,
    )


def _id_of(found: object) -> str:
    name = getattr(found, "id", None)
    if not isinstance(name, str) or not name:
        raise ValueError("an answer without an id")
    return name


async def _lines(parts: AsyncIterator[bytes], patience: float) -> AsyncIterator[bytes]:
    """The lines of a file that comes in parts, each waited for so many seconds; ValueError for one without end."""
    rest = b""
    ended = False
    while not ended:
        try:
            async with asyncio.timeout(patience):
                rest += await anext(parts)
        except StopAsyncIteration:
            ended = True
        *whole, rest = rest.split(b"\n")
        for line in [*whole, rest] if ended else whole:
            if line.strip():
                yield bytes_without_key(line)
        if len(rest) > MOST_BYTES:
            raise ValueError("a line without end")
