"""`summarise eval` and `summarise explain`: what is asked of a brief that stands, and the exit code.

Neither asks a model anything. The result goes to stdout, all else to stderr.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path, PurePath

from summarise.errors import InputError, OutputError, SummariseError
from summarise.render.canonical import canonical_json
from summarise.render.safe import one_line
from summarise.streams import emit, hang_up, say

HELD, MISSED, USAGE = 0, 1, 2


def run_eval(brief: Path, reference: Path, articles: Path, *, floors: Path | None, as_json: bool) -> int:
    """Shows the figures of a brief; the exit code.

    1 where a floor is missed, each on one line of stderr, or stdout takes nothing; 2 for unusable input.
    """
    return _ending(lambda: _eval(brief, reference, articles, floors, as_json=as_json))


def run_explain(brief: Path, name: str, *, as_json: bool) -> int:
    """Shows what a brief has on one item; 2 where there is no such item, or more than one; 1 where stdout is full."""
    return _ending(lambda: _explain(brief, name, as_json=as_json))


def run_show(brief: Path | str) -> int:
    """Shows a brief that was written, as `summarise brief` shows one it has made; 2 where there is none."""
    return _ending(lambda: _whole(Path(brief)))


def _whole(brief: Path) -> int:
    from summarise.reading_back import load_brief
    from summarise.render.terminal import brief_screen

    _show(brief_screen(load_brief(brief)))
    return HELD


def _eval(brief: Path, reference: Path, articles: Path, floors: Path | None, *, as_json: bool) -> int:
    from summarise.evaluation import Articles, load_floors, load_reference, missed, problems, score
    from summarise.reading_back import load_brief

    limits = load_floors(floors) if floors else ()
    wanted, read, texts = load_reference(reference), load_brief(brief), Articles.of(articles)
    if not any(PurePath(one.path).name in texts for one in read.articles):
        raise InputError(f"{articles}: none of the articles of {brief} is in it; name the folder that it was made of")
    for problem in problems(wanted, texts):
        _say(f"{reference}: {problem}")
    scores = score(read, wanted, texts)
    if as_json:
        _show(canonical_json(scores.flat()))
    else:
        _show("".join(f"{name:26} {_figure(value)}\n" for name, value in scores.flat().items()))
    misses = missed(scores, limits)
    for miss in misses:
        _say(f"floor missed: {miss}")
    return MISSED if misses else HELD


def _figure(value: int | float | tuple[str, ...] | None) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(one_line, value)) or "none"
    return "nothing to count" if value is None else str(value)


def _explain(brief: Path, name: str, *, as_json: bool) -> int:
    from summarise.explain import explain, explanation_text
    from summarise.reading_back import load_brief

    explanation = explain(load_brief(brief), name)
    if as_json:
        _show(canonical_json(explanation.model_dump(mode="json")))
    else:
        _show(explanation_text(explanation, width=min(shutil.get_terminal_size().columns, 100)))
    return HELD


def _ending(command: Callable[[], int]) -> int:
    try:
        return command()
    except OutputError as error:
        _say(str(error))
        return MISSED
    except SummariseError as error:
        _say(str(error))
        return USAGE
    except BrokenPipeError:
        hang_up(sys.stdout)
        return HELD


def _show(text: str) -> None:
    """As UTF-8 to a file or a pipe, to a terminal in its own encoding as far as it goes."""
    screen = sys.stdout is not None and sys.stdout.isatty()
    emit(text, encoding=(sys.stdout.encoding or "utf-8") if screen else "utf-8")


def _say(message: str) -> None:
    say(one_line(message))
