"""The function that other programs call: articles in, a typed brief out.

No printing and no global state: what is kept between calls is the store, and where it lies is the caller's to say.
`abrief` may be awaited from any number of tasks; `brief` is a thin door onto it.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TypedDict, Unpack

from summarise import keeping, runlog
from summarise.article import Article
from summarise.asked import Asked, OnProgress
from summarise.change import Changes, VersionRef
from summarise.contract import Brief, OverrideEntry, Run, Usage
from summarise.errors import ConfigurationError, InputError, OutputError
from summarise.fingerprint import installed_version
from summarise.loading import ArticleFile, ArticleText, Found, Shelf, found_files, found_in_folder, found_texts
from summarise.model.options import ModelOptions
from summarise.model.spec import ModelSpec, parse
from summarise.overrides import Overrides, load_overrides, overrides_path
from summarise.render.canonical import content_json, run_json, whole_json
from summarise.store import Series, Store, Version, VersionEntry, open_store
from summarise.versions import brief_from, brief_of, version_ref

_log = runlog.logger(__name__)
_NO_CORRECTIONS = ' "overrides": []\n}\n'
_ROUNDS = 3
"""How often a run that another one overtook looks again before it keeps what it has."""

Articles = str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | Sequence[ArticleText | ArticleFile]


class BriefOptions(TypedDict, total=False):
    """How a brief is to be made; `abrief` says what each means."""

    story: str | None
    about: str
    language: str
    check: bool
    model: str | None
    base_url: str | None
    store: str | Path | Store | None
    prompts: Path | None
    overrides: Overrides | Path | None
    options: ModelOptions | None
    max_cost: float | None
    max_tokens: int | None
    deadline: float | None
    on_progress: OnProgress | None
    on_usage: Callable[[Usage], None] | None
    run_id: str
    skip: Path | None


@dataclass(frozen=True)
class Made:
    """A brief, and the cleaned texts that its offsets point into, by article id.

    `content` is the brief as canonical JSON without its `run`; `brief` is the same as values, which takes a moment
    where it was read back. `version` is which version of the story it is, None for articles that belong to no story:
    without a folder, and without a name given; `news` is whether this call made it.
    """

    content: str
    run: Run
    complete: bool
    texts: Mapping[str, str]
    version: VersionRef | None = None
    news: bool = True
    before: Version | None = None
    fresh: Brief | None = None
    """The brief as values, where this call made it."""

    @cached_property
    def brief(self) -> Brief:
        """The brief. Raises InputError where it follows another schema than this program's."""
        return self.fresh or brief_from(self.content, self.run)

    @property
    def json(self) -> str:
        """The text of `brief.json`."""
        return whole_json(self.content, run_json(self.run))

    @property
    def corrections(self) -> Sequence[OverrideEntry]:
        """What a person corrected in it, and what came of that."""
        return () if self.content.endswith(_NO_CORRECTIONS) else self.brief.overrides

    @cached_property
    def earlier(self) -> Brief | None:
        """The brief of the version before this one; None where another release made it in another form."""
        try:
            return brief_of(self.before) if self.before else None
        except InputError as error:
            _log.warning("what changed is not told: %s", error)
            return None

    @cached_property
    def changes(self) -> Changes | None:
        """What changed since the version before this one; None where there is none."""
        if self.before is None or self.version is None or self.earlier is None:
            return None
        from summarise.changes import changes

        refs = {"before_ref": version_ref(self.before), "after_ref": self.version}
        return changes(self.earlier, self.brief, **refs)


def load(articles: Articles, *, skip: Path | None = None, shelf: Shelf | None = None) -> tuple[Article, ...]:
    """Articles from a folder, from files, or from memory. Raises `InputError` for what is none of these."""
    return find(articles, skip=skip).articles(shelf)


def find(articles: Articles, *, skip: Path | None = None) -> Found:
    """What `load` makes articles of. Raises `InputError` for what is no folder, no files and no texts."""
    if isinstance(articles, str | os.PathLike):
        return found_in_folder(Path(articles), skip=skip)
    given = list(articles)
    texts = [a for a in given if isinstance(a, ArticleText | ArticleFile)]
    if texts and len(texts) == len(given):
        return found_texts(texts)
    paths = [Path(a) for a in given if isinstance(a, str | os.PathLike)]
    if len(paths) != len(given):
        raise InputError("articles must be a folder, a list of paths, or a list of ArticleText, not a mixture")
    return found_files(paths)


def series_of(articles: Articles, story: str | None = None) -> Series | None:
    """The story that these articles belong to: that of their folder, or of the name given."""
    if isinstance(articles, str | os.PathLike):
        folder = Path(articles).resolve()
        return Series(story=story or folder.name or "story", place=str(folder))
    return Series(story=story, place="") if story else None


