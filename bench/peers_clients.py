"""One run of one client of bench/peers.py, in the client's own virtual environment: see there.

    PYTHON bench/peers_clients.py CLIENT STAGE JOB.json CONCURRENCY

Imports nothing of a peer before it is asked to run it, nor of this project where that is not installed, the types of
its answers aside. Each client is written as its documentation shows it. The last line printed is what was measured.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # for the types of answers

WARM, MEASURED = "gpt-4.1-mini", "gpt-4.1"
"""Names that the peers know; the endpoint counts by them."""

TASK = (
    "Note who acts in the article, which positions they hold on which matter and with which stance, the facts on which"
    " another account could differ, the questions that stay open, and the dated events. Use the article's own words."
)
KINDS = ("actors", "positions", "facts", "questions", "events")

Job = dict[str, Any]


@contextmanager
def measured() -> Iterator[None]:
    """Prints wall and processor seconds of what is inside, and the process's most memory."""
    wall, cpu = time.perf_counter(), _cpu()
    yield
    wall, cpu = time.perf_counter() - wall, _cpu() - cpu
    print("\n" + json.dumps({"wall": wall, "cpu": cpu, "peak_mb": _peak_mb()}))


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _peak_mb() -> float:
    """The most this process held; what `getrusage` says counts the process that started it, too."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024


# ---- ours


async def summarise_notes(job: Job, concurrency: int) -> None:
    """The note stage as a brief has it: windows, the seam with its store, and what is made of the answer.

    Articles are loaded before, as the others' are.
    """
    from summarise import api
    from summarise.article import Article
    from summarise.extractive.machine_talk import talking
    from summarise.keeping import ArticleShelf
    from summarise.model import ModelOptions, ModelReader, parse
    from summarise.noting import note
    from summarise.records import Noted
    from summarise.store import Store

    options = ModelOptions(concurrency=concurrency)
    with tempfile.TemporaryDirectory() as scratch, Store.open(Path(scratch) / "store.sqlite3") as store:
        for name, part in ((WARM, "warm"), (MEASURED, "measured")):
            articles = api.load(job[part]["folder"], shelf=ArticleShelf(store))
            spec = parse(f"openai:{name}", base_url=job["url"])
            async with ModelReader(spec, store=store, options=options) as reader:

                async def one(article: Article, reader: ModelReader = reader) -> Noted:
                    async with reader.room():
                        return await note(article, reader, write_in="", suspicious=talking)

                with _if_measured(part):
                    noted = await asyncio.gather(*map(one, articles))
                _expect(len(noted), job[part], all(one.note.positions for one in noted))


async def summarise_whole(job: Job, concurrency: int) -> None:
    """From the folder to the brief's JSON."""
    from summarise import api
    from summarise.model import ModelOptions

    options = ModelOptions(concurrency=concurrency)
    with tempfile.TemporaryDirectory() as scratch:
        for name, part in ((WARM, "warm"), (MEASURED, "measured")):
            with _if_measured(part):
                made = await api.amake(
                    job[part]["folder"],
                    model=f"openai:{name}",
                    base_url=job["url"],
                    store=Path(scratch) / "store.sqlite3",
                    options=options,
                )
                text = made.json
            _expect(len(made.brief.articles), job[part], made.complete and len(text) > 1000)


# ---- plain instructor, and the openai SDK without it


def _messages(system: str, article: dict[str, Any]) -> list[dict[str, str]]:
    lines = "\n".join(f"[{number}] {text}" for number, text in enumerate(article["sentences"], 1))
    head = f"Title: {article['title']}\nOutlet: {article['outlet']}\nLanguage: en\nWrite in: en\n"
    return [{"role": "system", "content": system}, {"role": "user", "content": f"{head}\nSentences:\n{lines}"}]


async def _gathered(articles: list[Any], concurrency: int, one: Callable[[Any], Awaitable[Any]]) -> list[Any]:
    slots = asyncio.Semaphore(concurrency)

    async def slotted(article: Any) -> Any:
        async with slots:
            return await one(article)

    return await asyncio.gather(*map(slotted, articles))


