"""A run with nothing new reads the version back, and is the brief to the letter."""

from __future__ import annotations

import asyncio
from pathlib import Path

from summarise.api import Made, amake
from summarise.loading import ArticleText
from summarise.output import Edition, is_current, write_output
from summarise.render.canonical import brief_json
from summarise.store import Store

TEXT = "The council met on Monday.\n\nMayor Anna Berg said the harbour should be closed.\n"


def made(store: Store, folder: Path) -> Made:
    return asyncio.run(amake(folder, model="extractive", store=store))


def test_what_is_read_back_is_the_brief_to_the_letter_and_is_seen_to_be_written_already(tmp_path: Path) -> None:
    folder, out = tmp_path / "story", tmp_path / "out"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    with Store.in_memory() as store:
        first, second = made(store, folder), made(store, folder)
        assert first.fresh is not None
        assert second.fresh is None
        assert not second.news
        assert (second.content, second.texts) == (first.content, first.texts)
        assert first.json == brief_json(first.brief)
        assert second.json == brief_json(second.brief)
        assert not is_current(out, second)
        write_output(out, Edition(first.brief, first.texts))
        assert is_current(out, second)
        (out / "brief.json").write_text((out / "brief.json").read_text().replace("harbour", "port"))
        assert not is_current(out, second)


def test_another_file_name_or_another_byte_is_something_new(tmp_path: Path) -> None:
    folder = tmp_path / "story"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    with Store.in_memory() as store:
        made(store, folder)
        (folder / "a.txt").rename(folder / "b.txt")
        assert made(store, folder).news
        (folder / "b.txt").write_text(TEXT + "\n", encoding="utf-8")
        assert made(store, folder).news


def test_texts_in_memory_are_told_apart_by_what_is_said_of_them() -> None:
    with Store.in_memory() as store:

        def read(outlet: str) -> Made:
            text = ArticleText(text=TEXT, path="a.txt", outlet=outlet)
            return asyncio.run(amake([text], story="s", model="extractive", store=store))

        assert read("The Post").news
        assert not read("The Post").news
        assert read("The Times").news
