"""`overrides.yaml`: what a person says about a story, in a file that a person can read and write.

    # summarise overrides/1
    - join: [the Kremlin, Russia]          # these names are one actor; the first is the one shown
    - part: [Kim Jong-un, Kim Dae-jung]    # these never are
    - rename: {actor: HTS, to: Hayat Tahrir al-Sham}
    - refile: {quote: "we hope to keep the bases", issue: Future of the bases}
    - close: {question: "Will the bases stay?", answer_quote: "the bases will stay"}
    - drop: {question: "Who pays?", because: "asked by nobody"}
    - wrong: {quote: "the minister said", because: "it was the other minister"}
    - pin: {quote: "we hope to keep the bases", statement: "Hopes to keep the bases."}

Corrections name actors by any of their names and items by a quotation, never by an id, so that they hold while the
story grows. They are read from top to bottom; of two that speak against each other the later one counts. Every value is
text as it stands; YAML's tags, anchors and types are refused.

`fix` adds and takes away whole lines of the file and leaves the rest to the byte (`overrides_lines`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from summarise.contract import OverrideKind, Stance
from summarise.errors import ConfigurationError
from summarise.loading.files import read, shown
from summarise.names import fold
from summarise.plain_yaml import Fault, Node, tree

FILE_NAME = "overrides.yaml"
HEADER = "# summarise overrides/1"
MOST_BYTES = 256 * 1024
LONGEST = 4_000
"""Characters of one value: more is no sentence."""

ItemKind = Literal["position", "actor", "question", "event", "fact", "disagreement"]
PinnedKind = Literal["position", "actor", "question", "event", "disagreement"]

_HEADED = re.compile(r"\ufeff?#\s*summarise overrides/(\S+)")


def _text(value: str) -> str:
    if len(value) > LONGEST:
        raise ValueError(f"is longer than {LONGEST:,} characters; shorten it")
    if not any(char.isalnum() for char in value):
        raise ValueError("holds no word; write it out")
    return " ".join(value.split())


def _name(value: str) -> str:
    value = _text(value)
    if not fold(value):
        raise ValueError("holds no name; write it out")
    return value


Text = Annotated[str, AfterValidator(_text)]
Name = Annotated[str, AfterValidator(_name)]


class _Said(BaseModel):
    """One correction."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    kind_: ClassVar[OverrideKind]

    @property
    def words(self) -> str:
        """The correction on one line, for people."""
        raise NotImplementedError

    def fields(self) -> dict[str, str]:
        """The values that are not left empty, in the order of the type."""
        return {name: value for name, value in self if value and value != type(self).model_fields[name].default}


class _Names(_Said):
    names: tuple[Name, ...] = Field(min_length=2, max_length=50)

    @model_validator(mode="after")
    def _distinct(self) -> _Names:
        if len({fold(name) for name in self.names}) < len(self.names):
            raise ValueError("names the same actor twice; give different names")
        return self


class Join(_Names):
    """These names are one actor; the first is the name shown."""

    kind_ = "join"

    @property
    def words(self) -> str:
        return f"{_listed(self.names)} are one actor"


class Part(_Names):
    """No two of these names are one actor."""

    kind_ = "part"

    @property
    def words(self) -> str:
        return f"{_listed(self.names)} are not one actor"


class Rename(_Said):
    """The actor is shown by this name."""

    kind_ = "rename"
    actor: Name
    to: Name

    @property
    def words(self) -> str:
        return f"“{self.actor}” is shown as “{self.to}”"


class Refile(_Said):
    """The position stands under this issue, which is made where none is called so."""

    kind_ = "refile"
    quote: Text
    issue: Name
    actor: Name | Literal[""] = ""
    says: Text | Literal[""] = ""

    @property
    def words(self) -> str:
        return f"the position{_of(self.actor)} {_on(self.quote, self.says)} stands under “{self.issue}”"


class _OfQuestion(_Said):
    question: Text | Literal[""] = ""
    quote: Text | Literal[""] = ""

    @model_validator(mode="after")
    def _named(self) -> _OfQuestion:
        if not self.question and not self.quote:
            raise ValueError("names no question; give question: or quote:")
        return self

    @property
    def _which(self) -> str:
        return f"“{self.question}”" if self.question else _on(self.quote)


class Close(_OfQuestion):
    """The question is answered, by the sentence of any article that holds `answer_quote` where one is given."""

    kind_ = "close"
    answer_quote: Text | Literal[""] = ""

    @property
    def words(self) -> str:
        answer = f": “{self.answer_quote}”" if self.answer_quote else ""
        return f"the question {self._which} is answered{answer}"


