"""Doors to what was made of a story: its brief, what changed, its history, the texts that offsets point into."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from summarise.change import Changes, Log, QuestionLives
from summarise.contract import Brief
from summarise.serve.briefs import MEDIA, Briefs, Drawn, Form
from summarise.serve.negotiation import has, wanted
from summarise.serve.problems import documented
from summarise.serve.refusals import Refused
from summarise.serve.service import Service
from summarise.serve.story_doors import InPath

_BRIEF: list[tuple[str, Form]] = [("application/json", "json"), ("text/markdown", "markdown"), ("text/html", "html")]
_CHANGES: list[tuple[str, Form]] = [("application/json", "json"), ("text/markdown", "markdown")]
_JSON: list[tuple[str, Form]] = [("application/json", "json")]
_BRIEF_PATH = re.compile(r"/stories/([^/]{1,200})/brief")
_PAGE_POLICY = "sandbox allow-scripts; frame-ancestors 'none'"
"""The page brings a policy of its own, which lets in its one style and one script; this takes the origin from it."""

_TAGGED = {
    "ETag": {"schema": {"type": "string"}, "description": "names these very bytes; send it in If-None-Match"},
    "Vary": {"schema": {"type": "string"}},
}
_SAME = {304: {"description": "Not modified: what If-None-Match names is still the newest", "headers": _TAGGED}}
_FAILURES = ("no-such-story", "no-such-version", "ambiguous-story", "not-acceptable")

Number = Annotated[int | None, Query(ge=1, le=2**31, description="which version; the newest where none is named")]
TextId = Annotated[str, Path(min_length=1, max_length=128, description="an article's id, as evidence names it")]


@dataclass(frozen=True)
class Read:
    """An answer on its way out."""

    status: int
    headers: dict[str, str]
    body: bytes
    media: str | None


def doors(service: Service) -> APIRouter:
    """What can be read of one story."""
    router = APIRouter(prefix="/stories/{story}", tags=["briefs"])
    briefs = service.briefs

    @router.get(
        "/brief",
        operation_id="getBrief",
        response_model=Brief,
        responses=documented(*_FAILURES, also={200: _in("markdown", "html")} | _SAME),
    )
    async def get_brief(story: InPath, request: Request, version: Number = None) -> Response:
        """The brief of a story: as JSON (`brief.json`), Markdown or a page, whatever Accept likes best."""
        headers = request.headers
        read = await _read(briefs, story, headers.get("accept", ""), headers.get("if-none-match", ""), version)
        return Response(read.body or None, read.status, read.headers, read.media)

    @router.get(
        "/changes",
        operation_id="getChanges",
        response_model=Changes,
        responses=documented(*_FAILURES, also={200: _in("markdown")} | _SAME),
    )
    async def get_changes(
        story: InPath,
        request: Request,
        since: Annotated[
            int | None, Query(ge=1, le=2**31, description="the version to compare with; the one before where not named")
        ] = None,
        version: Number = None,
    ) -> Response:
        """What changed since a version."""
        form = _form(request, _CHANGES)
        after = await briefs.head(story, version)
        before = await briefs.head(story, since) if since is not None else None
        return _answer(await briefs.changes(before, after, form), request.headers.get("if-none-match", ""))

    @router.get("/history", operation_id="getHistory", response_model=Log, responses=documented(*_FAILURES, also=_SAME))
    async def get_history(story: InPath, request: Request) -> Response:
        """All versions of the brief, the oldest first, each with how much changed in it."""
        _form(request, _JSON)
        drawn = await briefs.history(await briefs.head(story))
        return _answer(drawn, request.headers.get("if-none-match", ""))

    @router.get(
        "/questions",
        operation_id="getQuestions",
        response_model=QuestionLives,
        responses=documented(*_FAILURES, also=_SAME),
    )
    async def get_questions(story: InPath, request: Request) -> Response:
        """Every open question that any version has, from its opening to its answer."""
        _form(request, _JSON)
        drawn = await briefs.questions(await briefs.head(story))
        return _answer(drawn, request.headers.get("if-none-match", ""))

    @router.get(
        "/texts/{text}",
        operation_id="getText",
        response_class=Response,
        responses=documented(
            "no-such-text", *_FAILURES, also={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}
        ),
    )
    async def get_text(story: InPath, text: TextId, version: Number = None) -> Response:
        """The cleaned text of an article, that the offsets of evidence point into (half-open, in code points)."""
        found = await briefs.text(await briefs.head(story, version), text)
        return Response(found.encode("utf-8", "replace"), media_type="text/plain; charset=utf-8")

    return router


class Quick:
    """The door that is used most, without the app around it: the newest brief of a story. Same answers, a third of the
    time; anything else that is asked of it is left to the app."""

    route = "/stories/{story}/brief"

    def __init__(self, briefs: Briefs) -> None:
        self._briefs = briefs

    def story(self, method: str, path: str, query: bytes) -> str | None:
        """The story whose newest brief is asked for; None where it is not this that is asked."""
        found = _BRIEF_PATH.fullmatch(path) if method == "GET" and not query else None
        return found[1] if found else None

    async def read(self, story: str, accept: str, known: str) -> Read:
        """What goes out."""
        return await _read(self._briefs, story, accept, known, None)


async def _read(briefs: Briefs, story: str, accept: str, known: str, version: int | None) -> Read:
    form = _wanted(accept, _BRIEF)
    head = await briefs.head(story, version)
    tag = briefs.etag(head, form) if known else None
    if tag and has(known, tag):
        return Read(304, _headers(tag) | {"X-Brief-Version": str(head.number)}, b"", None)
    drawn = await briefs.brief(head, form)
    headers = _headers(drawn.etag) | {"X-Brief-Version": str(head.number)}
    if known and has(known, drawn.etag):
        return Read(304, headers, b"", None)
    if form == "html":
        headers["Content-Security-Policy"] = _PAGE_POLICY
    return Read(200, headers, drawn.body, drawn.media)


def _in(*forms: Form) -> dict[str, Any]:
    """Further forms of an answer, for the OpenAPI document."""
    content = {MEDIA[form].partition(";")[0]: {"schema": {"type": "string"}} for form in forms}
    return {"content": content, "headers": _TAGGED}


def _form(request: Request, offers: list[tuple[str, Form]]) -> Form:
    return _wanted(request.headers.get("accept", ""), offers)


def _wanted(accept: str, offers: list[tuple[str, Form]]) -> Form:
    found = wanted(accept, offers)
    if found is None:
        raise Refused("not-acceptable", "there are " + ", ".join(media for media, _ in offers))
    return found


def _answer(drawn: Drawn, known: str) -> Response:
    if known and has(known, drawn.etag):
        return Response(status_code=304, headers=_headers(drawn.etag))
    return Response(drawn.body, media_type=drawn.media, headers=_headers(drawn.etag))


def _headers(etag: str) -> dict[str, str]:
    return {"ETag": etag, "Vary": "Accept", "Cache-Control": "private, no-cache"}
