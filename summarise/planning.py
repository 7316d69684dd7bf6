"""What a run would ask and cost, before a token is spent.

The real pipeline runs, with a reader that asks nobody: answers in the store are read back, and for all others the
embedded rules stand in for the model while the question is counted. So a run whose answers are all stored is planned
at no call at all; the questions after the notes are as many and as long as what the rules find, hence "about".
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from summarise.api import Articles, load
from summarise.asked import Asked
from summarise.contract import Usage
from summarise.errors import UnreadLanguage
from summarise.extractive import RuleReader
from summarise.model import ModelOptions, ModelReader, ModelSpec, estimate_tokens, parse
from summarise.model.exchange import checked
from summarise.model.keys import answer_key
from summarise.model.prompts import Prompts
from summarise.model.spec import identity
from summarise.model.usage import Prices, Tokens
from summarise.pipeline import make
from summarise.question import A, Question
from summarise.store import Store, default_place, open_store
from summarise.store.places import is_address


@dataclass(frozen=True)
class Plan:
    """`calls` by kind of question, `reused` answers that are stored already, tokens of all calls, US dollars.

    `cost` is None where no price is known. Tokens and cost are estimates.
    """

    model: str
    articles: int
    calls: dict[str, int]
    reused: int
    input_tokens: int
    output_tokens: int
    cost: float | None


async def plan(
    articles: Articles,
    *,
    about: str = "",
    language: str = "",
    check: bool = False,
    model: str | None = None,
    base_url: str | None = None,
    store: str | Path | None = None,
    prompts: Path | None = None,
    options: ModelOptions | None = None,
    skip: Path | None = None,
) -> Plan:
    """The plan of `abrief` with the same arguments. Sends nothing, needs no key, stores nothing.

    Raises what `abrief` raises for articles and settings that cannot be used.
    """
    spec = parse(model, base_url=base_url)
    loaded = await asyncio.to_thread(load, articles, skip=skip)
    used = sum(article.status == "used" for article in loaded)
    if spec.kind == "extractive":
        return Plan(spec.display, used, {}, 0, 0, 0, 0.0)
    kept = await asyncio.to_thread(_existing, str(store or default_place()))
    try:
        reader = _Counting(spec, kept, prompts, options or ModelOptions())
        # Where the rules can stand in for no article, the notes are counted and the rest is unknown.
        with suppress(UnreadLanguage):
            await make(loaded, reader, Asked(story="", about=about, language=language, check=check))
    finally:
        kept.close()
    return Plan(
        model=spec.display,
        articles=used,
        calls=dict(sorted(reader.calls.items())),
        reused=reader.reused,
        input_tokens=reader.tokens.input,
        output_tokens=reader.tokens.output,
        cost=Prices(spec).cost(reader.tokens),
    )


def _existing(place: str) -> Store:
    """The store, where there is one: a plan makes none."""
    return open_store(place) if is_address(place) or Path(place).expanduser().exists() else Store.in_memory()


class _Counting:
    """A `Reader` that counts what `spec` would be asked."""

    def __init__(self, spec: ModelSpec, store: Store, prompts: Path | None, options: ModelOptions) -> None:
        self.name = spec.display
        self.usage = Usage()
        self.window = options.context_window
        self.calls: Counter[str] = Counter()
        self.reused = 0
        self.tokens = Tokens()
        self._endpoint, self._model = identity(spec)
        self._store, self._options, self._prompts = store, options, Prompts(prompts)
        self._unopened = ModelReader(spec, prompts=prompts, options=options)
        self._rules = RuleReader()
        self._seen: set[str] = set()

    def fits(self, question: Question[A]) -> bool:
        return self._unopened.fits(question)

    async def ask(self, question: Question[A]) -> A:
        messages = self._prompts.get(question.prompt).render(question.data)
        key = answer_key(messages, question.answer, self._endpoint, self._model, self._options)
        stored = self._store.get(key)
        if stored is not None:
            answer, _ = checked(question, stored.answer)
            if answer is not None:
                self.reused += 1
                return answer
        if key not in self._seen:
            self._seen.add(key)
            self.calls[question.prompt] += 1
            # A model's answer is about as long as what it is asked about; the prompt's fixed part is not.
            said = estimate_tokens(question.data.model_dump_json())
            sent = self._unopened.estimate(question)
            self.tokens = Tokens(self.tokens.input + sent, 0, self.tokens.output + said)
        return await self._rules.ask(question)
