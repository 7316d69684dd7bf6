"""Title and summary from the records of a finished brief."""

from __future__ import annotations

from summarise import answers
from summarise.extractive.words import trim
from summarise.question import Record, RecordsData

_ORDER = {"event": 0, "issue": 1, "position": 2, "disagreement": 3, "question": 4}
_MOST = {"event": 1, "position": 3, "disagreement": 2, "question": 2}


def written(data: RecordsData, prompt: str = "") -> answers.Written:
    """The most telling records, each as one sentence that rests on that record; the title from the commonest issue."""
    taken: dict[str, int] = {}
    chosen: list[Record] = []
    for record in data.records:
        kind = record.label.strip()
        if taken.get(kind, 0) < _MOST.get(kind, 0):
            taken[kind] = taken.get(kind, 0) + 1
            chosen.append(record)
    chosen.sort(key=lambda r: (_ORDER.get(r.label.strip(), 9), r.number))
    issues = [r for r in data.records if r.label.strip() == "issue"]
    title = trim((issues or chosen or list(data.records))[0].text, 100) if data.records else ""
    return answers.Written(
        title=title or data.about,
        summary=tuple(answers.WrittenSentence(text=_sentence(r.text), records=(r.number,)) for r in chosen),
    )


def _sentence(text: str) -> str:
    text = trim(text)
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…", "”", '"')) else text + "."