class Drop(_OfQuestion):
    """The question is none of the story's."""

    kind_ = "drop"
    because: Text

    @property
    def words(self) -> str:
        return f"the question {self._which} is none: {self.because}"


class _OfItem(_Said):
    quote: Text | Literal[""] = ""
    actor: Name | Literal[""] = ""
    says: Text | Literal[""] = ""

    def _check(self, kind: str) -> None:
        if not self.quote and not (self.actor and kind == "actor"):
            raise ValueError("names no item; give quote:" + (" or actor:" if kind == "actor" else ""))
        if self.actor and kind not in ("actor", "position"):
            raise ValueError(f"has an actor, but a {kind} has none; leave actor: out")

    def _which(self, kind: str) -> str:
        if kind == "actor":
            return f"the actor{f' “{self.actor}”' if self.actor else ''}{' ' + _on(self.quote) if self.quote else ''}"
        return f"the {kind}{_of(self.actor)} {_on(self.quote, self.says)}"


class Wrong(_OfItem):
    """The item is wrong: it stands among what was left out."""

    kind_ = "wrong"
    kind: ItemKind = "position"
    because: Text

    @model_validator(mode="after")
    def _checked(self) -> Wrong:
        self._check(self.kind)
        return self

    @property
    def words(self) -> str:
        return f"{self._which(self.kind)} is wrong: {self.because}"


class Pin(_OfItem):
    """The item stays, and stands first in its list (an event: in its place in time)."""

    kind_ = "pin"
    kind: PinnedKind = "position"
    statement: Text | Literal[""] = ""
    stance: Stance | Literal[""] = ""

    @model_validator(mode="after")
    def _checked(self) -> Pin:
        self._check(self.kind)
        if self.stance and self.kind != "position":
            raise ValueError(f"has a stance, but a {self.kind} takes none; leave stance: out")
        if self.statement and self.kind == "actor":
            raise ValueError("has a statement, but an actor makes none; use rename to give it another name")
        return self

    @property
    def words(self) -> str:
        stance = f", {self.stance}" if self.stance else ""
        return f"{self._which(self.kind)} stays{stance}{f': “{self.statement}”' if self.statement else ''}"


Override = Join | Part | Rename | Refile | Close | Drop | Wrong | Pin
TYPES: dict[str, type[Override]] = {one.kind_: one for one in get_args(Override)}


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join([", ".join(f"“{n}”" for n in names[:-1]), f"“{names[-1]}”"])


def _of(actor: str) -> str:
    return f" of “{actor}”" if actor else ""


def _on(quote: str, says: str = "") -> str:
    return f"on “{quote}”" + (f" (“{says}”)" if says else "")


@dataclass(frozen=True)
class Place:
    """Lines of the file that one correction takes, counted from 1; both belong to it."""

    first: int
    last: int


