"""A reader for stories of any size: it answers those told in tagged sentences, and writes down what was asked.

Questions are answered in waves: all that can be asked before any answer of the wave is known. The number of waves is
the number of calls one after the other, whatever the machine does meanwhile.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from summarise.answers import Answer
from summarise.article import Article
from summarise.contract import Usage
from summarise.loading import ArticleText, load_texts
from summarise.model.options import ModelOptions
from summarise.model.seam import ModelReader
from summarise.model.spec import parse
from summarise.question import A, Question
from summarise.scripted.told import Story, answer_told

STILL = 3  # turns of the event loop in which nobody asks: all wait for an answer


@dataclass
class Waves:
    """Answers told stories; `largest` is the largest request of each kind of question, in estimated tokens."""

    window: int
    waves: int = 0
    tokens: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    largest: dict[str, int] = field(default_factory=dict)
    name: str = "openai:told"
    usage: Usage = field(default_factory=lambda: Usage(cost=0.0))

    def __post_init__(self) -> None:
        spec = parse("openai:told", base_url="http://127.0.0.1:9/v1")
        self._model = ModelReader(spec, options=ModelOptions(context_window=self.window))
        self._waiting: list[asyncio.Future[None]] = []
        self._turning: asyncio.Task[None] | None = None

    def room(self) -> AbstractAsyncContextManager[None]:
        """All that want it."""
        return nullcontext()

    def fits(self, question: Question[A]) -> bool:
        """As a model's reader says."""
        return self._model.fits(question)

    async def ask(self, question: Question[A]) -> A:
        """The answer, once nobody asks any more without having one."""
        size = self._model.estimate(question)
        self.calls[question.prompt] += 1
        self.tokens += size
        self.largest[question.prompt] = max(size, self.largest.get(question.prompt, 0))
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        if self._turning is None:
            self._turning = asyncio.create_task(self._turn())
        await turn
        answer: Any = answer_told(question)
        assert not question.faults(answer)
        return question.answer.model_validate(answer.model_dump()) if not isinstance(answer, Answer) else answer

    async def _turn(self) -> None:
        asked, still = -1, 0
        while still < STILL:
            await asyncio.sleep(0)
            still = still + 1 if asked == len(self._waiting) else 0
            asked = len(self._waiting)
        waiting, self._waiting, self._turning = self._waiting, [], None
        self.waves += 1
        for turn in waiting:
            if not turn.done():
                turn.set_result(None)


@cache
def articles(count: int) -> tuple[Article, ...]:
    """The first articles of a made-up story."""
    story = Story(0)
    return load_texts([ArticleText(path=f"{n:05}.txt", text=story.article(n)) for n in range(count)])
