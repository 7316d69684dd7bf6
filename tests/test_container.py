"""The image and the compose file, as far as they can be held to something without Docker: no image is built here."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from summarise.cli import app
from summarise.store.addresses import parse

ROOT = Path(__file__).resolve().parent.parent


def instructions() -> list[tuple[str, str]]:
    """The lines of the Dockerfile, joined where they go on, without comments."""
    lines = [line for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines() if not line.startswith("#")]
    text = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [
        (word, rest.strip()) for word, _, rest in (line.partition(" ") for line in text.splitlines() if line.strip())
    ]


def of(word: str) -> list[str]:
    return [rest for name, rest in instructions() if name == word]


def environment() -> dict[str, str]:
    """What the last stage sets."""
    last = max(at for at, (word, _) in enumerate(instructions()) if word == "FROM")
    pairs = [pair for word, rest in instructions()[last:] if word == "ENV" for pair in shlex.split(rest)]
    return dict(pair.split("=", 1) for pair in pairs)


def compose() -> Any:
    return yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


def understood(arguments: list[str]) -> None:
    """These arguments make sense to the program; nothing is run."""
    command: Any = typer.main.get_command(app)
    parent = command.make_context("summarise", list(arguments), resilient_parsing=False)
    with parent:
        name, found, rest = command.resolve_command(parent, arguments)
        found.make_context(name, rest, parent=parent)


def test_every_file_that_the_image_takes_exists_and_docker_is_shown_no_other() -> None:
    taken = [word for rest in of("COPY") if not rest.startswith("--from") for word in rest.split()[:-1]]
    shown = [line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")]
    assert sorted(taken) == sorted(shown)
    locks = re.findall(r"-o (requirements\S*\.txt)", (ROOT / "Makefile").read_text("utf-8"))
    for name in taken:
        assert (ROOT / name).exists() or name in locks, f"{name}: no such file, and `make lock` makes none"


def test_what_the_image_takes_is_enough_to_build_the_program(tmp_path: Path) -> None:
    for rest in of("COPY"):
        for name in () if rest.startswith("--from") else rest.split()[:-1]:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.exists():
                shutil.copy(source, tmp_path / name)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    with zipfile.ZipFile(next((tmp_path / "dist").glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert {"summarise/serve/app.py", "summarise/mcp/server.py", "summarise/prompts/note.md"} <= names
    assert "summarise/schemas/brief.schema.json" in names


def test_the_list_of_packages_names_every_file_by_its_hash() -> None:
    lock = ROOT / "requirements-serve.txt"
    if not lock.exists():
        pytest.skip("no requirements-serve.txt yet: make lock")
    text = lock.read_text("utf-8")
    pinned = re.findall(r"^([a-z0-9][\w.-]*)==[^\n]*\\\n((?:    --hash=[^\n]*\n)+)", text, re.MULTILINE)
    assert {"fastapi", "mcp", "pg8000", "uvicorn", "hatchling"} <= {name for name, _ in pinned}
    assert len(pinned) == len(re.findall(r"^[a-z0-9][\w.-]*==", text, re.MULTILINE))
    assert all("--hash=sha256:" in rest for _, rest in pinned)
    assert "://" not in "".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))


def test_the_image_is_slim_has_certificates_installs_by_hash_and_runs_without_root() -> None:
    assert all(rest.split()[0] == "python:${PYTHON}-slim" for rest in of("FROM"))
    run = "\n".join(of("RUN"))
    assert "--no-install-recommends ca-certificates" in run
    assert all("--no-deps" in line for line in of("RUN") if "pip install" in line)
    assert "--require-hashes -r requirements-serve.txt" in run
    after = [word for word, _ in instructions()][-1 - [word for word, _ in instructions()][::-1].index("USER") :]
    assert "RUN" not in after
    assert of("USER") == ["10001:10001"]
    supported = re.search(r'requires-python = ">=(3\.\d+)"', (ROOT / "pyproject.toml").read_text("utf-8"))
    assert supported
    assert tuple(map(int, of("ARG")[0].removeprefix("PYTHON=").split("."))) >= tuple(map(int, supported[1].split(".")))


def test_what_the_image_starts_is_a_command_of_this_program(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment().items():
        if name.startswith("SUMMARISE_"):
            monkeypatch.setenv(name, value)
    assert json.loads(of("ENTRYPOINT")[0]) == ["summarise"]
    understood(json.loads(of("CMD")[0]))
    understood(compose()["services"]["summarise"]["command"])
    understood(["serve", "token", "add", "NAME"])


class _Health(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/health" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def port() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), _Health) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            serving.join()


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_health_check_tells_a_service_that_lives_from_one_that_does_not(
    port: int, monkeypatch: pytest.MonkeyPatch, status: int, code: int
) -> None:
    monkeypatch.setattr(_Health, "status", status)
    command = json.loads(of("HEALTHCHECK")[0].partition("CMD ")[2])
    assert command[0] == "python"
    done = subprocess.run(
        [sys.executable, *command[1:]],
        env={**os.environ, "SUMMARISE_PORT": str(port)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == code


def test_the_service_of_the_compose_file_is_shut_in_and_waits_for_its_database() -> None:
    services = compose()["services"]
    service, database = services["summarise"], services["postgres"]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["ports"] == ["127.0.0.1:8080:8080"]
    assert service["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert database["healthcheck"]["test"][0] == "CMD"
    assert "ports" not in database
    for each in (service, database):
        assert set(each["secrets"]) <= set(compose()["secrets"])
    assert compose()["secrets"]["postgres-password"]["file"].removeprefix("./") in (ROOT / ".gitignore").read_text(
        "utf-8"
    )


def test_the_compose_file_s_store_is_the_database_it_starts_with_the_password_of_its_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = compose()["services"]
    address = parse(services["summarise"]["environment"]["SUMMARISE_STORE"])
    assert (address.user, address.database) == (
        services["postgres"]["environment"]["POSTGRES_USER"],
        services["postgres"]["environment"]["POSTGRES_DB"],
    )
    assert address.host in services

    # the entrypoint, with the secret and the program where they are found here
    secret = tmp_path / "password"
    secret.write_text("some words\n", encoding="utf-8")
    program = tmp_path / "summarise"
    program.write_text('#!/bin/sh\necho "$PGPASSWORD|$*"\n', encoding="utf-8")
    program.chmod(0o755)
    shell, option, script, name = services["summarise"]["entrypoint"]
    script = script.replace("$$", "$").replace("/run/secrets/postgres-password", str(secret))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    done = subprocess.run(
        [shell, option, script, name, "serve", "--jobs", "2"], capture_output=True, text=True, check=True
    )
    assert done.stdout == "some words|serve --jobs 2\n"
