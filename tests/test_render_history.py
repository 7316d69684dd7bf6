"""A story's history in words: its versions, and the lives of its questions."""

from __future__ import annotations

from made_versions import ref

from summarise.change import Log, LogEntry, Moment, QuestionLife
from summarise.render.history import lives_text, log_text


def test_the_log_has_a_line_a_version_the_newest_first() -> None:
    entries = (
        LogEntry(version=ref(1), complete=True, articles=2, changes={}),
        LogEntry(version=ref(2), complete=False, articles=3, changes={"question_answered": 1, "article_added": 1}),
        LogEntry(version=ref(3), complete=True, articles=3, changes={"article_corrected": 2, "article_withdrawn": 1}),
    )
    assert log_text(Log(story="bases", versions=entries)).splitlines() == [
        "version 3, 22 November 2026, 04:10 UTC: 3 articles (1 withdrawn, 2 corrected); nothing else changed; complete",
        "version 2, 21 November 2026, 04:10 UTC: 3 articles (1 added); 1 question answered; INCOMPLETE",
        "version 1, 20 November 2026, 04:10 UTC: 2 articles; first version; complete",
    ]


def test_the_oldest_version_that_is_kept_is_not_called_the_first() -> None:
    kept = Log(story="bases", versions=(LogEntry(version=ref(4), complete=True, articles=1, changes={}),))
    assert "oldest version kept" in log_text(kept)


def test_a_life_is_told_from_opening_to_answer_with_dates() -> None:
    states = ("open", "withdrawn", "open", "partly_answered", "answered", "open")
    moments = tuple(Moment.model_validate({"version": ref(n), "status": one}) for n, one in enumerate(states, 1))
    assert lives_text((QuestionLife(id="q-1", question="Who\x1b[2J pays?", moments=moments),)) == (
        "Who\ufffd[2J pays?\n"
        "  opened 2026-11-20 (version 1)\n"
        "  withdrawn 2026-11-21 (version 2)\n"
        "  open again 2026-11-22 (version 3)\n"
        "  partly answered 2026-11-23 (version 4)\n"
        "  answered 2026-11-24 (version 5)\n"
        "  open again 2026-11-25 (version 6)\n"
    )


def test_a_question_that_was_answered_from_the_start_says_so() -> None:
    moment = Moment(version=ref(1), status="answered")
    life = QuestionLife(id="q-1", question="Who pays?", moments=(moment,))
    assert "opened, answered already 2026-11-20 (version 1)" in lives_text((life,))
    assert lives_text(()) == "no version has an open question\n"
