"""Briefs for the page, made by code: what the seeds do not have (another direction of writing, a version before)."""

from __future__ import annotations

from made_briefs import actor, position, run

from summarise.change import Change, Changes, Moment, QuestionLife, VersionRef
from summarise.contract import ArticleEntry, Brief, Evidence, Issue

ARABIC = "قالت الحكومة إنها تعارض وجود القواعد.\n\nولم يعلق المتحدث على التقرير."


def right_to_left() -> tuple[Brief, dict[str, str]]:
    """A brief in English of one article in Arabic, and its text."""
    sentence = ARABIC.split("\n")[0]
    evidence = Evidence(article="a-00000001", sentence=1, start=0, end=len(sentence), quote=sentence)
    brief = Brief(
        story="arabic",
        complete=True,
        title="The bases",
        summary=(),
        articles=(
            ArticleEntry(
                id="a-00000001",
                path="خبر.txt",
                sha256="0" * 64,
                title="",
                outlet="الخبر",
                author="",
                published="2025-01-29",
                published_from="stated",
                language="ar",
                words=len(ARABIC.split()),
                status="used",
                reason="",
                duplicate_of="",
            ),
        ),
        actors=(actor("w1", "الحكومة", "government", "", evidence),),
        issues=(
            Issue(id="i1", title="bases", positions=(position("p1", "w1", "opposes", "Opposes them.", evidence),)),
        ),
        disagreements=(),
        open_questions=(),
        events=(),
        facts=(),
        origins=(),
        flags=(),
        left_out=(),
        run=run(),
    )
    return brief, {"a-00000001": ARABIC}


def since(brief: Brief, *, first: bool = False) -> Changes:
    """Changes of the seeds' brief (or of any) since a version before, or those of a first version."""
    positions = [(p, issue) for issue in brief.issues for p in issue.positions]
    turned = next((p for p, _ in positions if p.stance == "opposes"), positions[0][0])
    new, gained = positions[-1][0], positions[0][0]
    return Changes(
        story=brief.story,
        before=None if first else VersionRef(number=2, made="2025-01-29T10:00:00Z"),
        after=VersionRef(number=3, made="2025-01-30T09:00:00Z"),
        changes=(
            Change(
                kind="stance_changed", item=turned.id, was="p-x", what="Turkey: it", before="undecided", after="opposes"
            ),
            Change(kind="position_new", item=new.id, what=f"{new.actor}: {new.statement}"),
            Change(kind="position_withdrawn", item="p-gone", was="p-gone", what="Israel: will not comment."),
            Change(kind="evidence_gained", item=gained.id, was=gained.id, what="more", gained=gained.evidence[:1]),
            Change(kind="question_opened", item=brief.open_questions[0].id, what=brief.open_questions[0].question),
            Change(kind="article_added", item=brief.articles[0].id, what=brief.articles[0].path),
            Change(kind="event_redated", item=brief.events[0].id, what="it", before="2025-01", after="2025-01-28"),
        ),
    )


def lives(brief: Brief) -> tuple[QuestionLife, ...]:
    """The lives of the last question of a brief, partly answered by now, and of one that is gone."""
    last = brief.open_questions[-1]
    first = VersionRef(number=1, made="2025-01-28T09:00:00Z")
    third = VersionRef(number=3, made="2025-01-30T09:00:00Z")
    return (
        QuestionLife(
            id=last.id,
            question=last.question,
            moments=(Moment(version=first, status="open"), Moment(version=third, status="partly_answered")),
        ),
        QuestionLife(
            id="q-gone",
            question="Who paid for the wheat?",
            moments=(Moment(version=first, status="open"), Moment(version=third, status="withdrawn")),
        ),
    )
