"""The function that other programs call: articles in, a typed brief out.

No printing and no global state: what is kept between calls is the store of answers, and where it lies is the caller's
to say. `abrief` may be awaited from any number of tasks; `brief` is a thin door onto it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from summarise.article import Article
from summarise.contract import Brief
from summarise.errors import ConfigurationError, InputError
from summarise.loading import ArticleText, load_files, load_folder, load_texts
from summarise.model import ModelOptions, ModelSpec, open_reader, parse
from summarise.pipeline import Asked, OnProgress, make
from summarise.store import Store, default_path

Articles = str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | Sequence[ArticleText]


@dataclass(frozen=True)
class Made:
    """A brief, and the cleaned texts that its offsets point into, by article id."""

    brief: Brief
    texts: Mapping[str, str]


def load(articles: Articles, *, skip: Path | None = None) -> tuple[Article, ...]:
    """Articles from a folder, from files, or from memory. Raises `InputError` for what is none of these."""
    if isinstance(articles, str | os.PathLike):
        return load_folder(Path(articles), skip=skip)
    given = list(articles)
    texts = [a for a in given if isinstance(a, ArticleText)]
    if texts and len(texts) == len(given):
        return load_texts(texts)
    paths = [Path(a) for a in given if isinstance(a, str | os.PathLike)]
    if len(paths) != len(given):
        raise InputError("articles must be a folder, a list of paths, or a list of ArticleText, not a mixture")
    return load_files(paths)


@contextmanager
def _opened(store: Path | Store | None, spec: ModelSpec) -> Iterator[Store | None]:
    """The store of answers: a `Store` given stays open, a path (None: the user's data folder) is closed at the end."""
    if spec.kind == "extractive" or isinstance(store, Store):
        yield store if isinstance(store, Store) else None
        return
    opened = Store.open(store or default_path())
    try:
        yield opened
    finally:
        opened.close()


async def amake(
    articles: Articles,
    *,
    story: str | None = None,
    about: str = "",
    language: str = "",
    check: bool = False,
    model: str | None = None,
    base_url: str | None = None,
    store: Path | Store | None = None,
    prompts: Path | None = None,
    options: ModelOptions | None = None,
    on_progress: OnProgress | None = None,
    skip: Path | None = None,
) -> Made:
    """`abrief`, with the texts that the brief's offsets point into; `skip` is an output folder inside the folder."""
    spec = parse(model, base_url=base_url)
    loaded = await asyncio.to_thread(load, articles, skip=skip)
    asked = Asked(story=story or _story_of(articles), about=about, language=language, check=check)
    with _opened(store, spec) as kept:
        async with open_reader(spec, store=kept, prompts=prompts, options=options) as reader:
            made = await make(loaded, reader, asked, on_progress=on_progress or (lambda progress: None))
    return Made(brief=made, texts={a.id: a.text for a in loaded if a.text})


async def abrief(
    articles: Articles,
    *,
    story: str | None = None,
    about: str = "",
    language: str = "",
    check: bool = False,
    model: str | None = None,
    base_url: str | None = None,
    store: Path | Store | None = None,
    prompts: Path | None = None,
    options: ModelOptions | None = None,
    on_progress: OnProgress | None = None,
) -> Brief:
    """A structured brief of articles about one story.

    `articles`: a folder, a list of files, or a list of `ArticleText`. `story`: the brief's id (else the folder's
    name). `about`: what the story is about, where the articles alone do not make it plain. `language`: ISO 639-1 code
    of the brief (else that of most articles). `check`: have every position checked against its sentences, blind to
    the rest. `model`: "openai:NAME", "gguf:PATH" or "extractive" (else
    `SUMMARISE_MODEL`, else a model where OPENAI_API_KEY is set). `store`: where answers are kept, so that none is paid
    for twice (else `SUMMARISE_STORE`, else the user's data folder). `options`: time-outs, limits and budgets.
    `on_progress` is called from the event loop with a `Progress` as articles are read.

    An article that cannot be read or that the model fails on is accounted for in `Brief.articles`, and
    `Brief.complete` is false. Raises `InputError` for articles that cannot be used at all (`NoReadableArticle` where
    there are files but none readable), `ConfigurationError` for settings that cannot work, `ModelError` where the
    model failed on every article.
    """
    made = await amake(
        articles,
        story=story,
        about=about,
        language=language,
        check=check,
        model=model,
        base_url=base_url,
        store=store,
        prompts=prompts,
        options=options,
        on_progress=on_progress,
    )
    return made.brief


def brief(
    articles: Articles,
    *,
    story: str | None = None,
    about: str = "",
    language: str = "",
    check: bool = False,
    model: str | None = None,
    base_url: str | None = None,
    store: Path | Store | None = None,
    prompts: Path | None = None,
    options: ModelOptions | None = None,
    on_progress: OnProgress | None = None,
) -> Brief:
    """`abrief` for programs without an event loop; raises `ConfigurationError` where one is running."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        pass
    else:
        raise ConfigurationError("an event loop is running here: await summarise.abrief(...) instead of brief(...)")
    return asyncio.run(
        abrief(
            articles,
            story=story,
            about=about,
            language=language,
            check=check,
            model=model,
            base_url=base_url,
            store=store,
            prompts=prompts,
            options=options,
            on_progress=on_progress,
        )
    )


def _story_of(articles: Articles) -> str:
    """A folder's own name; "story" for anything else."""
    if isinstance(articles, str | os.PathLike):
        return Path(articles).resolve().name or "story"
    return "story"
