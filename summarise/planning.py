"""What a run would ask and cost, before a token is spent.

The real pipeline runs, with a reader that asks nobody: answers in the store are read back, and for all others the
embedded rules stand in for the model while the question is counted. So a run whose answers are all stored is planned
at no call at all; the questions after the notes are as many and as long as what the rules find, hence "about".
The time is reckoned from the calls, from how many of them wait for one another, and from how long answers took so far.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from summarise.api import Articles, load, overrides_of
from summarise.asked import Asked
from summarise.contract import Usage
from summarise.errors import UnreadLanguage
from summarise.extractive import RuleReader
from summarise.model import ModelOptions, ModelReader, ModelSpec, estimate_tokens, parse
from summarise.model.account import host
from summarise.model.exchange import checked
from summarise.model.keys import answer_key
from summarise.model.prompts import Prompts
from summarise.model.spec import identity
from summarise.model.usage import Prices, Tokens
from summarise.overrides import Overrides
from summarise.pipeline import make
from summarise.question import A, Question
from summarise.store import Store, default_place, open_store
from summarise.store.places import is_address


@dataclass(frozen=True)
class Plan:
    """`calls` by kind of question, `reused` answers that are stored already, tokens of all calls, US dollars.

    `cost` is None where no price is known; of a batch it is that of batches. `chain` is how many calls go one after the
    other, as each needs what the one before brought. `answer_seconds` is the mean time that the model took for an
    answer so far; None where it has answered none. Plans of several stories add up. Tokens and cost are estimates.
    """

    model: str
    articles: int
    calls: dict[str, int]
    reused: int
    input_tokens: int
    output_tokens: int
    cost: float | None
    chain: int = 0
    answer_seconds: float | None = None
    batch: bool = False

    @property
    def number(self) -> int:
        """Calls of all kinds."""
        return sum(self.calls.values())

    def __add__(self, other: Plan) -> Plan:
        """Both, one after the other, asked of one model."""
        if (self.model, self.batch) != (other.model, other.batch):
            raise ValueError(f"plans of {self.model} and of {other.model} have no sum")
        return Plan(
            model=self.model,
            articles=self.articles + other.articles,
            calls=dict(sorted((Counter(self.calls) + Counter(other.calls)).items())),
            reused=self.reused + other.reused,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cost=None if self.cost is None or other.cost is None else round(self.cost + other.cost, 9),
            chain=self.chain + other.chain,
            answer_seconds=self.answer_seconds if other.answer_seconds is None else other.answer_seconds,
            batch=self.batch,
        )

    def seconds(self, options: ModelOptions, *, jobs: int = 1) -> float | None:
        """About how long it takes, `jobs` stories at once; None in batches, or where the model has not answered yet.

        What so many in flight at once need for calls of which some wait for others: the work shared out, and the chain
        (Graham, "Bounds for certain multiprocessing anomalies", 1966); longer where the limits a minute are.
        """
        if not self.number:
            return 0.0
        if self.batch or self.answer_seconds is None:
            return None
        at_once, chain = min(options.concurrency, self.number), self.chain / max(1, jobs)
        needed = [self.answer_seconds * (self.number / at_once + chain * (1 - 1 / at_once))]
        if options.requests_per_minute:
            needed.append(60 * self.number / options.requests_per_minute)
        if options.tokens_per_minute:
            needed.append(60 * (self.input_tokens + self.output_tokens) / options.tokens_per_minute)
        return max(needed)

    def data(self, options: ModelOptions, *, jobs: int = 1) -> dict[str, Any]:
        """As JSON has it."""
        return {**asdict(self), "seconds": self.seconds(options, jobs=jobs)}


async def plan(
    articles: Articles,
    *,
    about: str = "",
    language: str = "",
    check: bool = False,
    model: str | None = None,
    base_url: str | None = None,
    store: str | Path | Store | None = None,
    prompts: Path | None = None,
    overrides: Overrides | Path | None = None,
    options: ModelOptions | None = None,
    skip: Path | None = None,
    batch: bool = False,
    planned: set[str] | None = None,
) -> Plan:
    """The plan of `abrief` with the same arguments. Sends nothing, needs no key, stores nothing.

    `batch`: what it costs in a provider's batches. `planned`: keys of questions that other stories of the same run ask,
    which are answered from the store by then; those of this one are added.

    Raises what `abrief` raises for articles and settings that cannot be used.
    """
    spec = parse(model, base_url=base_url)
    loaded = await asyncio.to_thread(load, articles, skip=skip)
    used = sum(article.status == "used" for article in loaded)
    if spec.kind == "extractive":
        return Plan(spec.display, used, {}, 0, 0, 0, 0.0)
    given = await asyncio.to_thread(overrides_of, articles, overrides)
    asked = Asked(story="", about=about, language=language, check=check, overrides=given)
    kept = store if isinstance(store, Store) else await asyncio.to_thread(_existing, str(store or default_place()))
    try:
        reader = _Counting(spec, kept, prompts, options or ModelOptions(), batch=batch, planned=planned or ())
        # Where the rules can stand in for no article, the notes are counted and the rest is unknown.
        with suppress(UnreadLanguage):
            await make(loaded, reader, asked)
        if planned is not None:
            planned |= reader.seen
        milliseconds = kept.milliseconds(spec.display, host(spec))
    finally:
        if kept is not store:
            kept.close()
    return Plan(
        model=spec.display,
        articles=used,
        calls=dict(sorted(reader.calls.items())),
        reused=reader.reused,
        input_tokens=reader.tokens.input,
        output_tokens=reader.tokens.output,
        cost=None if reader.cost is None else round(reader.cost, 9),
        chain=reader.waves.number,
        answer_seconds=None if milliseconds is None else milliseconds / 1000,
        batch=batch,
    )


def _existing(place: str) -> Store:
    """The store, where there is one: a plan makes none."""
    return open_store(place) if is_address(place) or Path(place).expanduser().exists() else Store.in_memory()


class _Counting:
    """A `Reader` that counts what `spec` would be asked."""

    def __init__(
        self,
        spec: ModelSpec,
        store: Store,
        prompts: Path | None,
        options: ModelOptions,
        *,
        batch: bool,
        planned: Collection[str] = (),
    ) -> None:
        self.name = spec.display
        self.usage = Usage()
        self.window = options.context_window
        self.calls: Counter[str] = Counter()
        self.reused = 0
        self.tokens = Tokens()
        self.cost: float | None = 0.0
        self.waves = _Waves()
        self._prices, self._batch = Prices(spec, options.price), batch
        self._endpoint, self._model = identity(spec)
        self._store, self._options, self._prompts = store, options, Prompts(prompts)
        self._unopened = ModelReader(spec, prompts=prompts, options=options)
        self._rules = RuleReader()
        self._planned = planned
        self.seen: set[str] = set()

    def room(self) -> AbstractAsyncContextManager[None]:
        return nullcontext()

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
        if key in self._planned:
            return await self._rules.ask(question)
        if key not in self.seen:
            self.seen.add(key)
            self.calls[question.prompt] += 1
            # A model's answer is about as long as what it is asked about; the prompt's fixed part is not.
            self._count(Tokens(self._unopened.estimate(question), 0, estimate_tokens(question.data.model_dump_json())))
        answer = await self._rules.ask(question)
        await self.waves.next()
        return answer

    def _count(self, tokens: Tokens) -> None:
        self.tokens = Tokens(self.tokens.input + tokens.input, 0, self.tokens.output + tokens.output)
        cost = self._prices.cost(tokens, self._batch)
        self.cost = None if self.cost is None or cost is None else self.cost + cost


class _Waves:
    """Questions in the order in which they can be asked: all that need no answer of another first, then the next ones.

    `number` is how many waves there were: so many questions wait for one another.
    """

    _QUIET = 64
    """Turns of the event loop without a new question after which nobody else asks before the wave goes on: results
    reach the next question in a few, a handful for each task group around it."""

    def __init__(self) -> None:
        self.number = 0
        self._waiting: list[asyncio.Future[None]] = []
        self._tide: asyncio.Task[None] | None = None

    async def next(self) -> None:
        """Waits until everybody else who can has asked, too."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        if self._tide is None:
            self._tide = asyncio.create_task(self._go_on())
        await future

    async def _go_on(self) -> None:
        quiet, there = 0, 0
        while quiet < self._QUIET:
            quiet, there = (quiet + 1, there) if len(self._waiting) == there else (0, len(self._waiting))
            await asyncio.sleep(0)
        waiting, self._waiting, self._tide = self._waiting, [], None
        self.number += 1
        for future in waiting:
            if not future.done():
                future.set_result(None)