@contextmanager
def opened(store: str | Path | Store | None, *, spare: bool = False) -> Iterator[Store]:
    """The store: a `Store` given stays open, any other (None: the user's data folder) is closed at the end.

    `spare`: nothing is paid for, so that it is done without one where none was named and the user has no place for it.
    """
    if isinstance(store, Store):
        yield store
        return
    try:
        found = open_store(store)
    except (ConfigurationError, OutputError) as error:
        if not spare or store is not None or os.environ.get("SUMMARISE_STORE", "").strip():
            raise
        _log.warning("no version is kept: %s", error)
        found = Store.in_memory()
    with found:
        yield found


async def amake(articles: Articles, **options: Unpack[BriefOptions]) -> Made:
    """`abrief`, with the texts that the brief's offsets point into, and what changed since the version before."""
    began = time.monotonic()
    with runlog.named(options.get("run_id", "")), _told(began):
        spec = parse(options.get("model"), base_url=options.get("base_url"))
        asking = _model_options(options)
        series = series_of(articles, options.get("story"))
        with opened(options.get("store"), spare=spec.kind == "extractive") as store:
            for patient in (*[True] * _ROUNDS, False):
                asked = Asked(
                    story=series.story if series else "story",
                    about=options.get("about", ""),
                    language=options.get("language", ""),
                    check=options.get("check", False),
                    overrides=overrides_of(articles, options.get("overrides")),
                )
                making = _Making(asked, spec, store, series, options, asking, began)
                if (made := await making.made(articles, patient=patient)) is not None:
                    return made
        raise AssertionError("the last round always ends")


@contextmanager
def _told(began: float) -> Iterator[None]:
    """Tells the log how a run ended where it made no brief: the kind of error, not its words, which may be quoted."""
    try:
        yield
    except asyncio.CancelledError:
        _log.info("run cancelled after %.1f s; what was answered is kept", time.monotonic() - began)
        raise
    except Exception as error:
        _log.warning("run failed after %.1f s: %s", time.monotonic() - began, type(error).__name__)
        _log.debug("run failed: %s", error)
        raise


def _model_options(options: BriefOptions) -> ModelOptions:
    """How the model is asked; the budgets named beside `options` go before those in it."""
    given = options.get("options") or ModelOptions()
    max_cost, max_tokens, deadline = options.get("max_cost"), options.get("max_tokens"), options.get("deadline")
    return replace(
        given,
        max_cost=given.max_cost if max_cost is None else max_cost,
        max_tokens=given.max_tokens if max_tokens is None else max_tokens,
        deadline=given.deadline if deadline is None else deadline,
    )


async def abrief(articles: Articles, **options: Unpack[BriefOptions]) -> Brief:
    """A structured brief of articles about one story.

    `articles`: a folder, a list of files, or a list of `ArticleText`. `story`: the brief's id (else the folder's
    name). `about`: what the story is about, where the articles alone do not make it plain. `language`: ISO 639-1 code
    of the brief (else that of most articles). `check`: have every position checked against its sentences, blind to the
    rest. `model`: "openai:NAME", "gguf:PATH" or "extractive" (else `SUMMARISE_MODEL`, else a model where
    OPENAI_API_KEY is set), `base_url`: where it is asked. `store`: where answers, articles and versions are kept, so
    that nothing is paid for twice: a file, "postgresql://…", or an open `Store` (else `SUMMARISE_STORE`, else the
    user's data folder). `prompts`: a folder of prompt files to use instead. `overrides`: a person's corrections, or
    their file (else `overrides.yaml` in the folder). `options`: time-outs and limits. `max_cost` (US dollars),
    `max_tokens` (input and output together) and `deadline` (seconds from this call): nothing more is asked once one is
    reached; the brief is then incomplete, and the next call goes on from there. `on_progress` is called from the event
    loop with a `Progress` as articles are read, `on_usage` with what was used so far whenever that grows. `run_id`:
    what log records call this call (else a name of its own). `skip`: a folder inside the folder that is not read.

    Cancelled, it ends the requests in flight and leaves every answer that arrived in the store.

    An article that cannot be read or that the model fails on is accounted for in `Brief.articles`, and
    `Brief.complete` is false. Raises `InputError` for articles that cannot be used at all (`NoReadableArticle` where
    there are files but none readable), `ConfigurationError` for settings that cannot work, `ModelError` where the
    model failed on every article, `BudgetSpent` where not one was read within the limits.
    """
    return (await amake(articles, **options)).brief


