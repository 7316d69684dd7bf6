"""`summarise many` on clusters of real processes that are killed, interrupted and looked into."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres import Server

pytest.importorskip("distributed", reason="the extra dask is not installed")

sys.path.append(str(Path(__file__).resolve().parent.parent))

from summarise.store import open_store
from torture._cluster import Cluster, Command, interrupt
from torture._endpoint import Endpoint
from torture._runs import environment
from torture.many_killed import (
    limits,
    reached,
    scheduler_killed,
    told_stories,
    undisturbed,
    workers_killed,
)

CANARY = "canary-7c21"
KILLING = """
import asyncio, os, sys, threading, time
def patch():
    while not hasattr(module := sys.modules.get("summarise.many.worker"), "_close"):
        time.sleep(0.01)
    real = module.make_story
    async def make(task, *given):
        if task.story == "story-001":
            await asyncio.sleep(0.3)
            os._exit(9)
        return await real(task, *given)
    module.make_story = make
if any("spawn_main" in one for one in sys.orig_argv):
    threading.Thread(target=patch, daemon=True).start()
"""
"""What Python runs first in every process: in those of the cluster, one story ends the process that begins it."""


@pytest.fixture
def chance() -> random.Random:
    return random.Random(1)  # noqa: S311 (no secret)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint(latency=0.2) as found:
        yield found


def test_with_a_worker_killed_every_story_is_made_as_if_undisturbed(tmp_path: Path, chance: random.Random) -> None:
    root = told_stories(tmp_path / "stories", 20, articles=2)
    right, calls = undisturbed(root, tmp_path / "undisturbed")
    told = workers_killed(root, tmp_path / "killed", right, calls, 2, 1, chance)
    assert (told.stories, told.wrong) == (20, 0)


def test_with_the_scheduler_killed_the_command_ends_and_goes_on_with_another(
    tmp_path: Path, chance: random.Random
) -> None:
    root = told_stories(tmp_path / "stories", 8, articles=2)
    right, calls = undisturbed(root, tmp_path / "undisturbed")
    told = scheduler_killed(root, tmp_path / "killed", right, calls, 2, chance)
    assert (told.stories, told.wrong) == (8, 0)


def test_ctrl_c_ends_the_command_and_the_asking_of_the_workers(tmp_path: Path, endpoint: Endpoint) -> None:
    root = told_stories(tmp_path / "stories", 12, articles=2)
    with Cluster(tmp_path / "cluster", 2) as cluster:
        command = Command(root, tmp_path / "run", endpoint.base_url, limits(cluster.address))
        process = command.start()
        reached(endpoint, process, 30)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
        assert endpoint.silent(1)
        (line,) = [line for line in command.said if "interrupted" in line]
        assert line.endswith("the same command goes on from there")
        assert not [line for line in command.said if not line.startswith("summarise: ")], command.said
        assert command.start().wait() == 0, command.said
    assert endpoint.counted().again <= 12


def test_workers_whose_command_is_killed_stop_asking(tmp_path: Path, endpoint: Endpoint) -> None:
    root = told_stories(tmp_path / "stories", 12, articles=2)
    with Cluster(tmp_path / "cluster", 1) as cluster:
        command = Command(root, tmp_path / "run", endpoint.base_url, limits(cluster.address))
        process = command.start()
        reached(endpoint, process, 20)
        process.kill()
        process.wait()
        time.sleep(2)
        assert endpoint.silent(1)


@pytest.mark.parametrize("way", ["done", "interrupted", "a worker killed"])
def test_a_cluster_of_its_own_is_quiet_and_leaves_no_process(tmp_path: Path, endpoint: Endpoint, way: str) -> None:
    import psutil

    root = told_stories(tmp_path / "stories", 8, articles=1)
    command = Command(root, tmp_path / "run", endpoint.base_url, ("--engine", "dask", "--workers", "2", "--jobs", "2"))
    process = command.start()
    family = psutil.Process(process.pid)
    reached(endpoint, process, 12)
    children = family.children(recursive=True)
    if way == "interrupted":
        interrupt(process)
    elif way == "a worker killed":
        next(one for one in children if "spawn_main" in " ".join(one.cmdline())).kill()
    code = process.wait(timeout=120)
    assert code == (130 if way == "interrupted" else 0), command.said
    assert not [line for line in command.said if not line.startswith("summarise: ")], command.said
    _, left = psutil.wait_procs(children, timeout=10)
    assert not left


def test_a_story_that_ends_every_worker_fails_and_the_others_are_made(tmp_path: Path, endpoint: Endpoint) -> None:
    root = told_stories(tmp_path / "stories", 6, articles=1)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(KILLING)
    env = {"PYTHONPATH": os.pathsep.join((environment()["PYTHONPATH"], str(tmp_path / "site")))}
    options = ("--engine", "dask", "--workers", "2", "--jobs", "2")
    command = Command(root, tmp_path / "run", endpoint.base_url, options, env)
    assert command.start().wait() == 1
    assert sum(": made," in line for line in command.said) == 5, command.said
    (failed,) = [line for line in command.said if "failed" in line]
    assert "story-001: failed: every worker that began it died" in failed
    assert not [line for line in command.said if not line.startswith("summarise: ")], command.said


def test_neither_scheduler_nor_workers_hold_a_key_or_a_text(tmp_path: Path, endpoint: Endpoint) -> None:
    root = told_stories(tmp_path / "stories", 6, articles=1)
    words = max((root / "story-000" / "0.txt").read_text(encoding="utf-8").splitlines(), key=len)[:60]
    with Cluster(tmp_path / "cluster", 1, env={"OPENAI_API_KEY": CANARY}) as cluster:
        command = Command(root, tmp_path / "run", endpoint.base_url, limits(cluster.address))
        process = command.start()
        reached(endpoint, process, 6)
        dump = (
            "import sys; from distributed import Client\n"
            "Client(sys.argv[1]).dump_cluster_state(sys.argv[2], format='yaml')"
        )
        place = tmp_path / "dump"
        subprocess.run([sys.executable, "-W", "ignore", "-c", dump, cluster.address, str(place)], check=True)
        assert process.wait() == 0, command.said
        held = Path(f"{place}.yaml").read_text(encoding="utf-8") + cluster.said
    assert "summarise-" in held
    assert CANARY not in held
    assert words not in held


def test_workers_share_a_store_in_postgresql_with_passwords_of_their_own(
    tmp_path: Path, endpoint: Endpoint, postgres_server: Server
) -> None:
    root = told_stories(tmp_path / "stories", 4, articles=1)
    place = postgres_server.address(postgres_server.database())
    command = Command(root, tmp_path / "run", endpoint.base_url, ("--store", place))
    with Cluster(tmp_path / "cluster", 2, env={"SUMMARISE_STORE": place}) as cluster:
        process = command.start(*limits(cluster.address))
        assert process.wait() == 0, command.said
    own = command.start("--engine", "dask", "--workers", "1")
    assert own.wait() == 0, command.said
    assert endpoint.counted().again == 0
    with open_store(place) as store:
        assert store.verify() == []


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl, which makes the certificate, is not installed")
def test_a_scheduler_behind_tls_is_reached_with_the_certificates_of_dasks_own_configuration(
    tmp_path: Path, endpoint: Endpoint
) -> None:
    root = told_stories(tmp_path / "stories", 2, articles=1)
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=here"]
    subprocess.run([*make, "-keyout", "key.pem", "-out", "cert.pem"], cwd=tmp_path, check=True, capture_output=True)
    tls = {"CA_FILE": "cert.pem", "REQUIRE_ENCRYPTION": "true"}
    for who in ("SCHEDULER", "WORKER", "CLIENT"):
        tls |= {f"TLS__{who}__CERT": "cert.pem", f"TLS__{who}__KEY": "key.pem"}
    tls["TLS__CA_FILE"] = tls.pop("CA_FILE")
    env = {
        f"DASK_DISTRIBUTED__COMM__{name}": str(tmp_path / value) if value.endswith(".pem") else value
        for name, value in tls.items()
    }
    with Cluster(tmp_path / "cluster", 1, env=env, options=("--protocol", "tls")) as cluster:
        assert cluster.address.startswith("tls://")
        command = Command(root, tmp_path / "run", endpoint.base_url, limits(cluster.address), env)
        assert command.start().wait() == 0, (command.said, cluster.said[-2000:])
        stranger = Command(root, tmp_path / "other", endpoint.base_url, limits(cluster.address))
        assert stranger.start().wait() == 2
        assert "no Dask scheduler answers" in stranger.said[-1]


def test_a_run_without_a_worker_says_how_to_start_one(tmp_path: Path) -> None:
    code = (
        "import sys; from summarise.many import dask; dask.PATIENCE = 1.0\n"
        "from summarise.cli import main; sys.argv[0] = 'summarise'; main()"
    )
    root = told_stories(tmp_path / "stories", 1, articles=1)
    with Cluster(tmp_path / "cluster", 0) as cluster:
        given = ["many", str(root), "--out", str(tmp_path / "out"), "--model", "openai:told"]
        given += ["--base-url", "http://127.0.0.1:9/v1", "--store", str(tmp_path / "s"), "--engine", "dask"]
        ended = subprocess.run(
            [sys.executable, "-c", code, *given, "--scheduler", cluster.address],
            capture_output=True,
            text=True,
            env=environment(),
            check=False,
        )
    assert ended.returncode == 2
    assert ended.stderr == (
        f"summarise: the scheduler at {cluster.address} has no workers; start some: dask worker {cluster.address}\n"
    )
