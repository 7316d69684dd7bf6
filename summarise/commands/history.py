"""`summarise diff`, `log` and `show --version`: what the store knows of a story, and the exit code.

None asks a model anything. The store is opened, and the series chosen, by whoever calls. The result goes to stdout,
every error is one line on stderr: 0 shown, 1 stdout takes nothing, 2 no such version.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from summarise.errors import ConfigurationError, InputError, SummariseError
from summarise.render.safe import one_line
from summarise.settings import ChangesFormat, Format
from summarise.streams import emit, hang_up, say

if TYPE_CHECKING:
    from summarise.history import Compared
    from summarise.store import Series, Store

SHOWN, FAILED, USAGE = 0, 1, 2


def run_diff(
    store: Store, series: Series, versions: Sequence[int] = (), *, form: ChangesFormat = ChangesFormat.TEXT
) -> int:
    """Shows what changed between two versions, from the first named to the second.

    With one, from that to the newest; with none, from the one before the newest to the newest.
    """

    def body() -> str:
        from summarise.history import compared

        if len(versions) > 2:
            raise ConfigurationError("diff compares two versions; name one or two, or none for the newest's news")
        return _diff(compared(store, series, tuple(versions)), form)

    return _ending(body, text=form is ChangesFormat.TEXT)


def run_log(store: Store, series: Series, *, questions: bool = False, as_json: bool = False) -> int:
    """Shows a line a version, the newest first; with `questions`, each question's life, the oldest first."""

    def body() -> str:
        from summarise.change import QuestionLives
        from summarise.history import log, question_lives
        from summarise.render.canonical import canonical_json
        from summarise.render.history import lives_text, log_text

        if questions:
            lives = question_lives(store, series)
            told = QuestionLives(story=series.story, questions=lives)
            return canonical_json(told.model_dump(by_alias=True)) if as_json else lives_text(lives)
        history = log(store, series)
        return canonical_json(history.model_dump(by_alias=True)) if as_json else log_text(history)

    return _ending(body, text=not as_json)


def run_show_version(store: Store, series: Series, number: int | None = None, *, form: Format = Format.TEXT) -> int:
    """Shows the brief as a version has it, the newest where none is named; as JSON it is what is stored."""

    def body() -> str:
        from summarise.history import compared, json_of, question_lives, stored
        from summarise.output import RENDERINGS, Edition

        version = stored(store, series, number)
        if form is Format.JSON:
            return json_of(version)
        earlier = [entry.number for entry in store.versions(series) if entry.number < version.number]
        found = compared(store, series, (max(earlier, default=version.number), version.number))
        changes = found.changes if earlier else None
        if form is Format.TEXT:
            from summarise.render.terminal import brief_screen

            return brief_screen(found.after, changes, found.before)
        lives = question_lives(store, series) if form is Format.HTML else ()
        texts = store.texts(version.articles) if form is Format.HTML else {}
        return "".join(RENDERINGS[f"brief.{form.value}"](Edition(found.after, texts, changes, found.before, lives)))

    return _ending(body, text=form is Format.TEXT)


def _diff(found: Compared, form: ChangesFormat) -> str:
    from summarise.render.changes import Sources, changes_markdown, changes_text

    if form is ChangesFormat.JSON:
        from summarise.render.canonical import canonical_json

        return canonical_json(found.changes.model_dump(by_alias=True))
    sources = Sources.of(found.before, found.after)
    if form is ChangesFormat.MD:
        return changes_markdown(found.changes, sources) + "\n"
    return changes_text(found.changes, sources, width=min(shutil.get_terminal_size().columns, 100))


def _ending(body: Callable[[], str], *, text: bool) -> int:
    """Shows what `body` returns: formats of files as UTF-8, the screen's in its own encoding as far as it goes."""
    try:
        shown = body()
        screen = text and sys.stdout is not None and sys.stdout.isatty()
        emit(shown, encoding=(sys.stdout.encoding or "utf-8") if screen else "utf-8")
    except BrokenPipeError:
        hang_up(sys.stdout)
    except SummariseError as error:
        say(one_line(str(error)))
        return USAGE if isinstance(error, ConfigurationError | InputError) else FAILED
    return SHOWN


def run_show_item(
    store: Store, series: Series, name: str, number: int | None = None, *, form: Format = Format.TEXT
) -> int:
    """Shows what a version has on one item, as text or JSON; 2 where it has no such item, or more than one."""

    def body() -> str:
        from summarise.explain import explain, explanation_text
        from summarise.history import brief_of, stored
        from summarise.render.canonical import canonical_json

        found = explain(brief_of(stored(store, series, number)), name)
        if form is Format.JSON:
            return canonical_json(found.model_dump(mode="json"))
        return explanation_text(found, width=min(shutil.get_terminal_size().columns, 100))

    return _ending(body, text=form is not Format.JSON)


def of_story(folder: Path, story: str | None, store: str | None, show: Callable[[Store, Series], int]) -> int:
    """Opens the store and shows something of a folder's story; 2 where the store knows none. None is made."""
    from summarise.api import series_of
    from summarise.store import default_place, open_store
    from summarise.store.places import is_address, shown_place

    series = series_of(folder, story)
    place = store or default_place()
    try:
        if series is None or not (is_address(place) or Path(place).expanduser().exists()):
            raise InputError(
                f"there is no store {shown_place(store)} yet; make a brief first: summarise brief {folder}"
            )
        with open_store(place) as opened:
            if not opened.versions(series):
                raise InputError(
                    f"the store {shown_place(store)} has no brief of {folder}"
                    f"{f' under the name {story}' if story else ''}; make one first: summarise brief {folder}"
                )
            return show(opened, series)
    except SummariseError as error:
        say(one_line(str(error)))
        return USAGE if isinstance(error, ConfigurationError | InputError) else FAILED
