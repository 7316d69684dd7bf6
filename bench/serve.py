"""The HTTP service under load, on loopback: reading a brief, fifty jobs at once, a thousand jobs one after the other.

    python bench/serve.py [--only read|jobs|memory] [--seconds 10] [--connections 32] [--jobs 1000] [--store PLACE]

`read` asks with wrk where it is installed, else with a client of its own (which takes the processor it measures on):
the brief of the seeds, whole and with its ETag. `jobs` has 50 stories of 4 articles read by a scripted model that takes
half a second an answer and lets 16 in at once; the least that allows is its calls x latency / 16. `memory` is what the
process holds (resident) after every tenth of the jobs, each of which reads a story that has changed.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # the checkout, wherever this is run

from serving import Serving, ended, key, made, seeds, serving  # noqa: E402

from summarise.scripted.told import Story, Telling  # noqa: E402

STORIES, ARTICLES, LATENCY, AT_ONCE = 50, 4, 0.5, 16
SMALL = Telling(actors=3, positions=3, facts=2, questions=2, events=2, reports=1, filler=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=["read", "jobs", "memory"], default=None)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--jobs", type=int, default=1_000)
    parser.add_argument("--store", default=None, help="an empty one, which is filled")
    given = parser.parse_args()
    for name in ("read", "jobs", "memory"):
        if given.only in (None, name):
            with tempfile.TemporaryDirectory() as scratch:
                store = given.store or str(Path(scratch) / "s.sqlite3")
                if name == "read":
                    reading(store, given.seconds, given.connections)
                elif name == "jobs":
                    many_at_once(store)
                else:
                    one_after_the_other(store, given.jobs)


# ---- reading


def reading(store: str, seconds: int, connections: int) -> None:
    with serving(store) as service, service.client() as client:
        client.put("/stories/seeds", json={"articles": seeds()})
        made(client, "seeds")
        whole = client.get("/stories/seeds/brief")
        tag = whole.headers["etag"]
        print(f"reading a brief of {len(whole.content):,} bytes, {connections} connections, one process")
        for what, path, headers in (
            ("brief.json", "/stories/seeds/brief", {}),
            ("brief.json, known (304)", "/stories/seeds/brief", {"If-None-Match": tag}),
            ("brief.html", "/stories/seeds/brief", {"Accept": "text/html"}),
            ("one job", client.get("/stories/seeds/jobs").json()["jobs"][0]["id"], {}),
        ):
            target = service.url + (path if path.startswith("/") else f"/jobs/{path}")
            before = _seconds(service)
            rate, p50, p99 = _hit(target, headers, seconds, connections)
            used = _seconds(service) - before
            print(
                f"  {what:26} {rate:8,.0f} a second, p50 {p50:6.1f} ms, p99 {p99:6.1f} ms, "
                f"{used / max(rate * seconds, 1) * 1e6:5.0f} µs of processor each"
            )


def _hit(url: str, headers: dict[str, str], seconds: int, connections: int) -> tuple[float, float, float]:
    """Requests a second, and the median and 99th percentile of latency in milliseconds."""
    wrk = shutil.which("wrk")
    if wrk is None:
        return asyncio.run(_hit_ourselves(url, headers, seconds, connections))
    command = [wrk, "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    command += [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    told = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx or 3xx" not in told, told
    rate = float(_found(r"Requests/sec:\s+([\d.]+)", told))
    return rate, _ms(_found(r"(?m)^\s+50%\s+(\S+)", told)), _ms(_found(r"(?m)^\s+99%\s+(\S+)", told))


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, text
    return found[1]


def _ms(text: str) -> float:
    for unit, factor in (("us", 0.001), ("ms", 1.0), ("s", 1000.0)):
        if text.endswith(unit):
            return float(text.removesuffix(unit)) * factor
    raise ValueError(text)


async def _hit_ourselves(
    url: str, headers: dict[str, str], seconds: int, connections: int
) -> tuple[float, float, float]:
    where = urlsplit(url)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = f"GET {where.path} HTTP/1.1\r\nHost: {where.netloc}\r\n{lines}\r\n".encode()
    end, times = time.perf_counter() + seconds, list[float]()

    async def one() -> None:
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        while (begun := time.perf_counter()) < end:
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            assert head.startswith((b"http/1.1 200", b"http/1.1 304")), head
            if found := re.search(rb"content-length: (\d+)", head):
                await reader.readexactly(int(found[1]))
            times.append(time.perf_counter() - begun)
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    times.sort()
    return len(times) / seconds, times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000


# ---- jobs


def many_at_once(store: str) -> None:
    scripted = [sys.executable, "-m", "summarise.scripted", "--told", "--latency-ms", str(LATENCY * 1000)]
    with subprocess.Popen(scripted, stdout=subprocess.PIPE, text=True, cwd=ROOT) as model:
        try:
            assert model.stdout is not None
            url = model.stdout.readline().strip()
            asked = ["--model", "openai:told", "--base-url", url, "--concurrency", str(AT_ONCE), "--jobs", str(STORIES)]
            with serving(store, *asked) as service, service.client() as client:
                client.put("/stories/warm", json={"articles": _articles(1, 99)})
                made(client, "warm")  # the libraries are loaded
                for story in range(STORIES):
                    client.put(f"/stories/{story}", json={"articles": _articles(ARTICLES, story)})
                before, begun = _seconds(service), time.perf_counter()
                jobs = [client.post(f"/stories/{n}/briefs", headers=key()).headers["location"] for n in range(STORIES)]
                found = [ended(client, job, seconds=600) for job in jobs]
                seconds, used = time.perf_counter() - begun, _seconds(service) - before
        finally:
            model.kill()
    assert all(job["state"] == "done" for job in found), [job["error"] for job in found]
    calls = sum(job["result"]["usage"]["calls"] for job in found)
    least = calls * LATENCY / AT_ONCE
    print(
        f"{STORIES} jobs at once: {calls} calls in {seconds:.1f} s; {AT_ONCE} at once of {LATENCY:g} s each allow "
        f"{least:.1f} s: {seconds / least:.2f} times that, {used:.1f} s of processor"
    )


def one_after_the_other(store: str, count: int) -> None:
    stories = min(50, count)
    with serving(store, "--jobs", "2") as service, service.client() as client:
        for story in range(stories):
            client.put(f"/stories/{story}", json={"articles": _articles(1, story)})
        print(f"memory (resident) over {count:,} jobs of {stories} stories that change each time:")
        begun = time.perf_counter()
        for number in range(count):
            story = number % stories
            text = f"{Story(story, SMALL).article(0)}\n\nIt was said for the {number}th time."
            client.put(f"/stories/{story}/articles/000.txt", json={"text": text})
            made(client, str(story))
            if (number + 1) % max(1, count // 10) == 0:
                print(
                    f"  after {number + 1:6,}: {_resident(service):6.1f} MB, {time.perf_counter() - begun:6.1f} s",
                    flush=True,
                )


def _articles(count: int, seed: int) -> list[dict[str, str]]:
    return [{"name": f"{n:03}.txt", "text": Story(seed, SMALL).article(n)} for n in range(count)]


def _seconds(service: Serving) -> float:
    """Seconds of processor that the process has taken (Linux)."""
    fields = Path(f"/proc/{service.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def _resident(service: Serving) -> float:
    """Megabytes that the process holds (Linux)."""
    status = Path(f"/proc/{service.process.pid}/status").read_text()
    return int(_found(r"VmRSS:\s+(\d+)", status)) / 1024


if __name__ == "__main__":
    main()
