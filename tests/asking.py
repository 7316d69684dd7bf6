"""Questions and a scripted model for the tests of the seam."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from summarise.answers import Note, ReportGroups
from summarise.contract import Usage
from summarise.model import ModelOptions, ModelReader, parse
from summarise.question import NoteData, NumberedSentence, Question, Record, RecordsData
from summarise.scripted import ScriptedModel
from summarise.store import Store

PROMPTS = {
    "note": "---\nname: note\nanswer: Note\nvariables: [title, outlet, language, sentences]\n---\nNote it.\n"
    "=== user ===\nTitle: {{ title }}\nOutlet: {{ outlet }}\nLanguage: {{ language }}\n\nSentences:\n"
    "{% for s in sentences -%}\n[{{ s.number }}] {{ s.text }}\n{% endfor %}\n",
    "reports": "---\nname: reports\nanswer: ReportGroups\nvariables: [records]\n---\nGroup them.\n"
    "=== user ===\nRecords:\n{% for r in records -%}\n[{{ r.number }}] {{ r.label }} | {{ r.text }}\n{% endfor %}\n",
}
MODEL = "scripted"
SENTENCES = (
    "The president of France, Emmanuel Macron, said on Tuesday that he opposes the plan.",
    "“We will not leave,” Russian Foreign Minister Sergei Lavrov told reporters.",
)


def prompts(folder: Path) -> Path:
    """A folder with the two prompt files above."""
    made = folder / "prompts"
    made.mkdir(exist_ok=True)
    for name, text in PROMPTS.items():
        (made / f"{name}.md").write_text(text, encoding="utf-8")
    return made


def in_range(note: Note) -> list[str]:
    """The faults of a note on the two sentences."""
    numbers = [number for position in note.positions for number in position.sentences]
    numbers += [number for actor in note.actors for number in actor.sentences]
    return [f"there is no sentence {number}" for number in numbers if not 1 <= number <= len(SENTENCES)]


def note_question(*texts: str, faults: Callable[[Note], list[str]] = in_range) -> Question[Note]:
    """A note on the sentences given, by default the two above."""
    sentences = tuple(NumberedSentence(number=number, text=text) for number, text in enumerate(texts or SENTENCES, 1))
    data = NoteData(title="A plan", outlet="Herald", language="en", sentences=sentences)
    return Question("note", "article a.txt", data, Note, faults)


def reports_question() -> Question[ReportGroups]:
    """Three records to group."""
    texts = ("Bloomberg", "a report by Bloomberg", "AFP")
    records = tuple(Record(number=number, label="agency", text=text) for number, text in enumerate(texts, 1))
    return Question("reports", "the reports", RecordsData(records=records), ReportGroups, lambda _: [])


class Asked:
    """What came of asking: the answers or errors in order, and the reader's count."""

    def __init__(self, results: list[Any], usage: Usage) -> None:
        self.results = results
        self.usage = usage

    @property
    def result(self) -> Any:
        return self.results[0]


def ask(
    model: ScriptedModel | str,
    *questions: Question[Any],
    folder: Path,
    store: Store | None = None,
    options: ModelOptions | None = None,
    together: bool = True,
) -> Asked:
    """Asks the questions through a new reader, at once or one after the other; errors are results."""
    url = model if isinstance(model, str) else model.base_url

    async def run() -> Asked:
        spec = parse(f"openai:{MODEL}", base_url=url, environ={})
        async with ModelReader(spec, store=store, prompts=prompts(folder), options=options) as reader:
            if together:
                results = await asyncio.gather(*(reader.ask(each) for each in questions), return_exceptions=True)
            else:
                results = [(await asyncio.gather(reader.ask(each), return_exceptions=True))[0] for each in questions]
            return Asked(list(results), reader.usage)

    return asyncio.run(run())
