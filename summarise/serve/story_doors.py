"""Doors to stories: their settings, their articles, a person's corrections."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError

from summarise.serve import corrections, models
from summarise.serve.models import ArticleName, StoryId, StoryIn, TextIn
from summarise.serve.problems import documented
from summarise.serve.refusals import Refused
from summarise.serve.service import Service, in_thread
from summarise.serve.sound_json import SoundJSON
from summarise.serve.stories import Article, Entry, Put, Story

_NEW = {"description": "Made", "headers": {"Location": {"schema": {"type": "string"}, "description": "where it is"}}}
_MOST_LISTED = 1_000

InPath = Annotated[
    str, Path(min_length=1, max_length=200, description="the story's id; of a folder's story, the folder's name")
]
NewInPath = Annotated[StoryId, Path()]
ArticleInPath = Annotated[ArticleName, Path()]


def doors(service: Service) -> APIRouter:
    """`/stories` and what belongs to one, its brief aside."""
    router = APIRouter(prefix="/stories", tags=["stories"])
    stories = service.stories

    @router.get("", operation_id="listStories", responses=documented())
    async def list_stories(
        after: Annotated[str, Query(max_length=200, description="`next` of the call before")] = "",
        limit: Annotated[int, Query(ge=1, le=_MOST_LISTED)] = 100,
    ) -> models.StoriesOut:
        """The ids of all stories: those given to the service, and those read from folders."""
        found = [one for one in await in_thread(stories.ids) if one > after]
        return models.StoriesOut(stories=found[:limit], next=found[limit - 1] if len(found) > limit else None)

    @router.post(
        "",
        operation_id="createStory",
        status_code=201,
        responses=documented("story-exists", "read-only-story", "too-large", "story-full", also={201: _NEW}),
    )
    async def create_story(story: models.NewStoryIn, response: Response) -> models.StoryOut:
        """Makes a story, with articles or without."""
        await in_thread(
            lambda: stories.create(
                story.id, language=story.language, about=story.about, articles=story.given(), only_new=True
            )
        )
        response.headers["Location"] = f"/stories/{story.id}"
        return await _shown(service, story.id)

    @router.put(
        "/{story}",
        operation_id="putStory",
        response_model=models.StoryOut,
        responses=documented(
            "read-only-story", "too-large", "story-full", also={201: _NEW | {"model": models.StoryOut}}
        ),
    )
    async def put_story(story: NewInPath, given: StoryIn, response: Response) -> models.StoryOut:
        """Makes a story or changes its settings; articles given are added, or take the place of those of their name."""
        new, _ = await in_thread(
            lambda: stories.create(
                story, language=given.language, about=given.about, articles=given.given(), only_new=False
            )
        )
        if new:
            response.status_code = 201
            response.headers["Location"] = f"/stories/{story}"
        return await _shown(service, story)

    @router.get("/{story}", operation_id="getStory", responses=documented("no-such-story", "ambiguous-story"))
    async def get_story(story: InPath) -> models.StoryOut:
        """A story's settings, how many articles it has, and the newest version of its brief."""
        return await _shown(service, story)

    @router.delete(
        "/{story}",
        operation_id="deleteStory",
        status_code=204,
        responses=documented("no-such-story", "read-only-story", "story-busy"),
    )
    async def delete_story(story: InPath) -> None:
        """Removes a story with its articles, its corrections and every version of its brief."""
        await in_thread(lambda: stories.delete(story))

    # ---- articles

    @router.get(
        "/{story}/articles",
        operation_id="listArticles",
        tags=["articles"],
        responses=documented("no-such-story", "read-only-story"),
    )
    async def list_articles(story: InPath) -> models.ArticlesOut:
        """The articles of a story, by name, without their content."""
        entries = await in_thread(lambda: stories.entries(story))
        return models.ArticlesOut(articles=[_entry(one) for one in entries])

    @router.post(
        "/{story}/articles",
        operation_id="addArticles",
        tags=["articles"],
        status_code=201,
        responses=documented("no-such-story", "read-only-story", "article-exists", "too-large", "story-full"),
    )
    async def add_articles(story: InPath, given: models.ArticlesIn) -> models.PutsOut:
        """Adds articles, all or none. Sending the same again changes nothing."""
        done = await in_thread(lambda: stories.put(story, given.given(), replace=False))
        return models.PutsOut(articles=[_put(one) for one in done])

    @router.get(
        "/{story}/articles/{name}",
        operation_id="getArticle",
        tags=["articles"],
        response_class=Response,
        responses=documented("no-such-story", "no-such-article", "read-only-story", also={200: _AS_SENT}),
    )
    async def get_article(story: InPath, name: ArticleInPath) -> Response:
        """An article as it was sent: its text and facts as JSON, or the bytes of the file."""
        article = await in_thread(lambda: stories.article(story, name))
        if article.kind == "text":
            return Response(article.given, media_type="application/json")
        # never as what it says it is: a page that somebody sent must not become a page of this service
        return Response(article.given, media_type="application/octet-stream")

    @router.put(
        "/{story}/articles/{name}",
        operation_id="putArticle",
        tags=["articles"],
        response_model=models.PutOut,
        responses=documented(
            "no-such-story",
            "read-only-story",
            "too-large",
            "story-full",
            "unsupported-media-type",
            also={201: {"description": "Added", "model": models.PutOut}},
        ),
        openapi_extra={"requestBody": _SENT},
    )
    async def put_article(story: InPath, name: ArticleInPath, request: Request, response: Response) -> models.PutOut:
        """Adds an article, or corrects the one of this name. As JSON it is a text with facts; else a file's bytes."""
        article = _sent(name, request.headers.get("content-type", ""), await request.body())
        (done,) = await in_thread(lambda: stories.put(story, [article], replace=True))
        if done.outcome == "added":
            response.status_code = 201
        return _put(done)

    @router.delete(
        "/{story}/articles/{name}",
        operation_id="removeArticle",
        tags=["articles"],
        status_code=204,
        responses=documented("no-such-story", "no-such-article", "read-only-story"),
    )
    async def remove_article(story: InPath, name: ArticleInPath) -> None:
        """Takes an article out. Briefs made before keep it; the next is made without it."""
        await in_thread(lambda: stories.remove(story, name))

    # ---- corrections

    @router.get(
        "/{story}/overrides",
        operation_id="getOverrides",
        tags=["corrections"],
        response_model=models.CorrectionsOut,
        responses=documented(
            "no-such-story",
            "read-only-story",
            "not-acceptable",
            also={200: {"content": {"application/yaml": {"schema": {"type": "string"}}}}},
        ),
    )
    async def get_overrides(story: InPath, request: Request) -> Response:
        """A person's corrections, as JSON, or as YAML just as they were sent."""
        text = (await in_thread(lambda: stories.get(story))).overrides
        if corrections.form(request.headers.get("accept", "")) == "yaml":
            return Response(text.encode("utf-8", "replace"), media_type="application/yaml")
        return SoundJSON(corrections.shown(text).model_dump())

    @router.put(
        "/{story}/overrides",
        operation_id="putOverrides",
        tags=["corrections"],
        responses=documented("no-such-story", "read-only-story", "too-large", "unsupported-media-type"),
        openapi_extra={"requestBody": corrections.SENT},
    )
    async def put_overrides(story: InPath, request: Request) -> models.CorrectionsOut:
        """Sets a person's corrections, which the next brief keeps to."""
        text = corrections.sent(request.headers.get("content-type", ""), await request.body())
        shown = corrections.shown(text)
        await in_thread(lambda: stories.correct(story, text))
        return shown

    @router.delete(
        "/{story}/overrides",
        operation_id="deleteOverrides",
        tags=["corrections"],
        status_code=204,
        responses=documented("no-such-story", "read-only-story"),
    )
    async def delete_overrides(story: InPath) -> None:
        """Takes all corrections back."""
        await in_thread(lambda: stories.correct(story, ""))

    return router


