"""The examples in docs/ run as they stand."""

from __future__ import annotations

import ast
import asyncio
import builtins
import inspect
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import summarise.errors
from summarise.api import BriefOptions
from summarise.scripted import ScriptedModel

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
EXAMPLES = DOCS / "examples"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the seeds in it, as the repository's root has them; without a key the rules read."""
    (tmp_path / "seeds").mkdir()
    for path in (ROOT / "seeds").iterdir():
        (tmp_path / "seeds" / path.name).write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "SUMMARISE_MODEL"):
        monkeypatch.delenv(name, raising=False)
    root = logging.getLogger()
    before = list(root.handlers), root.level, logging.getLogger("summarise").level
    yield tmp_path
    root.handlers, level = before[0], before[1]
    root.setLevel(level)
    logging.getLogger("summarise").setLevel(before[2])


def test_the_blocks_of_library_md_run_one_after_the_other(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", (DOCS / "library.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)
    space: dict[str, Any] = {"__name__": "library"}
    for block in blocks:
        exec(compile(block, "library.md", "exec"), space)  # noqa: S102 (our own page)
    assert len(space["folder"].articles) == 2
    assert space["first"].story == "seeds"
    assert "1 20" in capsys.readouterr().out  # the log's line of version 1


def test_library_md_names_every_option_and_every_error() -> None:
    text = (DOCS / "library.md").read_text("utf-8")
    options = set(BriefOptions.__annotations__) - {"skip"}
    assert {name for name in options if f"`{name}`" not in text} == set()
    errors = [kind for kind in vars(summarise.errors).values() if isinstance(kind, type)]
    assert {kind.__name__ for kind in errors if f"`{kind.__name__}`" not in text} == set()


def test_the_script_prints_positions_and_what_changed(here: Path) -> None:
    later = here / "later.txt"
    for present in (False, True):
        if present:
            later.rename(here / "seeds" / later.name)
        else:
            next((here / "seeds").glob("001*")).rename(later)
        done = subprocess.run(
            [sys.executable, str(EXAMPLES / "script.py"), "seeds"], capture_output=True, text=True, check=True
        )
    assert "write 0/0" in done.stdout
    assert re.search(r"^.+ \w+: .+ \[a-\w+:\d+\]$", done.stdout, re.MULTILINE)
    assert "article_added: later.txt" in done.stdout


def test_the_worker_makes_all_briefs_that_can_be_made_and_tells_of_the_others(
    here: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    worker = _module(EXAMPLES / "worker.py")
    (here / "empty").mkdir()
    with ScriptedModel() as model:
        monkeypatch.setenv("SUMMARISE_MODEL", "openai:scripted")
        monkeypatch.setenv("OPENAI_BASE_URL", model.base_url)
        made = asyncio.run(worker["main"](["seeds", "empty"]))
        assert set(made) == {"seeds"}
        assert "empty: InputError" in caplog.text
        assert model.requests


def test_the_worker_can_be_stopped_and_goes_on_where_it_was(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = _module(EXAMPLES / "worker.py")

    async def stopped(model: ScriptedModel) -> None:
        task = asyncio.create_task(worker["main"](["seeds"]))
        async with asyncio.timeout(60):
            while not model.requests:  # noqa: ASYNC110 (another thread's)
                await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with ScriptedModel(faults=["slow:factor=600,attempts=1,answer=Note"]) as model:
        monkeypatch.setenv("SUMMARISE_MODEL", "openai:scripted")
        monkeypatch.setenv("OPENAI_BASE_URL", model.base_url)
        asyncio.run(stopped(model))
        assert set(asyncio.run(worker["main"](["seeds"]))) == {"seeds"}


def test_the_cells_of_the_notebook_run_in_order_and_show_what_they_say() -> None:
    notebook = json.loads((EXAMPLES / "notebook.ipynb").read_text("utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert not any(cell.get("outputs") for cell in notebook["cells"])
    title, rows, changed, versions = asyncio.run(_cells(cells))
    assert "Turkiye" in title
    assert len(rows) == 3
    assert "Emmanuel Macron" in changed
    assert versions == [(1, 1), (2, 2)]


async def _cells(cells: list[str]) -> list[Any]:
    """The values that the cells end with; `await` may stand anywhere, as in a notebook."""
    space: dict[str, Any] = {"__name__": "notebook", "__builtins__": builtins}
    shown = []
    for cell in cells:
        tree = ast.parse(cell)
        last = tree.body[-1]
        if isinstance(last, ast.Expr):
            tree.body[-1] = ast.fix_missing_locations(ast.Assign([ast.Name("_value", ast.Store())], last.value))
        result = eval(  # noqa: S307 (our own notebook)
            compile(ast.fix_missing_locations(tree), "cell", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), space
        )
        if inspect.isawaitable(result):
            await result
        if isinstance(last, ast.Expr):
            shown.append(space["_value"])
    return shown


def _module(path: Path) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": path.stem}
    exec(compile(path.read_text("utf-8"), str(path), "exec"), space)  # noqa: S102 (our own example)
    return space


def test_every_file_that_a_page_of_docs_links_to_exists() -> None:
    for page in sorted(DOCS.glob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"
