"""Groups of numbered records, by rules: actors, reports, events, issues, positions, questions.

A group says "the same"; what no group names stays alone, so each rule joins only what it is sure of.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast, get_args

from summarise import answers
from summarise.contract import Stance
from summarise.extractive.words import content, overlap, stem, tokens, weights
from summarise.names import alike_by, fold, place_of, same_actor, surname
from summarise.question import Record, RecordsData

_SAME_POSITION = 0.5  # shared idf weight of the lighter record, over which two records of one actor say one thing
_HEADINGS = 12  # groups of topics; what is left keeps its own heading
_SAME_QUESTION = 0.5
_SAME_EVENT = 0.45
_TRAITS = {True: ("name ", "ends "), False: ("name ", "place ", "letters ")}  # by which a person, another is known
_STANCES = frozenset(get_args(Stance))


@dataclass(frozen=True)
class _NamedRecord:
    number: int
    kind: str
    names: tuple[str, ...]
    full: bool


def clusters(count: int, same: Callable[[int, int], bool]) -> list[list[int]]:
    """Groups of 0..count-1 in which each member is the same as at least half of the group; in order of first member."""
    groups: list[list[int]] = []
    for n in range(count):
        fits = [(sum(same(m, n) for m in group) / len(group), -k) for k, group in enumerate(groups)]
        best = max(fits, default=(0.0, 0))
        if best[0] >= 0.5:
            groups[-best[1]].append(n)
        else:
            groups.append([n])
    return groups


# ---- articles


def strangers(data: RecordsData) -> answers.Strangers:
    """Doubtful articles whose subject shares no word that carries meaning with any subject of the story."""
    story = [content(r.text) for r in data.records if r.label.strip() == "story"]
    told = frozenset().union(*story)
    return answers.Strangers(
        strangers=tuple(
            answers.Stranger(record=r.number, reason=r.text.strip())
            for r in data.records
            if r.label.strip() == "doubtful" and story and len(content(r.text)) >= 3 and not content(r.text) & told
        )
    )


# ---- actors


def actor_groups(data: RecordsData) -> answers.ActorGroups:
    """Joins names that are plainly one actor; a bare surname only where one full name ends in it."""
    rows = [_named(r) for r in data.records]
    full_by_surname: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for name in row.names:
            if row.kind == "person" and len(fold(name).split()) > 1:
                full_by_surname[surname(name)].add(fold(name).split()[0][:3])
    parent = list(range(len(rows)))
    reasons: dict[int, str] = {}

    def root(n: int) -> int:
        while parent[n] != n:
            n = parent[n]
        return n

    alike: dict[str, list[int]] = defaultdict(list)  # rows before this one, by what they could have in common with it
    for j, b in enumerate(rows):
        traits = frozenset[str]().union(*(_traits(name, b.kind) for name in b.names))
        near = sorted({i for trait in traits for i in alike[trait]})
        for trait in traits:
            alike[trait].append(j)
        for i in near:
            a = rows[i]
            reason = same_actor(a.names, a.kind, b.names, b.kind)
            if reason == "surname of a full name" and len(full_by_surname[surname(a.names[0])]) > 1:
                continue
            if reason and root(i) != root(j):
                low, high = sorted((root(i), root(j)))
                parent[high] = low
                reasons[low] = reasons.get(low) or reason
    groups = defaultdict(list)
    for n in range(len(rows)):
        groups[root(n)].append(n)
    return answers.ActorGroups(
        groups=tuple(
            answers.ActorGroup(
                members=tuple(rows[n].number for n in group),
                name=_best_name([rows[n] for n in group]),
                reason=reasons[first],
            )
            for first, group in sorted(groups.items())
            if len(group) > 1
        )
    )


def _traits(name: str, kind: str) -> frozenset[str]:
    """What two names that `same_actor` joins have in common, at least one of these; of a person the surname, too."""
    traits = frozenset(trait for trait in alike_by(name) if trait.startswith(_TRAITS[kind == "person"]))
    words = fold(name).split()
    return traits | {f"last {words[-1].removeprefix('al-')}"} if kind == "person" and words else traits


def _named(record: Record) -> _NamedRecord:
    parts = [p.strip() for p in record.text.split(";")]
    names = [parts[0]]
    for part in parts[1:]:
        if part.casefold().startswith("also:"):
            names += [n.strip() for n in part[5:].split(",")]
    return _NamedRecord(record.number, record.label.strip(), tuple(n for n in names if n), len(parts[0].split()) > 1)


def _best_name(rows: Sequence[_NamedRecord]) -> str:
    """The fullest of a person's names; the commonest of anybody else's, the country itself first."""
    names = [row.names[0] for row in rows if row.names]
    if rows[0].kind == "person":
        return max(names, key=lambda n: (len(n.split()), len(n)))
    places = [n for n in names if place_of(n) == fold(n)]
    return (places or sorted(names, key=lambda n: (-len(n.split()), n)))[0]


# ---- reports


def report_groups(data: RecordsData) -> answers.ReportGroups:
    """Joins reports of one name; for agencies and outlets the name is the report."""
    by_name: dict[str, list[Record]] = defaultdict(list)
    keys = {r.number: _report_key(_report_name(r.text)) for r in data.records}
    for record in data.records:
        if record.label.strip() == "unnamed_source":
            continue
        key = keys[record.number]
        longer = {k for k in keys.values() if k.endswith(" " + key)}
        by_name[longer.pop() if len(longer) == 1 else key].append(record)
    return answers.ReportGroups(
        groups=tuple(
            answers.ReportGroup(
                members=tuple(r.number for r in rows), report=max((_report_name(r.text) for r in rows), key=len)
            )
            for rows in by_name.values()
            if len(rows) > 1
        )
    )


def _report_name(text: str) -> str:
    return re.split(r"; in |; ", text)[0].strip()


def _report_key(text: str) -> str:
    words = [
        w
        for w in fold(text).split()
        if w not in {"report", "news", "agency", "state-run", "the", "newspaper", "magazine"}
    ]
    return " ".join(words) or fold(text)


# ---- events


def event_groups(data: RecordsData) -> answers.EventGroups:
    """Joins records of one date that share their content words."""
    told = [content(r.text.split(" | ")[0]) for r in data.records]
    weight = weights([r.text.split(" | ")[0] for r in data.records])

    def same(i: int, j: int) -> bool:
        if not dates_agree(data.records[i].label, data.records[j].label):
            return False
        return len(told[i] & told[j]) >= 3 and overlap(told[i], told[j], weight) >= _SAME_EVENT

    return answers.EventGroups(
        groups=tuple(
            answers.EventGroup(
                members=_numbers(data, group), what=min((data.records[n].text.split(" | ")[0] for n in group), key=len)
            )
            for group in clusters(len(data.records), same)
            if len(group) > 1
        )
    )


def dates_agree(a: str, b: str) -> bool:
    """Whether two dates can be one: equal, one more precise than the other, or a weekday that the other falls on."""
    a, b = a.strip(), b.strip()
    if not a or not b:
        return a == b
    if a == b or a.startswith(b + "-") or b.startswith(a + "-"):
        return True
    for short, long in ((a, b), (b, a)):
        if short.startswith("--") and long[:4].isdigit() and long[4:].startswith(short[1:]):
            return True
        if re.fullmatch(r"[A-Z][a-z]{2}\+?", short) and re.fullmatch(r"\d{4}-\d\d-\d\d", long):
            return datetime.date.fromisoformat(long).strftime("%a") == short[:3]
    return False


# ---- issues


def issue_groups(data: RecordsData) -> answers.IssueGroups:
    """Puts every topic under a heading: a word that several records share, the rarer and commoner ones balanced."""
    texts = [r.text for r in data.records]
    who = frozenset().union(*(content(r.label) for r in data.records))
    topics = [_topic_words(_topic(t)) - who for t in texts]
    keys = [_topic_words(t) - who for t in texts]
    count = Counter(w for k in keys for w in k)
    limit = max(3, round(0.25 * len(texts)))
    free = set(range(len(texts)))
    groups: list[answers.IssueGroup] = []
    while len(groups) < _HEADINGS:
        score = Counter(w for n in sorted(free) for w in keys[n] if 2 <= count[w] <= limit)
        score.update(w for n in sorted(free) for w in topics[n] if w in score)
        if not score:
            break
        head = min(score, key=lambda w: (-score[w], w))
        members = [n for n in sorted(free) if head in keys[n]]
        if len(members) < 2:
            break
        free -= set(members)
        groups.append(answers.IssueGroup(members=_numbers(data, members), title=_heading(head, members, texts)))
    for n in sorted(free):
        groups.append(answers.IssueGroup(members=(data.records[n].number,), title=_sentence_case(_topic(texts[n]))))
    return answers.IssueGroups(groups=tuple(groups))


def _topic(text: str) -> str:
    return text.split(" — ")[0].split(" - ")[0].strip()


def _topic_words(text: str) -> frozenset[str]:
    return frozenset(w for w in content(text) if len(w) > 2 and not w.isdigit())


def _heading(head: str, members: Sequence[int], texts: Sequence[str]) -> str:
    """The topic of two or three words that has the heading's word; else the word itself as the records write it."""
    topics = [_topic(texts[n]) for n in members if head in content(_topic(texts[n]))]
    if topics:
        return _sentence_case(min(topics, key=lambda t: (abs(len(t.split()) - 3), len(t), t)))
    forms = Counter(
        w.removesuffix("’s").removesuffix("'s") for n in members for w in tokens(texts[n]) if stem(w) == head
    )
    return _sentence_case(min(forms, key=lambda w: (-forms[w], w)))


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


