"""Runs that end in the middle, as users end them: killed, interrupted, terminated; `python -m torture` tries more."""

from __future__ import annotations

import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from summarise.scripted import ScriptedModel
from torture._runs import CONCURRENCY, KILLED, LATENCY, Trial
from torture.kill import killed_at_random
from torture.processes import stopped
from torture.watch_killed import Tally, trial_of

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")

ARTICLES = 2
STEPS = (9, 21, 16, 11)  # of each run in turn, where some 60 make something durable: the new store, answers, the output


def a_trial(scratch: Path) -> Iterator[Trial]:
    with ScriptedModel(told=True, latency=LATENCY) as model:
        trial = Trial(scratch, model)
        for number in range(ARTICLES):
            trial.arrives(number)
        yield trial


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    yield from a_trial(tmp_path)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The brief of a run that nobody disturbed."""
    for trial in a_trial(tmp_path_factory.mktemp("undisturbed")):
        trial.run(warm=True)
        found = trial.brief()
    assert found is not None
    return found


def test_a_run_that_is_killed_again_and_again_ends_with_the_brief_of_an_undisturbed_one(
    trial: Trial, undisturbed: dict[str, Any]
) -> None:
    chance = random.Random(4)  # noqa: S311
    tally = killed_at_random(trial, 4, chance, {ARTICLES: undisturbed}, arriving=ARTICLES, cold_every=10)
    assert tally.kills == 4
    assert max(tally.again) <= CONCURRENCY


def test_a_watch_that_is_killed_while_articles_come_and_go_ends_with_the_brief_of_a_fresh_run(tmp_path: Path) -> None:
    with ScriptedModel(told=True, latency=LATENCY) as model:
        trial_of(Trial(tmp_path, model), 3, random.Random(2), tally := Tally(), cold_every=10)  # noqa: S311
    assert (tally.kills, tally.briefs) == (3, 1)
    assert max(tally.again) <= CONCURRENCY


def test_runs_that_are_killed_where_they_make_something_durable_lose_nothing(
    trial: Trial, undisturbed: dict[str, Any]
) -> None:
    for step in STEPS:
        with trial.running(steps=step, warm=True) as process:
            assert process.wait() == KILLED
        trial.check()
    trial.run(warm=True)
    assert trial.brief() == undisturbed
    assert max(trial.asked_again()) <= CONCURRENCY


def test_an_out_that_was_killed_half_way_is_the_program_s_own(trial: Trial, undisturbed: dict[str, Any]) -> None:
    """Of the first brief in a folder all is in place but its `brief.json`."""
    trial.run(warm=True)
    (trial.out / "brief.json").rename(trial.out / ".brief.json.0123456789ab.tmp")
    assert trial.brief() is None
    trial.run(warm=True)
    assert trial.brief() == undisturbed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_asked_to_stop_says_a_line_at_most_and_goes_on_where_it_was(
    trial: Trial, undisturbed: dict[str, Any], number: signal.Signals
) -> None:
    code, said = stopped(trial, number, random.Random(1), 2.0, ["calls"], warm=number == signal.SIGTERM)  # noqa: S311
    assert "Traceback" not in said
    assert code in (0, 130, 143, -number)
    trial.run(warm=True)
    assert trial.brief() == undisturbed
    assert max(trial.asked_again()) <= CONCURRENCY
