"""Made-up stories told in tagged sentences, and a model that reads them without a fault.

    The ferry line wants higher fares (p17) {position actor=the ferry line; topic=fares (t2); stance=demands}

What stands in braces is what a good note of the sentence would hold; a key in round brackets says which records are
one: those with the same p, q, e, r, t or a key are joined, f keys with different values contradict each other, and so
do d keys with + and -. The rules know no world and no language, so that tests and benchmarks of updates, crashes and
long stories measure the program, not a model's mood.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from summarise import answers
from summarise.question import NoteData, Question, Record, RecordsData

_TAGGED = re.compile(r"^(.*?) \{(\w+)((?: [^{}]*)?)\}$")
_KEY = {kind: re.compile(rf"\(({letter}\d+)([^)]*)\)") for kind, letter in zip("pqertafd", "pqertafd", strict=True)}


def answer_told(question: Question[Any]) -> answers.Answer:
    """The answer to a question about a story told in tagged sentences."""
    if isinstance(question.data, NoteData):
        return _note(question.data)
    return _LATER[question.answer.__name__](question.data)


# ---- reading


def _note(data: NoteData) -> answers.Note:
    found: dict[str, list[Any]] = {kind: [] for kind in _ENTRIES}
    for sentence in data.sentences:
        match = _TAGGED.match(sentence.text)
        if match is None or match[2] not in found:
            continue
        given = dict(pair.strip().split("=", 1) for pair in match[3].split(";") if "=" in pair)
        found[match[2]].append(_ENTRIES[match[2]](match[1], given, sentence.number))
    return answers.Note(
        subject=data.title,
        actors=tuple(found["actor"]),
        positions=tuple(found["position"]),
        facts=tuple(found["fact"]),
        questions=tuple(found["question"]),
        events=tuple(found["event"]),
        reports=tuple(found["report"]),
        doubts=(),
    )


def _names(given: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in given.split(",") if name.strip())


_ENTRIES: dict[str, Callable[[str, dict[str, str], int], Any]] = {
    "actor": lambda text, of, n: answers.NotedActor.model_validate(
        {
            **{"name": of["name"], "entity": of.get("entity", ""), "kind": of.get("kind", "organisation")},
            **{"role": of.get("role", ""), "aliases": _names(of.get("aliases", "")), "sentences": (n,)},
        }
    ),
    "position": lambda text, of, n: answers.NotedPosition.model_validate(
        {
            **{"actor": of["actor"], "topic": of["topic"], "stance": of.get("stance", "supports"), "statement": text},
            **{"quoted": False, "via": _names(of.get("via", "")), "said_on": of.get("on", ""), "sentences": (n,)},
        }
    ),
    "fact": lambda text, of, n: answers.NotedFact(
        about=of["about"], value=of["value"], according_to=of.get("by", ""), sentences=(n,)
    ),
    "question": lambda text, of, n: answers.NotedQuestion(
        question=text, why_open=of.get("why", "nobody says"), settled_by="", sentences=(n,)
    ),
    "event": lambda text, of, n: answers.NotedEvent(
        what=text, when=of.get("when", ""), actors=_names(of.get("actors", "")), sentences=(n,)
    ),
    "report": lambda text, of, n: answers.NotedReport.model_validate(
        {"report": of["report"], "kind": of.get("kind", "agency"), "sentences": (n,)}
    ),
}


# ---- joining


def _by_key(records: Sequence[Record], kind: str, also: Callable[[Record], str] = lambda _: "") -> list[list[Record]]:
    """Records with one key, in groups of two or more."""
    groups: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        if match := _KEY[kind].search(record.text):
            groups.setdefault((match[1], also(record)), []).append(record)
    return [rows for rows in groups.values() if len(rows) > 1]


def _numbers(records: Sequence[Record]) -> tuple[int, ...]:
    return tuple(record.number for record in records)


def _part(record: Record, index: int) -> str:
    parts = record.text.split(" | ")
    return parts[min(index, len(parts) - 1)]


def _issues(data: RecordsData) -> answers.IssueGroups:
    topics: dict[str, list[Record]] = {}
    for record in data.records:
        match = _KEY["t"].search(record.text)
        topics.setdefault(f"Matter {match[1]} ({match[1]})" if match else record.text, []).append(record)
    return answers.IssueGroups(
        groups=tuple(answers.IssueGroup(members=_numbers(rows), title=title) for title, rows in topics.items())
    )


def _positions(data: RecordsData) -> answers.PositionGroups:
    groups = (
        answers.PositionGroup.model_validate(
            {"members": _numbers(rows), "stance": _part(rows[0], 1), "statement": _part(rows[0], 2)}
        )
        for rows in _by_key(data.records, "p", lambda record: record.label)
    )
    return answers.PositionGroups(groups=tuple(groups), left_out=())


def _questions(data: RecordsData) -> answers.QuestionGroups:
    groups = (
        answers.QuestionGroup(
            members=_numbers(rows), question=rows[0].text.split(" — ")[0], why_open="nobody says", settled_by=""
        )
        for rows in _by_key(data.records, "q")
    )
    return answers.QuestionGroups(groups=tuple(groups), left_out=())


def _accounts(data: RecordsData) -> answers.Accounts:
    found = []
    for rows in _by_key(data.records, "f"):
        values: dict[str, list[Record]] = {}
        for record in rows:
            values.setdefault(record.text.split(": ", 1)[-1].split(" (according")[0], []).append(record)
        if len(values) > 1:
            sides = tuple(answers.WeighedSide(statement=v, members=_numbers(held)) for v, held in values.items())
            found.append(answers.Account(summary=f"Reports differ: {' or '.join(values)}.", sides=sides))
    return answers.Accounts(accounts=tuple(found))


def _disagreements(data: RecordsData) -> answers.Disagreements:
    found = []
    for rows in _by_key(data.records, "d", lambda record: record.label):
        sides: dict[str, list[Record]] = {}
        for record in rows:
            match = _KEY["d"].search(record.text)
            sides.setdefault(match[2] if match else "", []).append(record)
        if len(sides) > 1:
            found.append(
                answers.WeighedDisagreement(
                    kind="between_actors",
                    summary=f"They differ over {rows[0].label}.",
                    sides=tuple(
                        answers.WeighedSide(statement=f"side {sign}", members=_numbers(held))
                        for sign, held in sides.items()
                    ),
                )
            )
    return answers.Disagreements(disagreements=tuple(found))


def _answered(data: RecordsData) -> answers.WeighedQuestions:
    told: dict[str, list[int]] = {}
    for record in data.records:
        for key, rest in _KEY["q"].findall(record.text):
            if record.label != "question" and rest == " answered":
                told.setdefault(key, []).append(record.number)
    rows = []
    for record in data.records:
        match = _KEY["q"].search(record.text)
        if record.label == "question" and match and match[1] in told:
            rows.append(
                answers.WeighedQuestion(question=record.number, status="answered", answered_by=tuple(told[match[1]]))
            )
    return answers.WeighedQuestions(questions=tuple(rows))


def _written(data: RecordsData) -> answers.Written:
    rows = tuple(
        answers.WrittenSentence(text=f"{record.text.split(' [')[0]}.", records=(record.number,))
        for record in data.records[:5]
    )
    return answers.Written(title=f"A story of {len(data.records)} records", summary=rows)


_LATER: dict[str, Callable[[RecordsData], answers.Answer]] = {
    "Strangers": lambda data: answers.Strangers(strangers=()),
    "ActorGroups": lambda data: answers.ActorGroups(
        groups=tuple(
            answers.ActorGroup(members=_numbers(rows), name=rows[0].text.split(";")[0], reason="one key")
            for rows in _by_key(data.records, "a")
        )
    ),
    "ReportGroups": lambda data: answers.ReportGroups(
        groups=tuple(
            answers.ReportGroup(members=_numbers(rows), report=rows[0].text.split(";")[0])
            for rows in _by_key(data.records, "r")
        )
    ),
    "EventGroups": lambda data: answers.EventGroups(
        groups=tuple(
            answers.EventGroup(members=_numbers(rows), what=_part(rows[0], 0)) for rows in _by_key(data.records, "e")
        )
    ),
    "IssueGroups": _issues,
    "PositionGroups": _positions,
    "QuestionGroups": _questions,
    "Accounts": _accounts,
    "Disagreements": _disagreements,
    "WeighedQuestions": _answered,
    "Written": _written,
    "Supports": lambda data: answers.Supports(faults=()),
}


# ---- telling

_SYLLABLES = ("ka", "ro", "mi", "ten", "sul", "ba", "dor", "ve", "lin", "ga", "po", "ter", "na", "shi", "wel", "far")
_STANCES = ("supports", "opposes", "demands", "offers", "refuses", "denies", "alleges", "assesses", "predicts")
_MATTERS = (
    "harbour",
    "fares",
    "bridge",
    "water",
    "strike",
    "budget",
    "school",
    "housing",
    "tram",
    "market",
    "park",
    "tax",
)
_FIRST_DAY = date(2026, 1, 5)


def _name(draw: random.Random) -> str:
    return " ".join("".join(draw.choices(_SYLLABLES, k=draw.randint(2, 3))).title() for _ in range(2))


@dataclass(frozen=True)
class Telling:
    """How much an article of a made-up story holds, about what a careful note of a news article of 800 words has.

    `known` is the share of its positions, events and questions that other articles have told, too.
    """

    actors: int = 8
    positions: int = 12
    facts: int = 6
    questions: int = 3
    events: int = 5
    reports: int = 2
    known: float = 0.6
    filler: int = 20


class Story:
    """A made-up story; article n is the same however many others there are.

    Actors grow slowly, matters hardly, events go with the days: what an article says new is what news says new.
    """

    def __init__(self, seed: int = 0, telling: Telling | None = None) -> None:
        self._seed, self._telling = seed, telling or Telling()
        draw = random.Random(f"{seed} cast")  # noqa: S311  # made-up news, no secret
        self._cast = list(dict.fromkeys(_name(draw) for _ in range(4000)))

    def article(self, number: int) -> str:
        """The text of article `number` (from 0), as a file would hold it."""
        draw = random.Random(f"{self._seed} {number}")  # noqa: S311
        day = _FIRST_DAY + timedelta(days=number // 4)
        lines = [f"Outlet {draw.randrange(12)} reports on the story, part {number}", "", f"By {_name(draw)}", ""]
        lines += ["", day.isoformat(), ""]
        lines += [line for entry in self._entries(number, draw, day) for line in (entry, "")]
        return "\n".join(lines)

    def _actor(self, number: int, draw: random.Random) -> str:
        """One of a cast that grows with the square root of the story; the leading ones most often."""
        size = 12 + int((4 * number) ** 0.5)
        return self._cast[min(int(draw.expovariate(5 / size)), size - 1)]

    def _entries(self, number: int, draw: random.Random, day: date) -> list[str]:
        told, many = self._telling, number + 1
        actors = list(dict.fromkeys(self._actor(number, draw) for _ in range(told.actors)))
        rows = [f"{a} met reporters at noon {{actor name={a}; kind=organisation; role=a party to it}}" for a in actors]
        for _ in range(told.positions):
            who, about = draw.choice(actors), draw.randrange(len(_MATTERS))
            old = draw.random() < told.known
            key = about * 40 + draw.randrange(6) if old else 1000 + number * 100 + draw.randrange(100)
            stance = _STANCES[(key + self._cast.index(who)) % len(_STANCES)]
            side = f" (d{about}{'+' if stance in ('supports', 'demands', 'offers') else '-'})"
            wording = draw.choice(("holds", "said again", "made clear", "insisted", "told the council"))
            matter, variant = _MATTERS[about], draw.choice(("", "plan for the ", "future of the "))
            rows.append(
                f"{who} {wording} that the {matter} needs step {key} (p{key}){side if key % 7 == 0 else ''}"
                f" {{position actor={who}; topic={variant}{matter} (t{about}); stance={stance}}}"
            )
        for _ in range(told.facts):
            key = draw.randrange(20 + 2 * many)
            rows.append(
                f"The cost of part {key} came to {draw.choice((3, 3, 3, 4)) * 10 + key} million"
                f" {{fact about=cost of part (f{key}); value={draw.choice((3, 3, 3, 4)) * 10 + key} million}}"
            )
        for _ in range(told.questions):
            key = draw.randrange(10) if draw.random() < told.known else 100 + number * 10 + draw.randrange(10)
            rows.append(f"Who will pay for stage {key} of it (q{key}) {{question why=the council does not say}}")
        for _ in range(told.events):
            old = draw.random() < told.known
            key = (number // 4) * 5 + draw.randrange(5) if old else 100_000 + number * 10 + draw.randrange(10)
            when = day - timedelta(days=draw.randrange(2) if not old else key % 2)
            who = draw.choice(actors)
            rows.append(f"{who} opened hearing {key} (e{key}) {{event when={when.isoformat()}; actors={who}}}")
        for _ in range(told.reports):
            key = draw.randrange(15)
            rows.append(
                f"Agency {key} was first to tell it (r{key}) {{report report=Agency {key} (r{key}); kind=agency}}"
            )
        for _ in range(told.filler):
            rows.append(
                f"Nobody in {_name(draw)} was surprised, and the {draw.choice(_MATTERS)} stayed what it had been"
            )
        draw.shuffle(rows)
        return rows
