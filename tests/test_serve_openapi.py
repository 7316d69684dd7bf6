"""The OpenAPI document: complete enough that a client in another language, and a fuzzer, need nothing else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import ROOT, SEEDS, Serving, made, program, seeds, serving

from summarise.serve.refusals import REASONS

CLIENT = Path(__file__).resolve().parent / "clients" / "story.mjs"
# Rules that JSON Schema cannot say (names of articles used once, YAML) make some fitting bodies unfit.
NOT_CHECKED = "positive_data_acceptance"


@pytest.fixture(scope="module")
def token_and_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Serving]]:
    store = tmp_path_factory.mktemp("openapi") / "s.sqlite3"
    added = subprocess.run(
        program("serve", "token", "add", "tests", "--store", str(store)), capture_output=True, text=True, check=True
    )
    with serving(store, "--jobs", "1") as running:
        yield added.stdout.strip(), running


@pytest.fixture(scope="module")
def document(token_and_service: tuple[str, Serving]) -> dict[str, Any]:
    token, service = token_and_service
    with service.client(token) as client:
        found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every operation by its id."""
    return {one["operationId"]: one for path in document["paths"].values() for one in path.values()}


def test_every_operation_has_an_id_words_and_its_problems(document: dict[str, Any]) -> None:
    found = operations(document)
    assert len(found) == sum(len(path) for path in document["paths"].values())
    for name, one in found.items():
        assert one["summary"] or one["description"], name
        for status, response in one["responses"].items():
            if int(status) >= 400:
                content = response["content"]["application/problem+json"]
                assert list(response["content"]) == ["application/problem+json"], (name, status)
                assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
                for kind, example in content["examples"].items():
                    assert REASONS[kind].status == int(status)
                    assert example["value"]["type"].endswith(kind)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for name in re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', json.dumps(document)):
        assert name in document["components"]["schemas"], name


def test_the_brief_in_it_is_the_published_one(document: dict[str, Any]) -> None:
    published = json.loads((ROOT / "schemas" / "brief.schema.json").read_text())
    assert set(document["components"]["schemas"]["Brief"]["properties"]) == set(published["properties"])


def test_only_what_tells_of_the_process_needs_no_token(document: dict[str, Any]) -> None:
    assert document["security"] == [{"token": []}]
    free = {name for name, one in operations(document).items() if [] in [one.get("security")]}
    assert free == {"health", "ready"}


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed: a client in another language needs it")
def test_a_client_in_another_language_makes_a_story_and_follows_it(token_and_service: tuple[str, Serving]) -> None:
    token, service = token_and_service
    node = shutil.which("node")
    assert node is not None
    done = subprocess.run(
        [node, str(CLIENT), service.url, token, *map(str, sorted(SEEDS.iterdir()))],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["versions"] == [1, 2]
    assert "article_added" in told["changes"]
    assert told["unchanged"] == 304
    assert told["events"][-1] == "done"


def test_what_a_fuzzer_sends_is_answered_as_documented(token_and_service: tuple[str, Serving], tmp_path: Path) -> None:
    pytest.importorskip("schemathesis", reason="schemathesis is not installed")
    token, service = token_and_service
    with service.client(token) as client:
        client.put("/stories/syria", json={"articles": seeds()})
        made(client, "syria")
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{service.url}/openapi.json"]
    command += ["-H", f"Authorization: Bearer {token}", "--max-examples", "3", "--phases", "fuzzing"]
    command += ["--generation-deterministic", "--exclude-checks", NOT_CHECKED, "--no-color", "--max-failures", "3"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-5_000:]
