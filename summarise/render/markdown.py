"""`brief.md`: the whole brief, every item with its evidence as numbered footnotes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from summarise.change import Changes
from summarise.contract import (
    Actor,
    ArticleEntry,
    Brief,
    Check,
    Disagreement,
    Event,
    Evidence,
    Fact,
    Flag,
    Issue,
    LeftOut,
    OpenQuestion,
    Origin,
    OverrideEntry,
    Position,
)
from summarise.render import view
from summarise.render.changes import Sources, changes_markdown
from summarise.render.safe import escape_markdown as esc

MAX_COLUMNS = 6
MAX_ROWS = 24

DISAGREEMENTS = {
    "between_actors": "actors disagree",
    "between_reports": "reports differ",
    "changed_over_time": "changed over time",
}


def brief_markdown(brief: Brief, changes: Changes | None = None, earlier: Brief | None = None) -> str:
    """The text of `brief.md`: CommonMark with GFM tables. What articles and models say is text, never markup.

    With `changes`, a section says what is new since the version before, which is `earlier`.
    """
    return "".join(markdown_pieces(brief, changes, earlier))


def markdown_pieces(brief: Brief, changes: Changes | None = None, earlier: Brief | None = None) -> Iterator[str]:
    """The text of `brief.md` in pieces, for whoever writes it without holding it whole; else as `brief_markdown`."""
    before = ""
    for block in _Page(brief).blocks(changes_markdown(changes, Sources.of(earlier, brief)) if changes else ""):
        for piece in filter(None, block):
            yield before + piece
            before = ""
        before = "\n\n"
    yield "\n"


class _Page:
    """One rendering under way: the footnotes fill up as the sections are written, top to bottom."""

    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        self.notes = view.Footnotes()
        self.names = view.actor_names(brief)
        self.articles = view.article_by_id(brief)
        self.positions = view.positions_by_id(brief)
        self.corrected = view.corrected(brief)

    def blocks(self, news: str) -> Iterator[Iterable[str]]:
        """What stands with an empty line between, each in pieces; to be taken in this order."""
        brief = self.brief
        yield [f"# {esc(brief.title) or 'Untitled'}"]
        yield [f"*{esc(view.counts_line(brief))}*"]
        yield [self._summary()]
        yield [news]
        yield [self._stance_table()]
        yield _section("Where accounts differ", map(self._disagreement, brief.disagreements))
        still, answered = view.open_first(brief)
        yield _section("Still open", map(self._question, count(1), still))
        yield _section("Answered", map(self._question, count(1), answered))
        yield _section("Who is who", map(self._actor, brief.actors))
        yield _section("Positions by issue", map(self._issue, brief.issues), between="\n\n")
        yield _section("Timeline", map(self._event, brief.events))
        yield _section("Particulars", map(self._fact, brief.facts))
        yield _section("Sources and what they rest on", map(self._origin, brief.origins))
        yield _section("Files and what became of them", self._files())
        yield _section("Flags", map(self._flag, brief.flags))
        yield _section("Left out", map(self._left_out, brief.left_out))
        yield _section("Corrections by a person", map(self._override, brief.overrides))
        yield _section("Evidence", self._evidence())
        yield [f"*Read by {esc(view.reader(brief))}.*"]

    def _refs(self, evidence: Iterable[Evidence]) -> str:
        numbers = self.notes.numbers(evidence)
        return f" \\[{', '.join(map(str, numbers))}\\]" if numbers else ""

    def _summary(self) -> str:
        sentences = [esc(s.text) + self._refs(s.evidence) + _failed(s.checks) for s in self.brief.summary]
        if len(sentences) > view.LONGEST_PARAGRAPH:
            return "**In short**\n\n" + "\n".join(f"- {sentence}" for sentence in sentences)
        return f"**In short.** {' '.join(sentences)}" if sentences else ""

    def _stance_table(self) -> str:
        table = view.stance_table(self.brief, columns=MAX_COLUMNS, rows=MAX_ROWS)
        if not table.rows:
            return ""
        rows = [
            _row(["", *(esc(issue.title) for issue in table.issues)]),
            _row(["---"] * (len(table.issues) + 1)),
        ]
        for standing in table.rows:
            cells = ["; ".join(esc(view.stance(one)) for one in held) for held in standing.stances]
            rows.append(_row([f"{_bold(standing.actor)}", *cells]))
        more = []
        if table.more_issues:
            more.append(view.count(table.more_issues, "more issue"))
        if table.more_actors:
            more.append(view.count(table.more_actors, "more actor"))
        tail = f"\n\n*And {' and '.join(more)}, below.*" if more else ""
        return "## Who stands where\n\n" + "\n".join(rows) + tail

    def _disagreement(self, one: Disagreement) -> str:
        lines = [f"- {_bold(one.summary)} ({DISAGREEMENTS[one.kind]}){self._by(one.id)}"]
        for side in one.sides:
            held_by = dict.fromkeys(
                self._name(self.positions[position].actor) for position in side.positions if position in self.positions
            )
            actors = f" ({', '.join(held_by)})" if held_by else ""
            lines.append(f"  - {esc(side.statement)}{actors}{self._refs(side.evidence)}")
        return "\n".join(lines)

    def _question(self, number: int, one: OpenQuestion) -> str:
        line = f"{number}. {_bold(one.question)}{self._by(one.id)}"
        if one.why_open:
            line += f" {esc(one.why_open)}"
        line += self._refs(one.evidence)
        if one.settled_by:
            line += f" *Would be settled by: {esc(one.settled_by)}*"
        if one.answered_by:
            partly = "Partly answered" if one.status == "partly_answered" else "Answered"
            line += f" *{partly}:*{self._refs(one.answered_by)}"
        return line

    def _actor(self, actor: Actor) -> str:
        line = f"- {_bold(actor.name)}, {actor.kind}" + (f": {esc(actor.role)}" if actor.role else "")
        aliases = [esc(alias) for alias in actor.aliases if alias != actor.name]
        if aliases:
            line += f" (also: {', '.join(aliases)})"
        line += self._by(actor.id) + self._refs(actor.evidence)
        return "\n".join([line, *(f"  - taken for one: {esc(join)}" for join in view.joins(actor))])

    def _issue(self, issue: Issue) -> str:
        by = f"*{self._by(issue.id).strip()}*\n\n" if self._by(issue.id) else ""
        return "\n".join([f"### {esc(issue.title)}\n", by + "\n".join(map(self._position, issue.positions))])

    def _position(self, one: Position) -> str:
        facts = [f"via {', '.join(map(esc, one.via))}"] if one.via else []
        facts += [esc(view.spell_date(one.said_on))] if one.said_on else []
        facts += ["own words"] if one.quoted else []
        facts += [view.rests_on(one)] if one.origins else []
        facts += [view.CORRECTED] if one.id in self.corrected else []
        line = f"- {_bold(self.names.get(one.actor) or one.actor)} {esc(view.stance(one.stance))}: {esc(one.statement)}"
        if facts:
            line += f" ({'; '.join(facts)})"
        line += self._refs(one.evidence)
        for check in view.failed_checks(one):
            line += f"\n  - ⚠ check failed: {esc(check.name)}" + (f", {esc(check.note)}" if check.note else "")
        return line

    def _event(self, event: Event) -> str:
        when = esc(view.spell_date(event.when)) or "undated"
        return f"- **{when}**: {esc(event.what)}{self._by(event.id)}{self._refs(event.evidence)}"

    def _fact(self, fact: Fact) -> str:
        source = f" (according to {esc(fact.according_to)})" if fact.according_to else ""
        return f"- {esc(fact.about)}: {esc(fact.value)}{source}{self._refs(fact.evidence)}"

    def _origin(self, origin: Origin) -> str:
        paths = [esc(self.articles[one].path) for one in origin.articles if one in self.articles]
        return (
            f"- {_bold(origin.report)} ({view.ORIGIN_KINDS[origin.kind]}), passed on by "
            f"{view.count(len(origin.articles), 'article')}: {', '.join(paths)}{self._refs(origin.evidence)}"
        )

    def _files(self) -> Iterator[str]:
        if self.brief.articles:
            yield _row(["file", "outlet", "date", "words", "what became of it"])
            yield _row(["---"] * 5)
        yield from map(self._file, self.brief.articles)

    def _file(self, article: ArticleEntry) -> str:
        became: str = article.status
        if article.status == "duplicate" and article.duplicate_of in self.articles:
            became += f" of {esc(self.articles[article.duplicate_of].path)}"
        if article.reason:
            became += f": {esc(article.reason)}"
        date = esc(view.published(article))
        words = str(article.words) if article.words else ""
        return _row([esc(article.path), esc(article.outlet), date, words, became])

    def _flag(self, one: Flag) -> str:
        return f"- **{one.kind.replace('_', ' ')}**: {esc(one.note)}{self._refs(one.evidence)}"

    def _left_out(self, one: LeftOut) -> str:
        return f"- {esc(one.kind)}: {esc(one.what)} ({esc(one.reason)}){self._refs(one.evidence)}"

    def _override(self, one: OverrideEntry) -> str:
        note = f": {esc(one.note)}" if one.note else ""
        return f"- {esc(one.what)}" + (f" (applies{note})" if one.applied else f" (⚠ {view.UNFIT}{note})")

    def _by(self, item: str) -> str:
        return f" ({view.CORRECTED})" if item in self.corrected else ""

    def _evidence(self) -> Iterator[str]:
        flagged = view.flagged(self.brief)
        for number, one in enumerate(self.notes.used, 1):
            mark = "⚑ addressed to a machine: " if (one.article, one.sentence) in flagged else ""
            yield f"- \\[{number}\\] {mark}“{esc(one.quote)}” — {esc(view.where(one, self.articles))}"

    def _name(self, actor: str) -> str:
        return esc(self.names.get(actor) or actor)


def _section(title: str, items: Iterable[str], *, between: str = "\n") -> Iterator[str]:
    """The heading and the items, each made when it is its turn; nothing where there are none."""
    before = f"## {title}\n\n"
    for item in items:
        yield before + item
        before = between


def _bold(text: str) -> str:
    """Empty text stays empty: four asterisks in a row would be a rule."""
    words = esc(text)
    return f"**{words}**" if words else "–"


def _failed(checks: Iterable[Check]) -> str:
    """Marks a sentence of the summary that its evidence does not bear out."""
    return "".join(f" (⚠ check failed: {esc(one.note or one.name)})" for one in checks if not one.ok)


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
