"""A real story of five outlets, read with a large model's recorded answers, held to floors.

The articles and the reference reading belong to others and lie outside the project; the answers alone, by key, are in
`answers/`. A changed prompt makes them useless: `bench/answers.py` collects new ones.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from summarise.api import Made, amake
from summarise.errors import ModelUnavailable
from summarise.evaluation import Articles, load_floors, load_reference, missed, score
from summarise.model import ModelOptions
from summarise.model.transport import Transport
from summarise.store import Store, StoredAnswer

HERE = Path(__file__).parent
STORY = HERE.parent.parent / "shared" / "eval" / "story"
ANSWERS = HERE / "answers" / "story.json"


def _from_answers(folder: Path, recorded: Path) -> Made:
    given = json.loads(recorded.read_text("utf-8"))
    with Store.in_memory() as store, pytest.MonkeyPatch.context() as patch:
        for key, row in given["answers"].items():
            text = json.dumps(row["answer"], ensure_ascii=False)
            store.put(StoredAnswer(key, text, row["kind"], given["model"], row["input"], 0, row["output"]))
        options = ModelOptions(attempts=1)
        patch.setattr(Transport, "send", _nobody)  # whoever listens there is not to be asked
        return asyncio.run(
            amake(
                sorted(folder.glob("*.txt")),
                model=given["model"],
                base_url=given["base_url"],
                store=store,
                options=options,
            )
        )


async def _nobody(*_: object) -> None:
    raise ModelUnavailable("the recorded answers do not hold this question; bench/answers.py collects new ones")


@pytest.fixture(scope="module")
def made() -> Made:
    if not STORY.is_dir():
        pytest.skip("the story and its reference reading are not beside the checkout (../shared/eval/story)")
    return _from_answers(STORY, ANSWERS)


def test_every_question_of_the_story_has_its_recorded_answer(made: Made) -> None:
    assert made.brief.complete, made.brief.run.notes
    assert made.brief.run.usage.calls == 0


def test_the_story_holds_its_floors(made: Made) -> None:
    figures = score(made.brief, load_reference(STORY / "gold.json"), Articles.of(STORY))
    assert missed(figures, load_floors(HERE / "floors" / "story.toml")) == []