async def openai_notes(job: Job, concurrency: int) -> None:
    """The SDK, the schema as it stands, and pydantic to read the answer."""
    from openai import AsyncOpenAI

    from summarise.answers import Note

    async with AsyncOpenAI(api_key="none", base_url=job["url"], max_retries=0) as client:
        for name, part in ((WARM, "warm"), (MEASURED, "measured")):

            async def one(article: Any, name: str = name) -> Note:
                response = await client.chat.completions.create(
                    model=name, messages=_messages(job["system"], article), response_format=job["response_format"]
                )
                return Note.model_validate_json(response.choices[0].message.content or "")

            with _if_measured(part):
                notes = await _gathered(job[part]["articles"], concurrency, one)
            _expect(len(notes), job[part], all(note.positions for note in notes))


async def instructor_run(job: Job, concurrency: int, *, whole: bool) -> None:
    """As its documentation shows it: one note call an article, and for the whole one call that joins them."""
    import instructor
    from openai import AsyncOpenAI
    from pydantic import BaseModel

    from summarise.answers import Note

    class Joined(BaseModel):
        title: str
        summary: str
        actors: list[str]
        positions: list[str]
        disagreements: list[str]
        questions: list[str]

    async with AsyncOpenAI(api_key="none", base_url=job["url"], max_retries=0) as bare:
        client = instructor.from_openai(bare, mode=instructor.Mode.JSON_SCHEMA)
        for name, part in ((WARM, "warm"), (MEASURED, "measured")):

            async def one(article: Any, name: str = name) -> Note:
                messages: Any = _messages(job["system"], article)
                return await client.chat.completions.create(
                    model=name, messages=messages, response_model=Note, max_retries=1
                )

            with _if_measured(part):
                articles = _from_files(job[part]) if whole else job[part]["articles"]
                notes = await _gathered(articles, concurrency, one)
                if whole:
                    told = "\n".join(note.model_dump_json() for note in notes)
                    messages: Any = [{"role": "user", "content": f"{job['reduce']} into one brief:\n{told}"}]
                    story = await client.chat.completions.create(
                        model=name, messages=messages, response_model=Joined, max_retries=1
                    )
                    story.model_dump_json()
            _expect(len(notes), job[part], all(note.positions for note in notes))


def _from_files(part: dict[str, Any]) -> list[dict[str, Any]]:
    """Articles read from their folder: the first line is the title, the others are sentences."""
    found = []
    for path in sorted(Path(part["folder"]).glob("*.txt")):
        title, *rest = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        found.append({"title": title, "outlet": "", "sentences": rest})
    return found


# ---- langextract


def langextract_notes(job: Job, concurrency: int, buffer: int) -> None:
    """`lx.extract` over documents; `buffer`: characters of a chunk."""
    import langextract as lx
    from langextract.factory import ModelConfig

    attributes = {"actor": "The ferry line", "topic": "fares", "stance": "demands"}
    example = lx.data.ExampleData(
        text="The ferry line wants higher fares. The council met on Monday.",
        extractions=[
            lx.data.Extraction("position", "The ferry line wants higher fares", attributes=attributes),
            lx.data.Extraction("event", "The council met on Monday", attributes={"when": "Monday"}),
        ],
    )
    for name, part in ((WARM, "warm"), (MEASURED, "measured")):
        documents = [lx.data.Document(text=a["text"], document_id=a["id"]) for a in job[part]["articles"]]
        config = ModelConfig(
            model_id=name,
            provider="OpenAILanguageModel",
            provider_kwargs={"api_key": "none", "base_url": job["url"], "max_workers": concurrency},
        )
        with _if_measured(part):
            found = lx.extract(
                documents,
                prompt_description=TASK,
                examples=[example],
                config=config,
                max_char_buffer=buffer,
                batch_length=concurrency,
                max_workers=concurrency,
                show_progress=False,
            )
            rows = list(found) if not isinstance(found, lx.data.AnnotatedDocument) else [found]
        _expect(len(rows), job[part], all(row.extractions for row in rows))


# ---- docetl


