"""What the benchmarks of articles told together share: their options, the reader, and notes with what failed.

Answers come slowly, so all that can be asked side by side is; they are kept in the store, so that a second run asks
nothing. An article or a question without an answer is told in a line and costs no more than itself.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the checkout, wherever this is run

from summarise.article import Article
from summarise.errors import BudgetSpent, ModelError
from summarise.extractive.machine_talk import talking
from summarise.loading import load_files
from summarise.model import ModelOptions, open_reader, parse
from summarise.noting import note
from summarise.question import Reader
from summarise.records import Noted
from summarise.store import Store

TIMEOUT = 3000.0  # seconds an answer may take


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that say who reads: by default the embedded rules, so that no benchmark costs anything unasked."""
    parser.add_argument("--model", default="extractive", help="openai:NAME, gguf:PATH or extractive (default)")
    parser.add_argument("--base-url", help="the endpoint of an openai: model")
    parser.add_argument("--store", type=Path, help="file of answers: read from, and added to (default: none is kept)")
    parser.add_argument("--concurrency", type=int, default=64, help="requests in flight at once (default 64)")


def options_of(given: argparse.Namespace) -> ModelOptions:
    """How the model is asked."""
    return ModelOptions(timeout=TIMEOUT, concurrency=given.concurrency)


@asynccontextmanager
async def opened(given: argparse.Namespace) -> AsyncIterator[Reader]:
    """The reader that the options name, with its store; open while the `with` lasts."""
    spec = parse(given.model, base_url=given.base_url)
    with ExitStack() as stack:
        store = stack.enter_context(Store.open(given.store)) if given.store and spec.kind != "extractive" else None
        async with open_reader(spec, store=store, options=options_of(given)) as reader:
            yield reader


def articles(folder: Path) -> list[Article]:
    """The articles of a folder's .txt files that can be used (its .json files are annotations), by name."""
    loaded = load_files(sorted(folder.glob("*.txt")))
    for article in loaded:
        if article.status != "used":
            tell(f"{article.path}: {article.status}: {article.reason}")
    return [a for a in loaded if a.status == "used"]


def stem(article: Article) -> str:
    """What annotations call an article: its file's name without the ending."""
    return Path(article.path).stem


async def notes(given: Sequence[Article], reader: Reader) -> list[Noted]:
    """The notes of these articles, asked for side by side; one without an answer is told and left out."""

    async def one(article: Article) -> Noted | None:
        try:
            return await note(article, reader, write_in="", suspicious=talking)
        except (ModelError, BudgetSpent) as error:
            tell(f"no note of {article.path}: {error}")
            return None

    return [n for n in await asyncio.gather(*map(one, given)) if n is not None]


def tell(line: str) -> None:
    """A line for whoever waits, beside the figures."""
    print(line, file=sys.stderr, flush=True)


def cost(reader: Reader) -> str:
    """What asking has cost, as one line."""
    usage = reader.usage
    return (
        f"{reader.name}: {usage.calls} calls, {usage.reused} answers from the store,"
        f" {usage.input_tokens:,} tokens in, {usage.output_tokens:,} out"
    )
