"""What is asked of a brief that stands: eval, explain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from summarise.cli.app import app, ended


@app.command("eval", epilog="Exit codes: 0 every floor held, 1 a floor missed or not shown, 2 usage or unusable input.")
def evaluate(
    brief: Annotated[Path, typer.Argument(metavar="BRIEF", help="A brief.json, or the folder that holds it.")],
    reference: Annotated[Path, typer.Argument(metavar="GOLD", help="A reference reading, as in docs/evaluation.md.")],
    articles: Annotated[Path, typer.Argument(metavar="ARTICLES", help="The folder with the articles.")],
    as_json: Annotated[bool, typer.Option("--json", help="The figures as JSON.")] = False,
    floors: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Figures that must hold, as TOML: actors.recall = 1.0")
    ] = None,
) -> None:
    """Score a brief against a reference reading made by hand.

    Evidence decides, not wording. docs/evaluation.md says what each figure means.

    \b
    summarise eval build/brief tests/references/seeds.json seeds
    summarise eval build/brief tests/references/seeds.json seeds --floors tests/floors/seeds-extractive.toml
    """

    def run() -> int:
        from summarise.inspection import run_eval

        return run_eval(brief, reference, articles, floors=floors, as_json=as_json)

    raise ended(run)


@app.command(epilog="Exit codes: 0 shown, 1 not shown, 2 no such item, more than one, or unusable input.")
def explain(
    brief: Annotated[Path, typer.Argument(metavar="BRIEF", help="A brief.json, or the folder that holds it.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name of an actor, the title of an issue, or an id.")],
    as_json: Annotated[bool, typer.Option("--json", help="That part of the brief as JSON.")] = False,
) -> None:
    """Show what a brief has on one item, and what it rests on.

    An item is an actor, issue, position, question or disagreement.

    \b
    summarise explain build/brief "the Kremlin"
    summarise explain build/brief p-6ccee61948e0
    """

    def run() -> int:
        from summarise.inspection import run_explain

        return run_explain(brief, name, as_json=as_json)

    raise ended(run)
