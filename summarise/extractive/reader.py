"""The door of the embedded reader: which rules answer which question."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import cast

from summarise import answers
from summarise.contract import Usage
from summarise.errors import ConfigurationError, UnreadLanguage
from summarise.extractive import joining, weighing, writing
from summarise.extractive.note import note_by_rules
from summarise.question import A, NoteData, Question, RecordsData

_BY_RECORDS: dict[type[answers.Answer], Callable[[RecordsData], answers.Answer]] = {
    answers.Strangers: joining.strangers,
    answers.ActorGroups: joining.actor_groups,
    answers.ReportGroups: joining.report_groups,
    answers.EventGroups: joining.event_groups,
    answers.IssueGroups: joining.issue_groups,
    answers.PositionGroups: joining.position_groups,
    answers.QuestionGroups: joining.question_groups,
    answers.Disagreements: weighing.disagreements,
    answers.Accounts: weighing.accounts,
    answers.Supports: weighing.supports,
    answers.WeighedQuestions: weighing.weighed_questions,
    answers.Written: writing.written,
}

MOST_SENTENCES = 250
"""Sentences of an article that the rules read at once; no news article comes near it."""


class RuleReader:
    """A `Reader` that answers by rules: deterministic, offline, English only."""

    name = "extractive"
    usage = Usage(cost=0.0)
    window = 1_000_000

    def room(self) -> AbstractAsyncContextManager[None]:
        """Rules answer at once."""
        return nullcontext()

    def fits(self, question: Question[A]) -> bool:
        """Rules have no window, but what they do with one text grows with its square: a long one comes in parts."""
        return not isinstance(question.data, NoteData) or len(question.data.sentences) <= MOST_SENTENCES

    async def ask(self, question: Question[A]) -> A:
        """The answer by rules; `UnreadLanguage` for an article that is not English."""
        if question.answer is answers.Note:
            data = cast(NoteData, question.data)
            if data.language not in {"", "en"}:
                raise UnreadLanguage(
                    f"{question.about}: written in '{data.language}', and the embedded reader knows English only; "
                    "give a model with --model openai:NAME"
                )
            return cast(A, note_by_rules(data))
        rule = _BY_RECORDS.get(question.answer)
        if rule is None:
            raise ConfigurationError(
                f"{question.about}: the embedded reader has no rule for {question.answer.__name__}; "
                "give a model with --model openai:NAME"
            )
        return cast(A, rule(cast(RecordsData, question.data)))
