"""Prompt files: `prompts/NAME.md`, front matter and a template, so that someone who does not program can review them.

    ---
    name: note
    answer: Note
    variables: [title, outlet, language, sentences]
    ---
    the system part
    === user ===
    the user part

The template is split before it is rendered, and articles arrive as values only, so no article can move the border
or be read as a template. Every value becomes one line, whether the template says `| oneline` or not, so none can
fake a line of the prompt. The system part has no variables: nothing an article says stands in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from summarise import answers
from summarise.errors import ConfigurationError
from summarise.question import Data

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

BORDER = "=== user ==="
_FRONT = re.compile(r"\A---\r?\n(.*?\r?\n)---\r?\n(.*)\Z", re.DOTALL)
# what could fake a line of the prompt
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# what a reader does not see and a model might: direction marks, tag characters
_HIDDEN = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class FrontMatter(BaseModel):
    """The head of a prompt file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    answer: str
    variables: tuple[str, ...]


@dataclass(frozen=True)
class Messages:
    """A rendered prompt."""

    system: str
    user: str


@dataclass(frozen=True)
class Prompt:
    """A prompt file, checked."""

    front: FrontMatter
    path: Path
    _system: Template
    _user: Template

    @cached_property
    def system(self) -> str:
        """The system part, the same for every question."""
        return self._system.render().strip()

    def render(self, data: Data) -> Messages:
        """The messages for one question. Raises ConfigurationError where the data lack a variable of the file."""
        fields = type(data).model_fields
        if unknown := [name for name in self.front.variables if name not in fields]:
            known = ", ".join(fields)
            raise ConfigurationError(f"{self.path}: no variable {', '.join(unknown)} in this question; it has {known}")
        values = {name: getattr(data, name) for name in self.front.variables}
        import jinja2

        try:
            return Messages(self.system, self._user.render(values).strip())
        except jinja2.TemplateError as error:
            raise ConfigurationError(f"{self.path}: the template cannot be rendered: {oneline(error)}") from error


class Prompts:
    """The prompt files in use: those of `override` where it has them, the program's own otherwise."""

    def __init__(self, override: Path | None = None) -> None:
        if override is not None and not override.is_dir():
            raise ConfigurationError(f"no folder {override}; --prompts needs a folder with prompt files (*.md)")
        self._folders = tuple(folder for folder in (override, home()) if folder is not None)
        self._loaded: dict[str, Prompt] = {}

    def get(self, name: str) -> Prompt:
        """The prompt file of that name. Raises ConfigurationError where there is none or it is not well formed."""
        if name not in self._loaded:
            for folder in self._folders:
                path = folder / f"{name}.md"
                if path.is_file():
                    self._loaded[name] = load(path)
                    break
            else:
                places = " or ".join(str(folder) for folder in self._folders)
                raise ConfigurationError(f"no prompt file {name}.md in {places}")
        return self._loaded[name]


def home() -> Path | None:
    """The program's own prompt files: in the installed package, or beside it in a checkout; None where both lack."""
    package = Path(__file__).resolve().parent.parent
    return next((folder for folder in (package / "prompts", package.parent / "prompts") if folder.is_dir()), None)


def load(path: Path) -> Prompt:
    """One prompt file, checked: its head, its border, its answer type, and that it uses the variables it names."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: the prompt file cannot be read: {oneline(error)}") from error
    return _checked(path, text)


@lru_cache(maxsize=128)  # a process that makes many briefs compiles each template once, and again when its file changes
def _checked(path: Path, text: str) -> Prompt:
    import yaml
    from jinja2 import TemplateSyntaxError, meta

    parts = _FRONT.match(text)
    if parts is None:
        raise ConfigurationError(f"{path}: a prompt file begins with front matter between two lines '---'")
    try:
        front = FrontMatter.model_validate(yaml.safe_load(parts[1]))
    except (yaml.YAMLError, ValidationError) as error:
        raise ConfigurationError(f"{path}: front matter has name, answer, variables: {oneline(error)}") from error
    if front.name != path.stem:
        raise ConfigurationError(f"{path}: its name is {front.name!r}; it must be the file's, {path.stem!r}")
    answer = getattr(answers, front.answer, None)
    if not (isinstance(answer, type) and issubclass(answer, answers.Answer)):
        raise ConfigurationError(f"{path}: {front.answer!r} is no answer type of summarise.answers")
    sides = re.split(rf"^{BORDER}[ \t]*\r?\n", parts[2], flags=re.MULTILINE)
    if len(sides) != 2:
        raise ConfigurationError(f"{path}: a prompt has two parts with one line {BORDER!r} between them")
    environment = _environment()
    try:
        used = [set(meta.find_undeclared_variables(environment.parse(side))) for side in sides]
        system, user = (environment.from_string(side) for side in sides)
    except TemplateSyntaxError as error:
        raise ConfigurationError(f"{path}: the template has a mistake: {oneline(error)}") from error
    if used[0]:
        names = ", ".join(sorted(used[0]))
        raise ConfigurationError(f"{path}: {names} cannot stand above {BORDER!r}; what articles say belongs below it")
    if used[1] != set(front.variables):
        names = ", ".join(sorted(used[1] ^ set(front.variables)))
        raise ConfigurationError(f"{path}: variables must list exactly those that the template uses; see {names}")
    return Prompt(front=front, path=path, _system=system, _user=user)


class _Line(str):
    """A text that is known to be one line."""

    __slots__ = ()


def oneline(value: object) -> str:
    """A value as one line: runs of whitespace and control characters become one space, invisible marks go."""
    if isinstance(value, _Line):
        return value
    text = str(value)
    if not text.isascii():
        text = _LONE_SURROGATE.sub("\ufffd", _HIDDEN.sub("", text))
    if "  " in text or not text.isprintable():  # most sentences are one line: no break of any kind is printable
        text = _BREAKS.sub(" ", text)
    return _Line(text.strip())


@cache
def _environment() -> SandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    class Environment(SandboxedEnvironment):
        """The fields of our own data are safe; the sandbox takes longer to find that out than to render them."""

        def getattr(self, obj: Any, attribute: str) -> Any:
            if isinstance(obj, Data) and attribute in vars(obj):
                return vars(obj)[attribute]
            return super().getattr(obj, attribute)

    settings: dict[str, Any] = {"undefined": StrictUndefined, "trim_blocks": True, "finalize": oneline}
    environment = Environment(**settings)
    environment.filters["oneline"] = oneline
    return environment
