"""Who is who."""

from __future__ import annotations

from summarise.contract import Actor
from summarise.render import view
from summarise.render.page.desk import Desk
from summarise.render.page.markup import NOTHING, Child, Html, joined, spread, tag, words
from summarise.render.safe import one_line


def actors(desk: Desk) -> Child:
    if not desk.brief.actors:
        return NOTHING
    held: dict[str, int] = {}
    for position in desk.positions.values():
        held[position.actor] = held.get(position.actor, 0) + 1
    people = (_actor(desk, actor, held.get(actor.id, 0)) for actor in desk.brief.actors)
    return spread(
        "section",
        {"id": "who", "aria-labelledby": "who-title"},
        tag("h2", {"id": "who-title"}, "Who is who"),
        spread("ul", {"class": "people"}, people),
        tag("p", {"class": "none", "hidden": True}, "Nobody, with these filters."),
    )


def _actor(desk: Desk, actor: Actor, positions: int) -> Html:
    number = desk.actor_numbers[actor.id]
    anchor = desk.anchor("w", actor.id)
    others = [words(alias) for alias in actor.aliases if alias != actor.name]
    joins = [tag("p", None, "taken for one: ", words(join)) for join in view.joins(actor)]
    only = tag(
        "button",
        {
            "type": "button",
            "class": "only js-only",
            "data-set": f"a:{number}",
            "aria-label": f"{view.count(positions, 'position')}: show only {desk.name(actor.id)}",
        },
        view.count(positions, "position"),
    )
    return tag(
        "li",
        {"class": "item leaf", "id": anchor, **desk.filters(actor.evidence, actors=[actor.id])},
        tag(
            "p",
            {"class": "claim"},
            tag("strong", None, words(actor.name)),
            " ",
            tag("span", {"class": "kind"}, actor.kind),
            " ",
            desk.marks(actor.id),
        ),
        tag("p", {"dir": "auto"}, one_line(actor.role)) if one_line(actor.role) else None,
        tag(
            "details",
            None,
            tag("summary", None, view.count(len(others), "other name")),
            tag("p", None, joined(*others, between=", ")),
            *joins,
        )
        if others
        else joins,
        tag("p", {"class": "where"}, desk.refs(actor.evidence, anchor, of=actor.id), " ", only if positions else None),
    )
