"""From the name of a model to the reader that answers for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from summarise.answers import Note
from summarise.contract import Usage
from summarise.fingerprint import program, tagged
from summarise.model.account import Account
from summarise.model.exchange import checked
from summarise.model.options import ModelOptions
from summarise.model.seam import ModelReader
from summarise.model.spec import ModelSpec
from summarise.question import A, Question, Reader
from summarise.store import Store, StoredAnswer


@asynccontextmanager
async def open_reader(
    spec: ModelSpec,
    *,
    store: Store | None = None,
    prompts: Path | None = None,
    options: ModelOptions | None = None,
    on_usage: Callable[[Usage], None] | None = None,
    on_answer: Callable[[str], None] | None = None,
    account: Account | None = None,
) -> AsyncIterator[Reader]:
    """The reader that `spec` names, open while the `with` lasts: the embedded rules, or a `ModelReader`.

    `on_answer` is called with the key of every answer that is used, asked for now or stored before; `account` says
    whose questions these are.
    """
    if spec.kind == "extractive":
        from summarise.extractive import RuleReader

        yield RuleReader() if store is None else KeptRules(store, on_answer)
        return
    async with ModelReader(
        spec,
        store=store,
        prompts=prompts,
        options=options,
        on_usage=on_usage,
        on_answer=on_answer,
        account=account,
    ) as reader:
        yield reader


class KeptRules:
    """The embedded rules with their notes kept: reading an article by rules takes far longer than looking it up."""

    def __init__(self, store: Store, on_answer: Callable[[str], None] | None = None) -> None:
        from summarise.extractive import RuleReader

        self._rules, self._store, self._on_answer = RuleReader(), store, on_answer
        self.name, self.usage, self.window = self._rules.name, self._rules.usage, self._rules.window

    def room(self) -> AbstractAsyncContextManager[None]:
        """As the rules have it."""
        return self._rules.room()

    def fits(self, question: Question[A]) -> bool:
        """As the rules have it."""
        return self._rules.fits(question)

    async def ask(self, question: Question[A]) -> A:
        """The answer by rules; of a note, the one these very rules gave before."""
        if question.answer is not Note:
            return await self._rules.ask(question)
        key = tagged(f"{self.name}\n{program()}\n{question.data.model_dump_json()}")
        stored = self._store.get(key)
        answer = checked(question, stored.answer)[0] if stored else None
        if answer is None:
            answer = await self._rules.ask(question)
            mine = StoredAnswer(key=key, answer=answer.model_dump_json(), kind="Note", model=self.name)
            await asyncio.wrap_future(self._store.put_soon(mine))
        if self._on_answer:
            self._on_answer(key)
        return answer
