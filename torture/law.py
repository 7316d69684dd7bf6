"""The law that a brief is a function of its folder, over many more sequences than `make test` tries.

    python -m torture.law [--sequences 300] [--seed 0]

The law and the sequences are those of tests/test_update.py: arrivals, edits, corrections, removals, renames, copies, a
person's overrides, other options, and runs that are cut off or lose their endpoint at any question.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # the checkout, wherever this is run

from hypothesis import HealthCheck, given, seed, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from updating import Step, sequences, the_law  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sequences", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    done, runs, begun = 0, Counter[str](), time.monotonic()

    @seed(asked.seed)
    @settings(max_examples=asked.sequences, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(sequence=sequences, mixing=st.integers(0, 10**6))
    def holds(sequence: list[Step], mixing: int) -> None:
        nonlocal done
        the_law(sequence, mixing)
        done += 1
        runs.update(step.run for step in sequence)
        runs["steps"] += len(sequence)
        if done % 50 == 0:
            print(f"  {done} sequences, {time.monotonic() - begun:.0f} s", flush=True)

    holds()
    print(
        f"the law: {done} sequences of {runs['steps']} steps, {runs['whole'] + done} updates to the end,"
        f" {runs['cut']} cut off, {runs['gone']} with the endpoint gone: each brief"
        " that of a fresh build and of another order of arrival"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
