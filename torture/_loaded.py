"""Everything that a run loads late, loaded: what the server of warm processes (torture/_runs.py) imports."""

from __future__ import annotations

import anyio._backends._asyncio  # noqa: F401
import genai_prices  # noqa: F401
import httpcore2  # noqa: F401
import instructor.core.exceptions
import openai.types.chat  # noqa: F401
import tenacity  # noqa: F401
import watchfiles  # noqa: F401

import summarise.cli
import summarise.command
import summarise.commands.watch
import summarise.render.changes
import summarise.render.terminal  # noqa: F401
from summarise.api import brief
from summarise.loading import ArticleText
from summarise.model.prompts import Prompts, home
from summarise.store import Store

_LATE = (instructor.Mode, instructor.patch)  # looked up, they are imported
_SENTENCE = "The mayor, Ann Lee, said on {} that the harbour stays open until the end of the year."

with Store.in_memory() as _store:
    _days = ("Monday", "Tuesday")
    brief(
        [ArticleText(text=f"The harbour\n\n{_SENTENCE.format(day)}") for day in _days], model="extractive", store=_store
    )
for _path in _folder.glob("*.md") if (_folder := home()) else ():
    Prompts().get(_path.stem)
