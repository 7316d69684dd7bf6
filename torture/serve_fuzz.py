"""The HTTP service under schemathesis: every operation of its OpenAPI document, at least 1,000 cases each.

    python -m torture.serve_fuzz [--cases 1000] [--store PLACE]

Held to: no 5xx but the documented 503s, every error `application/problem+json` with the problem's own schema, every
status, header and body as documented, no call without its token. One check is left out, that any body which fits the
JSON Schema is taken: some rules it cannot say (a name once a story, YAML). What the last line shows is
what the service itself counted.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # the checkout, wherever this is run

from serving import made, program, seeds, serving  # noqa: E402

_COUNT = re.compile(r'summarise_http_requests_total\{method="(\w+)",route="([^"]*)",status="(\d+)"\} ([\d.e+]+)')


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m torture.serve_fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=1_000)
    parser.add_argument("--store", default=None)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        return fuzz(given.store or str(Path(scratch) / "s.sqlite3"), given.cases, Path(scratch))


def fuzz(store: str, cases: int, scratch: Path) -> int:
    add = program("serve", "token", "add", "fuzz", "--store", store)
    token = subprocess.run(add, capture_output=True, text=True, check=True).stdout.strip()
    with serving(store, "--jobs", "1", "--max-waiting-per-token", "20") as service:
        with service.client(token) as client:
            client.put("/stories/syria", json={"articles": seeds()})
            made(client, "syria")
        failed = _schemathesis(service.url, token, cases, scratch, phases="examples,coverage,fuzzing")
        with service.client(token) as client:
            # Where one operation has nothing new to offer beside the others it is tried alone, too.
            routes = _counted(client.get("/metrics").text)[1]
            for operation, route in _varied(client.get("/openapi.json").json()):
                if routes[route] < cases:
                    print(f"{route} alone, after {routes[route]:,} calls:")
                    failed |= _schemathesis(
                        service.url, token, cases, scratch, "--include-operation-id", operation, phases="fuzzing"
                    )
            statuses, routes = _counted(client.get("/metrics").text)
            few = [route for _, route in _varied(client.get("/openapi.json").json()) if routes[route] < cases]
        alive = service.process.poll() is None
    for route, count in sorted(routes.items()):
        print(f"{count:8,} {route}")
    bad = {status for status in statuses if status.startswith("5") and status != "503"}
    shown = ", ".join(f"{count:,} × {status}" for status, count in sorted(statuses.items()))
    print(f"{sum(statuses.values()):,} calls: {shown}")
    for route in few:
        print(f"fewer than {cases:,} calls of {route}: {routes[route]:,}")
    return int(failed or bool(bad) or bool(few) or not alive)


def _schemathesis(url: str, token: str, cases: int, scratch: Path, *more: str, phases: str) -> bool:
    """One run of it; whether anything failed."""
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{url}/openapi.json", "--no-color"]
    command += ["-H", f"Authorization: Bearer {token}", "--max-examples", str(cases), "--continue-on-failure"]
    command += ["--phases", phases, "--exclude-checks", "positive_data_acceptance", "--request-timeout", "60"]
    command += ["--generation-database", "none", *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=scratch)
    for line in done.stdout.splitlines():
        if line.strip():
            print(line[:300], flush=True)
    return done.returncode != 0


def _counted(figures: str) -> tuple[Counter[str], Counter[str]]:
    """What the service has counted: calls by status, and by method and route."""
    statuses, routes = Counter[str](), Counter[str]()
    for method, route, status, count in _COUNT.findall(figures):
        statuses[status] += int(float(count))
        routes[f"{method} {route}"] += int(float(count))
    return statuses, routes


def _varied(document: dict[str, Any]) -> list[tuple[str, str]]:
    """The operations that take anything, each with its method and route: the others are the same call every time."""
    return [
        (one["operationId"], f"{method.upper()} {route}")
        for route, methods in document["paths"].items()
        for method, one in methods.items()
        if one.get("parameters") or one.get("requestBody")
    ]


if __name__ == "__main__":
    sys.exit(main())
