"""The seam under vcrpy: recorded answers play, and a request that has changed says how to record again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import vcr
from asking import SENTENCES, ask, note_question

from summarise.answers import Note
from summarise.errors import ConfigurationError
from summarise.scripted import ScriptedModel

BASE = "http://127.0.0.1:9/v1"  # nobody listens: only a cassette can answer


@pytest.fixture
def recorded(tmp_path: Path) -> Any:
    """A recorder whose cassette holds the note on the two usual sentences."""
    recorder = vcr.VCR(match_on=["method", "path", "body"], record_mode="once")
    with ScriptedModel() as model, recorder.use_cassette(str(tmp_path / "c.yaml")):
        ask(model, note_question(), folder=tmp_path)
    return recorder


def test_a_recorded_answer_plays_without_any_endpoint(recorded: Any, tmp_path: Path) -> None:
    with recorded.use_cassette(str(tmp_path / "c.yaml"), record_mode="none") as cassette:
        asked = ask(BASE, note_question(), folder=tmp_path)
        assert cassette.all_played
    assert isinstance(asked.result, Note)


def test_a_request_that_is_not_in_the_cassette_is_sent_once_and_says_how_to_record_again(
    recorded: Any, tmp_path: Path
) -> None:
    with recorded.use_cassette(str(tmp_path / "c.yaml"), record_mode="none"):
        asked = ask(BASE, note_question(SENTENCES[0]), folder=tmp_path)
    assert isinstance(asked.result, ConfigurationError)
    assert "make record" in str(asked.result)
    assert "article a.txt" in str(asked.result)
    assert asked.usage.calls == 1