# ---- positions and questions


@dataclass(frozen=True)
class _Held:
    number: int
    actor: str
    topic: str
    stance: str
    statement: str


def position_groups(data: RecordsData) -> answers.PositionGroups:
    """Joins what one actor is said to hold where the content words are nearly the same."""
    rows = [_held(r) for r in data.records]
    weight = weights([r.statement for r in rows])
    words = [content(r.statement) - content(r.actor) for r in rows]
    actors = [fold(r.actor) for r in rows]

    def same(i: int, j: int) -> bool:
        if actors[i] != actors[j] or len(words[i] & words[j]) < min(3, len(words[i]), len(words[j])):
            return False
        return overlap(words[i], words[j], weight) >= _SAME_POSITION

    groups = []
    for group in clusters(len(rows), same):
        if len(group) > 1:
            members = [rows[n] for n in group]
            known = Counter(m.stance for m in members if m.stance != "unclassified")
            stance = min(known, key=lambda s: (-known[s], s)) if known else "unclassified"
            best = min(members, key=lambda m: (abs(len(m.statement) - 140), m.number))
            groups.append(
                answers.PositionGroup(
                    members=tuple(m.number for m in members), stance=cast(Stance, stance), statement=best.statement
                )
            )
    return answers.PositionGroups(groups=tuple(groups), left_out=())


