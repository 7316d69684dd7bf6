"""Where records cannot all be right, or actors want opposite things; and what became of open questions."""

from __future__ import annotations

from summarise import answers
from summarise.question import RecordsData


def disagreements(data: RecordsData, prompt: str = "") -> answers.Disagreements:
    return answers.Disagreements(disagreements=())


def weighed_questions(data: RecordsData, prompt: str = "") -> answers.WeighedQuestions:
    return answers.WeighedQuestions(
        questions=tuple(
            answers.WeighedQuestion(question=r.number, status="open", answered_by=())
            for r in data.records
            if r.label == "question"
        )
    )
