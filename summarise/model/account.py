"""What a question cost, as the store's ledger has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from summarise.model.spec import ModelSpec
from summarise.model.usage import Attempt
from summarise.store import Spent


@dataclass(frozen=True)
class Account:
    """On whose account questions are asked: the run's id and the story's, each "" where there is none."""

    run: str = ""
    story: str = ""


def host(spec: ModelSpec) -> str:
    """Where a model is asked: host, and port where the address names one; "" for a model in this process."""
    if spec.kind != "openai":
        return ""
    parts = urlsplit(spec.base_url)
    return f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"


def spent(account: Account, spec: ModelSpec, kind: str, attempts: Sequence[Attempt]) -> tuple[Spent, ...]:
    """The rows of one question's attempts: one for those sent one by one, one for those in batches."""
    return tuple(
        Spent(
            run=account.run,
            story=account.story,
            kind=kind,
            model=spec.display,
            host=host(spec),
            batch=batch,
            milliseconds=round(sum(one.seconds for one in those) * 1000),
            calls=len(those),
            unpriced=sum(one.cost is None for one in those),
            input_tokens=sum(one.tokens.input for one in those),
            cached_tokens=sum(one.tokens.cached for one in those),
            output_tokens=sum(one.tokens.output for one in those),
            cost=sum(one.cost or 0 for one in those),
        )
        for batch in (False, True)
        if (those := [one for one in attempts if one.batch is batch])
    )