def _held(record: Record) -> _Held:
    parts = [p.strip() for p in record.text.split(" | ")]
    topic, stance, statement = parts[:3] if len(parts) >= 3 else ("", "", record.text.strip())
    return _Held(record.number, record.label, topic, stance if stance in _STANCES else "unclassified", statement)


def question_groups(data: RecordsData) -> answers.QuestionGroups:
    """Joins questions that share most of their content words."""
    weight = weights([r.text for r in data.records])

    def same(i: int, j: int) -> bool:
        a, b = (content(data.records[n].text.split(" — ")[0]) for n in (i, j))
        return len(a & b) >= 3 and overlap(a, b, weight) >= _SAME_QUESTION

    groups = []
    for group in clusters(len(data.records), same):
        if len(group) > 1:
            best = min((data.records[n] for n in group), key=lambda r: (len(r.text), r.number))
            question, _, why = best.text.partition(" — ")
            groups.append(
                answers.QuestionGroup(
                    members=_numbers(data, group), question=question.strip(), why_open=why.strip(), settled_by=""
                )
            )
    return answers.QuestionGroups(groups=tuple(groups), left_out=())


def _numbers(data: RecordsData, indices: Sequence[int]) -> tuple[int, ...]:
    return tuple(data.records[n].number for n in indices)
