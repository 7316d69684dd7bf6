"""What changed since the version before, each leading to where it is marked in place; and what a person corrected."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from summarise.change import Change, ChangeKind
from summarise.contract import OverrideEntry
from summarise.render import view
from summarise.render.changes import COUNTED, counted, counts_line, kinds_line, reasons
from summarise.render.changes import words as in_words
from summarise.render.page.desk import Desk, badge
from summarise.render.page.markup import NOTHING, Html, joined, tag, words

MOST_OPEN = 8
"""Changes of one kind up to which they are unfolded at first."""


def changed(desk: Desk) -> Html:
    changes = desk.changes
    if changes is None or changes.before is None:
        return NOTHING
    because = reasons(changes)
    by_kind: dict[ChangeKind, list[Change]] = {}
    for change in changes.changes:
        by_kind.setdefault(change.kind, []).append(change)
    short = kinds_line(counted(changes))
    return tag(
        "section",
        {"id": "changed", "aria-labelledby": "changed-title"},
        tag("h2", {"id": "changed-title"}, "What changed"),
        tag("p", {"class": "note"}, counts_line(changes), f": {short}" if short else None),
        tag(
            "div",
            {"class": "changes"},
            *(_kind(desk, kind, by_kind[kind], because) for kind in COUNTED if kind in by_kind),
        ),
    )


def _kind(desk: Desk, kind: ChangeKind, changes: Sequence[Change], because: Callable[[Change], str]) -> Html:
    return tag(
        "details",
        {"open": len(changes) <= MOST_OPEN},
        tag("summary", None, view.count(len(changes), *COUNTED[kind])),
        tag("ul", None, *(tag("li", None, _change(desk, change, because(change))) for change in changes)),
    )


def _change(desk: Desk, change: Change, because: str) -> Html:
    """As on a line of Markdown, leading to the item where the page still has it."""
    told = in_words(change, because)
    gone = change.kind.endswith(("_withdrawn", "_settled"))
    what = tag("s", None, words(told.what)) if gone else desk.link(change.item, told.what)
    notes = joined(" (", joined(*map(words, told.notes), between="; "), ")") if told.notes else None
    return joined(words(told.label), ": ", what, notes)


def corrections(desk: Desk) -> Html:
    """What a person corrected, in the person's order; what fits nothing here says why."""
    if not desk.brief.overrides:
        return NOTHING
    return tag(
        "section",
        {"id": "corrections", "aria-labelledby": "corrections-title"},
        tag("h2", {"id": "corrections-title"}, "Corrections by a person"),
        tag("ol", {"class": "corrections"}, *(_correction(desk, one) for one in desk.brief.overrides)),
    )


def _correction(desk: Desk, one: OverrideEntry) -> Html:
    state = badge("✎ applies", "person") if one.applied else badge("⚠ " + view.UNFIT, "flag")
    shown = (desk.link(item, f"see {number}") for number, item in enumerate(one.items, 1) if desk.has(item))
    note = joined(" (", words(one.note), ")") if one.note else None
    return tag("li", None, state, " ", words(one.what), note, " ", joined(*shown, between=", "))
