"""What a stranger downloads: metadata, locks, licence, the wheel."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

import summarise

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-gguf.txt")


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def locked(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", text, re.M))


def number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def test_the_floors_keep_out_versions_that_are_known_to_misbehave() -> None:
    dependencies = project()["project"]["dependencies"]
    floors = dict(one.split(">=") for one in dependencies)
    for name, least in {"instructor": "1.17", "openai": "3", "tenacity": "9", "pydantic": "2.10"}.items():
        assert number(floors[name]) >= number(least), name
    assert project()["project"]["requires-python"] == ">=3.11"


def test_every_dependency_is_locked_at_or_above_its_floor() -> None:
    lock = locked("requirements.txt")
    for one in project()["project"]["dependencies"]:
        name, floor = one.split(">=")
        assert number(lock[name.replace("_", "-").lower()]) >= number(floor), name
    assert "hatchling" in lock, "the project is built without isolation, from the lock alone"


def test_the_development_lock_has_the_same_versions_and_more() -> None:
    plain, development = locked("requirements.txt"), locked("requirements-dev.txt")
    assert plain.items() <= development.items()
    for group in project()["dependency-groups"]["dev"]:
        if isinstance(group, str):
            assert re.split(r"[>=]", group)[0].lower() in development


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_file_has_a_hash_and_none_an_address_or_a_path_of_a_machine(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|--(extra-)?index|--find-links|--trusted|@ |(?<![\w.])/\w", text)
    for block in re.split(r"\n(?=[a-z0-9])", text)[1:]:
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_the_licence_is_there_in_full() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_every_public_name_can_be_imported_and_nothing_else_is_public() -> None:
    for name in summarise.__all__:
        assert getattr(summarise, name) is not None
    assert list(summarise.__all__) == sorted(summarise.__all__)
    with pytest.raises(AttributeError):
        summarise.no_such_name  # noqa: B018


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, summarise; print([m for m in ('openai', 'pydantic', 'typer', 'rich') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(importlib.util.find_spec("hatchling") is None, reason="hatchling is not installed")
def test_the_wheel_carries_the_prompts_the_schemas_and_the_mark_of_types(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("summarise-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"summarise/py.typed", "summarise/cli/__init__.py", "summarise/schemas/brief.schema.json"} <= names
    assert {"summarise/render/page/page.css", "summarise/render/page/page.js"} <= names
    for prompt in (ROOT / "prompts").glob("*.md"):
        assert f"summarise/prompts/{prompt.name}" in names
    assert all(name.startswith(("summarise/", "summarise-")) for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_seeds_are_the_two_articles_and_nothing_else() -> None:
    assert sorted(p.name for p in (ROOT / "seeds").iterdir()) == [
        "000_b0d3ce1afcac1d89.txt",
        "001_ec90b97c2972eb70.txt",
    ]
