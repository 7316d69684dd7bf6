"""A real PostgreSQL server for tests, where one is installed; conftest.py has the fixtures.

`postgres_server` starts it once a run (a worker), in a folder of its own, on a free port of 127.0.0.1 (with a
password) and a Unix socket (without). PostgreSQL refuses to run as root, so root starts it as another user.
"""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

USER, PASSWORD = "summarise", "of no use elsewhere"
START_SECONDS = 60


class NoServer(Exception):
    """There is no PostgreSQL to be had here; the message says why."""


@dataclass
class Server:
    """A server that runs. `stop` and `start` are for tests of what happens when it does."""

    programs: Path
    folder: Path
    port: int
    user: str | None
    process: subprocess.Popen[bytes] | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def address(self, database: str = "postgres", *, password: str = PASSWORD) -> str:
        """Over TCP, with a password."""
        return f"postgresql://{USER}:{password.replace(' ', '%20')}@127.0.0.1:{self.port}/{database}"

    def socket_address(self, database: str = "postgres") -> str:
        """Over the Unix socket."""
        return f"postgresql://{USER}@/{database}?host={self.folder}&port={self.port}"

    def database(self, *, options: str = "") -> str:
        """Makes an empty database, and returns its name."""
        name = f"store{next(self._numbers)}"
        self.say(f"CREATE DATABASE {name} {options}")
        return name

    def emptied(self) -> str:
        """The name of a database without a store, the same each time: quicker than to make one."""
        if not self.say("SELECT 1 FROM pg_database WHERE datname = 'emptied'"):
            self.say("CREATE DATABASE emptied")
        self.say("DROP SCHEMA IF EXISTS summarise CASCADE", database="emptied")
        return "emptied"

    def say(self, sql: str, *, database: str = "postgres") -> list[tuple[object, ...]]:
        """Runs a statement as the server's own user."""
        from pg8000 import dbapi

        connection = dbapi.connect(USER, unix_sock=f"{self.folder}/.s.PGSQL.{self.port}", database=database)
        try:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(sql)
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []
        finally:
            connection.close()

    def start(self) -> None:
        """Returns once it answers."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.folder),
            "fsync": "off",  # nothing here has to outlive a power cut
            "max_connections": "60",
            "shared_buffers": "16MB",
        }
        command = [self.programs / "postgres", "-D", self.folder / "data", "-p", str(self.port)]
        command += [one for name, value in settings.items() for one in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, **_as(self.user))
        for _ in range(START_SECONDS * 20):
            if self.process.poll() is not None:
                break
            ready = [self.programs / "pg_isready", "-q", "-h", self.folder, "-p", str(self.port), "-d", "postgres"]
            if subprocess.run(ready, check=False).returncode == 0:
                return
            time.sleep(0.05)
        self.stop()
        raise NoServer(f"PostgreSQL did not start: {(self.folder / 'log').read_text(errors='replace')[-500:]}")

    def stop(self) -> None:
        """Ends it as a power cut would, without waiting for anybody."""
        if self.process is not None:
            if self.process.poll() is None:
                # SIGQUIT: it ends its children with it, which SIGKILL would leave
                subprocess.run(["kill", "-QUIT", str(self.process.pid)], check=True)
            self.process.wait()
            self.process = None


@contextmanager
def server() -> Iterator[Server]:
    """A server in a temporary folder, gone afterwards. Raises NoServer where there is none to start."""
    try:
        import pg8000  # noqa: F401
    except ImportError as error:
        raise NoServer("pg8000 is not installed (the extra `postgres`)") from error
    programs, user = _programs(), _user()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: the path of a Unix socket is at most some 100 characters
    try:
        if user:
            shutil.chown(folder, user)
        secret = folder / "password"
        secret.write_text(PASSWORD)
        if user:
            shutil.chown(secret, user)
        command = [programs / "initdb", "-D", folder / "data", "-U", USER, "-E", "UTF8", "--locale=C", "--no-sync"]
        command += ["--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={secret}"]
        made = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False, **_as(user))
        if made.returncode:
            raise NoServer(f"initdb failed: {made.stderr[-500:]}")
        running = Server(programs, folder, _free_port(), user)
        running.start()
        try:
            yield running
        finally:
            running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    places = [Path(one) for one in os.environ.get("PATH", "").split(os.pathsep) if one]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if asked := shutil.which("pg_config"):
        told = subprocess.run([asked, "--bindir"], capture_output=True, text=True, check=False).stdout.strip()
        places += [Path(told)] if told else []
    for place in places:
        if all((place / name).is_file() for name in ("initdb", "postgres", "pg_isready")):
            return place
    raise NoServer("no PostgreSQL server is installed (initdb, postgres)")


def _user() -> str | None:
    """Whom root starts the server as; None where we are not root."""
    if not hasattr(os, "geteuid"):
        raise NoServer("PostgreSQL is started for tests on POSIX systems only")
    if os.geteuid() != 0:
        return None
    import pwd

    there = {entry.pw_name for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in there:
            return name
    raise NoServer("PostgreSQL refuses to run as root, and there is no user postgres or nobody")


def _as(user: str | None) -> dict[str, str]:
    return {"user": user} if user else {}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
