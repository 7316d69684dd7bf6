"""What is installed: every file by its hash, nothing else; and a list of it all."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted(ROOT.glob("requirements*.txt"))


def wheel(folder: Path) -> Path:
    """A package of one module, as an index would give it."""
    made = folder / "harbour-1.0-py3-none-any.whl"
    about = "harbour-1.0.dist-info"
    with zipfile.ZipFile(made, "w") as parts:
        parts.writestr("harbour.py", "name = 'harbour'\n")
        parts.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: harbour\nVersion: 1.0\n")
        parts.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        parts.writestr(f"{about}/RECORD", f"harbour.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n")
    return made


def install(folder: Path, lock: str) -> subprocess.CompletedProcess[str]:
    """As `make` installs, from a folder in place of an index."""
    (folder / "lock.txt").write_text(lock, encoding="utf-8")
    asked = ["--isolated", "--disable-pip-version-check", "--no-input", "install", "--no-compile", "--no-deps"]
    place = ["--no-index", "--find-links", str(folder), "--target", str(folder / "site"), "--require-hashes"]
    command = [sys.executable, "-m", "pip", *asked, *place, "-r", str(folder / "lock.txt")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_file_whose_hash_is_not_the_one_in_the_lock_is_refused(tmp_path: Path) -> None:
    digest = hashlib.sha256(wheel(tmp_path).read_bytes()).hexdigest()
    altered = digest[:-1] + ("0" if digest[-1] != "0" else "1")
    refused = install(tmp_path, f"harbour==1.0 --hash=sha256:{altered}\n")
    assert refused.returncode != 0
    assert "DO NOT MATCH THE HASHES" in refused.stderr
    assert not (tmp_path / "site").exists()
    assert install(tmp_path, f"harbour==1.0 --hash=sha256:{digest}\n").returncode == 0
    assert (tmp_path / "site" / "harbour.py").is_file()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_package_of_a_lock_is_one_version_with_its_hashes(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    rows = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert rows
    for row in rows:
        assert re.match(r"[a-z0-9._-]+(\[[a-z0-9,._-]+\])?==\S+", row), row[:200]
        assert "--hash=sha256:" in row, row[:200]
        assert "://" not in row, row[:200]


def test_nothing_is_installed_from_an_index_without_its_hash() -> None:
    for name in ("Makefile", ".ci/run"):
        text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
        rows = [line for line in text.splitlines() if re.search(r"\binstall\b.*(-r |--no-deps)", line)]
        assert rows, name
        for row in rows:
            assert "--require-hashes" in row or "--no-index" in row, f"{name}: {row}"


@pytest.mark.skipif(find_spec("cyclonedx_py") is None, reason="cyclonedx-bom is not installed; make sbom installs it")
def test_the_bill_of_materials_names_every_package_of_the_lock_with_its_hashes(tmp_path: Path) -> None:
    out, lock = tmp_path / "sbom.json", min(LOCKS, key=lambda path: path.stat().st_size)  # quick; make sbom has all
    command = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements", "--of", "JSON", "-o", str(out)]
    subprocess.run([*command, "--output-reproducible", str(lock)], check=True, capture_output=True)
    parts = json.loads(out.read_text(encoding="utf-8"))["components"]
    locked = re.findall(r"^([a-z0-9._-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted((part["name"], part["version"]) for part in parts) == sorted(locked)
    assert all(part["externalReferences"][0]["hashes"] for part in parts)
