"""From the name of a model to the reader that answers for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from summarise.contract import Usage
from summarise.model.options import ModelOptions
from summarise.model.seam import ModelReader
from summarise.model.spec import ModelSpec
from summarise.question import Reader
from summarise.store import Store


@asynccontextmanager
async def open_reader(
    spec: ModelSpec,
    *,
    store: Store | None = None,
    prompts: Path | None = None,
    options: ModelOptions | None = None,
    on_usage: Callable[[Usage], None] | None = None,
) -> AsyncIterator[Reader]:
    """The reader that `spec` names, open while the `with` lasts: the embedded rules, or a `ModelReader`."""
    if spec.kind == "extractive":
        from summarise.extractive import RuleReader

        yield RuleReader()
        return
    async with ModelReader(spec, store=store, prompts=prompts, options=options, on_usage=on_usage) as reader:
        yield reader
