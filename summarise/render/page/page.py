"""The document: its head with the policy, the sections in the order of reading, style and script.

The policy (CSP) lets in the one style and the one script that ship with the program, by their hashes, and nothing else:
no request leaves the page, and a script that an article brought would not run even if it came to stand in it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from summarise.change import Changes, QuestionLife
from summarise.contract import Brief
from summarise.render import view
from summarise.render.page import changed, differences, people, positions, sources, stance_map, timeline
from summarise.render.page.desk import Desk
from summarise.render.page.markup import Child, Html, joined, spread, tag, words
from summarise.render.page.passages import Articles
from summarise.render.safe import one_line


def brief_page(
    brief: Brief,
    texts: Mapping[str, str],
    *,
    changes: Changes | None = None,
    lives: Sequence[QuestionLife] = (),
) -> str:
    """The text of `brief.html`: one self-contained document (UTF-8).

    `texts` holds article ids and the cleaned text that offsets point into; of an article without a text only the
    quotations are shown. `changes` are those from the version before, marked in place; `lives` tell each question's
    state over the versions.
    """
    return "".join(page_pieces(brief, texts, changes=changes, lives=lives))


def page_pieces(
    brief: Brief,
    texts: Mapping[str, str],
    *,
    changes: Changes | None = None,
    lives: Sequence[QuestionLife] = (),
) -> Iterator[str]:
    """The text of `brief.html` piece by piece, for whoever writes it without holding it whole; else as `brief_page`."""
    desk = Desk(brief, texts, changes)
    yield _head(one_line(brief.title) or "Untitled")
    for piece in _body(desk, lives):
        yield piece.source
    yield "\n</html>\n"


def _body(desk: Desk, lives: Sequence[QuestionLife]) -> Iterator[Html]:
    articles = Articles(desk)
    return spread(
        "body",
        None,
        tag("a", {"class": "skip", "href": "#brief"}, "Skip to the brief"),
        _navigation(desk),
        spread("main", {"id": "brief", "tabindex": -1}, _header(desk), _sections(desk, lives, articles), _footer(desk)),
        articles.section(),
    )


def _sections(desk: Desk, lives: Sequence[QuestionLife], articles: Articles) -> Iterator[Child]:
    """All but the articles, in the order of reading; each begins when those before it have noted their evidence."""
    yield positions.summary(desk)
    yield changed.changed(desk)
    yield stance_map.stance_map(desk)
    yield differences.disagreements(desk)
    yield differences.questions(desk, lives)
    yield positions.positions_by_issue(desk)
    yield timeline.timeline(desk)
    yield people.actors(desk)
    yield differences.facts(desk)
    yield sources.origins(desk)
    yield changed.corrections(desk)
    yield sources.remarks(desk)
    yield sources.files(desk, articles.taken)


def _head(title: str) -> str:
    """The document up to its body."""
    style, script = _shipped("page.css") + stance_map.symbols(), _shipped("page.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        "<!DOCTYPE html>\n"
        '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f"{tag('title', None, title).source}\n"
        f"<style>{style}</style>\n<script>{script}</script>\n</head>\n"
    )


@cache
def _shipped(name: str) -> str:
    """A file of this package, on whose bytes the policy rests."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _navigation(desk: Desk) -> Html:
    brief = desk.brief
    held = any(issue.positions for issue in brief.issues)
    changes = desk.changes.changes if desk.changes and desk.changes.before else ()
    entries = [
        ("changed", "Changed", len(changes), bool(desk.changes and desk.changes.before)),
        ("map", "Stances", 0, held),
        ("differ", "Differences", len(brief.disagreements), bool(brief.disagreements)),
        ("open", "Open", len(view.open_first(brief)[0]), bool(brief.open_questions)),
        ("positions", "Positions", len(desk.positions), bool(brief.issues)),
        ("timeline", "Timeline", 0, bool(brief.events)),
        ("who", "Who", len(brief.actors), bool(brief.actors)),
        ("origins", "Origins", len(brief.origins), bool(brief.origins)),
        ("files", "Files", len(brief.articles), bool(brief.articles)),
    ]
    links = [
        tag("li", None, tag("a", {"href": f"#{name}"}, title, tag("small", None, f" {number}") if number else None))
        for name, title, number, there in entries
        if there
    ]
    return tag("nav", {"class": "top", "aria-label": "Sections and filters"}, tag("ul", None, *links), _filters(desk))


def _filters(desk: Desk) -> Html:
    held = {position.actor for position in desk.positions.values()}
    actors = [(number, desk.name(actor)) for actor, number in desk.actor_numbers.items() if actor in held]
    issues = [(desk.issue_numbers[issue.id], one_line(issue.title)) for issue in desk.brief.issues]
    outlets = [(number, outlet) for outlet, number in desk.outlet_numbers.items()]

    def choice(key: str, every: str, options: Sequence[tuple[int, str]]) -> Html | None:
        if len(options) < 2:
            return None
        listed = [tag("option", {"value": str(number)}, words_of or "–") for number, words_of in options]
        return tag(
            "select",
            {"id": f"only-{key}", "data-k": key, "aria-label": f"Show one of: {every.lower()}"},
            tag("option", {"value": ""}, every),
            *listed,
        )

    return tag(
        "div",
        {"class": "filters js-only", "role": "group", "aria-label": "Filters"},
        choice("a", "All actors", actors),
        choice("i", "All issues", issues),
        choice("o", "All outlets", outlets),
        tag("button", {"type": "button", "id": "clear", "hidden": True}, "Clear"),
        tag("span", {"id": "shown", "role": "status"}),
    )


def _header(desk: Desk) -> Html:
    brief = desk.brief
    problems = [one for one in brief.articles if one.status in ("failed", "unreadable")]
    warning = tag(
        "p",
        {"class": "warning"},
        "⚠ This brief is incomplete",
        joined(": ", joined(*(words(one.path) for one in problems), between=", ")) if problems else None,
        ". ",
        tag("a", {"href": "#files"}, "What became of every file") if brief.articles else None,
    )
    return tag(
        "header",
        None,
        tag("p", {"class": "kicker"}, "Brief", joined(" · ", words(brief.story)) if brief.story else None),
        tag("h1", {"dir": "auto"}, one_line(brief.title) or "Untitled"),
        tag("p", {"class": "counts"}, view.counts_line(brief)),
        None if brief.complete else warning,
    )


def _footer(desk: Desk) -> Html:
    run = desk.brief.run
    notes = [tag("p", None, words(note)) for note in run.notes]
    made = f"Made {one_line(run.started)[:10]} by summarise {one_line(run.version)}, {view.run_line(desk.brief)}."
    return tag(
        "footer",
        None,
        *notes,
        tag("p", None, made),
        tag(
            "p",
            None,
            "Every quotation is copied by code from the article it names; a claim is only as good as its sentences.",
        ),
    )