# ---- forms

_TEXT = TypeAdapter(TextIn)
_AS_SENT = {
    "description": "The article as it was sent",
    "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/TextIn"}},
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
    },
}
_SENT: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/TextIn"}},
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
    },
}


def _sent(name: str, content_type: str, body: bytes) -> Article:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        try:
            return _TEXT.validate_json(body).article(name)
        except ValidationError as error:
            raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from None
    if not kind or kind.startswith("multipart/") or kind == "application/x-www-form-urlencoded":
        raise Refused("unsupported-media-type", "send JSON, or the file's bytes as application/octet-stream")
    return Article(name, "file", body)


def _entry(entry: Entry) -> models.ArticleOut:
    return models.ArticleOut(
        name=entry.name,
        kind=entry.kind,
        sha256=entry.hash.rpartition(":")[2],
        bytes=entry.size,
        changed=entry.changed,
    )


def _put(done: Put) -> models.PutOut:
    return models.PutOut(article=_entry(done.entry), outcome=done.outcome)


async def _shown(service: Service, story: str) -> models.StoryOut:
    given = await in_thread(lambda: service.stories.find(story))
    try:
        head = await service.briefs.head(story)
        brief = models.VersionOut(number=head.number, made=head.made, complete=head.complete, sha256=head.hex)
    except Refused as refused:
        if given is None:
            if refused.kind == "no-such-version":
                raise Refused("no-such-story", "make it with PUT, or see the list of stories") from None
            raise
        brief = None
    return await in_thread(lambda: _story(service, story, given, brief))


def _story(service: Service, story: str, given: Story | None, brief: models.VersionOut | None) -> models.StoryOut:
    articles, size = service.stories.size(story) if given else (0, 0)
    return models.StoryOut(
        id=story,
        source="service" if given else "folder",
        language=given.language if given else "",
        about=given.about if given else "",
        made=given.made if given else "",
        changed=given.changed if given else "",
        articles=articles,
        bytes=size,
        corrections=len(corrections.shown(given.overrides).overrides) if given and given.overrides else 0,
        brief=brief,
        jobs=[job.id for job in service.jobs.under_way(story)] if given else [],
    )
