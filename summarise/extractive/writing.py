"""Title and summary from the records of a finished brief: chosen and shortened, nothing worded anew."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from summarise import answers
from summarise.extractive.words import trim
from summarise.question import Record, RecordsData

_ORDER = ("origin", "position", "disagreement", "event", "question")
_MOST = {"origin": 1, "position": 4, "disagreement": 2, "event": 1, "question": 2}
_POSITION = re.compile(
    r"^(?P<issue>.+?): (?P<actor>[^:()]+) \((?P<stance>[^()]*)\): (?P<said>.+?)(?: \[(?P<origins>\d+)"
    r" independent .*\])?$",
    re.DOTALL,
)
_ORIGIN = re.compile(r"^(?P<report>.+) \(\w+\): passed on by (?P<count>\d+) article")
_PRONOUN = re.compile(
    r"^(?:he|she|they|it|his|her|their|this|the (?:\w+ )?(?:source|diplomat|statement))\b", re.IGNORECASE
)


@dataclass(frozen=True)
class _Line:
    record: Record
    text: str
    issue: str = ""
    actor: str = ""
    origins: int = 0


def written(data: RecordsData) -> answers.Written:
    """The most telling records, each as one sentence that rests on that record; the title from the largest issue."""
    lines = [_line(r) for r in data.records]
    chosen: list[_Line] = []
    for kind in _ORDER:
        of_kind = [line for line in lines if line.record.label.strip() == kind]
        chosen += (
            _varied(of_kind, _MOST[kind])
            if kind == "position"
            else of_kind[-1:]
            if kind == "event"
            else of_kind[: _MOST[kind]]
        )
    return answers.Written(
        title=_title(lines) or data.about or "Brief",
        summary=tuple(answers.WrittenSentence(text=_sentence(line), records=(line.record.number,)) for line in chosen),
    )


def _line(record: Record) -> _Line:
    text = record.text.strip()
    match = _POSITION.match(text) if record.label.strip() == "position" else None
    if match:
        return _Line(record, match["said"], match["issue"], match["actor"], int(match["origins"] or 0))
    return _Line(record, text)


def _varied(lines: list[_Line], most: int) -> list[_Line]:
    """The best attested positions, each actor once before any twice."""
    ranked = sorted(lines, key=lambda line: (-line.origins, line.record.number))
    first: dict[str, _Line] = {}
    for line in ranked:
        first.setdefault(line.actor, line)
    chosen = [*first.values()][:most]
    return sorted(chosen, key=lambda line: line.record.number)


def _title(lines: list[_Line]) -> str:
    issues = Counter(line.issue for line in lines if line.issue)
    if not issues:
        return trim(lines[0].text, 90).rstrip(".") if lines else ""
    issue = min(issues, key=lambda i: (-issues[i], i))
    actors = list(dict.fromkeys(line.actor for line in lines if line.issue == issue))
    named = ", ".join(actors[:3]) + (f" and {len(actors) - 3} more" if len(actors) > 3 else "")
    return f"{issue}: {named}"


def _sentence(line: _Line) -> str:
    kind, text = line.record.label.strip(), trim(line.text, 280)
    if kind == "event":
        when, _, what = text.partition(": ")
        text = what if when == "undated" or not what else f"{what.rstrip('.')} ({when})"
    elif kind == "origin" and (match := _ORIGIN.match(text)):
        text = f"{match['count']} articles rest on one report: {match['report']}"
    elif kind == "question":
        text = "Open: " + re.sub(r" \((?:open|partly_answered|answered)\)$", "", text)
    elif kind == "position" and _PRONOUN.match(text):
        text = f"{line.actor}: {text}"
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…", "”", '"')) else text + "."
