"""Options that several commands have, each said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from summarise import settings

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder with the articles.")]
Model = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL",
        help="Who reads: openai:NAME, gguf:PATH, or extractive (no model). Default: SUMMARISE_MODEL, "
        "else a model of OpenAI where OPENAI_API_KEY is set, else extractive.",
    ),
]
BaseUrl = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Where the OpenAI API is spoken. Default: OPENAI_BASE_URL, else OpenAI's own."),
]
Mode = Annotated[
    settings.Mode,
    typer.Option(envvar="SUMMARISE_MODE", help="How the endpoint is held to the form of an answer."),
]
Out = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Write brief.json, brief.md, brief.html, changes.json, texts/ there.")
]
Form = Annotated[settings.Format, typer.Option("--format", help="What goes to stdout.")]
ChangesForm = Annotated[settings.ChangesFormat, typer.Option("--format", help="What goes to stdout.")]
Language = Annotated[
    str | None,
    typer.Option(metavar="L", envvar="SUMMARISE_LANGUAGE", help="Language of the brief, as in: en, de, ar."),
]
Story = Annotated[str | None, typer.Option(metavar="ID", help="The story's name. Default: the folder's.")]
About = Annotated[str | None, typer.Option(metavar="TEXT", help="What the story is about, in one sentence.")]
Store = Annotated[
    str | None,
    typer.Option(
        metavar="PLACE",
        envvar="SUMMARISE_STORE",
        help="Where answers and versions are kept: a file, or postgresql://USER@HOST/DATABASE.",
    ),
]
Overrides = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="A person's corrections. Default: overrides.yaml in FOLDER."),
]
Prompts = Annotated[
    Path | None,
    typer.Option(metavar="DIR", envvar="SUMMARISE_PROMPTS", help="A folder of prompt files to use instead."),
]
Concurrency = Annotated[
    int, typer.Option(metavar="N", min=1, envvar="SUMMARISE_CONCURRENCY", help="Requests in flight at once.")
]
Timeout = Annotated[
    float, typer.Option(metavar="S", min=0.001, envvar="SUMMARISE_TIMEOUT", help="Seconds one request may take.")
]
ContextWindow = Annotated[
    int,
    typer.Option(
        metavar="N", min=1, envvar="SUMMARISE_CONTEXT_WINDOW", help="Tokens that a prompt and its answer may have."
    ),
]
Rpm = Annotated[int | None, typer.Option(metavar="N", min=1, envvar="SUMMARISE_RPM", help="Requests a minute at most.")]
Tpm = Annotated[int | None, typer.Option(metavar="N", min=1, envvar="SUMMARISE_TPM", help="Tokens a minute at most.")]
MaxCost = Annotated[
    float | None,
    typer.Option(metavar="USD", envvar="SUMMARISE_MAX_COST", help="Send nothing more once this is spent; more than 0."),
]
Price = Annotated[
    str | None,
    typer.Option(
        metavar="IN/OUT",
        envvar="SUMMARISE_PRICE",
        help="US dollars a million tokens, sent and received, as in 0.10/0.50; a third is for cached input.",
    ),
]
MaxTokens = Annotated[
    int | None,
    typer.Option(
        metavar="N", envvar="SUMMARISE_MAX_TOKENS", help="Send nothing more once these are spent, input and output."
    ),
]
Check = Annotated[
    bool, typer.Option("--check", help="Also have every position checked against its sentences, blind to the rest.")
]
