"""The command line. Nothing heavy is imported until a command needs it, so that `--help` answers at once.

stdout carries the result, stderr everything else.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from summarise import streams
from summarise.settings import BriefSettings, Format, Mode

EXIT_CODES = "Exit codes: 0 complete, 1 failed, 2 usage or configuration, 3 made but incomplete, 130 interrupted."

app = typer.Typer(
    name="summarise",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXIT_CODES,
)


def installed_version() -> str:
    """The version of the installed package; that of a bare checkout is "0+unknown"."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("summarise")
    except PackageNotFoundError:
        return "0+unknown"


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"summarise {installed_version()}")
        raise typer.Exit


@app.callback()
def summarise(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """A folder of articles about one story becomes a structured brief.

    \b
    summarise brief articles/                         read with the embedded rules, no key needed
    summarise brief articles/ --model openai:NAME     ask a model (the key is in OPENAI_API_KEY)
    summarise brief articles/ --out build/brief       keep brief.json, brief.md and the texts
    summarise explain build/brief "the Kremlin"       who that is in it, and what that rests on
    """


@app.command(epilog=EXIT_CODES)
def brief(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder with the articles.")],
    model: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL",
            help="Who reads: openai:NAME, gguf:PATH, or extractive (no model). Default: SUMMARISE_MODEL, "
            "else a model of OpenAI where OPENAI_API_KEY is set, else extractive.",
        ),
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Where the OpenAI API is spoken. Default: OPENAI_BASE_URL, else OpenAI's own.",
        ),
    ] = None,
    mode: Annotated[
        Mode,
        typer.Option(envvar="SUMMARISE_MODE", help="How the endpoint is held to the form of an answer."),
    ] = Mode.JSON_SCHEMA,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write brief.json, brief.md and texts/ there."),
    ] = None,
    output_format: Annotated[Format, typer.Option("--format", help="What goes to stdout.")] = Format.TEXT,
    language: Annotated[
        str | None,
        typer.Option(metavar="L", envvar="SUMMARISE_LANGUAGE", help="Language of the brief, as in: en, de, ar."),
    ] = None,
    story: Annotated[str | None, typer.Option(metavar="ID", help="The story's name. Default: the folder's.")] = None,
    about: Annotated[str | None, typer.Option(metavar="TEXT", help="What the story is about, in one sentence.")] = None,
    store: Annotated[
        Path | None,
        typer.Option(metavar="PATH", envvar="SUMMARISE_STORE", help="Where answers are kept for the next run."),
    ] = None,
    prompts: Annotated[
        Path | None,
        typer.Option(metavar="DIR", envvar="SUMMARISE_PROMPTS", help="A folder of prompt files to use instead."),
    ] = None,
    concurrency: Annotated[
        int, typer.Option(metavar="N", min=1, envvar="SUMMARISE_CONCURRENCY", help="Requests in flight at once.")
    ] = 8,
    timeout: Annotated[
        float, typer.Option(metavar="S", min=0.001, envvar="SUMMARISE_TIMEOUT", help="Seconds one request may take.")
    ] = 300.0,
    context_window: Annotated[
        int,
        typer.Option(
            metavar="N", min=1, envvar="SUMMARISE_CONTEXT_WINDOW", help="Tokens that a prompt and its answer may have."
        ),
    ] = 128_000,
    rpm: Annotated[
        int | None, typer.Option(metavar="N", min=1, envvar="SUMMARISE_RPM", help="Requests a minute at most.")
    ] = None,
    tpm: Annotated[
        int | None, typer.Option(metavar="N", min=1, envvar="SUMMARISE_TPM", help="Tokens a minute at most.")
    ] = None,
    max_cost: Annotated[
        float | None,
        typer.Option(
            metavar="USD", envvar="SUMMARISE_MAX_COST", help="Send nothing more once this is spent; more than 0."
        ),
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Show calls, tokens and cost, and spend nothing.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the result, and errors.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Also have every position checked against its sentences, blind to the rest.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="What became of each file, usage, and tracebacks.")
    ] = False,
) -> None:
    """Read a folder of articles and write its brief.

    \b
    summarise brief seeds
    summarise brief seeds --model openai:NAME --out build/brief
    summarise brief seeds --model openai:NAME --base-url http://127.0.0.1:8000/v1
    summarise brief seeds --format json > brief.json
    """
    settings = BriefSettings(
        folder=folder,
        model=model,
        base_url=base_url,
        mode=mode,
        out=out,
        format=output_format,
        language=language,
        story=story,
        about=about,
        store=store,
        prompts=prompts,
        concurrency=concurrency,
        timeout=timeout,
        context_window=context_window,
        rpm=rpm,
        tpm=tpm,
        max_cost=max_cost,
        plan=plan,
        quiet=quiet,
        check=check,
        verbose=verbose,
    )

    def run() -> int:
        from summarise.command import run_brief

        return run_brief(settings)

    raise _ended(run)


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

    raise _ended(run)


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

    raise _ended(run)


def _ended(run: Callable[[], int]) -> typer.Exit:
    """The end of a command; typer itself would take Ctrl-C while its modules are loaded without a word."""
    try:
        return typer.Exit(run())
    except KeyboardInterrupt:
        streams.say("interrupted")
        return typer.Exit(130)


def main() -> None:
    """The program `summarise`; ends the process with one of the exit codes above."""
    streams.open_missing()
    try:
        code = app(sys.argv[1:] or ["--help"], standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        streams.hang_up(sys.stdout)
        code = 0
    except OSError as error:
        streams.say(str(streams.unwritable(error)))
        code = 1
    except Exception as error:
        # Usage errors; their class has moved between versions of typer.
        if not hasattr(error, "format_message"):
            raise
        asked = getattr(getattr(error, "ctx", None), "info_name", None)
        command = asked if asked in ("eval", "explain") else "brief"
        streams.say(f"{error.format_message()} (summarise {command} --help shows how)")
        code = 2
    except KeyboardInterrupt:
        streams.say("interrupted")
        code = 130
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
