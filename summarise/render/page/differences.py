"""Where accounts differ, side by side; what is still open, with its life over the versions; particulars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from summarise.change import Moment, QuestionLife
from summarise.contract import Disagreement, Fact, OpenQuestion, Side
from summarise.render import view
from summarise.render.page.desk import Desk, date, table
from summarise.render.page.markup import NOTHING, Child, Html, joined, spread, tag, words
from summarise.render.safe import one_line, shorten

KINDS = {
    "between_actors": "actors disagree",
    "between_reports": "reports differ",
    "changed_over_time": "changed over time",
}
STATES = {"open": "open", "partly_answered": "partly answered", "answered": "answered", "withdrawn": "no longer asked"}


def disagreements(desk: Desk) -> Child:
    if not desk.brief.disagreements:
        return NOTHING
    return spread(
        "section",
        {"id": "differ", "aria-labelledby": "differ-title"},
        tag("h2", {"id": "differ-title"}, "Where accounts differ"),
        (_disagreement(desk, one) for one in desk.brief.disagreements),
        tag("p", {"class": "none", "hidden": True}, "No disagreement, with these filters."),
    )


def _disagreement(desk: Desk, one: Disagreement) -> Html:
    anchor = desk.anchor("d", one.id)
    positions = [position for side in one.sides for position in side.positions if position in desk.positions]
    evidence = [passage for side in one.sides for passage in side.evidence]
    actors = [desk.positions[position].actor for position in positions] if positions else None
    issues = desk.issues_of(positions) if positions else None
    return tag(
        "article",
        {"class": "difference leaf", "id": anchor, **desk.filters(evidence, actors=actors, issues=issues)},
        tag(
            "h3",
            {"dir": "auto"},
            tag("span", {"class": f"kind {one.kind}"}, KINDS[one.kind]),
            " ",
            one_line(one.summary) or "–",
            " ",
            desk.marks(one.id),
        ),
        tag(
            "div",
            {"class": "sides"},
            *(_side(desk, one, side, f"{anchor}-{place}") for place, side in enumerate(one.sides, 1)),
        ),
    )


def _side(desk: Desk, whole: Disagreement, side: Side, anchor: str) -> Html:
    held = [desk.positions[position] for position in side.positions if position in desk.positions]
    actors = list(dict.fromkeys(position.actor for position in held))
    # Where reports differ, nobody's position stands behind it: the sentences themselves are the difference.
    told = side.evidence[0].quote if whole.kind == "between_reports" and side.evidence else ""
    return tag(
        "div",
        {"class": "side item", "id": anchor},
        tag("p", {"class": "holders"}, joined(*map(desk.actor_link, actors), between=", ")) if actors else None,
        tag("p", {"class": "claim", "dir": "auto"}, one_line(side.statement) or "–"),
        tag("blockquote", {"dir": "auto"}, shorten(one_line(told), 320)) if told else None,
        tag("p", {"class": "where"}, desk.refs_by_outlet(side.evidence, anchor, of=whole.id))
        if side.evidence
        else None,
    )


def questions(desk: Desk, lives: Sequence[QuestionLife]) -> Child:
    by_id = {life.id: life for life in lives}
    asked = {question.id for question in desk.brief.open_questions}
    still, answered = view.open_first(desk.brief)
    gone = [life for life in lives if life.id not in asked and life.moments]
    if not (still or answered or gone):
        return NOTHING

    def listed(some: Sequence[OpenQuestion]) -> Iterator[Html]:
        return spread("ol", {"class": "questions"}, (_question(desk, one, by_id) for one in some))

    withdrawn = tag(
        "details",
        None,
        tag("summary", None, f"No longer asked: {len(gone)}"),
        tag("ul", None, *(tag("li", None, words(life.question), " ", _life(life)) for life in gone)),
    )
    return spread(
        "section",
        {"id": "open", "aria-labelledby": "open-title"},
        tag("h2", {"id": "open-title"}, "Still open"),
        listed(still) if still else tag("p", None, "Every question that was raised has been answered."),
        tag("h3", None, "Answered") if answered else None,
        listed(answered) if answered else None,
        withdrawn if gone else None,
        tag("p", {"class": "none", "hidden": True}, "No question, with these filters."),
    )


def _question(desk: Desk, one: OpenQuestion, lives: Mapping[str, QuestionLife]) -> Html:
    anchor = desk.anchor("q", one.id)
    life = lives.get(one.id)
    return tag(
        "li",
        {"class": "item leaf", "id": anchor, **desk.filters([*one.evidence, *one.answered_by])},
        tag(
            "p",
            {"class": "claim", "dir": "auto"},
            tag("strong", None, one_line(one.question) or "–"),
            " ",
            tag("span", {"class": f"state {one.status}"}, STATES[one.status]),
            " ",
            desk.marks(one.id),
        ),
        tag("p", {"dir": "auto"}, one_line(one.why_open), " ", desk.refs(one.evidence, anchor, of=one.id))
        if one.why_open or one.evidence
        else None,
        tag("p", {"class": "way"}, "Would be settled by: ", words(one.settled_by)) if one.settled_by else None,
        tag(
            "p",
            {"class": "way"},
            "Partly answered: " if one.status == "partly_answered" else "Answered: ",
            desk.refs(one.answered_by, anchor, of=one.id),
        )
        if one.answered_by
        else None,
        _life(life) if life else None,
    )


def _life(life: QuestionLife) -> Html:
    """From its opening on, a step per change of state."""
    if not life.moments:
        return NOTHING

    def step(moment: Moment) -> Html:
        number = f" in version {moment.version.number}, "
        return tag(
            "span", {"class": f"state {moment.status}"}, STATES[moment.status], number, date(moment.version.made)
        )

    return tag("p", {"class": "life"}, joined(*map(step, life.moments), between=" → "))


def facts(desk: Desk) -> Child:
    if not desk.brief.facts:
        return NOTHING
    head = [tag("th", {"scope": "col"}, one) for one in ("About", "As told", "According to", "Evidence")]
    rows = (_fact(desk, fact) for fact in desk.brief.facts)
    return spread(
        "section",
        {"id": "facts", "aria-labelledby": "facts-title"},
        tag("h2", {"id": "facts-title"}, "Particulars"),
        table("facts", "Particulars", head, rows, size=len(desk.brief.facts)),
        tag("p", {"class": "none", "hidden": True}, "No particular, with these filters."),
    )


def _fact(desk: Desk, fact: Fact) -> Html:
    anchor = desk.anchor("f", fact.id)
    return tag(
        "tr",
        {"class": "item leaf", "id": anchor, **desk.filters(fact.evidence)},
        tag("td", None, words(fact.about)),
        tag("td", {"class": "claim"}, words(fact.value)),
        tag("td", None, words(fact.according_to) if fact.according_to else None),
        tag("td", None, desk.refs(fact.evidence, anchor, of=fact.id)),
    )
