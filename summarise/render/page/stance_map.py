"""Who stands where: actors × issues. A cell tells the stance by symbol and word, and on how many origins it rests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby

from summarise.contract import Issue, Position, Stance
from summarise.render import view
from summarise.render.page.desk import Desk, table
from summarise.render.page.markup import NOTHING, Child, Html, joined, link, spread, tag, words
from summarise.render.safe import one_line

COLUMNS = 8
"""Issues side by side; the issues on which fewer speak follow in further tables, folded away."""

FAMILIES: dict[Stance, str] = {
    "supports": "for",
    "accepts": "for",
    "offers": "for",
    "opposes": "against",
    "refuses": "against",
    "denies": "against",
    "demands": "asks",
    "undecided": "open",
    "declines_to_comment": "open",
}
_ORDER = {stance: number for number, stance in enumerate(view.STANCES)}


def family(stance: Stance) -> str:
    """What colours a stance; the colour only repeats what symbol and word say."""
    return FAMILIES.get(stance, "tells")


@cache
def stance_word(stance: Stance, *, plain: bool = False) -> Html:
    """The word, its symbol set before it by the style; in the colour of the family or, where `plain`, of its place."""
    return tag("span", {"class": f"st {stance}" if plain else f"st {stance} {family(stance)}"}, view.STANCES[stance][1])


def symbols() -> str:
    """The part of the style that sets symbols before stances; readers of screens are told the word alone."""
    rules = (
        f'.{stance}::before {{ content: "{symbol}"; content: "{symbol}" / ""; }}'
        for stance, (symbol, _) in view.STANCES.items()
    )
    return "\n".join(rules) + "\n"


def stance_map(desk: Desk) -> Child:
    tables = _tables(desk.brief.issues)
    if not tables:
        return NOTHING
    first, *more = tables
    folded = [
        tag(
            "details",
            {"class": "block"},
            tag("summary", None, "Further issues: ", joined(*(words(i.title) for i in one), between=" · ")),
            _table(desk, one, number),
        )
        for number, one in enumerate(more, 2)
    ]
    return spread(
        "section",
        {"id": "map", "aria-labelledby": "map-title"},
        tag("h2", {"id": "map-title"}, "Who stands where"),
        _legend(),
        spread("div", {"class": "block"}, _table(desk, first, 1)),
        *folded,
        tag("p", {"class": "none", "hidden": True}, "Nobody is known to hold anything on this, with these filters."),
    )


def _tables(issues: Sequence[Issue]) -> list[list[Issue]]:
    """The issues in tables; those on which most actors speak first, in each table in the brief's own order."""
    spoken = [issue for issue in issues if issue.positions]
    ranked = sorted(spoken, key=lambda issue: len({p.actor for p in issue.positions}), reverse=True)
    size = COLUMNS + 1 if len(ranked) == COLUMNS + 1 else COLUMNS
    tables = [{issue.id for issue in ranked[at : at + size]} for at in range(0, len(ranked), size)]
    return [[issue for issue in spoken if issue.id in chosen] for chosen in tables]


def _legend() -> Html:
    def cell(kind: str, what: str) -> Html:
        return tag("li", None, tag("span", {"class": f"key {kind}"}, " "), what)

    return tag(
        "div",
        {"class": "legend"},
        tag(
            "ul",
            {"aria-label": "How strong the evidence is"},
            cell("o0", "no origin known"),
            cell("o1", "1 origin"),
            cell("o2", "2 independent origins"),
            cell("o3", "3 or more"),
        ),
        tag("p", {"class": "js-only"}, "Choose a cell to read the positions behind it; a heading’s arrow sorts."),
    )


def _table(desk: Desk, issues: Sequence[Issue], number: int) -> Iterator[Html]:
    held: dict[str, dict[str, list[Position]]] = {}
    for issue in issues:
        for position in issue.positions:
            held.setdefault(position.actor, {}).setdefault(issue.id, []).append(position)
    order = [actor for actor in desk.actor_numbers if actor in held]
    head = [tag("th", {"scope": "col", "class": "who"}, "Actor", _sorter("actor"))]
    for issue in issues:
        leading = link(desk.anchor("i", issue.id), words(issue.title))
        attributes = {"scope": "col", "class": "f", "data-i": str(desk.issue_numbers[issue.id])}
        head.append(tag("th", attributes, leading, _sorter(one_line(issue.title))))
    title = "Stances" if number == 1 else f"Stances on further issues, table {number}"
    rows = (_row(desk, actor, issues, held[actor], place) for place, actor in enumerate(order, 1))
    return table("map", title, head, rows, size=len(order))


def _sorter(what: str) -> Html:
    return tag("button", {"type": "button", "class": "sort js-only", "aria-label": f"Sort by {what}"}, "↕")


def _row(desk: Desk, actor: str, issues: Sequence[Issue], held: dict[str, list[Position]], place: int) -> Html:
    number = str(desk.actor_numbers[actor])
    cells = [tag("th", {"scope": "row", "data-s": desk.name(actor).casefold()}, desk.actor_link(actor))]
    for issue in issues:
        positions = held.get(issue.id, [])
        first = f"{min(_ORDER[position.stance] for position in positions):02d}" if positions else None
        cells.append(tag("td", {"data-s": first}, *_cells(desk, positions)))
    return tag("tr", {"class": "f holder", "data-a": number, "data-n": place}, *cells)


def _cells(desk: Desk, positions: Sequence[Position]) -> list[Html]:
    """One entry a stance, strongest evidence counted over all positions that share it."""
    cells = []
    by_stance = sorted(positions, key=lambda position: _ORDER[position.stance])
    for stance, same in groupby(by_stance, key=lambda position: position.stance):
        some = list(same)
        origins = len({origin for position in some for origin in position.origins})
        marks = []
        if any(view.failed_checks(position) for position in some):
            marks.append(tag("span", {"class": "fail", "role": "img", "aria-label": "a check failed"}, "⚠"))
        if any(position.id in desk.corrected for position in some):
            marks.append(tag("span", {"class": "person", "role": "img", "aria-label": view.CORRECTED}, "✎"))
        changed = next(filter(None, (desk.changed(position.id) for position in some)), NOTHING)
        cells.append(
            tag(
                "a",
                {
                    "class": f"cell leaf {family(stance)} o{min(origins, 3)}",
                    "href": "#" + desk.anchor("p", some[0].id),
                    **desk.outlet_filter(one for position in some for one in position.evidence),
                },
                stance_word(stance, plain=True),
                *marks,
                tag("small", None, view.count(origins, "origin") if origins else "no origin"),
                changed,
            )
        )
    return cells
