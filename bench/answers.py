"""Answers of one story, taken out of a store into a file that holds no article text.

    python bench/answers.py FOLDER --model openai:NAME --base-url URL --store PATH --out tests/answers/story.json

Makes the brief of FOLDER from the store (what is not there is asked) and writes the answers that it used, by key. A
key is a hash of the question, so the file can be read only by whoever has the same articles and prompts.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

from summarise.api import amake
from summarise.model import ModelOptions
from summarise.output import write_whole
from summarise.store import Spent, Store, StoredAnswer


class Kept(Store):
    """A store that remembers what was read from it and written to it."""

    used: dict[str, StoredAnswer]

    def get(self, key: str) -> StoredAnswer | None:
        """The answer under a key; remembered where there is one."""
        found = super().get(key)
        if found:
            self.used[key] = found
        return found

    def put(self, answer: StoredAnswer, spent: Sequence[Spent] = ()) -> StoredAnswer:
        """Stores an answer, and remembers it."""
        kept = super().put(answer, spent)
        self.used[answer.key] = kept
        return kept


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
    store.used = {}
    options = ModelOptions(timeout=3000)
    made = asyncio.run(
        amake(given.folder, model=given.model, base_url=given.base_url, store=store, options=options)
    ).brief
    store.close()
    rows = {
        key: {"kind": a.kind, "input": a.input_tokens, "output": a.output_tokens, "answer": json.loads(a.answer)}
        for key, a in sorted(store.used.items())
    }
    content = {"model": given.model, "base_url": given.base_url, "answers": rows}
    write_whole(given.out, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    print(f"{len(rows)} answers of {len(made.articles)} articles in {given.out}; complete: {made.complete}")


if __name__ == "__main__":
    main()
