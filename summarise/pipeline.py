"""From articles to a brief, a stage a line.

    load ─▶ number ─▶ note ─▶ relate ─▶ reconcile ─▶ weigh ─▶ write ─▶ check ─▶ Brief

First run, update, removal, correction and resuming are this same code: what was answered before is read back by the
seam. Every stage is a function from values to values; only the reader touches the outside.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from summarise import assemble
from summarise.article import Article
from summarise.asked import Asked, OnProgress, Progress
from summarise.asking import Desk, together
from summarise.contract import Brief, Check, Flag, Run
from summarise.corrections import Corrections
from summarise.errors import (
    BudgetSpent,
    CutOff,
    InvalidAnswer,
    ModelError,
    ModelUnavailable,
    NoReadableArticle,
    Refused,
    SummariseError,
    UnreadLanguage,
)
from summarise.extractive.machine_talk import talking
from summarise.fingerprint import installed_version
from summarise.loading import near_duplicates
from summarise.noting import note
from summarise.question import Reader
from summarise.reconcile.actors import join_actors
from summarise.reconcile.events import date_articles, join_events
from summarise.reconcile.origins import NearCopy, Sources, join_reports
from summarise.reconcile.positions import by_issue, headings, join_positions
from summarise.reconcile.questions import join_questions
from summarise.records import Noted, Records, records_of
from summarise.relate import Related, related
from summarise.support import with_support
from summarise.weigh import accounts, disagreements, standings, told_once
from summarise.write import write


@dataclass
class _Outcome:
    notes: list[Noted] = field(default_factory=list)
    failed: dict[str, SummariseError] = field(default_factory=dict)


async def make(
    articles: Sequence[Article],
    reader: Reader,
    asked: Asked,
    *,
    on_progress: OnProgress = lambda progress: None,
) -> Brief:
    """The brief of these articles, as this reader reads them.

    Raises `NoReadableArticle` where no article could be used, the articles' own error where all failed alike, and
    `ConfigurationError` for what no further asking can mend. A question that fails costs its part of the brief.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    usable = [a for a in articles if a.status == "used"]
    if not usable:
        raise NoReadableArticle(_why_nothing(articles))

    outcome = await _notes(usable, reader, asked, on_progress)
    if not outcome.notes:
        raise outcome.failed[usable[0].id]
    desk = Desk(reader, about=asked.about, language=asked.language or _main_language(outcome.notes))
    relation = await related(outcome.notes, desk)
    notes = relation.notes
    desk.language = asked.language or _main_language(notes)
    records = records_of(notes)
    person = Corrections(asked.overrides)

    on_progress(Progress("reconcile", 0, 0, ""))
    async with together() as tasks:
        joining_actors = tasks.create_task(join_actors(records, desk, person.ledger))
        sorting_topics = tasks.create_task(headings(records, desk))
        joining_events = tasks.create_task(join_events(records, desk))
        joining_reports = tasks.create_task(join_reports(records, desk))
        joining_questions = tasks.create_task(join_questions(records, desk))
    cast, topics, told, reports = (
        joining_actors.result(),
        sorting_topics.result(),
        person.events(joining_events.result()),
        joining_reports.result(),
    )
    asked_questions, no_questions = joining_questions.result()
    copies = near_duplicates(n.article for n in notes)
    sources = Sources(reports, notes, [NearCopy(c.first, c.second) for c in copies])
    dated = date_articles(_with_fates(articles, outcome, relation), told, records.positions, sources.siblings())
    positions, no_positions = await join_positions(records, cast, desk)
    names = {a.key: a.label for a in cast.actors}
    cast = person.cast(cast)
    held = person.positions(positions, no_positions, cast)
    matters = by_issue(held.joined, topics, person.refiled(held.joined))
    particulars = person.facts(records)

    on_progress(Progress("weigh", 0, 0, ""))
    async with together() as tasks:
        weighing_actors = tasks.create_task(disagreements(matters, names, sources.via, desk))
        weighing_reports = tasks.create_task(accounts(particulars, desk))
        weighing_questions = tasks.create_task(standings(asked_questions, matters, told, names, desk))
    between = person.conflicts(told_once(weighing_actors.result(), weighing_reports.result()))
    unsettled = person.questions(asked_questions, no_questions, weighing_questions.result(), notes)

    story = assemble.Story(
        articles=dated, by="reader" if reader.name == "extractive" else "model", language=desk.language
    )
    idle = [a for a in assemble.bystanders(cast, matters, told) if not person.stays(a)]
    actors = person.first(assemble.actors(cast, matters, story, idle))
    issues = person.first_of_issues(assemble.issues(matters, cast, sources, story))
    conflicts = person.first(assemble.disagreements(between.kept, story))
    questions = person.first(assemble.open_questions(unsettled.joined, unsettled.standing, story))
    events = assemble.events(told, cast, story)
    facts = assemble.facts(particulars)
    origins = sources.origins()
    hidden = assemble.hidden(records) | sources.hidden

    on_progress(Progress("write", 0, 0, ""))
    async with together() as tasks:
        writing = tasks.create_task(
            write(issues, actors, conflicts, questions, events, origins, desk, hidden=hidden, english=story.english)
        )
        checking = tasks.create_task(with_support(issues, desk, hidden=hidden)) if asked.check else None
    draft, issues = writing.result(), checking.result() if checking else issues

    flags = [
        *assemble.flags(notes),
        *_flags_of_run(desk, dated, outcome, [(c.first, c.second) for c in copies]),
    ]
    return Brief(
        story=asked.story,
        complete=not desk.failures and not outcome.failed,
        title=draft.title or asked.story,
        summary=draft.summary,
        articles=assemble.article_entries(dated, sources.untitled),
        actors=actors,
        issues=issues,
        disagreements=conflicts,
        open_questions=questions,
        events=events,
        facts=facts,
        origins=origins,
        flags=tuple(flags),
        left_out=(
            *person.left_out,
            *assemble.left_out(held.omitted, unsettled.omitted, idle, between.repeats),
        ),
        overrides=person.ledger.entries(),
        run=Run(
            started=started.isoformat(timespec="seconds"),
            seconds=round(time.monotonic() - clock, 3),
            version=installed_version(),
            model=reader.name,
            usage=reader.usage,
            counts=_counts(dated, records, [*(c for i in issues for p in i.positions for c in p.checks)]),
            again=any(isinstance(e, ModelUnavailable) for e in outcome.failed.values())
            or any(f.transient for f in desk.failures),
            notes=(
                *(_told(a.path, outcome.failed[a.id]) for a in usable if a.id in outcome.failed),
                *map(str, desk.failures),
            ),
        ),
    )


