"""Plan: what a run would ask and cost, before anything is spent.

The pipeline itself is run with a reader that looks answers up and sends nothing, so what is counted are the very
requests that would go out. What follows from notes not yet made cannot be counted; it is estimated from recorded
runs: for every 1,000 tokens of notes the later questions sent 1,380 tokens of records and got 230 back.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from summarise.answers import Answer, Note
from summarise.article import Article
from summarise.blocks import USUAL
from summarise.contract import Usage
from summarise.errors import ModelUnavailable
from summarise.model import ModelReader
from summarise.model.usage import Tokens
from summarise.pipeline import Asked, make
from summarise.question import A, NoteData, Question

_LATER = 9  # questions after the notes of a story that fits one part each: see pipeline.make
_PROMPT = 550  # tokens of a later question's own prompt and schema
_RECORDS, _ANSWERS = 1.38, 0.23  # tokens sent and received later, for each token of the notes
_SHARE = 0.25  # of what a later question sends, what comes back


class Plan(BaseModel):
    """An estimate. `cost` (US dollars) is None where the model's price is unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    articles: int = Field(description="that would be read")
    answered: int = Field(description="questions that the store has an answer to")
    calls: int
    input_tokens: int
    output_tokens: int
    cost: float | None


class _LooksUp:
    """A reader that answers what is answered already, and notes what it would have to ask."""

    usage = Usage()

    def __init__(self, reader: ModelReader) -> None:
        self._reader = reader
        self.answered = 0
        self.missing: list[Question[Answer]] = []

    @property
    def name(self) -> str:
        return self._reader.name

    def fits(self, question: Question[A]) -> bool:
        return self._reader.fits(question)

    async def ask(self, question: Question[A]) -> A:
        answer = await self._reader.stored(question)
        if answer is None:
            self.missing.append(question)  # type: ignore[arg-type]
            raise ModelUnavailable(f"{question.about}: not asked yet")
        self.answered += 1
        return answer


def note_tokens(question: Question[Answer], reader: ModelReader) -> int:
    """About how many tokens a note has: measured 3 for each of its text, and 900."""
    data = question.data
    text = "".join(s.text for s in data.sentences) if isinstance(data, NoteData) else ""
    return 3 * reader.tokens(text) + 900


async def plan(articles: Sequence[Article], reader: ModelReader, asked: Asked) -> Plan:
    """What a brief of these articles would take, without asking anything.

    Raises what `pipeline.make` raises for articles that cannot be used at all.
    """
    looking = _LooksUp(reader)
    try:
        await make(articles, looking, asked)
    except ModelUnavailable:
        pass  # no article has a note yet
    notes = [q for q in looking.missing if q.answer is Note]
    later = [q for q in looking.missing if q.answer is not Note]
    sent = sum(map(reader.estimate, notes))
    got = sum(note_tokens(q, reader) for q in notes)
    if notes:
        every = got * len([a for a in articles if a.status == "used"]) // len(notes)
        calls = _LATER - 1 + max(1, int(every * _RECORDS) // USUAL)
        sent, got = sent + int(every * _RECORDS) + calls * _PROMPT, got + int(every * _ANSWERS)
    else:
        calls = len(later)
        later_sent = sum(map(reader.estimate, later))
        sent, got = sent + later_sent, got + int(later_sent * _SHARE)
    return Plan(
        model=reader.name,
        articles=sum(a.status == "used" for a in articles),
        answered=looking.answered,
        calls=len(notes) + calls,
        input_tokens=sent,
        output_tokens=got,
        cost=reader.price(Tokens(sent, 0, got)) if notes or later else 0.0,
    )
