"""Every fault of an endpoint as it comes, with its waits: requests, tokens, the brief of the rest, and the deadline.

    python -m torture.faults [--only hang]

The table is that of `tests/faulty.py`, whose checks are run without patching a wait. Then every fault strikes every
request, with a deadline that falls into its waiting: questions must end within half a second of it.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # the checkout, wherever this is run

from asking import note_question, prompts  # noqa: E402
from faulty import CASES, Case, a_brief, one_question  # noqa: E402

from summarise.errors import BudgetSpent, SummariseError  # noqa: E402
from summarise.model import ModelReader, parse  # noqa: E402
from summarise.scripted import ScriptedModel  # noqa: E402

DEADLINE, LATE = 1.0, 0.5  # seconds
NUMBERS = tuple(range(12))


def late(case: Case, folder: Path, fault: str) -> float:
    """Seconds by which twelve questions at once outlast the deadline, when the fault strikes all of them."""

    async def run(url: str) -> float:
        options = replace(case.options, deadline=DEADLINE, timeout=30.0, concurrency=4)
        async with ModelReader(
            parse("openai:x", base_url=url, environ={}), prompts=prompts(folder), options=options
        ) as reader:
            clock = time.monotonic()
            asking = (reader.ask(note_question(f"Minister number {n} said no.")) for n in NUMBERS)
            ends = await asyncio.gather(*asking, return_exceptions=True)
            took = time.monotonic() - clock
        assert all(isinstance(end, SummariseError) or not isinstance(end, BaseException) for end in ends), ends
        waited = any(isinstance(end, BudgetSpent) for end in ends)
        assert waited or took <= DEADLINE + LATE
        return took - DEADLINE

    with ScriptedModel(faults=(fault,) if fault else ()) as model, case.around():
        url = model.base_url if case.on_the_wire else model.base_url.replace("127.0.0.1", "localhost")
        return asyncio.run(run(url))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", help="a part of a fault's name")
    given = parser.parse_args()
    logging.getLogger("instructor").addHandler(logging.NullHandler())
    held, briefs, stopped, worst, wrong = 0, 0, 0, 0.0, []
    cases = [case for case in CASES if given.only is None or given.only in case.name]
    for case in cases:
        clock = time.monotonic()
        try:
            with tempfile.TemporaryDirectory() as folder:
                one_question(case, Path(folder))
                made = a_brief(case, Path(folder))
                # a rate limit that asks for a longer wait than the deadline leaves, too
                faults = [case.fault, *(["429:retry_after=20"] if case.name.startswith("429") else [])]
                lateness = max(late(case, Path(folder), fault) for fault in faults)
            worst = max(worst, lateness)
            assert lateness <= LATE, f"{lateness:.2f} s after the deadline"
        except (AssertionError, Exception) as error:  # every fault is tried, whatever became of the others
            wrong.append(case.name)
            print(f"  {case.name}: {type(error).__name__}: {error}", flush=True)
            continue
        held, briefs, stopped = held + 1, briefs + (made is not None), stopped + case.stops
        ended = "a brief of the rest" if made is not None else "the run ends, what was answered is kept"
        print(f"  {case.name}: {case.requests} requests, {ended}, {time.monotonic() - clock:.1f} s", flush=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"faults: {held} of {len(cases)} held: exact requests, tokens counted, {briefs} briefs of the rest and"
        f" {stopped} runs ended by a setting; at most {max(0.0, worst):.2f} s after the deadline; {memory} MB"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
