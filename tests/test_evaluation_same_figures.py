"""The figures are those of the script they were first defined by, where that script lies beside the checkout."""

from __future__ import annotations

import importlib.util
import json
import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reference_briefs import own_brief, variant

from summarise import brief as make_brief
from summarise.contract import Brief
from summarise.evaluation import Articles, Reference, load_reference, score
from summarise.evaluation.articles import folded

ROOT = Path(__file__).resolve().parent.parent
EVAL = ROOT.parent / "shared" / "eval"

pytestmark = pytest.mark.skipif(
    not (EVAL / "score.py").is_file(), reason="the script that defined the figures is not beside the checkout"
)


@dataclass(frozen=True)
class Story:
    """A folder of articles, its reference reading, and briefs of it to begin with."""

    folder: Path
    gold: str
    reference: Reference
    articles: Articles
    texts: dict[str, str]
    briefs: tuple[Brief, ...]


@cache
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("defining_score", EVAL / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def story(name: str) -> Story:
    folder = ROOT / "seeds" if name == "seeds" else EVAL / name
    gold = ROOT / "tests" / "references" / "seeds.json" if name == "seeds" else EVAL / name / "gold.json"
    texts = {path.name: folded(path.read_text(encoding="utf-8")) for path in folder.glob("*.txt")}
    reference = load_reference(gold)
    read = make_brief([folder / name for name in sorted(texts)], model="extractive")
    return Story(
        folder=folder,
        gold=gold.read_text(encoding="utf-8"),
        reference=reference,
        articles=Articles.of(folder),
        texts=texts,
        briefs=(read, own_brief(reference, folder)),
    )


def assert_same(brief: Brief, held: Story) -> None:
    """Every figure, lists of what was missed too. Our figures are rounded to three decimals, as theirs."""
    ours = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in score(brief, held.reference, held.articles).flat().items()
    }
    theirs = script().score(brief.model_dump(by_alias=True, mode="json"), json.loads(held.gold), held.folder)
    assert ours == theirs


@pytest.mark.parametrize("name", ["seeds", "story"])
def test_the_figures_of_a_brief_are_those_of_the_script(name: str) -> None:
    for brief in story(name).briefs:
        assert_same(brief, story(name))


@pytest.mark.parametrize("name", ["seeds", "story"])
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(chance=st.randoms(use_true_random=False), which=st.integers(0, 1))
def test_the_figures_of_any_variant_of_a_brief_are_those_of_the_script(
    name: str, chance: random.Random, which: int
) -> None:
    held = story(name)
    assert_same(variant(held.briefs[which], held.texts, chance), held)