def docetl_run(job: Job, concurrency: int, *, whole: bool) -> None:
    """A map over the articles, and for the whole a reduce over all of them."""
    with tempfile.TemporaryDirectory() as scratch:
        os.environ |= {"DOCETL_HOME_DIR": scratch, "OPENAI_API_KEY": "none", "OPENAI_API_BASE": job["url"]}
        os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else it looks for prices on the network first
        # the vocabulary that comes with a package of its own; else it is downloaded at the first question
        litellm = find_spec("litellm")
        if litellm is not None and litellm.origin is not None:
            os.environ["TIKTOKEN_CACHE_DIR"] = str(Path(litellm.origin).parent / "litellm_core_utils" / "tokenizers")
        os.chdir(scratch)
        from docetl.runner import DSLRunner

        for name, part in ((WARM, "warm"), (MEASURED, "measured")):
            rows, out = Path(scratch) / f"{part}.json", Path(scratch) / f"{part}-out.json"
            rows.write_text(json.dumps([{"id": a["id"], "text": a["text"]} for a in job[part]["articles"]]))
            schema = dict.fromkeys(KINDS, "list[str]")
            listed = " ".join(f"{{{{ item.{kind} }}}}" for kind in KINDS)
            operations: list[dict[str, Any]] = [
                {
                    **{"name": "note", "type": "map", "prompt": TASK + "\n\n{{ input.text }}"},
                    "output": {"schema": schema},
                }
            ]
            if whole:
                prompt = f"{job['reduce']} into one brief:\n{{% for item in inputs %}}{listed}\n{{% endfor %}}"
                lists = dict.fromkeys(("actors", "positions", "disagreements", "questions"), "list[str]")
                joined = {"title": "str", "summary": "str", **lists}
                operations.append(
                    {
                        **{"name": "join", "type": "reduce", "reduce_key": "_all", "prompt": prompt},
                        "output": {"schema": joined},
                    }
                )
            config = {
                "default_model": f"openai/{name}",
                "bypass_cache": True,
                "datasets": {"articles": {"type": "file", "path": str(rows)}},
                "operations": operations,
                "pipeline": {
                    "steps": [{"name": "all", "input": "articles", "operations": [o["name"] for o in operations]}],
                    "output": {"type": "file", "path": str(out)},
                },
            }
            with _if_measured(part):
                DSLRunner(config, max_threads=concurrency).load_run_save()
            made = json.loads(out.read_text())
            _expect(
                len(made) if not whole else len(job[part]["articles"]), job[part], all(m["positions"] for m in made)
            )


# ---- all


@contextmanager
def _if_measured(part: str) -> Iterator[None]:
    if part == "warm":
        yield
    else:
        with measured():
            yield


def _expect(count: int, part: dict[str, Any], sound: bool) -> None:
    """No figure of a run that did not do its work."""
    if count != len(part["articles"]) or not sound:
        raise SystemExit(f"{count} of {len(part['articles'])} articles came back, or not all of them with content")


RUNS: dict[tuple[str, str], Callable[[Job, int], Coroutine[Any, Any, None] | None]] = {
    ("summarise", "notes"): summarise_notes,
    ("instructor", "notes"): lambda job, many: instructor_run(job, many, whole=False),
    ("openai", "notes"): openai_notes,
    ("langextract, 20,000", "notes"): lambda job, many: langextract_notes(job, many, 20_000),
    ("langextract", "notes"): lambda job, many: langextract_notes(job, many, 1_000),
    ("docetl", "notes"): lambda job, many: docetl_run(job, many, whole=False),
    ("summarise", "whole"): summarise_whole,
    ("instructor", "whole"): lambda job, many: instructor_run(job, many, whole=True),
    ("docetl", "whole"): lambda job, many: docetl_run(job, many, whole=True),
}


def main() -> int:
    """Runs one of them."""
    client, stage, path, concurrency = sys.argv[1:]
    running = RUNS[client, stage](json.loads(Path(path).read_text(encoding="utf-8")), int(concurrency))
    if running is not None:  # the others have run by now, with threads of their own
        asyncio.run(running)
    return 0


if __name__ == "__main__":
    sys.exit(main())
