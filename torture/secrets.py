"""Canaries for every secret, at every door, in whatever can repeat them: they must be found nowhere.

    python -m torture.secrets [endpoint verbose watch serve mcp postgres]

Each run is the program in processes of its own, with the logs of every library at DEBUG and the whole traceback, and an
endpoint that repeats the key it was sent: in body, header, status line, address, answer, refusal. Looked for are the
key, callers' tokens, those of callers who guess, and the password of a store in PostgreSQL; as they are, and as they
stand in an address, in base64, in Python and in JSON; in what was said and answered, headers included, the log, the
store, the output and the cassette.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # the checkout, wherever this is run

import leaking_doors as doors  # noqa: E402
from leaking import CANARY, WAYS, repeating, run, sung  # noqa: E402
from leaking_doors import LOST, Said  # noqa: E402
from postgres import PASSWORD, NoServer, server  # noqa: E402

from summarise.model.secret import INSTEAD  # noqa: E402

STATUSES = (401, 403, 404, 429, 500)
Trial = tuple[str, Callable[[Path, Path], Said]]
"""A name, and what returns all that is said over these articles and what is kept in this place."""


def endpoint() -> Iterator[Trial]:
    """The library, and the recording of a cassette, against every way of repeating the key."""
    cases = [(way, "brief", status) for way in ("body", "header", "text") for status in STATUSES]
    cases += [(way, "brief", 200) for way in WAYS if way not in ("body", "header", "text")]
    for way, what, status in [*cases, ("answer", "record", 200), ("body", "record", 401)]:

        def trial(articles: Path, place: Path, way: str = way, what: str = what, status: int = status) -> Said:
            with repeating(way, status) as url:
                said = run(url, articles, place, what)
            assert "end of the run" in said, said[-500:]
            return Said([said], secrets=[CANARY])

        yield f"{way}, {what}, {status}", trial


def verbose() -> Iterator[Trial]:
    """`brief --verbose`, `costs`, `store verify`."""
    for way, status in (("body", 401), ("header", 500), ("redirect", 307), ("answer", 200), ("refusal", 200)):
        yield f"--verbose, {way}, {status}", lambda a, p, w=way, s=status: doors.verbose(w, s, a, p)


def watch() -> Iterator[Trial]:
    """`watch`."""
    for way, status in (("body", 401), ("text", 500), ("answer", 200)):
        yield f"watch, {way}, {status}", lambda a, p, w=way, s=status: doors.watching(w, s, a, p)


def serve() -> Iterator[Trial]:
    """The HTTP service with its worker, and with the worker in a process apart."""
    for way, status in (("body", 401), ("header", 500), ("text", 403), ("answer", 200), ("reset", 200)):
        yield f"serve, {way}, {status}", lambda a, p, w=way, s=status: doors.serving(w, s, a, p)
    for way, status in (("body", 401), ("answer", 200)):
        yield f"worker, {way}, {status}", lambda a, p, w=way, s=status: doors.serving(w, s, a, p, apart=True)


def mcp() -> Iterator[Trial]:
    """The MCP server over stdio and HTTP."""
    for way, status in (("body", 401), ("header", 500), ("answer", 200)):
        yield f"mcp, stdio, {way}, {status}", lambda a, p, w=way, s=status: doors.over_stdio(w, s, a, p)
        yield f"mcp, http, {way}, {status}", lambda a, p, w=way, s=status: doors.over_mcp_http(w, s, a, p)


def postgres() -> Iterator[Trial]:
    """A store in PostgreSQL whose address has a password: the right one, a wrong one, and addresses of nothing."""
    try:
        with server() as running:
            right = running.address(running.database())
            yield "postgres, right", lambda a, p: doors.with_password(right, PASSWORD, a, p)
            yield "postgres, serve", lambda a, p: _with(PASSWORD, doors.serving("answer", 200, a, p, store=right))
            wrong = running.address("postgres", password=quote(LOST, safe=""))
            where = wrong.rpartition("@")[2]
            lost = quote(LOST, safe="")
            for name, address in (
                ("wrong", wrong),
                ("no such database", right.rpartition("/")[0] + "/nothing"),
                ("nobody there", f"postgresql://summarise:{lost}@127.0.0.1:9/x"),
                ("no such host", f"postgresql://summarise:{lost}@no-such-host.invalid/x"),
                ("unknown parameter", f"postgresql://summarise@{where}?password={lost}"),
                ("no port", f"postgresql://summarise:{lost}@127.0.0.1:port/x"),
                ("another scheme", f"mysql://summarise:{lost}@127.0.0.1/x"),
                ("not encoded", f"postgresql://summarise:{LOST}@127.0.0.1:9/x"),
                ("a slash not encoded", f"postgresql://summarise:12/{LOST}@127.0.0.1:9/x"),
            ):
                secret = PASSWORD if name == "no such database" else LOST
                yield (
                    f"postgres, {name}",
                    lambda a, p, at=address, s=secret: doors.without_the_right_one(at, s, a, p),
                )
    except NoServer as why:
        print(f"  postgres: not tried ({why})")


def _with(secret: str, said: Said) -> Said:
    said.secrets.append(secret)
    return said


ALL = {"endpoint": endpoint, "verbose": verbose, "watch": watch, "serve": serve, "mcp": mcp, "postgres": postgres}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("door", nargs="*", choices=[*ALL, []], metavar="DOOR", help=f"of: {', '.join(ALL)}")
    given = parser.parse_args()
    count: Counter[str] = Counter()
    found: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        articles = Path(scratch) / "articles"
        articles.mkdir()
        for seed in sorted((ROOT / "seeds").glob("*.txt")):
            shutil.copy(seed, articles)
        for door in given.door or ALL:
            before = count.copy()
            for name, trial in ALL[door]():
                place = Path(scratch) / f"{count['runs']}"
                place.mkdir()
                said = trial(articles, place)
                places = sung(said.whole, place, tuple(said.secrets))
                count["runs"] += 1
                count["answers"] += said.answers
                count["characters"] += len(said.whole)
                count["replaced"] += said.whole.count(INSTEAD)
                count["files"] += sum(path.is_file() for path in place.rglob("*"))
                found += places
                for one in places:
                    print(f"  {name}: {one}", flush=True)
                print(
                    f"  {name}: {said.answers} answers, {len(said.whole):,} characters, {len(places)} found", flush=True
                )
            print(f"{door}: {_counted(count - before)}", flush=True)
    print(f"secrets: {_counted(count)}: a secret in {len(found)} of them")
    return 1 if found else 0


def _counted(count: Counter[str]) -> str:
    return (
        f"{count['runs']} runs, {count['answers']:,} answers, {count['characters']:,} characters said,"
        f" {count['files']} files kept, {count['replaced']:,} times the key was replaced"
    )


if __name__ == "__main__":
    sys.exit(main())
