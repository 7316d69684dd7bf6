"""Answers of one story, taken out of a store into a file that holds no article text.

    python bench/answers.py FOLDER --model openai:NAME --base-url URL --store PATH --out tests/answers/story.json

Makes the brief of FOLDER from the store (what is not there is asked) and writes the answers that it used, by key. A
key is a hash of the question, so the file can be read only by whoever has the same articles and prompts.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path

from summarise.api import amake
from summarise.model import ModelOptions
from summarise.output import write_whole
from summarise.store import Store, StoredAnswer


class Kept(Store):
    """A store that remembers what was looked for in it."""

    wanted: set[str]

    def get(self, key: str) -> StoredAnswer | None:
        """The answer under a key, which is remembered."""
        self.wanted.add(key)
        return super().get(key)

    def used(self) -> dict[str, StoredAnswer]:
        """The answers to all that was looked for, those stored since as well."""
        return {key: found for key in sorted(self.wanted) if (found := self.get(key)) is not None}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", required=True)
    parser.add_argument("--base-url")
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    store = Kept.open(given.store)
    assert isinstance(store, Kept)
    store.wanted = set()
    options = ModelOptions(timeout=3000)
    made = asyncio.run(
        amake(given.folder, model=given.model, base_url=given.base_url, store=store, options=options)
    ).brief
    used = store.used()
    store.close()
    rows = {
        key: {"kind": a.kind, "input": a.input_tokens, "output": a.output_tokens, "answer": json.loads(a.answer)}
        for key, a in used.items()
    }
    content = {"model": given.model, "base_url": given.base_url, "answers": rows}
    write_whole(given.out, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    print(f"{len(rows)} answers of {len(made.articles)} articles in {given.out}; complete: {made.complete}")


if __name__ == "__main__":
    main()
