"""The address of a PostgreSQL database, as libpq reads it: postgresql://user:password@host:port/database?sslmode=…"""

from __future__ import annotations

import getpass
import os
import ssl
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from summarise.errors import ConfigurationError

_MODES = ("disable", "prefer", "require", "verify-full")


@dataclass(frozen=True)
class Address:
    """Where a server is and who asks. `socket` is the folder of a Unix socket, "" for a host and port."""

    user: str
    password: str | None = field(repr=False)
    host: str
    port: int
    database: str
    socket: str
    sslmode: str

    @property
    def shown(self) -> str:
        """The address without its password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        where = "" if self.socket else f"{host}:{self.port}"
        end = f"?host={quote(self.socket)}&port={self.port}" if self.socket else ""
        return f"postgresql://{quote(self.user)}@{where}/{quote(self.database)}{end}"

    @property
    def without_password(self) -> str:
        """The address as another process may open it that has the password itself."""
        return f"{self.shown}{'&' if '?' in self.shown else '?'}sslmode={self.sslmode}"

    @property
    def encryption(self) -> ssl.SSLContext | bool | None:
        """As pg8000 takes it: None encrypts where the server can, and checks nothing."""
        if self.socket or self.sslmode == "disable":
            return False
        if self.sslmode == "verify-full":
            return ssl.create_default_context()
        return True if self.sslmode == "require" else None


def parse(text: str) -> Address:
    """The parts of an address; what it leaves out comes from PGUSER, PGPASSWORD, PGHOST and PGPORT, or is usual.

    Raises ConfigurationError, which never holds the password, for an address that cannot be one.
    """
    try:
        parts = urlsplit(text)
        if "@" in f"{parts.path}{parts.query}{parts.fragment}":  # the rest of a password with an unencoded /, ? or #
            raise ValueError
        given = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        host = given.pop("host", None) or unquote(parts.hostname or "") or os.environ.get("PGHOST") or "localhost"
        port = int(given.pop("port", None) or parts.port or os.environ.get("PGPORT") or 5432)
        user = unquote(parts.username or "") or os.environ.get("PGUSER") or getpass.getuser()
    except (ValueError, OSError, KeyError):  # without the cause: it may repeat a part of the address
        raise _unusable("it does not read as postgresql://user:password@host:port/database") from None
    sslmode = given.pop("sslmode", None) or os.environ.get("PGSSLMODE") or "prefer"
    if given:
        raise _unusable(f"{', '.join(sorted(given))} is not known in it; host, port and sslmode are")
    if sslmode not in _MODES:
        raise _unusable(f"its sslmode must be one of {', '.join(_MODES)}")
    return Address(
        user=user,
        password=unquote(parts.password) if parts.password else os.environ.get("PGPASSWORD"),
        host=host,
        port=port,
        database=unquote(parts.path.strip("/")) or user,
        socket=host if host.startswith("/") else "",
        sslmode=sslmode,
    )


def _unusable(why: str) -> ConfigurationError:
    return ConfigurationError(f"the address of the store cannot be used: {why}; correct --store or SUMMARISE_STORE")
