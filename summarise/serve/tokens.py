"""Bearer tokens: several, each with a name, kept as hashes.

A token is 256 bits from the system's generator, so one round of SHA-256 is enough to keep it by: there is nothing to
guess. It is shown once, when it is made. A revoked one stays listed, so that a service that once asked for a token
never stops asking because the last was revoked.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from dataclasses import dataclass

from summarise.errors import ConfigurationError
from summarise.store.database import Database
from summarise.store.forms import stamp

PREFIX = "sums_"
FRESH_SECONDS = 1.0
"""How long a process goes by what it last read of the tokens: a revocation holds after this."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class Token:
    """A token as it is listed: never itself, nor its hash. `made` and `revoked` are ISO 8601; "" is not revoked."""

    name: str
    made: str
    revoked: str


class Tokens:
    """The tokens of a store. Usable from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._known: dict[str, str] = {}
        self._any = False
        self._read_at = float("-inf")

    def add(self, name: str) -> str:
        """Makes a token and returns it, for the one time. Raises ConfigurationError for a name that cannot be had."""
        if not _NAME.fullmatch(name):
            raise ConfigurationError(f"{name!r} cannot name a token; use letters, digits, dots, dashes, at most 64")
        token = PREFIX + secrets.token_urlsafe(32)
        with self._database.writing() as run:
            if run("SELECT 1 FROM tokens WHERE name = ?", (name,)):
                raise ConfigurationError(f"there is a token {name} already; give this one another name")
            run("INSERT INTO tokens (name, hash, made, revoked) VALUES (?, ?, ?, '')", (name, _hash(token), stamp()))
        return token

    def revoke(self, name: str) -> None:
        """Ends a token; running services know within a second. Raises ConfigurationError where there is none."""
        with self._database.writing() as run:
            if not run("SELECT 1 FROM tokens WHERE name = ? AND revoked = ''", (name,)):
                raise ConfigurationError(f"there is no token {name} in use; summarise serve token list shows all")
            run("UPDATE tokens SET revoked = ? WHERE name = ?", (stamp(), name))

    def listed(self) -> tuple[Token, ...]:
        """All there ever were, by name."""
        rows = self._database.fetch("SELECT name, made, revoked FROM tokens ORDER BY name")
        return tuple(Token(*row) for row in rows)

    @property
    def stale(self) -> bool:
        """Whether the next question reads the store."""
        return time.monotonic() - self._read_at > FRESH_SECONDS

    def exist(self) -> bool:
        """Whether there was ever one: then no call goes without."""
        self._refresh()
        return self._any

    def owner(self, token: str) -> str | None:
        """The name of a token in use; None for anything else."""
        self._refresh()
        given = _hash(token)
        found = None
        for known, name in self._known.items():
            if secrets.compare_digest(known, given):
                found = name
        return found

    def _refresh(self) -> None:
        if not self.stale:
            return
        rows = self._database.fetch("SELECT hash, name, revoked FROM tokens")
        with self._lock:
            self._known = {digest: name for digest, name, revoked in rows if not revoked}
            self._any = bool(rows)
            self._read_at = time.monotonic()


def _hash(token: str) -> str:
    return "sha256:" + hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
