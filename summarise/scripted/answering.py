"""From a request back to the question it asks, and its answer by the embedded rules."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from summarise import answers
from summarise.errors import ModelError
from summarise.model.prompts import home, load
from summarise.question import NoteData, NumberedSentence, Question, Record, RecordsData

_LINE = re.compile(r"^\[(\d+)\] (.*)$", re.MULTILINE)
_HEADER = re.compile(r"^(Title|Outlet|Language|Write in|Story):[ \t]*(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Asked:
    """What a request asks for: the answer type's name, how the answer is to be given, and the words around it."""

    answer: str
    tools: bool
    system: str
    user: str
    model: str

    @classmethod
    def of(cls, body: dict[str, Any]) -> Asked:
        """Reads a chat request. Of several user messages (a re-ask) the first is the question."""
        texts = {"system": "", "user": ""}
        for message in body.get("messages", []):
            role = message.get("role")
            if role in texts and not texts[role]:
                texts[role] = str(message.get("content") or "")
        wanted = body.get("response_format") or {}
        tools = body.get("tools") or []
        if wanted.get("type") == "json_schema":
            name = str(wanted["json_schema"]["name"])
        elif tools:
            name = str(tools[0]["function"]["name"])
        else:
            name = _by_schema(texts["system"])
        return cls(name, bool(tools), texts["system"], texts["user"], str(body.get("model", "")))


def question_of(asked: Asked) -> Question[Any]:
    """The question, parsed back from the prompt's words. Raises ValueError for a type that nobody answers."""
    kind = getattr(answers, asked.answer, None)
    if not (isinstance(kind, type) and issubclass(kind, answers.Answer)):
        raise ValueError(f"no answer type {asked.answer!r}")
    head = {name.lower(): value.strip() for name, value in _HEADER.findall(asked.user.split("\n[", 1)[0])}
    lines = [(int(number), text) for number, text in _LINE.findall(asked.user)]
    data: NoteData | RecordsData
    if kind is answers.Note:
        data = NoteData(
            title=head.get("title", ""),
            outlet=head.get("outlet", ""),
            language=_code(head.get("language", "")),
            write_in=_code(head.get("write in", "")),
            sentences=tuple(NumberedSentence(number=number, text=text) for number, text in lines),
        )
    else:
        records = []
        for number, line in lines:
            label, bar, text = line.partition(" | ")
            records.append(Record(number=number, label=label if bar else "", text=text if bar else line))
        data = RecordsData(
            about=head.get("story", ""), language=_code(head.get("language", "")), records=tuple(records)
        )
    return Question(prompt=_prompt(asked), about="the request", data=data, answer=kind, faults=lambda _: [])


async def answer_of(asked: Asked) -> str:
    """The answer as JSON; an empty one where the rules do not know the article's language."""
    from summarise.extractive import RuleReader

    question = question_of(asked)
    try:
        answer = await RuleReader().ask(question)
    except ModelError:
        return empty(question.answer)
    return str(answer.model_dump_json())


def empty(kind: type[answers.Answer]) -> str:
    """The answer that says nothing: every field empty."""
    return json.dumps({name: "" if field.annotation is str else [] for name, field in kind.model_fields.items()})


def _code(language: str) -> str:
    """A language's code; empty for words such as "not known"."""
    return language if re.fullmatch(r"[a-z]{2,3}(-\w+)?", language) else ""


def _prompt(asked: Asked) -> str:
    """The prompt file's name, by its answer type; where several share one, by the words of the system part."""
    candidates = _by_answer().get(asked.answer, {})
    said = (name for name, system in candidates.items() if asked.system.startswith(system))
    return next(said, next(iter(candidates), asked.answer.lower()))


@cache
def _by_answer() -> dict[str, dict[str, str]]:
    """The system part of each of the program's prompt files, by answer type and name."""
    found: dict[str, dict[str, str]] = {}
    folder = home()
    for path in sorted(folder.glob("*.md")) if folder else ():
        prompt = load(path)
        found.setdefault(prompt.front.answer, {})[prompt.front.name] = prompt.system
    return found


def _by_schema(system: str) -> str:
    """The answer type whose schema stands in the text (JSON mode): the schema's title."""
    decoder = json.JSONDecoder()
    for start in (match.start() for match in re.finditer(r"\{", system)):
        try:
            schema, _ = decoder.raw_decode(system, start)
        except ValueError:
            continue
        if isinstance(schema, dict) and isinstance(schema.get("properties"), dict):
            return str(schema.get("title", ""))
    return ""
