"""The function that other programs call."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

import summarise
from summarise import ArticleText, Brief, ModelOptions, Progress, abrief, brief
from summarise.api import amake
from summarise.errors import ConfigurationError, InputError, ModelUnavailable, NoReadableArticle
from summarise.render.canonical import brief_json
from summarise.scripted import ScriptedModel
from summarise.store import Store

SEEDS = Path(__file__).parent.parent / "seeds"


def _content(made: Brief) -> str:
    return brief_json(made.model_copy(update={"run": made.run.model_copy(update={"started": "", "seconds": 0.0})}))


def test_a_folder_becomes_a_typed_brief() -> None:
    made = brief(SEEDS, model="extractive")
    assert isinstance(made, Brief)
    assert made.complete
    assert made.story == "seeds"
    assert {a.status for a in made.articles} == {"used"}


def test_the_same_articles_in_memory_on_paths_and_in_a_folder_make_the_same_brief() -> None:
    paths = sorted(SEEDS.glob("*.txt"))
    memory = [ArticleText(text=p.read_bytes().decode(), path=p.name) for p in paths]
    forms = (SEEDS, list(reversed(paths)), memory)
    made = {_content(brief(form, story="s", model="extractive")) for form in forms}
    assert len(made) == 1


def test_many_tasks_of_one_loop_may_call_at_once() -> None:
    async def all_at_once() -> list[Brief]:
        return await asyncio.gather(*(abrief(SEEDS, story="s", model="extractive") for _ in range(6)))

    assert len({_content(made) for made in asyncio.run(all_at_once())}) == 1


def test_progress_tells_every_article_and_every_stage() -> None:
    seen: list[Progress] = []
    brief(SEEDS, model="extractive", on_progress=seen.append)
    assert [p.done for p in seen if p.stage == "note"] == [0, 1, 2]
    assert list(dict.fromkeys(p.stage for p in seen)) == ["note", "reconcile", "weigh", "write"]


def test_brief_inside_an_event_loop_says_to_await_abrief() -> None:
    async def inside() -> None:
        brief(SEEDS, model="extractive")

    with pytest.raises(ConfigurationError, match="abrief"):
        asyncio.run(inside())


def test_a_mixture_of_paths_and_texts_is_refused() -> None:
    with pytest.raises(InputError, match="mixture"):
        brief([SEEDS / "nothing.txt", ArticleText(text="x")], model="extractive")  # type: ignore[list-item]


def test_a_folder_without_an_article_names_the_reason(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    with pytest.raises(NoReadableArticle, match=r"none of the 1 files .* no text in it"):
        brief(tmp_path, model="extractive")


def test_a_second_run_asks_nothing_and_says_the_same(tmp_path: Path) -> None:
    with ScriptedModel() as model:
        runs = [
            brief(SEEDS, model="openai:scripted", base_url=model.base_url, store=tmp_path / "answers.db")
            for _ in range(2)
        ]
        asked = len(model.requests)
    assert runs[0].run.usage.calls == asked
    assert runs[1].run.usage.calls == 0
    assert runs[1].run.usage.reused == asked
    plain = [brief_json(r.model_copy(update={"run": runs[0].run})) for r in runs]
    assert plain[0] == plain[1]


def test_one_article_that_the_reader_cannot_read_costs_no_other(tmp_path: Path) -> None:
    for path in SEEDS.glob("*.txt"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    russian = "Переговоры о порте продолжаются. Министр заявил журналистам, что договор остаётся в силе. " * 4
    (tmp_path / "third.txt").write_text(russian, "utf-8")
    made = brief(tmp_path, model="extractive")
    assert not made.complete
    assert [a.status for a in made.articles] == ["used", "used", "failed"]
    assert "'ru'" in made.articles[2].reason
    assert any(f.kind == "unread_language" for f in made.flags)
    assert made.issues


def test_where_every_article_fails_alike_the_model_s_error_is_raised() -> None:
    with Store.in_memory() as store, pytest.raises(ModelUnavailable, match=r"127\.0\.0\.1"):
        brief(SEEDS, model="openai:x", base_url="http://127.0.0.1:9/v1", store=store, options=ModelOptions(attempts=1))


def test_the_texts_are_those_that_offsets_point_into() -> None:
    made = asyncio.run(amake(SEEDS, model="extractive"))
    evidence = [e for i in made.brief.issues for p in i.positions for e in p.evidence]
    assert evidence
    assert all(made.texts[e.article][e.start : e.end] == e.quote for e in evidence)


def test_the_package_names_what_it_offers_and_importing_it_loads_nothing_heavy() -> None:
    assert set(summarise.__all__) <= {name for name in dir(summarise) if not name.startswith("_")} | set(
        summarise.__all__
    )
    assert all(getattr(summarise, name) for name in summarise.__all__)
    code = (
        "import sys, summarise; print([m for m in ('openai', 'pydantic', 'rich', 'trafilatura') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_without_a_place_for_a_store_the_rules_still_make_a_brief_and_a_named_store_is_insisted_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "no-folder"
    blocked.write_text("a file where the user's data folder would be", encoding="utf-8")
    monkeypatch.delenv("SUMMARISE_STORE")
    monkeypatch.setenv("XDG_DATA_HOME", str(blocked))
    assert brief(SEEDS, model="extractive").complete
    with pytest.raises(ConfigurationError, match="SUMMARISE_STORE"):
        brief(SEEDS, model="extractive", store=blocked / "store.sqlite3")
