"""Where records cannot all be right, or actors want opposite things; and what became of open questions.

Two accounts differ where the same subject has another number, another purpose or the opposite outcome. Two actors
differ where their stances are opposite on much the same words, or one tells of failure and the other of progress.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from summarise import answers
from summarise.extractive.tables import words
from summarise.extractive.words import content, overlap, trim, weights
from summarise.names import fold
from summarise.question import Record, RecordsData

_FOR, _AGAINST = words("supports offers accepts"), words("opposes refuses denies")
_NUMBER = re.compile(
    r"\d[\d,.]*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens|hundreds|thousands)\b",
    re.IGNORECASE,
)
_SPELLED = {
    w: str(n)
    for n, w in enumerate(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 2
    )
}
_OPPOSED: tuple[tuple[str, str, str], ...] = (
    # of what, one way, the other way
    (
        r"\b(?:talks?|negotiations?|discussions?|meetings?|consultations?|dialogue)\b",
        r"\b(?:stall\w*|fail\w*|collaps\w+|deadlock\w*|broke down|no progress|suspended|stuck)" r"\b",
        r"\b(?:constructive|productive|progress|continue consultations|agreed to continue|fruitful|"
        r"successful|atmosphere was good)\b",
    ),
    (
        r"\b(?:agreement|deal|contract|treaty|accord|lease)\b",
        r"\b(?:terminat\w+|cancel\w+|annul\w*|scrapp?\w+|void|withdr[ae]w\w* from)\b",
        r"\b(?:purely (?:a )?technical|in force|remains valid|still valid|not (?:been )?(?:cancel|"
        r"terminat)\w+|extend\w+|no (?:current )?changes?)\b",
    ),
    (
        r"\b(?:prices?|rate|inflation|exports?|support|approval|deaths?|cases|toll)\b",
        r"\b(?:rose|risen|rising|increas\w+|climb\w+|up)\b",
        r"\b(?:fell|fallen|falling|decreas\w+|declin\w+|dropp?\w+|down)\b",
    ),
    (
        r"\b(?:forces|troops|army|fighters|rebels|militants)\b",
        r"\b(?:advanc\w+|captur\w+|seiz\w+|took control)\b",
        r"\b(?:repell\w+|repuls\w+|retreat\w*|withdr[ae]w\w*|pushed back)\b",
    ),
)
_OPPOSED_RE = tuple(tuple(re.compile(p, re.IGNORECASE) for p in row) for row in _OPPOSED)
_PURPOSES: tuple[frozenset[str], ...] = (
    words("remove evacuate withdraw collect"),
    words("unload deliver bring supply"),
    words("load carry transport transfer"),
    words("attack bomb seize arrest"),
    words("defend protect rescue release free"),
)
_MOST = 6


@dataclass(frozen=True)
class _Row:
    number: int
    issue: str
    actor: str
    stance: str
    statement: str


@dataclass(frozen=True)
class _Told:
    """A particular: the content words of what it is about, and the numbers of its value."""

    number: int
    label: str
    about: str
    value: str
    words: frozenset[str]
    numbers: frozenset[str]


def disagreements(data: RecordsData) -> answers.Disagreements:
    """Between actors, of positions (label the issue)."""
    return answers.Disagreements(disagreements=tuple(_positions(data)[:_MOST]))


def accounts(data: RecordsData) -> answers.Accounts:
    """Between reports, of particulars (label the article, text "about: value")."""
    found: list[answers.Account] = []
    weight = weights([r.text for r in data.records])
    used: set[int] = set()
    given: dict[str, set[str]] = {}
    rows = [_told(r) for r in data.records]
    for row in rows:
        given.setdefault(row.label, set()).update(row.numbers)
    for j, b in enumerate(rows):
        for a in rows[:j]:
            if a.label == b.label or a.number in used or b.number in used:
                continue
            if a.numbers & given[b.label] or b.numbers & given[a.label]:
                continue  # the other article gives this number too: a part of the whole, or an earlier count
            if (
                len(a.words & b.words) < 3
                or overlap(a.words, b.words, weight) < 0.3
                or not _contradict(a.value, b.value)
            ):
                continue
            used |= {a.number, b.number}
            summary = f"{trim(a.about, 120)}: “{a.value}” by one account, “{b.value}” by another"
            found.append(answers.Account(summary=summary, sides=_sides(a.value, [a.number], b.value, [b.number])))
    return answers.Accounts(accounts=tuple(found[:_MOST]))


def _told(record: Record) -> _Told:
    about, _, value = re.sub(r" \(according to [^()]*\)$", "", record.text).rpartition(": ")
    return _Told(record.number, record.label, about, value, content(about), frozenset(_numbers(value)))


def _contradict(a: str, b: str) -> bool:
    """Whether two values of one thing exclude each other."""
    numbers_a, numbers_b = _numbers(a), _numbers(b)
    what_a, what_b = content(_NUMBER.sub(" ", a)), content(_NUMBER.sub(" ", b))
    if numbers_a and numbers_b:
        return numbers_a.isdisjoint(numbers_b) and bool(what_a & what_b)
    verbs = [next((n for n, row in enumerate(_PURPOSES) if v in row), -1) for v in (_verb(a), _verb(b))]
    if -1 not in verbs:
        return verbs[0] != verbs[1] and bool((what_a & what_b) - content(_verb(a)))
    return any(_opposite(p, q, a, b) for _, p, q in _OPPOSED_RE)


def _numbers(text: str) -> set[str]:
    return {_SPELLED.get(n.lower(), n.lower().rstrip(".,")) for n in _NUMBER.findall(text)}


def _verb(value: str) -> str:
    found = value.split()
    return found[1] if len(found) > 1 and found[0] == "to" else ""


def _opposite(one: re.Pattern[str], other: re.Pattern[str], a: str, b: str) -> bool:
    return bool((one.search(a) and other.search(b)) or (other.search(a) and one.search(b)))


def _positions(data: RecordsData) -> list[answers.WeighedDisagreement]:
    rows = [_row(r) for r in data.records]
    found: list[answers.WeighedDisagreement] = []
    used: set[int] = set()
    for topic, one, other in _OPPOSED_RE:
        about = [r for r in rows if topic.search(r.statement)]
        bad = [r for r in about if one.search(r.statement)]
        good = [
            r for r in about if other.search(r.statement) and r not in bad and r.actor not in {b.actor for b in bad}
        ]
        pairs = [(x, y) for x in bad for y in good if content(x.statement) & content(y.statement)]
        if pairs:
            left, right = _unique([x for x, _ in pairs]), _unique([y for _, y in pairs])
            found.append(_between(left[:4], right[:4]))
            used |= {r.number for r in (*left, *right)}
    weight = weights([r.statement for r in rows])
    words = {r.number: content(r.statement) - content(r.actor) for r in rows}
    for j, b in enumerate(rows):
        for a in rows[:j]:
            if a.actor == b.actor or not _opposed(a.stance, b.stance) or used & {a.number, b.number}:
                continue
            one_side, other_side = words[a.number], words[b.number]
            if len(one_side & other_side) >= 3 and overlap(one_side, other_side, weight) >= 0.35:
                found.append(_between([a], [b]))
                used |= {a.number, b.number}
    return found


def _opposed(one: str, other: str) -> bool:
    """Whether one is for what the other is against, or denies what the other alleges."""
    apart = (one in _FOR) != (other in _FOR) and (one in _AGAINST) != (other in _AGAINST)
    return apart or (one, other) in {("denies", "alleges"), ("alleges", "denies")}


def _unique(rows: list[_Row]) -> list[_Row]:
    return list(dict.fromkeys(rows))


def _row(record: Record) -> _Row:
    parts = [p.strip() for p in record.text.split(" | ")]
    rest = [p for p in parts[2:] if not p.startswith("via ") and not re.fullmatch(r"[\d/.-]+", p)]
    stance = parts[1] if len(parts) > 1 else ""
    return _Row(record.number, record.label, fold(parts[0]), stance, max(rest, key=len, default=record.text))


def _between(left: list[_Row], right: list[_Row]) -> answers.WeighedDisagreement:
    one, other = trim(left[0].statement, 160), trim(right[0].statement, 160)
    return answers.WeighedDisagreement(
        kind="between_actors",
        summary=f"“{one}” against “{other}”",
        sides=_sides(one, [r.number for r in left], other, [r.number for r in right]),
    )


def _sides(a: str, of_a: list[int], b: str, of_b: list[int]) -> tuple[answers.WeighedSide, answers.WeighedSide]:
    return (
        answers.WeighedSide(statement=a, members=tuple(of_a)),
        answers.WeighedSide(statement=b, members=tuple(of_b)),
    )


def supports(data: RecordsData) -> answers.Supports:
    """A statement (label) is not borne out where a number of it, or most of its words, stand in no sentence (text)."""
    faults: list[answers.SupportFault] = []
    for r in data.records:
        said, shown = content(r.label), content(r.text)
        if _numbers(r.label) - _numbers(r.text):
            faults.append(answers.SupportFault(record=r.number, why="a number that the sentences do not have"))
        elif len(said & shown) * 2 < len(said):
            faults.append(answers.SupportFault(record=r.number, why="most of its words stand in no sentence"))
    return answers.Supports(faults=tuple(faults))


def weighed_questions(data: RecordsData) -> answers.WeighedQuestions:
    """Rules cannot tell an answer from more talk about the question: every question stays open."""
    return answers.WeighedQuestions(questions=())
