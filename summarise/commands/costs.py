"""`summarise costs`: what was spent, from the store's ledger. The result goes to stdout, all else to stderr."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from summarise.costs import Costs, costs, day
from summarise.errors import ConfigurationError, SummariseError
from summarise.render.safe import one_line
from summarise.settings import CostsBy, CostsFormat
from summarise.store import open_store
from summarise.store.places import is_address, shown_place
from summarise.streams import emit, hang_up, say

SHOWN, FAILED, USAGE = 0, 1, 2


def run_costs(
    *,
    by: CostsBy = CostsBy.STORY,
    since: str | None = None,
    until: str | None = None,
    story: str | None = None,
    store: str | None = None,
    form: CostsFormat = CostsFormat.TEXT,
) -> int:
    """Shows the sums; 2 for unusable options or a store that was named and is not there, 1 where it cannot be read."""
    try:
        found = _costs(by, since, until, story, store)
        _show(found, form, store)
    except BrokenPipeError:
        hang_up(sys.stdout)
    except SummariseError as error:
        say(one_line(str(error)))
        return USAGE if isinstance(error, ConfigurationError) else FAILED
    return SHOWN


def _costs(by: CostsBy, since: str | None, until: str | None, story: str | None, store: str | None) -> Costs:
    first, last = day(since, "--since"), day(until, "--until")
    shown = shown_place(store)
    if not is_address(shown) and not Path(shown).exists():
        if store or os.environ.get("SUMMARISE_STORE", "").strip():
            raise ConfigurationError(f"there is no store {shown} yet; check --store and SUMMARISE_STORE")
        return Costs(by=by.value, since=first, until=last, story=story, lines=())
    with open_store(store) as opened:
        return costs(opened, by.value, since=first, until=last, story=story)


def _show(found: Costs, form: CostsFormat, store: str | None) -> None:
    from summarise.render.canonical import canonical_json
    from summarise.render.costs import costs_csv, costs_text

    if form is CostsFormat.JSON:
        emit(canonical_json(found.data()), encoding="utf-8")
    elif form is CostsFormat.CSV:
        emit(costs_csv(found), encoding="utf-8")
    else:
        screen = sys.stdout is not None and sys.stdout.isatty()
        text = costs_text(found) if found.lines else f"{_nothing(found, store)}\n"
        emit(text, encoding=(sys.stdout.encoding or "utf-8") if screen else "utf-8")


def _nothing(found: Costs, store: str | None) -> str:
    if found.since or found.until or found.story is not None:
        return one_line(f"nothing was spent that fits; summarise costs alone shows all of {shown_place(store)}")
    return one_line(f"nothing was spent yet: the ledger of {shown_place(store)} is empty")