@dataclass(frozen=True)
class Overrides:
    """A person's corrections in the order of the file. Two that say the same are equal, however laid out."""

    entries: tuple[Override, ...] = ()
    places: tuple[Place, ...] = field(default=(), compare=False, repr=False)

    def __bool__(self) -> bool:
        return bool(self.entries)

    def canonical(self) -> str:
        """What they say as one line of JSON: comments, layout and quotation of the file aside."""
        rows = [{one.kind_: one.model_dump(exclude_defaults=True)} for one in self.entries]
        return json.dumps(rows, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def overrides_path(folder: Path) -> Path:
    """Where the corrections to a folder of articles lie: `overrides.yaml`, or `.yml` where there is only that."""
    short = (folder / FILE_NAME).with_suffix(".yml")
    return short if short.is_file() and not (folder / FILE_NAME).exists() else folder / FILE_NAME


def load_overrides(path: Path | None) -> Overrides:
    """The corrections in a file; none where there is no file. Raises `ConfigurationError`: file, line and remedy."""
    text = source(path) if path is not None else ""
    return parsed(text, path) if path is not None and text else Overrides()


def source(path: Path) -> str:
    """The file's text, line ends as they are; empty where there is no file. Raises `ConfigurationError`."""
    name = shown(str(path))
    try:
        there = path.is_symlink() or path.exists()
        target = path.resolve()
    except (OSError, RuntimeError, ValueError):
        raise ConfigurationError(f"{name}: cannot be opened; name a file of corrections") from None
    if not there:
        return ""
    found = read(target, name, MOST_BYTES)
    if found.reason:
        raise ConfigurationError(f"{name}: {found.reason}")
    try:
        return found.content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = found.content.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(f"{name}, line {line}: not UTF-8; save the file as UTF-8") from None


def parsed(text: str, path: Path) -> Overrides:
    """The corrections in the text of a file; `path` is for messages. Raises `ConfigurationError`."""
    name = shown(str(path))
    headed = _HEADED.match(text)
    if headed and headed[1] != "1":
        raise ConfigurationError(
            f"{name}, line 1: the form overrides/{shown(headed[1])} is not known here; update summarise"
        )
    try:
        rows = list(_rows(tree(text)))
    except Fault as fault:
        raise ConfigurationError(f"{name}, line {fault.line}: {fault.why}") from None
    return Overrides(tuple(row.said for row in rows), tuple(row.place for row in rows))


# ---- reading


@dataclass(frozen=True)
class _Row:
    said: Override
    place: Place


def _rows(root: Node | None) -> Iterator[_Row]:
    if root is None or root.text == "":
        return
    if root.text is not None or root.keys is not None:
        raise Fault(root.line, "not a list; begin each correction with “- ”, as in: - join: [the Kremlin, Russia]")
    for entry in root.items:
        yield _Row(_said(entry), Place(entry.line, entry.last))


def _said(entry: Node) -> Override:
    kinds = ", ".join(TYPES)
    if entry.keys is None or len(entry.keys) != 1 or entry.keys[0].text is None:
        raise Fault(entry.line, f"a correction is one of {kinds}, with its values: - rename: {{actor: A, to: B}}")
    kind, value = entry.keys[0].text, entry.items[0]
    if kind not in TYPES:
        raise Fault(entry.line, f"there is no correction called {shown(kind[:40])!r}; there are {kinds}")
    type_ = TYPES[kind]
    lines: dict[str, int] = {}
    if issubclass(type_, _Names):
        if value.text is not None or value.keys is not None or any(n.text is None for n in value.items):
            raise Fault(value.line, f"{kind} takes a list of names: - {kind}: [A, B]")
        given: Mapping[str, object] = {"names": tuple(n.text for n in value.items)}
    else:
        if value.keys is None:
            raise Fault(value.line, f"{kind} takes {_keys_of(type_)}: - {kind}: {{{_example(type_)}}}")
        for key, held in zip(value.keys, value.items, strict=True):
            if key.text not in type_.model_fields:
                raise Fault(key.line, f"{kind} has no {shown(str(key.text)[:40])!r}; it takes {_keys_of(type_)}")
            if key.text in lines:
                raise Fault(key.line, f"{kind} has {key.text!r} twice; leave one out")
            if held.text is None:
                raise Fault(held.line, f"{key.text} of {kind} is not text; put it in quotation marks")
            lines[key.text] = key.line
        given = {str(k.text): v.text for k, v in zip(value.keys, value.items, strict=True)}
    return _valid(type_, given, entry.line, lines)


def _valid(type_: type[Override], given: Mapping[str, object], line: int, lines: Mapping[str, int]) -> Override:
    try:
        return type_.model_validate(given)
    except ValidationError as error:
        raise Fault(*_first_fault(type_, error, line, lines)) from None


def _first_fault(type_: type[Override], error: ValidationError, line: int, lines: Mapping[str, int]) -> tuple[int, str]:
    kind = type_.kind_
    first = error.errors(include_url=False)[0]
    where = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "missing":
        return line, f"{kind} needs {where!r}; it takes {_keys_of(type_)}"
    line = lines.get(where, line)
    if first["type"] == "value_error":
        return line, f"{f'{where} of ' if where else ''}{kind} {first['ctx']['error']}"
    if first["type"] == "literal_error" and where in ("kind", "stance"):
        return line, f"{where} of {kind} must be one of {first['ctx']['expected']}"
    if first["type"] in ("too_short", "too_long"):
        return line, f"{kind} takes two names or more (at most 50): - {kind}: [A, B]"
    return line, f"{where} of {kind} cannot be read; put text in quotation marks"


def _keys_of(type_: type[Override]) -> str:
    needed = [name for name, one in type_.model_fields.items() if one.is_required()]
    more = [name for name in type_.model_fields if name not in needed]
    return " and ".join(filter(None, [", ".join(needed), f"if wanted {', '.join(more)}" if more else ""]))


def _example(type_: type[Override]) -> str:
    return ", ".join(f"{name}: …" for name in type_.model_fields)


def made(kind: str, /, **values: object) -> Override:
    """A correction from values; empty ones do not count. Raises `ConfigurationError`."""
    try:
        return _valid(TYPES[kind], {k: v for k, v in values.items() if v}, 1, {})
    except Fault as fault:
        raise ConfigurationError(fault.why) from None
