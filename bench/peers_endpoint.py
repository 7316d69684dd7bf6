"""The endpoint of bench/peers.py: the scripted model, with answers in the form that each peer asks for.

    python bench/peers_endpoint.py --latency-ms 200

The first line it prints is its base URL; for every line it reads it prints what was asked of it since the last one, by
the model's name, as JSON: requests, characters of their bodies, and the most that were in flight. Answers come from the
tags of the made-up articles and are worked out once, so that a benchmark measures the clients.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import re
import sys
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the checkout, wherever this is run

from summarise import answers
from summarise.scripted import ScriptedModel
from summarise.scripted.answering import Asked, question_of
from summarise.scripted.told import answer_told

REDUCE = "Join these notes"
"""How the prompt of a reduce step begins."""

_MODEL = re.compile(rb'"model":\s*"([^"]*)"')
_TAGGED = re.compile(r"^(?:\[\d+\] )?(\S.*?) \{(\w+) ?([^{}\n]*)\}\W*$", re.MULTILINE)
_LAST_ARTICLE = re.compile(r".*^Q: ", re.DOTALL | re.MULTILINE)


@dataclass
class Counts:
    """What was asked for under one model's name."""

    requests: int = 0
    characters: int = 0


@dataclass
class Endpoint(ScriptedModel):
    """The scripted model, which also knows what langextract, docetl and a plain reduce call expect."""

    keep: bool = False
    counts: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))

    async def _chat(self, raw: bytes, headers: dict[str, str], writer: asyncio.StreamWriter) -> bool:
        name = _MODEL.search(raw)
        mine = self.counts[name[1].decode() if name else ""]
        mine.requests += 1
        mine.characters += len(raw.decode("utf-8", "replace"))
        return await super()._chat(raw, headers, writer)

    async def _answer(self, asked: Asked) -> str:
        key = hashlib.sha256(f"{asked.answer}\n{asked.user}".encode()).hexdigest()
        if key not in self._memo:
            self._memo[key] = worked_out(asked)
        return self._memo[key]

    def told_so_far(self) -> str:
        """What was counted, as a line of JSON; then it begins anew."""
        told = {name: vars(one) for name, one in self.counts.items()}
        said = json.dumps({"models": told, "most_in_flight": self.most_in_flight})
        self.counts.clear()
        self.most_in_flight = 0
        return said


def worked_out(asked: Asked) -> str:
    """The answer to one request, in the form of whoever sent it."""
    if hasattr(answers, asked.answer):
        return str(answer_told(question_of(asked)).model_dump_json())
    if asked.answer == "Joined" or asked.user.lstrip().startswith(REDUCE):
        return json.dumps(joined())
    if asked.answer == "send_output" or asked.tools:
        return json.dumps(_mapped(asked.user))
    return json.dumps(_extracted(_LAST_ARTICLE.sub("", asked.user)))


def joined() -> dict[str, Any]:
    """A story of many articles in about 16,000 characters, whatever the notes."""
    numbers = range(1, 41)
    return {
        "title": "A made-up story of many articles",
        "summary": " ".join(f"Party {n} says what it wants of matter {n % 12}, and others differ." for n in range(12)),
        "actors": [f"Party {n}, known as the party of matter {n % 12}" for n in numbers],
        "positions": [
            f"Party {n} holds that matter {n % 12} needs step {n}, as it told the council and reporters at noon, and"
            f" {'opposes' if n % 2 else 'supports'} what others have said of it in article {n} and in article {n + 1}."
            for n in numbers
        ],
        "disagreements": [
            f"Parties {n} and {n + 1} differ over matter {n % 12}: one asks for it, and the other will not have it."
            for n in numbers
        ],
        "questions": [f"Who will pay for stage {n} is open, because the council does not say it." for n in numbers],
    }


def _entries(text: str) -> list[tuple[str, str, dict[str, str]]]:
    """Kind, words and attributes of each tagged sentence."""
    return [
        (match[2], match[1], dict(pair.strip().split("=", 1) for pair in match[3].split(";") if "=" in pair))
        for match in _TAGGED.finditer(text)
    ]


def _mapped(text: str) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {f"{kind}s": [] for kind in ("actor", "position", "fact", "question", "event")}
    for kind, words, attributes in _entries(text):
        if f"{kind}s" in rows:
            rows[f"{kind}s"].append("; ".join((words, *(f"{name}: {value}" for name, value in attributes.items()))))
    return rows


def _extracted(text: str) -> dict[str, Any]:
    return {"extractions": [{kind: words, f"{kind}_attributes": said} for kind, words, said in _entries(text)]}


async def _serve(endpoint: Endpoint) -> None:
    await endpoint.start()
    print(endpoint.base_url, flush=True)
    try:
        while await asyncio.to_thread(sys.stdin.readline):
            print(endpoint.told_so_far(), flush=True)
    finally:
        await endpoint.stop()


def main() -> int:
    """Runs until its input ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--latency-ms", type=float, default=200.0)
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(Endpoint(latency=parser.parse_args().latency_ms / 1000)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
