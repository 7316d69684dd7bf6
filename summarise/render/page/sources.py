"""What articles rest on, what became of every file, what was flagged, left out, checked, and set by a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from summarise.contract import ArticleEntry, Flag, Origin
from summarise.render import view
from summarise.render.page.desk import Desk, badge, table
from summarise.render.page.markup import NOTHING, Child, Html, joined, spread, tag, words
from summarise.render.safe import one_line

MOST_SQUARES = 60
"""Articles up to which each is a square of its own in the strip of an origin; beyond, squares would be lines."""


MOST_NAMED = 12
"""Articles of an origin that are named; the strip and its evidence tell the rest."""


def origins(desk: Desk) -> Child:
    if not desk.brief.origins:
        return NOTHING
    rests: dict[str, int] = {}
    alone: dict[str, int] = {}
    for position in desk.positions.values():
        for origin in position.origins:
            rests[origin] = rests.get(origin, 0) + 1
            alone[origin] = alone.get(origin, 0) + (len(set(position.origins)) == 1)
    used = [article.id for article in view.used_articles(desk.brief)]
    times = Counter(used)
    ordered = sorted(desk.brief.origins, key=lambda one: (-len(set(one.articles)), -rests.get(one.id, 0)))
    many = sum(len(set(one.articles)) > 1 for one in ordered)
    line = (
        f"{view.count(len(used), 'article')} pass on {view.count(len(ordered), 'origin')}; "
        f"{many or 'none'} of them {'is' if many == 1 else 'are'} passed on by more than one article. "
        "However many articles repeat an origin, it counts once."
    )
    shown = (_origin(desk, one, used, times, rests.get(one.id, 0), alone.get(one.id, 0)) for one in ordered)
    return spread(
        "section",
        {"id": "origins", "aria-labelledby": "origins-title"},
        tag("h2", {"id": "origins-title"}, "What it rests on"),
        tag("p", {"class": "note"}, line),
        spread("ul", {"class": "origins"}, shown),
        tag("p", {"class": "none", "hidden": True}, "No origin, with these filters."),
    )


def _origin(desk: Desk, origin: Origin, used: list[str], times: Counter[str], rests: int, alone: int) -> Html:
    anchor = desk.anchor("o", origin.id)
    mine = list(dict.fromkeys(origin.articles))
    carriers = [desk.link(one, desk.outlets[one]) for one in mine if one in desk.articles]
    carried = f"{view.count(rests, 'position')} rest{'s' if rests == 1 else ''} on it" if rests else "no position on it"
    return tag(
        "li",
        {"class": "item leaf", "id": anchor, **desk.filters(origin.evidence)},
        tag(
            "p",
            {"class": "claim"},
            tag("strong", None, words(origin.report)),
            " ",
            tag("span", {"class": "kind"}, view.ORIGIN_KINDS[origin.kind]),
        ),
        _strip(used, times, mine),
        tag(
            "p",
            {"class": "way"},
            f"{len(mine)} of {view.count(len(used), 'article')}: ",
            joined(*carriers[:MOST_NAMED], between=", "),
            f" and {len(carriers) - MOST_NAMED} more" if len(carriers) > MOST_NAMED else None,
            f" · {carried}",
            f", {alone} on nothing else" if alone else None,
        ),
        tag("p", {"class": "where"}, desk.refs(origin.evidence, anchor, of=origin.id)) if origin.evidence else None,
    )


def _strip(used: list[str], times: Counter[str], mine: list[str]) -> Html:
    """The articles as squares, those that pass the origin on filled."""
    if not used:
        return NOTHING
    if len(used) > MOST_SQUARES:
        share = sum(times[one] for one in mine) / len(used)
        extent, on, off = 300, f"M0 0h{300 * share:.1f}v9h{-300 * share:.1f}z", "M0 0h300v9h-300z"
    else:
        extent = 12 * len(used) - 3
        squares = [(f"M{12 * place} 0h9v9h-9z", one in mine) for place, one in enumerate(used)]
        on, off = ("".join(square for square, here in squares if here is wanted) for wanted in (True, False))
    paths = [tag("path", {"class": kind, "d": drawn}) for kind, drawn in (("off", off), ("on", on)) if drawn]
    return tag("svg", {"class": "strip", "viewBox": f"0 0 {extent} 9", "width": extent, "height": 9}, *paths)


def files(desk: Desk, taken: Mapping[str, str]) -> Child:
    """Every file; `taken` says for an article how much of it the brief uses."""
    if not desk.brief.articles:
        return NOTHING
    columns = ("File", "Outlet", "Date", "Words", "What became of it", "Taken")
    head = [tag("th", {"scope": "col"}, one) for one in columns]
    rows = (_file(desk, article, taken) for article in desk.brief.articles)
    return spread(
        "section",
        {"id": "files", "aria-labelledby": "files-title"},
        tag("h2", {"id": "files-title"}, "Files and what became of them"),
        table("files", "Files", head, rows, size=len(desk.brief.articles)),
        tag("p", {"class": "none", "hidden": True}, "No file, with these filters."),
    )


def _file(desk: Desk, article: ArticleEntry, taken: Mapping[str, str]) -> Html:
    became: list[str] = [article.status]
    if article.status == "duplicate" and article.duplicate_of in desk.articles:
        became.append(f"of {one_line(desk.articles[article.duplicate_of].path)}")
    reason = joined(": ", words(article.reason)) if article.reason else None
    outlet = desk.outlet_numbers.get(desk.outlets.get(article.id, ""), "")
    kind = "ok" if article.status in ("used", "duplicate") else "bad"
    return tag(
        "tr",
        {"class": "leaf", "data-o": str(outlet)},
        tag("th", {"scope": "row"}, desk.link(article.id, article.path or article.id)),
        tag("td", None, words(article.outlet) if article.outlet else None),
        tag("td", None, words(view.published(article)) if article.published else "undated"),
        tag("td", {"class": "number"}, f"{article.words:,}" if article.words else None),
        tag(
            "td", None, tag("span", {"class": f"became {kind}"}, " ".join(became)), reason, " ", desk.marks(article.id)
        ),
        tag("td", None, taken.get(article.id) if article.status == "used" else None),
    )


def remarks(desk: Desk) -> Child:
    """Flags, failed checks and what stands in no item of the brief."""
    brief = desk.brief
    checks = [
        *((f"#s{place}", f"In short, {place}", one.checks) for place, one in enumerate(brief.summary, 1)),
        *(
            ("#" + desk.anchor("p", p.id), f"{desk.name(p.actor)} {view.stance(p.stance)}", p.checks)
            for p in desk.positions.values()
        ),
    ]
    failed = [(where, label, check) for where, label, some in checks for check in some if not check.ok]
    total = sum(len(some) for _, _, some in checks)
    lines = [
        tag(
            "li",
            None,
            tag("a", {"href": where}, label),
            ": ",
            words(check.name),
            joined(", ", words(check.note)) if check.note else None,
        )
        for where, label, check in failed
    ]
    return [
        _section(
            "checks",
            "Checks",
            tag("p", {"class": "note"}, f"{view.count(total, 'check')} by code, {len(failed) or 'none'} failed."),
            tag("ul", {"class": "fails"}, *lines) if lines else None,
        )
        if total
        else NOTHING,
        _section("flags", "Flags", spread("ul", None, (_flag(desk, one, n) for n, one in enumerate(brief.flags, 1))))
        if brief.flags
        else NOTHING,
        _section("left-out", "Left out", spread("ul", {"class": "left-out"}, _left_out(desk)))
        if brief.left_out
        else NOTHING,
    ]


def _section(name: str, title: str, *children: Child) -> Iterator[Html]:
    return spread(
        "section",
        {"id": name, "aria-labelledby": f"{name}-title"},
        tag("h2", {"id": f"{name}-title"}, title),
        *children,
    )


def _flag(desk: Desk, flag: Flag, number: int) -> Html:
    anchor = f"flag{number}"
    return tag(
        "li",
        {"class": "item leaf", "id": anchor, **desk.outlet_filter(flag.evidence)},
        tag(
            "p",
            {"class": "claim"},
            badge("⚑ " + flag.kind.replace("_", " "), "flag"),
            " ",
            words(flag.note),
            " ",
            desk.refs(flag.evidence, anchor),
        ),
    )


def _left_out(desk: Desk) -> Iterator[Html]:
    for number, one in enumerate(desk.brief.left_out, 1):
        anchor = f"left{number}"
        refs = desk.refs(one.evidence, anchor, left_out=True)
        claim = tag(
            "p",
            {"class": "claim"},
            f"{one.kind.replace('_', ' ')}: ",
            words(one.what),
            " (",
            words(one.reason),
            ") ",
            refs,
        )
        yield tag("li", {"class": "item leaf", "id": anchor, **desk.outlet_filter(one.evidence)}, claim)