def brief(articles: Articles, **options: Unpack[BriefOptions]) -> Brief:
    """`abrief` for programs without an event loop; raises `ConfigurationError` where one is running."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        pass
    else:
        raise ConfigurationError("an event loop is running here: await summarise.abrief(...) instead of brief(...)")
    return asyncio.run(abrief(articles, **options))


@dataclass(frozen=True)
class _Written:
    """A brief as the store keeps it."""

    content: str
    run: str
    complete: bool


@dataclass(frozen=True)
class _Making:
    """One call: read back what was made of the same inputs, else make and keep it."""

    asked: Asked
    spec: ModelSpec
    store: Store
    series: Series | None
    options: BriefOptions
    asking: ModelOptions
    began: float

    async def made(self, given: Articles, *, patient: bool) -> Made | None:
        """The brief, kept; None, where one is patient, if another run made a version meanwhile: look again.

        What this run has read may be older than what that version was made of, and must not go before it.
        """
        found = await asyncio.to_thread(find, given, skip=self.options.get("skip"))
        _log.info("run begins: %d files, by %s", len(found), self.spec.display)
        clock = time.monotonic()
        if self.series is None:
            return await self._alone(found)
        inputs = await asyncio.to_thread(
            keeping.inputs_of, found, self.asked, self.spec, self.asking, self.options.get("prompts")
        )
        newest = self.store.newest(self.series)
        kept = self.store.made(self.series, inputs)
        if kept is not None and kept.complete and len(texts := self.store.texts(kept.articles)) == len(kept.articles):
            run = self._reused(Run.model_validate_json(kept.run), len(kept.answers), clock)
            again = newest is not None and newest.number == kept.number
            version = kept if again else await self._recorded(self.series, inputs, kept, texts, kept.answers)
            return self._ended(Made(version.content, run, True, texts), version, newest)
        articles = await asyncio.to_thread(found.articles, keeping.ArticleShelf(self.store))
        del found  # the bytes of whole pages
        keys: list[str] = []
        brief = await self._fresh(articles, keys.append)
        if patient and _number(self.store.newest(self.series)) != _number(newest):
            return None
        written = _Written(content_json(brief), run_json(brief.run), brief.complete)
        texts = {a.id: a.text for a in articles if a.text}
        version = await self._recorded(self.series, inputs, written, texts, keys)
        return self._ended(Made(written.content, brief.run, brief.complete, texts, fresh=brief), version, newest)

    async def _alone(self, found: Found) -> Made:
        """The brief of articles that belong to no story."""
        articles = await asyncio.to_thread(found.articles, keeping.ArticleShelf(self.store))
        brief = await self._fresh(articles, lambda key: None)
        made = Made(
            content_json(brief), brief.run, brief.complete, {a.id: a.text for a in articles if a.text}, fresh=brief
        )
        self._log_end(made, "no version")
        return made

    async def _recorded(
        self, series: Series, inputs: str, brief: _Written | Version, texts: Mapping[str, str], answers: Sequence[str]
    ) -> Version:
        return await asyncio.to_thread(
            self.store.record,
            series,
            inputs=inputs,
            content=brief.content,
            run=brief.run,
            complete=brief.complete,
            texts=texts,
            answers=sorted(set(answers)),
        )

    def _ended(self, made: Made, version: Version, newest: VersionEntry | None) -> Made:
        """What was made, as this version of its story; `newest` was so before this call."""
        self._log_end(made, f"version {version.number}")
        return replace(
            made,
            version=version_ref(version),
            news=newest is None or version.number != newest.number,
            before=keeping.before(self.store, version.series, version.number),
        )

    def _log_end(self, made: Made, version: str) -> None:
        used, state = made.run.usage, "complete" if made.complete else "incomplete"
        cost = "unknown" if used.cost is None else f"${used.cost:.4f}"
        seconds = time.monotonic() - self.began
        text = "run ends after %.1f s: %s, %s, %d calls, %d answers reused, cost %s"
        _log.info(text, seconds, version, state, used.calls, used.reused, cost)

    async def _fresh(self, articles: Sequence[Article], on_answer: Callable[[str], None]) -> Brief:
        from summarise.model import open_reader  # late, as the pipeline: not needed where nothing changed
        from summarise.model.account import Account
        from summarise.pipeline import make

        asking = self.asking
        if asking.deadline is not None:  # it runs from the call on, the reader's from its opening
            left = asking.deadline - (time.monotonic() - self.began)
            asking = replace(asking, deadline=max(left, 0.001))
        async with open_reader(
            self.spec,
            store=self.store,
            prompts=self.options.get("prompts"),
            options=asking,
            on_usage=self.options.get("on_usage"),
            on_answer=on_answer,
            account=Account(runlog.run_id.get(), self.series.story if self.series else ""),
        ) as reader:
            on_progress = self.options.get("on_progress") or (lambda progress: None)
            return await make(articles, reader, self.asked, on_progress=on_progress)

    def _reused(self, before: Run, answers: int, clock: float) -> Run:
        """The run that made no call: everything was there."""
        return Run(
            started=datetime.now(UTC).isoformat(timespec="seconds"),
            seconds=round(time.monotonic() - clock, 3),
            version=installed_version(),
            model=before.model,
            usage=Usage(reused=0 if self.spec.kind == "extractive" else answers, cost=0.0),
            counts=before.counts,
            notes=before.notes,
        )


def _number(version: VersionEntry | None) -> int:
    return version.number if version else 0


def overrides_of(articles: Articles, given: Overrides | Path | None = None) -> Overrides:
    """A person's corrections: those given, else those in the folder of the articles. Raises ConfigurationError."""
    if isinstance(given, Overrides):
        return given
    if given is not None:
        if not given.exists():
            raise ConfigurationError(f"{given}: no such file of corrections; check --overrides")
        return load_overrides(given)
    return load_overrides(overrides_path(Path(articles))) if isinstance(articles, str | os.PathLike) else Overrides()
