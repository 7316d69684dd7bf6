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
        command = [sys.executable, "-m", "schemathesis.cli", "run", f"{service.url}/openapi.json", "--no-color"]
        command += ["-H", f"Authorization: Bearer {token}", "--max-examples", str(cases), "--continue-on-failure"]
        command += ["--phases", "examples,coverage,fuzzing", "--exclude-checks", "positive_data_acceptance"]
        command += ["--request-timeout", "60", "--generation-database", "none"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=scratch)
        for line in done.stdout.splitlines():
            if line.strip():
                print(line[:300])
        with service.client(token) as client:
            figures = client.get("/metrics").text
        alive = service.process.poll() is None
    statuses: Counter[str] = Counter()
    routes: Counter[str] = Counter()
    for method, route, status, count in _COUNT.findall(figures):
        statuses[status] += int(float(count))
        routes[f"{method} {route}"] += int(float(count))
    for route, count in sorted(routes.items()):
        print(f"{count:8,} {route}")
    bad = {status for status in statuses if status.startswith("5") and status != "503"}
    shown = ", ".join(f"{count:,} × {status}" for status, count in sorted(statuses.items()))
    print(f"{sum(statuses.values()):,} calls: {shown}")
    return int(done.returncode != 0 or bool(bad) or not alive)


if __name__ == "__main__":
    sys.exit(main())
