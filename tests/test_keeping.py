"""A story kept in the store: what is read back, what is made again, and runs that meet each other."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from summarise.api import amake, series_of
from summarise.errors import ConfigurationError
from summarise.keeping import ArticleShelf
from summarise.loading import ArticleFile, load_folder, load_texts
from summarise.scripted import ScriptedModel
from summarise.scripted.told import Story, Telling
from summarise.store import Store

SMALL = Telling(actors=3, positions=3, facts=1, questions=1, events=1, reports=1, filler=2)


def story(folder: Path, *numbers: int) -> Path:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        (folder / f"{number}.txt").write_text(Story(5, SMALL).article(number), encoding="utf-8")
    return folder


@pytest.fixture
def model() -> ScriptedModel:
    return ScriptedModel(told=True)


def test_the_same_inputs_are_read_back_and_nothing_is_asked(tmp_path: Path, model: ScriptedModel) -> None:
    folder = story(tmp_path / "story", 0, 1)
    with model, Store.in_memory() as store:
        first = asyncio.run(amake(folder, model="openai:told", base_url=model.base_url, store=store))
        asked = len(model.requests)
        again = asyncio.run(amake(folder, model="openai:told", base_url=model.base_url, store=store))
    assert len(model.requests) == asked
    assert again.brief.model_copy(update={"run": first.brief.run}) == first.brief
    assert (first.news, again.news) == (True, False)
    assert first.version == again.version


@pytest.mark.parametrize("option", [{"about": "ferries"}, {"language": "de"}, {"check": True}])
def test_another_option_is_another_brief(tmp_path: Path, model: ScriptedModel, option: dict[str, object]) -> None:
    folder = story(tmp_path / "story", 0, 1)
    with model, Store.in_memory() as store:
        asyncio.run(amake(folder, model="openai:told", base_url=model.base_url, store=store))
        asked = len(model.requests)
        asyncio.run(amake(folder, model="openai:told", base_url=model.base_url, store=store, **option))  # type: ignore[arg-type]
    assert len(model.requests) > asked


def test_files_whose_names_are_shown_alike_keep_their_own_articles() -> None:
    texts = [Story(5, SMALL).article(n).encode() for n in (0, 1)]
    files = [ArticleFile(path="same.txt", content=text) for text in texts]
    with Store.in_memory() as store:
        found = load_texts(files, shelf=ArticleShelf(store))
        again = load_texts(files[:1], shelf=ArticleShelf(store))
    assert len({article.id for article in found}) == 2
    assert again[0].text == load_texts(files[:1])[0].text


def test_articles_of_the_reader_s_own_in_a_folder_with_output_are_read(tmp_path: Path) -> None:
    folder = story(tmp_path / "story", 0)
    (folder / "texts").mkdir()
    (folder / "texts" / "letter.txt").write_text(Story(5, SMALL).article(1), encoding="utf-8")
    (folder / "brief.json").write_text('{"schema": "brief/1"}', encoding="utf-8")
    (folder / "brief.txt").write_text(Story(5, SMALL).article(2), encoding="utf-8")
    assert {a.path for a in load_folder(folder)} == {"0.txt", "brief.txt", "texts/letter.txt"}


def test_a_run_that_another_one_overtook_does_not_put_older_files_before_newer_ones(
    tmp_path: Path, model: ScriptedModel
) -> None:
    folder = story(tmp_path / "story", 0, 1)

    async def overtaken(store: Store) -> None:
        slow = asyncio.create_task(
            amake(folder, model="openai:told", base_url=model.base_url, store=store, on_progress=begun)
        )
        await reading.wait()
        story(folder, 2)
        await amake(folder, model="openai:told", base_url=quick.base_url, store=store)
        made = await slow
        assert {a.path for a in made.brief.articles} == {"0.txt", "1.txt", "2.txt"}

    reading = asyncio.Event()

    def begun(progress: object) -> None:
        reading.set()

    model.latency = 0.3
    with model, ScriptedModel(told=True) as quick, Store.in_memory() as store:
        asyncio.run(overtaken(store))
        newest = store.load(series_of(folder))  # type: ignore[arg-type]
    assert newest is not None
    assert [a["path"] for a in json.loads(newest.content)["articles"]] == ["0.txt", "1.txt", "2.txt"]


def test_a_version_of_another_release_costs_the_news_and_not_the_brief(tmp_path: Path, model: ScriptedModel) -> None:
    folder = story(tmp_path / "story", 0)
    with model, Store.in_memory() as store:
        series = series_of(folder)
        assert series is not None
        store.record(
            series, inputs="sha256:0", content='{"schema": "brief/9"}', run="{}", complete=True, texts={}, answers=()
        )
        made = asyncio.run(amake(folder, model="openai:told", base_url=model.base_url, store=store))
    assert made.brief.complete
    assert made.version
    assert made.version.number == 2
    assert made.changes is None


def test_a_file_of_corrections_that_was_named_must_be_there(tmp_path: Path) -> None:
    folder = story(tmp_path / "story", 0)
    with pytest.raises(ConfigurationError, match="--overrides"):
        asyncio.run(amake(folder, model="extractive", overrides=tmp_path / "nosuch.yaml"))
