"""Positions by issue, each with the way it came and its evidence one click away; and the summary."""

from __future__ import annotations

from collections.abc import Iterator

from summarise.contract import Issue, Position
from summarise.render import view
from summarise.render.page.desk import Desk, date
from summarise.render.page.markup import NOTHING, Child, Html, joined, link, spread, tag, words
from summarise.render.page.stance_map import stance_word
from summarise.render.safe import one_line, shorten


def summary(desk: Desk) -> Html:
    if not desk.brief.summary:
        return NOTHING
    items = []
    for number, one in enumerate(desk.brief.summary, 1):
        anchor = f"s{number}"
        refs = desk.refs(one.evidence, anchor)
        claim = tag("p", {"class": "claim", "dir": "auto"}, one_line(one.text), " ", refs)
        items.append(tag("li", {"id": anchor, "class": "item"}, claim, desk.failed(one.checks)))
    return tag(
        "section",
        {"id": "short", "aria-labelledby": "short-title"},
        tag("h2", {"id": "short-title"}, "In short"),
        tag("ul", {"class": "short"}, *items),
        tag("p", {"class": "note"}, "Each number leads to a sentence, in its article."),
    )


def positions_by_issue(desk: Desk) -> Child:
    if not desk.brief.issues:
        return NOTHING
    return spread(
        "section",
        {"id": "positions", "aria-labelledby": "positions-title"},
        tag("h2", {"id": "positions-title"}, "Positions by issue"),
        _strength(desk),
        (_issue(desk, issue) for issue in desk.brief.issues),
        tag("p", {"class": "none", "hidden": True}, "No position, with these filters."),
    )


def _strength(desk: Desk) -> Html:
    """How many positions rest on none, one, two, more origins: a bar, and the same in words."""
    counts = [0, 0, 0, 0]
    for position in desk.positions.values():
        counts[min(len(set(position.origins)), 3)] += 1
    names = ["no known origin", "one origin only", "two independent origins", "three or more"]
    total = sum(counts)
    if not total:
        return NOTHING
    bars, at = [], 0.0
    for strength in (3, 2, 1, 0):
        width = 100 * counts[strength] / total
        if width:
            bars.append(
                tag("rect", {"class": f"b{strength}", "x": f"{at:.2f}", "y": 0, "width": f"{width:.2f}", "height": 8})
            )
            at += width
    told = (
        joined(tag("span", {"class": f"key b{strength}"}), f"{counts[strength]} on {names[strength]}")
        for strength in (3, 2, 1, 0)
        if counts[strength]
    )
    return tag(
        "div",
        {"class": "strength"},
        tag("p", None, f"{view.count(total, 'position')}: ", joined(*told, between=" · ")),
        tag("svg", {"viewBox": "0 0 100 8", "preserveAspectRatio": "none", "aria-hidden": "true"}, *bars),
    )


def _issue(desk: Desk, issue: Issue) -> Iterator[Html]:
    number = str(desk.issue_numbers[issue.id])
    by_actor: dict[str, list[Position]] = {}
    for position in issue.positions:
        by_actor.setdefault(position.actor, []).append(position)
    groups = (
        tag(
            "div",
            {"class": "holder f", "data-a": str(desk.actor_numbers[actor])},
            tag("h4", None, desk.actor_link(actor)),
            tag("ul", {"class": "plain"}, *(_position(desk, position) for position in some)),
        )
        for actor, some in by_actor.items()
    )
    size = f"{view.count(len(issue.positions), 'position')} of {view.count(len(by_actor), 'actor')}"
    return spread(
        "section",
        {"class": "issue holder f", "id": desk.anchor("i", issue.id), "data-i": number},
        tag(
            "h3",
            {"dir": "auto"},
            one_line(issue.title) or "–",
            " ",
            tag("small", None, size),
            " ",
            desk.marks(issue.id),
        ),
        groups,
    )


def _position(desk: Desk, position: Position) -> Html:
    anchor = desk.anchor("p", position.id)
    refs = desk.refs_by_outlet(position.evidence, anchor, of=position.id)
    filters = desk.outlet_filter(position.evidence)  # issue and actor are told by what it stands in
    return tag(
        "li",
        {"class": "item leaf pos", "id": anchor, **filters},
        tag(
            "p",
            {"class": "claim"},
            stance_word(position.stance),
            ": ",
            words(position.statement),
            " ",
            desk.marks(position.id),
        ),
        tag("p", {"class": "way"}, _way(desk, position)),
        tag("p", {"class": "where"}, refs) if refs else None,
        desk.failed(position.checks),
    )


def _way(desk: Desk, position: Position) -> Html:
    """How it came: own words, through whom, when, resting on what."""
    origins = [
        link(desk.anchor("o", one), words(shorten(one_line(desk.origins[one].report), 60)))
        for one in position.origins
        if one in desk.origins
    ]
    rests = joined(f"{view.rests_on(position)}: ", joined(*origins, between=", ")) if origins else "no origin known"
    return joined(
        "own words" if position.quoted else None,
        joined("via ", joined(*map(words, position.via), between=" ← ")) if position.via else None,
        joined("said ", date(position.said_on)) if position.said_on else None,
        rests,
        between=" · ",
    )
