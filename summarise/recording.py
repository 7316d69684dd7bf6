"""Recorded exchanges with a model: made over HTTP by vcrpy, replayed by tests and by `make demo` without a key.

    python -m summarise.recording demo [--out DIR]
    python -m summarise.recording record --base-url URL --model openai:NAME

Two cassettes: the brief of `seeds/`, and a walk: the brief of the first seed, the second arrives, the first is
corrected, the second is withdrawn.

An exchange is found by method, path and canonical JSON body, so a changed prompt, schema or article is noticed and
never answered by the old answer. A cassette holds the bodies as JSON (its diffs can be read), no header but the
response's content type, and is written whole or not at all.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from summarise.api import Made, amake
from summarise.errors import SummariseError
from summarise.model import ModelOptions
from summarise.model.secret import bytes_without_key
from summarise.model.spec import OPENAI_URL
from summarise.output import Edition, write_output, write_whole
from summarise.store import Store

ROOT = Path(__file__).resolve().parent.parent
SEEDS, CASSETTE, WALK = ROOT / "seeds", ROOT / "cassettes" / "seeds.json", ROOT / "cassettes" / "walk.json"
CORRECTED = ("to remove military equipment", "to unload military equipment")
"""What the correction of the walk changes in the first seed: as the second has it."""
_NOWHERE = "http://127.0.0.1:9/v1"  # replaying never connects; loopback needs no key
REMEDY = "a prompt, a schema or an article has changed since: make record MODEL=openai:NAME records it again"


class StaleCassetteError(SummariseError):
    """What is asked is not what was recorded, or something recorded is no longer asked."""


class IncompleteRecordingError(SummariseError):
    """What was recorded makes no complete brief, and so replaces nothing."""


class _Readable:
    """vcrpy's serializer: JSON bodies as JSON."""

    @staticmethod
    def serialize(cassette: dict[str, Any]) -> str:
        for exchange in cassette["interactions"]:
            request, response = exchange["request"], exchange["response"]
            request["body"] = json.loads(request["body"])
            response["body"] = {"json": json.loads(response["body"]["string"])}
        return json.dumps(cassette, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @staticmethod
    def deserialize(text: str) -> dict[str, Any]:
        cassette: dict[str, Any] = json.loads(text)
        for exchange in cassette["interactions"]:
            request, response = exchange["request"], exchange["response"]
            request["body"] = json.dumps(request["body"], ensure_ascii=False)
            response["body"] = {"string": json.dumps(response["body"]["json"], ensure_ascii=False)}
        return cassette


class _Whole:
    """vcrpy's persister: a killed recording leaves the cassette that was there before.

    vcrpy saves before it takes its patches off again and leaves them on where saving raises, so an error waits in
    `error` until the block has ended.
    """

    def __init__(self) -> None:
        self.error: Exception | None = None

    @staticmethod
    def load_cassette(path: str, serializer: Any) -> Any:
        from vcr.persisters.filesystem import FilesystemPersister

        return FilesystemPersister.load_cassette(path, serializer)

    def save_cassette(self, path: str, cassette: Any, serializer: Any) -> None:
        """Writes a cassette whole, or keeps the error."""
        from vcr.serialize import serialize

        try:
            write_whole(Path(path), serialize(cassette, serializer))
        except Exception as error:  # all of them: see the class
            self.error = error


def _same_body(one: Any, other: Any) -> None:
    canonical = [json.dumps(json.loads(r.body), sort_keys=True, ensure_ascii=False) for r in (one, other)]
    assert canonical[0] == canonical[1], "the bodies differ"  # noqa: S101 - how vcrpy's matchers say no


def _scrubbed_request(request: Any) -> Any:
    request.headers.clear()
    request.uri = f"https://endpoint.invalid{request.path}"
    return request


def _scrubbed_response(response: dict[str, Any]) -> dict[str, Any] | None:
    if response["status"]["code"] != 200:
        return None
    kept = {name: value for name, value in response["headers"].items() if name.lower() == "content-type"}
    body = {**response["body"], "string": bytes_without_key(response["body"]["string"])}
    return {**response, "headers": kept, "body": body}


@contextmanager
def cassette(path: Path, *, record: bool = False) -> Iterator[Any]:
    """All HTTP inside the block is recorded to, or played from, this cassette.

    On replay nothing is sent anywhere. Raises `StaleCassetteError` where an exchange recorded was not asked for.
    """
    import vcr

    if not record and not path.is_file():
        raise StaleCassetteError(f"{path}: no such cassette; {REMEDY}")
    recorder = vcr.VCR(
        record_mode=vcr.mode.ALL if record else vcr.mode.NONE,
        match_on=("method", "path", "canonical_body"),
        before_record_request=_scrubbed_request,
        before_record_response=_scrubbed_response,
    )
    recorder.register_serializer("readable", _Readable)
    persister = _Whole()
    recorder.register_persister(persister)
    recorder.register_matcher("canonical_body", _same_body)
    if record:  # beside the old one, which stays until the new one is whole
        new = path.with_name(f"{path.name}.new")
        new.unlink(missing_ok=True)
        try:
            with recorder.use_cassette(str(new), serializer="readable") as tape:
                yield tape
            if persister.error is not None:
                raise persister.error
            write_whole(path, new.read_text("utf-8"))
        finally:
            new.unlink(missing_ok=True)
        return
    with recorder.use_cassette(str(path), serializer="readable") as tape:
        yield tape
    if not tape.all_played:
        unplayed = len(tape) - tape.play_count
        raise StaleCassetteError(f"{path}: {unplayed} of its {len(tape)} exchanges were not asked for; {REMEDY}")


def model_of(path: Path) -> str:
    """The model that the cassette was recorded with, as --model wants it."""
    try:
        first = json.loads(path.read_text("utf-8"))["interactions"][0]
        return f"openai:{first['request']['body']['model']}"
    except (OSError, ValueError, LookupError):
        raise StaleCassetteError(f"{path}: no cassette that can be read; {REMEDY}") from None


async def replay(path: Path, folder: Path) -> Made:
    """The brief of the folder, from a cassette. Raises `StaleCassetteError` where it no longer fits what is asked."""
    with cassette(path), Store.in_memory() as store:
        made = await amake(
            folder, model=model_of(path), base_url=_NOWHERE, store=store, options=ModelOptions(attempts=1)
        )
        if not made.brief.complete:
            raise StaleCassetteError(
                f"{path}: {'; '.join(made.brief.run.notes) or 'an article got no answer'}; {REMEDY}"
            )
    return made


async def record(path: Path, folder: Path, *, model: str, base_url: str | None, options: ModelOptions) -> Made:
    """The brief of the folder, asked anew from an endpoint and recorded.

    Raises `IncompleteRecordingError`, and leaves the cassette that was there, where a question got no answer.
    """
    with cassette(path, record=True), Store.in_memory() as store:
        made = await amake(folder, model=model, base_url=base_url, store=store, options=options)
        if not made.brief.complete:
            why = "; ".join(made.brief.run.notes) or "an article got no answer"
            raise IncompleteRecordingError(f"{path}: not recorded, the brief is incomplete: {why}; run it again")
    return made


async def walk(
    path: Path, *, model: str | None = None, base_url: str = _NOWHERE, options: ModelOptions | None = None
) -> tuple[Made, ...]:
    """The four versions of the walk, from a cassette; with `model`, asked anew and recorded.

    Raises `StaleCassetteError` where the cassette no longer fits, `IncompleteRecordingError` where a question got no
    answer.
    """
    first, second = sorted(SEEDS.glob("*.txt"))
    made: list[Made] = []
    options = options or ModelOptions(attempts=1)
    with (
        tempfile.TemporaryDirectory() as scratch,
        cassette(path, record=model is not None),
        Store.in_memory() as store,
    ):
        folder = Path(scratch) / "walk"
        folder.mkdir()
        there = {first.name: first.read_bytes()}
        for number in range(4):
            if number == 1:
                there[second.name] = second.read_bytes()
            elif number == 2:
                there[first.name] = first.read_bytes().replace(CORRECTED[0].encode(), CORRECTED[1].encode())
            elif number == 3:
                del there[second.name]
                (folder / second.name).unlink()
            for name, content in there.items():
                (folder / name).write_bytes(content)
            made.append(
                await amake(folder, model=model or model_of(path), base_url=base_url, store=store, options=options)
            )
            if not made[-1].brief.complete:
                why = "; ".join(made[-1].brief.run.notes) or "an article got no answer"
                kind = IncompleteRecordingError if model else StaleCassetteError
                raise kind(f"{path}: step {number + 1} of the walk is incomplete: {why}; {REMEDY}")
            _ = made[-1].changes  # worked out while the store is open
    return tuple(made)


def main(arguments: list[str] | None = None) -> int:
    """The commands above; 1 where something does not fit."""
    parser = argparse.ArgumentParser(
        prog="python -m summarise.recording", description="Replay or record the seeds' brief."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo", help="replay the recorded brief of the seeds")
    demo.add_argument("--out", type=Path, default=ROOT / "build" / "demo")
    again = commands.add_parser("record", help="ask an endpoint and record its answers")
    again.add_argument("--model", required=True)
    again.add_argument("--base-url")
    again.add_argument("--timeout", type=float, default=600, help="seconds a request may take")
    given = parser.parse_args(arguments)
    try:
        if given.command == "demo":
            made = asyncio.run(replay(CASSETTE, SEEDS))
            for path in write_output(given.out, Edition(made.brief, made.texts, kept=made.content)):
                print(path)
        else:
            made = asyncio.run(
                record(
                    CASSETTE,
                    SEEDS,
                    model=given.model,
                    base_url=given.base_url,
                    options=ModelOptions(timeout=given.timeout),
                )
            )
            print(f"recorded {made.brief.run.usage.calls} exchanges in {CASSETTE}")
            steps = asyncio.run(
                walk(
                    WALK,
                    model=given.model,
                    base_url=given.base_url or OPENAI_URL,
                    options=ModelOptions(timeout=given.timeout),
                )
            )
            print(f"recorded {sum(step.brief.run.usage.calls for step in steps)} exchanges in {WALK}")
    except ImportError:
        print("summarise: vcrpy is not installed; run this through make demo or make record", file=sys.stderr)
        return 1
    except SummariseError as error:
        print(f"summarise: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
