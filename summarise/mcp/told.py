"""What tools return beside the types of the brief's own contract, and how it is put into words for a reader."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Literal, get_args
from urllib.parse import quote

from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, ContentBlock, ResourceLink, TextContent
from pydantic import BaseModel, Field

from summarise.api import Made
from summarise.change import VersionRef
from summarise.contract import Brief, Contract, SummarySentence, Usage
from summarise.render.canonical import canonical_json
from summarise.render.safe import clean, one_line

State = Literal["waiting", "running", "done", "failed", "cancelled"]
Part = Literal[
    "actors",
    "issues",
    "disagreements",
    "open_questions",
    "events",
    "facts",
    "origins",
    "flags",
    "articles",
    "left_out",
    "overrides",
]
PARTS: tuple[Part, ...] = get_args(Part)
"""The lists of a brief that can be asked for one by one; title and summary always come."""
MOST = 600_000
"""Characters of a brief in one answer."""
MOST_SENT = 900_000
"""Bytes of one answer: clients take events of a megabyte."""


class NotUsed(Contract):
    """A file or text that is not in the brief, and why."""

    path: str
    status: str
    reason: str


class MadeBrief(Contract):
    """A brief that was made or found unchanged: its head. `uri` is where all of it can be read."""

    story: str
    version: VersionRef
    news: bool = Field(description="false: nothing had changed, and no new version was made")
    complete: bool
    title: str
    summary: tuple[SummarySentence, ...]
    counts: dict[str, int] = Field(description="how many of each list of the brief")
    changed: dict[str, int] = Field(description="changes of each kind since the version before")
    not_used: tuple[NotUsed, ...] = Field(description="the first 50")
    flags: tuple[str, ...] = Field(description="what a reader should know: the first 20")
    usage: Usage
    uri: str


class RunStatus(Contract):
    """A brief being made: `done` of `total` steps of the run (0: not known yet), `stage` in words."""

    run: str
    state: State
    story: str
    stage: str
    done: int
    total: int
    seconds: float
    error: str = ""
    joined: bool = Field(default=False, description="the same work was already under way, and this is it")


class Story(Contract):
    """A story that can be read here. `uri` is empty where its id alone does not name it: give the folder then."""

    story: str
    folder: str
    newest: VersionRef
    complete: bool
    uri: str


class Stories(Contract):
    """The stories of the store that can be read here, and the folders that may be."""

    stories: tuple[Story, ...]
    folders: tuple[str, ...]
    more: int = Field(default=0, description="stories that are not listed")


class BriefRead(Contract):
    """A brief, or parts of it: the lists named in `omitted` were not asked for, and are empty in `brief`."""

    version: VersionRef
    omitted: tuple[str, ...]
    brief: Brief


class Hit(Contract):
    """An item that holds the words sought. `item` is what brief_explain takes."""

    story: str
    version: int
    kind: Literal["actor", "issue", "position", "question", "disagreement", "event", "fact"]
    item: str
    text: str
    quote: str


class Hits(Contract):
    """Items of the newest briefs that hold all words sought, best first."""

    hits: tuple[Hit, ...]
    more: int = Field(default=0, description="items found and not listed")


def uri_of(story: str, version: int | None = None) -> str:
    """The address of a story's brief, the newest where no version is named."""
    return f"brief://{quote(story, safe='')}" + (f"/{version}" if version else "")


def head_of(made: Made) -> MadeBrief:
    """The head of a brief that belongs to a story."""
    brief, version = made.brief, made.version
    if version is None:
        raise ValueError("a brief without a story has no version")
    changed: dict[str, int] = {}
    for one in made.changes.changes if made.changes and made.news else ():
        changed[one.kind] = changed.get(one.kind, 0) + 1
    unused = [one for one in brief.articles if one.status != "used"]
    return MadeBrief(
        story=brief.story,
        version=version,
        news=made.news,
        complete=brief.complete,
        title=brief.title,
        summary=brief.summary,
        counts={str(part): len(getattr(brief, part)) for part in PARTS}
        | {"positions": sum(len(issue.positions) for issue in brief.issues)},
        changed=changed,
        not_used=tuple(NotUsed(path=one.path, status=one.status, reason=one.reason) for one in unused[:50]),
        flags=tuple(f"{one.kind}: {one.note}" for one in brief.flags[:20]),
        usage=brief.run.usage,
        uri=uri_of(brief.story, version.number),
    )


def head_text(head: MadeBrief) -> str:
    """The head of a brief in some lines."""
    state = "complete" if head.complete else "incomplete"
    news = "new" if head.news else "unchanged"
    lines = [one_line(head.title), f"version {head.version.number} ({news}), {state}; all of it: {head.uri}", ""]
    lines += [f"- {one_line(sentence.text)}" for sentence in head.summary]
    lines += ["", ", ".join(f"{count} {part.replace('_', ' ')}" for part, count in head.counts.items() if count)]
    if head.changed:
        lines.append("since the version before: " + ", ".join(f"{n} {k}" for k, n in sorted(head.changed.items())))
    lines += [f"not used: {one_line(one.path)} ({one.status}): {one_line(one.reason)}" for one in head.not_used]
    lines += [f"note: {one_line(flag)}" for flag in head.flags]
    return "\n".join(lines).strip()


def answer(value: BaseModel, text: str, links: Iterable[tuple[str, str]] = ()) -> CallToolResult:
    """A tool's result: the value for programs, the text for readers, links (address, name) to more.

    Raises ToolError where no client would take it; where both are too much together, the text says so instead.
    """
    # by way of canonical JSON: what acts unseen stays escaped in it, and a lone surrogate has no place in UTF-8
    structured = _all_sound(json.loads(_sound(canonical_json(value.model_dump(mode="json", by_alias=True)))))
    size = len(json.dumps(structured, ensure_ascii=False).encode())
    if size > MOST_SENT:
        raise ToolError(f"this has {size:,} bytes, too many for one answer; ask for less of it")
    if size + len(_sound(text).encode()) > MOST_SENT:
        text = "too long as text; the structured content has all of it"
    content: list[ContentBlock] = [TextContent(type="text", text=_sound(clean(text)))]
    content += [
        ResourceLink(type="resource_link", uri=uri, name=_sound(one_line(name)), mime_type="application/json")
        for uri, name in links
    ]
    return CallToolResult(content=content, structured_content=structured)


def _sound(text: str) -> str:
    """The text with lone surrogates replaced: no transport can carry them."""
    return text.encode("utf-8", "replace").decode()


def _all_sound(value: object) -> object:
    if isinstance(value, str):
        return _sound(value)
    if isinstance(value, list):
        return [_all_sound(one) for one in value]
    if isinstance(value, dict):
        return {_sound(name): _all_sound(one) for name, one in value.items()}
    return value
