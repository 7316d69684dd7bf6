"""The brief on a screen: the same order as `brief.md`, but only as much as one reads at a sitting."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from summarise.change import Changes
from summarise.contract import Brief, Evidence, Position, Stance
from summarise.render import view
from summarise.render.changes import Sources, changes_text
from summarise.render.safe import one_line, shorten

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

MEASURE = 100
"""Columns that running text takes at most; longer lines are hard to read."""
NARROWEST = 32
MOST_CHANGES = 8
"""Changes since the version before that are shown; `summarise diff` has the others."""
COLUMN = 15
"""Columns that one issue needs in the table of stances."""
LISTED = 5
"""Issues that the stances are told of where there is no room for a table."""

ACTORS, ISSUES, POSITIONS, EVENTS, ORIGINS, FILES, QUOTES = 12, 8, 6, 12, 8, 12, 24
DISAGREEMENTS, QUESTIONS = 24, 24
"""How many of each are shown (of positions: an issue) before the rest is only counted."""

_COLOURS: dict[Stance, str] = {
    "supports": "green",
    "accepts": "green",
    "offers": "green",
    "opposes": "red",
    "refuses": "red",
    "denies": "red",
    "demands": "yellow",
    "alleges": "yellow",
}


def brief_terminal(
    brief: Brief,
    changes: Changes | None = None,
    earlier: Brief | None = None,
    *,
    width: int = 80,
    colour: bool = False,
) -> str:
    """The brief as text of at most `width` columns; with `colour`, ANSI colours of the terminal's own palette.

    With `changes`, the first of what is new since the version before, which is `earlier`.

    Nothing in the brief can emit an escape sequence: the only ones are those of the colours.
    """
    from rich.console import Console

    screen = io.StringIO()
    console = Console(
        file=screen,
        width=max(width, NARROWEST),
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )
    measure = min(console.width, MEASURE)
    news = changes_text(changes, Sources.of(earlier, brief), width=measure, most=MOST_CHANGES) if changes else ""
    _Screen(brief, console).write(news.rstrip("\n"))
    lines = (line.rstrip() for line in screen.getvalue().splitlines())
    return "\n".join(lines).strip("\n") + "\n"


def brief_screen(brief: Brief, changes: Changes | None = None, earlier: Brief | None = None) -> str:
    """The brief for stdout as it is: as wide as the terminal, in colour where that is wanted and can be seen."""
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return brief_terminal(brief, changes, earlier, width=shutil.get_terminal_size().columns, colour=colour)


class _Screen:
    """One rendering under way."""

    def __init__(self, brief: Brief, console: Console) -> None:
        self.brief = brief
        self.console = console
        self.measure = min(console.width, MEASURE)
        self.notes = view.Footnotes()
        self.names = {actor: one_line(name) for actor, name in view.actor_names(brief).items()}
        self.articles = view.article_by_id(brief)
        self.positions = view.positions_by_id(brief)
        self.corrected = view.corrected(brief)

    def write(self, news: str) -> None:
        self._print(_text((one_line(self.brief.title) or "Untitled", "bold")))
        self._print(_text((view.counts_line(self.brief), "dim" if self.brief.complete else "bold yellow")))
        self._summary()
        self._news(news)
        self._stances()
        self._disagreements()
        self._questions()
        self._actors()
        self._issues()
        self._timeline()
        self._origins()
        self._files()
        self._flags()
        self._overrides()
        self._quotes()
        self._print()
        self._print(_text((view.run_line(self.brief), "dim")))

    # ---- sections

    def _news(self, news: str) -> None:
        if news:
            self._heading("What changed")
            self._print(_text((news, "")))

    def _summary(self) -> None:
        if not self.brief.summary:
            return
        self._print()
        listed = len(self.brief.summary) > view.LONGEST_PARAGRAPH
        parts: list[tuple[str, str]] = []
        for sentence in self.brief.summary:
            parts += [(one_line(sentence.text), ""), self._refs(sentence.evidence)]
            parts += [
                (f" ⚠ {one_line(check.note or check.name)}", "yellow") for check in sentence.checks if not check.ok
            ]
            if listed:
                self._print(_text(*parts), mark="• ")
                parts = []
            else:
                parts.append((" ", ""))
        if parts:
            self._print(_text(*parts))

    def _stances(self) -> None:
        room = (self.console.width - 24) // COLUMN
        narrow = room < 3
        table = view.stance_table(self.brief, columns=LISTED if narrow else min(room, 7), rows=14)
        if not table.rows:
            return
        self._heading("Who stands where")
        if narrow:
            self._stance_list(table)
        else:
            self._stance_grid(table)
        self._more((table.more_issues, "more issue"), (table.more_actors, "more actor"))

    def _stance_list(self, table: view.StanceTable) -> None:
        """The table as lines, "actor: issue + for", where columns have no room."""
        for standing in table.rows:
            parts = [(f"{shorten(one_line(standing.actor), 44)}: ", "bold")]
            held = [(issue, cell) for issue, cell in zip(table.issues, standing.stances, strict=True) if cell]
            for n, (issue, cell) in enumerate(held):
                parts.append((("; " if n else "") + shorten(one_line(issue.title), 44), ""))
                parts += [(f" {view.stance(one)}", _COLOURS.get(one, "")) for one in cell]
            self._print(_text(*parts), mark="• ")

    def _stance_grid(self, table: view.StanceTable) -> None:
        from rich import box
        from rich.table import Table

        # no pad_edge=False: rich then cuts the last column by what it left out
        grid = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 2, 0, 0))
        grid.add_column("", min_width=16, max_width=24, overflow="fold")
        for issue in table.issues:
            grid.add_column(_text((shorten(one_line(issue.title), 44), "")), max_width=22, overflow="fold")
        for standing in table.rows:
            cells = [
                _text(
                    *((("\n" if n else "") + view.stance(held), _COLOURS.get(held, "")) for n, held in enumerate(cell))
                )
                for cell in standing.stances
            ]
            grid.add_row(_text((shorten(one_line(standing.actor), 44), "bold")), *cells)
        self.console.print(grid)

    def _disagreements(self) -> None:
        if not self.brief.disagreements:
            return
        self._heading("Where accounts differ")
        for one in self.brief.disagreements[:DISAGREEMENTS]:
            self._print(_text((self._brief(one.summary), "bold"), self._by(one.id)), mark="≠ ")
            for side in one.sides:
                held_by = (self._held_by(side.positions), "dim")
                self._print(_text((self._brief(side.statement), ""), held_by, self._refs(side.evidence)), mark="  — ")
        self._more((len(self.brief.disagreements) - DISAGREEMENTS, "more disagreement"))

    def _held_by(self, positions: Sequence[str]) -> str:
        held = [self.positions[one] for one in positions if one in self.positions]
        names = list(dict.fromkeys(self._name(one.actor) for one in held))
        origins = {origin for one in held for origin in one.origins}
        parts = [", ".join(names)] if names else []
        parts += [view.count(len(origins), "origin")] if origins else []
        return f" ({'; '.join(parts)})" if parts else ""

    def _questions(self) -> None:
        still, answered = view.open_first(self.brief)
        for title, questions in (("Still open", still), ("Answered", answered)):
            if not questions:
                continue
            self._heading(title)
            for number, one in enumerate(questions[:QUESTIONS], 1):
                parts = [
                    (self._brief(one.question), "bold"),
                    self._by(one.id),
                    (" " + self._brief(one.why_open) if one.why_open else "", ""),
                ]
                parts.append(self._refs(one.evidence))
                if one.settled_by:
                    parts.append((f" Would be settled by: {one_line(one.settled_by)}", "italic"))
                if one.answered_by:
                    word = "Partly answered" if one.status == "partly_answered" else "Answered"
                    parts += [(f" {word}:", "italic"), self._refs(one.answered_by)]
                self._print(_text(*parts), mark=f"{number}. ")
            self._more((len(questions) - QUESTIONS, "more question"))

    def _actors(self) -> None:
        shown = self.brief.actors[:ACTORS]
        if not shown:
            return
        self._heading("Who is who")
        for actor in shown:
            what = one_line(actor.role) or actor.kind
            self._print(_text((one_line(actor.name), "bold"), (f"  {what}", ""), self._by(actor.id)), mark="• ")
        self._more((len(self.brief.actors) - len(shown), "more actor"))

    def _issues(self) -> None:
        if not self.brief.issues:
            return
        self._heading("Positions by issue")
        for n, issue in enumerate(self.brief.issues[:ISSUES]):
            if n:
                self._print()
            self._print(_text((one_line(issue.title), "underline"), self._by(issue.id)))
            for position in issue.positions[:POSITIONS]:
                self._position(position)
            self._more((len(issue.positions) - POSITIONS, "more position"))
        self._more((len(self.brief.issues) - ISSUES, "more issue"))

    def _position(self, one: Position) -> None:
        symbol, word = view.STANCES[one.stance]
        facts = [f"via {', '.join(map(one_line, one.via))}"] if one.via else []
        facts += [one_line(view.spell_date(one.said_on))] if one.said_on else []
        facts += [view.rests_on(one)] if one.origins else []
        parts = [
            (self._name(one.actor), "bold"),
            (f" {word}: ", _COLOURS.get(one.stance, "")),
            (self._brief(one.statement), ""),
            (f" ({'; '.join(facts)})" if facts else "", "dim"),
            self._by(one.id),
        ]
        parts += [(f" ⚠ {one_line(check.note or check.name)}", "yellow") for check in view.failed_checks(one)]
        self._print(_text(*parts), mark=f"{symbol} ")

    def _timeline(self) -> None:
        shown = self.brief.events[:EVENTS]
        if not shown:
            return
        self._heading("Timeline")
        for event in shown:
            when = one_line(view.spell_date(event.when)) or "undated"
            self._print(_text((when, "bold"), (f"  {self._brief(event.what)}", ""), self._by(event.id)), mark="• ")
        self._more((len(self.brief.events) - len(shown), "more event"))

    def _origins(self) -> None:
        shown = self.brief.origins[:ORIGINS]
        if not shown:
            return
        self._heading("Sources and what they rest on")
        for origin in shown:
            passed_on = f"  {view.ORIGIN_KINDS[origin.kind]}, in {view.count(len(origin.articles), 'article')}"
            self._print(_text((one_line(origin.report), "bold"), (passed_on, "dim")), mark="• ")
        self._more((len(self.brief.origins) - len(shown), "more origin"))

    def _files(self) -> None:
        entries = self.brief.articles
        if not entries:
            return
        self._heading("Files and what became of them")
        troubled = [one for one in entries if one.status != "used"]
        shown = entries[:FILES] if len(entries) <= FILES else troubled[: 2 * FILES]
        for one in shown:
            about = [
                one.status,
                one_line(one.outlet),
                one_line(view.published(one)),
                view.count(one.words, "word") if one.words else "",
            ]
            parts = [(one_line(one.path), "bold"), ("  " + ", ".join(part for part in about if part), "dim")]
            if one.reason:
                parts.append((f": {one_line(one.reason)}", "" if one.status == "used" else "yellow"))
            self._print(_text(*parts), mark="✓ " if one.status == "used" else "✗ ")
        rest = len(entries) - len(shown)
        if rest:
            self._print(_text((f"and {view.count(rest, 'file')} more", "dim")), mark="  ")

    def _flags(self) -> None:
        if self.brief.flags:
            self._heading("Flags")
            for flag in self.brief.flags[:FILES]:
                kind = (flag.kind.replace("_", " "), "bold yellow")
                self._print(_text(kind, (f"  {one_line(flag.note)}", ""), self._refs(flag.evidence)), mark="⚑ ")
            self._more((len(self.brief.flags) - FILES, "more flag"))
        if self.brief.left_out:
            self._print()
            count = view.count(len(self.brief.left_out), "record")
            self._print(_text((f"{count} left out, each with its reason in brief.md", "dim")))

    def _overrides(self) -> None:
        said = self.brief.overrides
        if not said:
            return
        self._heading("Corrections by a person")
        applied = sum(one.applied for one in said)
        self._print(_text((f"{view.count(applied, 'correction')} applied, each named in brief.md", "dim")))
        unfit = [one for one in said if not one.applied]
        for one in unfit[:FILES]:
            why = (f" ⚠ {view.UNFIT}: {self._brief(one.note)}", "yellow")
            self._print(_text((self._brief(one.what), ""), why), mark="✗ ")
        self._more((len(unfit) - FILES, f"more that {view.UNFIT.replace('does', 'do', 1)}"))

    def _quotes(self) -> None:
        if not self.notes.used:
            return
        self._heading("Evidence")
        shown = self.notes.used[:QUOTES]
        flagged = view.flagged(self.brief)
        for number, one in enumerate(shown, 1):
            warning = "⚑ addressed to a machine " if (one.article, one.sentence) in flagged else ""
            path = self.articles[one.article].path if one.article in self.articles else one.article
            parts = [
                (warning, "yellow"),
                (f"“{self._brief(one.quote)}”", ""),
                (f" {one_line(path)}, sentence {one.sentence}", "dim"),
            ]
            self._print(_text(*parts), mark=f"[{number}]".ljust(5))
        self._more((len(self.notes.used) - len(shown), "more passage"))

    # ---- pieces

    def _name(self, actor: str) -> str:
        return self.names.get(actor) or one_line(actor)

    def _brief(self, words: str) -> str:
        """Two lines of it; the rest is in `brief.md`."""
        return shorten(one_line(words), max(2 * self.measure - 20, 100))

    def _by(self, item: str) -> tuple[str, str]:
        return (f" ({view.CORRECTED})" if item in self.corrected else "", "magenta")

    def _refs(self, evidence: Iterable[Evidence]) -> tuple[str, str]:
        numbers = self.notes.numbers(evidence)
        return (f" [{','.join(map(str, numbers))}]" if numbers else "", "cyan")

    def _heading(self, title: str) -> None:
        self._print()
        self._print(_text((title.upper(), "bold cyan")))

    def _more(self, *left: tuple[int, str]) -> None:
        parts = [view.count(rest, one) for rest, one in left if rest > 0]
        if parts:
            self._print(_text((f"and {' and '.join(parts)} in brief.md", "dim")), mark="  ")

    def _print(self, text: Text | None = None, *, mark: str = "") -> None:
        """One paragraph; with `mark`, hanging behind it."""
        if text is None:
            self.console.print()
            return
        if not mark:
            self.console.print(text, width=self.measure, no_wrap=False, overflow="fold")
            return
        for line in text.wrap(self.console, self.measure - len(mark), overflow="fold"):
            self.console.print(_text((mark, "dim")).append_text(line), soft_wrap=True)
            mark = " " * len(mark)


def _text(*parts: tuple[str, str]) -> Text:
    from rich.text import Text

    return Text.assemble(*((words, style) for words, style in parts if words), overflow="fold")
