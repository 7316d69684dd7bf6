"""The forms of what callers send and get, beside the brief's own contract."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from summarise.contract import Usage
from summarise.loading import ArticleText
from summarise.loading.files import passed_over
from summarise.serve.jobs import State
from summarise.serve.stories import Article, Kind, Outcome

STORY_ID = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"
ARTICLE_NAME = r"^[^/\\.~#$\x00-\x1f\x7f-\x9f][^/\\\x00-\x1f\x7f-\x9f]*$"


class Form(BaseModel):
    """Base of what callers send: nothing unknown gets in."""

    model_config = ConfigDict(extra="forbid")


def _article_name(name: str) -> str:
    if not name.isprintable() or passed_over(name):
        raise ValueError("is a name that is passed over in a folder, or cannot be shown; choose another")
    return name


def _base64(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise ValueError("is not base64") from None
    return text


StoryId = Annotated[str, Field(pattern=STORY_ID, description="its id, the same at every door", examples=["syria"])]
ArticleName = Annotated[
    str,
    Field(
        pattern=ARTICLE_NAME, max_length=200, description="what it goes by in the story", examples=["reuters-1.html"]
    ),
    AfterValidator(_article_name),
]
Language = Annotated[
    str, Field(pattern="^([a-z]{2})?$", description="ISO 639-1 code of the brief; empty: that of most articles")
]
About = Annotated[
    str, Field(max_length=2_000, description="what the story is about, where the articles alone do not make it plain")
]
Fact = Annotated[str, Field(max_length=1_000)]


class TextIn(Form):
    """An article's text, and what is known of it. Facts given here go before those that the text states."""

    text: str = Field(min_length=1, examples=["Talks resume on Monday\n\nThe envoy said on Friday that …"])
    title: Fact = ""
    outlet: Fact = ""
    author: Fact = ""
    published: Fact = Field(default="", description="ISO 8601, or a date as an article would write it")

    def article(self, name: str) -> Article:
        """As the service keeps it."""
        given = ArticleText(**self.model_dump(include=set(TextIn.model_fields)))
        return Article(name, "text", json.dumps(given.model_dump(exclude={"path"}), sort_keys=True).encode())


class NamedTextIn(TextIn):
    """A text and the name it goes by."""

    name: ArticleName


class FileIn(Form):
    """A file: its name says how it is read (.txt, .md, .html, .pdf, .docx, .eml), as in a folder."""

    name: ArticleName
    content_base64: Annotated[str, AfterValidator(_base64)] = Field(
        description="the file's bytes", json_schema_extra={"contentEncoding": "base64"}
    )

    def article(self, name: str) -> Article:
        """As the service keeps it."""
        return Article(name, "file", base64.b64decode(self.content_base64))


ArticleIn = NamedTextIn | FileIn


class _WithArticles(Form):
    articles: list[ArticleIn] = Field(default=[], max_length=5_000)

    @model_validator(mode="after")
    def _named_once(self) -> _WithArticles:
        if len({article.name for article in self.articles}) < len(self.articles):
            raise ValueError("two articles have the same name; give each its own")
        return self

    def given(self) -> list[Article]:
        """The articles as the service keeps them."""
        return [article.article(article.name) for article in self.articles]


class StoryIn(_WithArticles):
    """A story's settings, and articles to put into it; the others it has stay."""

    language: Language = ""
    about: About = ""


class NewStoryIn(StoryIn):
    """A story to be made."""

    id: StoryId


class ArticlesIn(_WithArticles):
    """Articles to be added, all or none."""

    articles: list[ArticleIn] = Field(min_length=1, max_length=5_000)


class BriefIn(Form):
    """A call for a brief. How it is made, and by which model, is the service's to say."""


class Out(BaseModel):
    """Base of what callers get."""

    model_config = ConfigDict(extra="forbid")


class ArticleOut(Out):
    """An article of a story, without its content; what became of it stands in the brief."""

    name: str
    kind: Kind
    sha256: str = Field(description="of what was sent, hex")
    bytes: int
    changed: str


class PutOut(Out):
    """What became of one article that was sent."""

    article: ArticleOut
    outcome: Outcome


class PutsOut(Out):
    """What became of articles that were sent."""

    articles: list[PutOut]


class ArticlesOut(Out):
    """The articles of a story, by name."""

    articles: list[ArticleOut]


class VersionOut(Out):
    """A version of a brief."""

    number: int
    made: str
    complete: bool
    sha256: str = Field(description="of its content, hex; the brief's ETag as JSON")


class ErrorOut(Out):
    """Why a job failed; `retry`: whether the same job may well succeed later."""

    type: str
    title: str
    detail: str
    retry: bool


class ResultOut(Out):
    """What a job made. `news` is false where the brief is what it was before; `usage` is what this job took."""

    version: int
    complete: bool
    news: bool
    usage: Usage


class JobOut(Out):
    """A job. `result` is there once it is done, `error` once it failed."""

    id: str
    story: str
    state: State
    made: str
    started: str = Field(description="ISO 8601; empty before")
    ended: str = Field(description="ISO 8601; empty before")
    stage: str = Field(description="note, reconcile, weigh or write; empty before the first")
    done: int = Field(description="questions of the stage that are answered")
    total: int = Field(description="questions of the stage; 0 where not known")
    result: ResultOut | None = None
    error: ErrorOut | None = None


class JobsOut(Out):
    """Jobs of a story, the newest first; `next` goes into `before` of the next call, null at the end."""

    jobs: list[JobOut]
    next: str | None


class EventOut(Out):
    """An event of a job as its stream has it. The last has the state that the job ended in."""

    at: str
    state: State | None = None
    stage: str | None = None
    done: int | None = None
    total: int | None = None
    because: str | None = None
    result: ResultOut | None = None
    error: ErrorOut | None = None


class StoryOut(Out):
    """A story. One that was read from a folder can be read here, not changed."""

    id: str
    source: Literal["service", "folder"]
    language: str
    about: str
    made: str
    changed: str
    articles: int
    bytes: int
    corrections: int
    brief: VersionOut | None = Field(description="the newest version; null before the first")
    jobs: list[str] = Field(description="ids of its jobs that have not ended")


class StoriesOut(Out):
    """Ids of stories, sorted; `next` goes into `after` of the next call, null at the end."""

    stories: list[str]
    next: str | None


class CorrectionsIn(Form):
    """A person's corrections, as in `overrides.yaml`."""

    overrides: list[dict[str, dict[str, str] | list[str]]] = Field(
        max_length=1_000, examples=[[{"join": ["the Kremlin", "Russia"]}]]
    )


class CorrectionsOut(Out):
    """A person's corrections in their order, and each in words."""

    overrides: list[dict[str, dict[str, str] | list[str]]]
    words: list[str]


class HealthOut(Out):
    """The process lives."""

    status: Literal["ok"]


class ReadyOut(Out):
    """The process can take calls: the store can be written to, the settings can work, it is not stopping."""

    status: Literal["ready"]
