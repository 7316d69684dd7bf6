"""`python -m summarise.scripted`: the scripted model on its own. The first line it prints is its base URL."""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import suppress

from summarise.errors import ConfigurationError
from summarise.scripted.batches import FAULTS
from summarise.scripted.faults import KINDS
from summarise.scripted.server import ScriptedModel


async def _serve(model: ScriptedModel) -> None:
    await model.start()
    print(model.base_url, flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        await model.stop()


def main() -> int:
    """Runs until it is interrupted."""
    parser = argparse.ArgumentParser(prog="python -m summarise.scripted", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--latency-ms", type=float, default=200.0)
    fault_help = f"KIND:rate=..,attempts=..,answer=..,retry_after=..,factor=..; kinds: {', '.join(KINDS)}"
    parser.add_argument("--fault", action="append", default=[], metavar="FAULT", help=fault_help)
    batch_help = f"of the Batch API, KIND:times=..; kinds: {', '.join(FAULTS)}"
    parser.add_argument("--batch-latency-ms", type=float, default=1000.0, help="after which a batch has ended")
    parser.add_argument("--batch-fault", action="append", default=[], metavar="FAULT", help=batch_help)
    parser.add_argument("--memo", action="store_true", help="work out each answer once, for benchmarks")
    parser.add_argument(
        "--told", action="store_true", help="answer stories told in tagged sentences (scripted/told.py)"
    )
    given = parser.parse_args()
    try:
        model = ScriptedModel(
            latency=given.latency_ms / 1000,
            faults=given.fault,
            memo=given.memo,
            told=given.told,
            port=given.port,
            keep=False,
            batch_latency=given.batch_latency_ms / 1000,
            batch_faults=given.batch_fault,
        )
    except ConfigurationError as error:
        parser.error(str(error))
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(model))
    return 0


if __name__ == "__main__":
    sys.exit(main())