async def _notes(
    articles: Sequence[Article],
    reader: Reader,
    asked: Asked,
    on_progress: OnProgress,
) -> _Outcome:
    """A note of every article that has one; why the others have none. Settings that cannot work end the run."""
    outcome = _Outcome()
    done = 0

    async def one(article: Article) -> None:
        nonlocal done
        try:
            async with reader.room():
                outcome.notes.append(await note(article, reader, write_in=asked.language, suspicious=talking))
        except (ModelError, BudgetSpent) as error:
            outcome.failed[article.id] = error
        done += 1
        on_progress(Progress("note", done, len(articles), article.path))

    on_progress(Progress("note", 0, len(articles), ""))
    async with together() as tasks:
        for article in articles:
            tasks.create_task(one(article))
    return outcome


def _why_nothing(articles: Sequence[Article]) -> str:
    reasons = Counter(a.reason or a.status for a in articles)
    if not reasons:
        return "there is no article; give a folder with text, Markdown or HTML files"
    reason, count = reasons.most_common(1)[0]
    return f"none of the {len(articles)} files holds an article that can be read ({count} of them: {reason})"


def _main_language(notes: Sequence[Noted]) -> str:
    """The commonest language of the articles read; the alphabetically first among equals."""
    counts = Counter(n.article.language for n in notes if n.article.language)
    return min(counts, key=lambda language: (-counts[language], language), default="en")


def _with_fates(articles: Sequence[Article], outcome: _Outcome, relation: Related) -> tuple[Article, ...]:
    """The articles with what became of those that got no note or are about another story."""

    def fate(article: Article) -> Article:
        if article.status == "used" and article.id in outcome.failed:
            return article.model_copy(update={"status": "failed", "reason": _reason(outcome.failed[article.id])})
        if article.status == "used" and article.id in relation.strangers:
            reason = f"about another story: {relation.strangers[article.id]}"
            return article.model_copy(update={"status": "unrelated", "reason": reason})
        return article

    return tuple(map(fate, articles))


def _told(path: str, error: SummariseError) -> str:
    """The error with its article's path before it, once."""
    said = str(error)
    return said if said.startswith(path) else f"{path}: {said}"


def _reason(error: SummariseError) -> str:
    """Why an article has no note, in words that are the same on every run; the endpoint's own are in `run.notes`."""
    if isinstance(error, UnreadLanguage):
        return str(error).split(": ", 1)[-1]
    reasons = {
        Refused: "the model declined to read it",
        CutOff: "the model's answer was cut off",
        InvalidAnswer: "the model gave no valid answer",
        ModelUnavailable: "the model could not be reached",
        BudgetSpent: "a limit on cost or time was reached before it was read",
    }
    return next((reason for kind, reason in reasons.items() if isinstance(error, kind)), "the model gave no answer")


def _flags_of_run(
    desk: Desk, articles: Sequence[Article], outcome: _Outcome, copies: Sequence[tuple[str, str]]
) -> list[Flag]:
    """What a reader should know of whole articles and of questions without an answer."""
    path = {a.id: a.path for a in articles if a.status != "duplicate"}
    flags = [
        Flag(kind="unread_language", note=f"{path[key]}: {_reason(error)}", evidence=())
        for key, error in sorted(outcome.failed.items(), key=lambda item: path[item[0]])
        if isinstance(error, UnreadLanguage)
    ]
    pairs = sorted(tuple(sorted((path[one], path[other]))) for one, other in copies)
    flags += [
        Flag(
            kind="near_duplicate",
            note=f"{one} and {other} share most of their text and count as one origin",
            evidence=(),
        )
        for one, other in pairs
    ]
    flags += [
        Flag(kind="unrelated", note=f"{a.path}: {a.reason}", evidence=())
        for a in sorted(articles, key=lambda a: a.path)
        if a.status == "unrelated"
    ]
    flags += [
        Flag(
            kind="unasked", note=f"No answer to a question; what it would have joined stands apart: {what}", evidence=()
        )
        for what in sorted(failure.about for failure in desk.failures)
    ]
    return flags


def _counts(articles: Sequence[Article], records: Records, checks: Sequence[Check]) -> dict[str, int]:
    """Numbers for whoever watches quality: files by fate, records by kind, checks and how many failed."""
    fates = Counter(a.status for a in articles)
    kinds = {
        name: len(getattr(records, name)) for name in ("actors", "positions", "facts", "questions", "events", "reports")
    }
    return {
        **{f"articles.{fate}": fates[fate] for fate in sorted(fates)},
        **{f"records.{kind}": count for kind, count in kinds.items()},
        "checks": len(checks),
        "checks.failed": sum(not c.ok for c in checks),
    }
