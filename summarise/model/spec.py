"""What `--model` names.

    openai:NAME   a model behind the OpenAI API, or behind anything that speaks it (`--base-url`)
    gguf:PATH     a model file on this machine, run in-process (extra `gguf`)
    extractive    no model: the embedded rules

Keys come from the environment alone (OPENAI_API_KEY), so that none ends up in a shell's history or a process list.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from summarise.errors import ConfigurationError

_YOUNG = 2_500_000_000
"""Nanoseconds after a file's last change for which its times may not tell of another."""

DEFAULT_OPENAI_MODEL = "gpt-6-luna"
"""The small current model of the price list that ships with genai-prices 0.2.3."""

OPENAI_URL = "https://api.openai.com/v1"
NO_KEY = "not-needed"
"""What is sent as the key where there is none: the client insists on one."""
FORMS = "openai:NAME, gguf:PATH or extractive"

ModelKind = Literal["openai", "gguf", "extractive"]


@dataclass(frozen=True)
class ModelSpec:
    """Which model answers, and where. `notice` is one line for the user when the program chose by itself."""

    kind: ModelKind
    name: str = ""
    base_url: str = ""
    path: Path | None = None
    notice: str = ""

    @property
    def display(self) -> str:
        """What `run.model` says: "openai:NAME", "gguf:FILE" or "extractive"; never a directory or a host."""
        if self.kind == "gguf" and self.path is not None:
            return f"gguf:{self.path.name}"
        return f"openai:{self.name}" if self.kind == "openai" else "extractive"


def parse(name: str | None, *, base_url: str | None = None, environ: Mapping[str, str] | None = None) -> ModelSpec:
    """The model that `--model NAME` and `--base-url URL` mean.

    `name` None means SUMMARISE_MODEL, else `openai:` with its default model where OPENAI_API_KEY is set, else
    `extractive`. `base_url` None means OPENAI_BASE_URL. `environ` stands in for `os.environ`.

    Raises ConfigurationError for a form that does not exist, a URL that is none, or a model file that is not there.
    """
    env = os.environ if environ is None else environ
    given = name if name is not None else env.get("SUMMARISE_MODEL", "").strip() or None
    if given is None:
        return _chosen(base_url, env)
    kind, _, rest = given.strip().partition(":")
    rest = rest.strip()
    if kind == "extractive" and not rest:
        return ModelSpec("extractive")
    if kind == "openai" and rest:
        return ModelSpec("openai", name=rest, base_url=_url(base_url, env))
    if kind == "gguf" and rest:
        path = Path(rest).expanduser()
        if not path.is_file():
            raise ConfigurationError(f"no model file at {path}; --model gguf:PATH needs a .gguf file on this machine")
        return ModelSpec("gguf", name=path.stem, path=path)
    raise ConfigurationError(f"unknown model {given!r}; use --model (or SUMMARISE_MODEL) with {FORMS}")


def api_key(spec: ModelSpec, environ: Mapping[str, str] | None = None) -> str:
    """The key for the endpoint of `spec`; a placeholder for an endpoint that may need none.

    Raises ConfigurationError where there is none for OpenAI's own. Any other endpoint says by itself, with a 401, that
    it wants one.
    """
    env = os.environ if environ is None else environ
    if key := env.get("OPENAI_API_KEY", "").strip():
        return key
    if not is_openai(spec.base_url):
        return NO_KEY
    raise ConfigurationError(
        f"OPENAI_API_KEY is not set, and {spec.display} needs a key; set it, or use --model extractive"
    )


def is_openai(url: str) -> bool:
    """Whether the URL's host is OpenAI's own, where nothing goes without a key; no URL means it, too."""
    host = (urlsplit(url or OPENAI_URL).hostname or "").rstrip(".")
    return host == "openai.com" or host.endswith(".openai.com")


def is_loopback(url: str) -> bool:
    """Whether the URL's host is this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _chosen(base_url: str | None, env: Mapping[str, str]) -> ModelSpec:
    if base_url:
        base_url = _url(base_url, env)
        raise ConfigurationError(f"--base-url {base_url} needs a model to ask there; add --model openai:NAME")
    if env.get("OPENAI_API_KEY", "").strip():
        notice = (
            f"reading with openai:{DEFAULT_OPENAI_MODEL}, as OPENAI_API_KEY is set; --model extractive asks no model"
        )
        return ModelSpec("openai", name=DEFAULT_OPENAI_MODEL, base_url=_url(None, env), notice=notice)
    notice = "no OPENAI_API_KEY: reading with the embedded rules (extractive); set the key, or --model, to ask a model"
    return ModelSpec("extractive", notice=notice)


def _url(base_url: str | None, env: Mapping[str, str]) -> str:
    url = (base_url or env.get("OPENAI_BASE_URL", "").strip() or OPENAI_URL).rstrip("/")
    if "@" in url:  # first: what is told of a URL is the URL
        raise ConfigurationError("a key or password does not belong in --base-url; put it in OPENAI_API_KEY")
    if "?" in url or "#" in url:
        raise ConfigurationError("--base-url takes no ?query and no #part; a key belongs in OPENAI_API_KEY")
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets without an address, a port that is none
        good = False
    if not good:
        raise ConfigurationError(f"{url!r} is no URL of an endpoint; --base-url looks like http://127.0.0.1:8000/v1")
    return url


def identity(spec: ModelSpec) -> tuple[str, str]:
    """Endpoint and model as they stand in a key: a local model is its file's content, wherever it lies."""
    if spec.kind == "gguf" and spec.path is not None:
        return "gguf", file_hash(spec.path)
    return spec.base_url, spec.name


def file_hash(path: Path) -> str:
    """ "sha256:<hex>" of a file's content, read through once for as long as it is the same file, unchanged."""
    found = path.stat()
    if found.st_mtime_ns > time.time_ns() - _YOUNG:  # another change may go by the same time
        return _read_hash(path)
    return _known_hash(path, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


@lru_cache(maxsize=16)
def _known_hash(path: Path, *_state: int) -> str:
    return _read_hash(path)


def _read_hash(path: Path) -> str:
    with path.open("rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
