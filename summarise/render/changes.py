"""What changed, in words: a line a change, a section of Markdown, a list on a screen.

What articles and models say is text here, too: nothing of it becomes markup or acts on a terminal.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from summarise.change import Change, ChangeKind, Changes, VersionRef
from summarise.contract import Brief, Evidence, Stance
from summarise.render import view
from summarise.render.safe import escape_markdown, one_line, shorten

QUOTED = 2
"""Sentences shown behind a change; of evidence gained or lost, Markdown shows all."""
LONGEST_QUOTE = 200
"""Characters of a sentence on a screen; one that is compared with another is shown whole."""

COUNTED: dict[ChangeKind, tuple[str, str]] = {
    "disagreement_opened": ("new disagreement", "new disagreements"),
    "disagreement_settled": ("disagreement no longer there", "disagreements no longer there"),
    "stance_changed": ("stance changed", "stances changed"),
    "question_answered": ("question answered", "questions answered"),
    "question_reopened": ("question reopened", "questions reopened"),
    "question_opened": ("new question", "new questions"),
    "question_withdrawn": ("question withdrawn", "questions withdrawn"),
    "position_new": ("new position", "new positions"),
    "position_withdrawn": ("position withdrawn", "positions withdrawn"),
    "evidence_gained": ("item with more evidence", "items with more evidence"),
    "evidence_lost": ("item with less evidence", "items with less evidence"),
    "evidence_reworded": ("item with a corrected sentence", "items with a corrected sentence"),
    "parted": ("item told apart", "items told apart"),
    "joined": ("item told with another", "items told with others"),
    "actor_new": ("new actor", "new actors"),
    "actor_withdrawn": ("actor withdrawn", "actors withdrawn"),
    "actor_renamed": ("actor renamed", "actors renamed"),
    "event_new": ("new event", "new events"),
    "event_redated": ("event redated", "events redated"),
    "event_withdrawn": ("event withdrawn", "events withdrawn"),
    "article_added": ("article added", "articles added"),
    "article_corrected": ("article corrected", "articles corrected"),
    "article_withdrawn": ("article withdrawn", "articles withdrawn"),
}
"""Each kind as it is counted, one and many, in the order of the changes."""

VERBS: dict[Stance, str] = {
    "supports": "supports",
    "opposes": "opposes",
    "demands": "demands",
    "offers": "offers",
    "accepts": "accepts",
    "refuses": "refuses",
    "denies": "denies",
    "alleges": "alleges",
    "assesses": "assesses",
    "predicts": "predicts",
    "undecided": "is undecided",
    "declines_to_comment": "declines to comment",
    "unclassified": "says",
}

_DISAGREE = {
    "between_actors": "Actors disagree",
    "between_reports": "Reports differ",
    "changed_over_time": "Changed over time",
}
_WITHOUT_QUOTES: tuple[str, ...] = ("actor", "event", "article", "joined", "parted")
_EVIDENCE: tuple[ChangeKind, ...] = ("evidence_gained", "evidence_lost", "evidence_reworded")


@dataclass(frozen=True)
class Sources:
    """What a rendering needs of the briefs compared: paths by article id, and the sentences that talk to a machine."""

    paths: Mapping[str, str] = field(default_factory=dict)
    flagged: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def of(cls, *briefs: Brief | None) -> Sources:
        """Of any of these; where they name an article differently, the last one counts."""
        paths: dict[str, str] = {}
        flagged: set[tuple[str, int]] = set()
        for brief in briefs:
            if brief is not None:
                paths |= {article: entry.path for article, entry in view.article_by_id(brief).items()}
                flagged |= view.flagged(brief)
        return cls(paths=paths, flagged=frozenset(flagged))

    def where(self, one: Evidence) -> str:
        return f"{self.paths.get(one.article) or one.article}, sentence {one.sentence}"

    def warning(self, one: Evidence) -> str:
        return "⚑ addressed to a machine: " if (one.article, one.sentence) in self.flagged else ""


@dataclass(frozen=True)
class Words:
    """A change in words, raw: what happened, to what, and what more there is to say of it."""

    label: str
    what: str
    notes: tuple[str, ...] = ()


def change_line(change: Change, because: str = "") -> str:
    """A change on one line, fit for a terminal; `because` is added where one knows why (see `reasons`)."""
    said = words(change, because)
    notes = f" ({one_line('; '.join(said.notes))})" if said.notes else ""
    what = f": {one_line(said.what)}" if one_line(said.what) else ""
    return f"{one_line(said.label)}{what}{notes}"


def change_lines(changes: Changes) -> list[str]:
    """Every change on one line, in order, with the reason where the changes of the articles show it."""
    because = reasons(changes)
    return [change_line(change, because(change)) for change in changes.changes]


def counts_line(changes: Changes) -> str:
    """ "5 changes since version 3 of 22 November 2026, 04:10 UTC"."""
    if changes.before is None:
        return f"{version_words(changes.after)[0].upper()}{version_words(changes.after)[1:]}: there is none before it"
    number = view.count(len(changes.changes), "change") if changes.changes else "No change but of wording"
    if changes.before.number <= changes.after.number:
        return f"{number} since {version_words(changes.before)}"
    return f"{number} from {version_words(changes.before)} back to {version_words(changes.after)}"


def kinds_line(counts: Mapping[ChangeKind, int]) -> str:
    """ "1 new disagreement, 2 new positions", in the order of the changes; empty where there are none."""
    return ", ".join(view.count(counts[kind], *named) for kind, named in COUNTED.items() if counts.get(kind))


def counted(changes: Changes) -> dict[ChangeKind, int]:
    """How many changes there are of each kind, in their order."""
    found = Counter(change.kind for change in changes.changes)
    return {kind: found[kind] for kind in COUNTED if found[kind]}


def version_words(version: VersionRef) -> str:
    """ "version 3 of 22 November 2026, 04:10 UTC"."""
    return f"version {version.number}" + (f" of {made_words(version)}" if version.made else "")


def made_words(version: VersionRef) -> str:
    """When a version was made: "22 November 2026, 04:10 UTC"."""
    day = one_line(view.spell_date(version.made))
    return f"{day} UTC" if "," in day else day


def reasons(changes: Changes) -> Callable[[Change], str]:
    """Why an item is gone, as far as the changes of the articles show it."""
    articles = [change for change in changes.changes if change.kind.startswith("article_")]
    gone = {one.was for one in articles if one.kind == "article_withdrawn" and not one.after}
    unread = {one.was for one in articles if one.kind == "article_withdrawn" and one.after}
    mended = {one.was for one in articles if one.kind == "article_corrected"}

    def because(change: Change) -> str:
        cited = {one.article for one in change.lost}
        if not cited or change.gained:
            return ""
        if cited <= gone:
            return "the article that said so is gone" if len(cited) == 1 else "the articles that said so are gone"
        if cited <= unread:
            return (
                "the article that said so was not read this time"
                if len(cited) == 1
                else "their articles were not read this time"
            )
        if cited <= mended:
            return "the article was corrected" if len(cited) == 1 else "the articles were corrected"
        return ""

    return because


# ---- the words


def words(change: Change, because: str = "") -> Words:
    """What one change says to a reader; the strings are as articles and models gave them."""
    said = _words(change)
    return Words(said.label, said.what, (*said.notes, because)) if because else said


def _words(change: Change) -> Words:
    kind = change.kind
    if kind.startswith("position_") or kind == "stance_changed":
        return _position(change)
    if kind.startswith("question_"):
        return _question(change)
    if kind.startswith("article_"):
        return _article(change)
    if kind.startswith("event_"):
        return _event(change)
    if kind.startswith("evidence_"):
        return _evidence(change)
    if kind == "disagreement_opened":
        return Words(_DISAGREE.get(change.after, "Accounts differ"), change.what, ("new",))
    if kind == "disagreement_settled":
        return Words("No longer in dispute", change.what)
    if kind == "actor_new":
        return Words("New actor", change.what)
    if kind == "actor_withdrawn":
        return Words("Actor withdrawn", change.what)
    if kind == "actor_renamed":
        return Words("Named otherwise", change.after, (f"before: {change.before}",))
    if kind == "joined":
        return Words("Told as one now", change.after, (f"before apart: {change.before}",))
    return Words("Told apart now", change.after, (f"before part of: {change.before}",))


def _position(change: Change) -> Words:
    actor, _, statement = change.what.partition(": ")
    if change.kind == "stance_changed":
        anew = () if change.gained or change.lost else ("read anew from the same sentences",)
        return Words(f"{actor} now {_verb(change.after)}", statement, (f"before: {_stance(change.before)}", *anew))
    if change.kind == "position_new":
        return Words(f"New: {actor} {_verb(change.after)}", statement)
    return Words(f"Withdrawn: {actor} {_verb(change.before)}", statement)


def _verb(stance: str) -> str:
    return next((verb for known, verb in VERBS.items() if known == stance), _bare(stance))


def _stance(stance: str) -> str:
    return "no stance" if stance == "unclassified" else _bare(stance)


def _bare(value: str) -> str:
    return value.replace("_", " ")


def _question(change: Change) -> Words:
    if change.kind == "question_opened":
        answered = {"answered": ", answered already", "partly_answered": ", partly answered already"}
        return Words(f"New question{answered.get(change.after, '')}", change.what)
    if change.kind == "question_withdrawn":
        return Words("Question withdrawn", change.what, (f"before: {_bare(change.before)}",))
    if change.kind == "question_answered":
        partly = change.after == "partly_answered"
        return Words("Partly answered" if partly else "Answered", change.what, (f"before: {_bare(change.before)}",))
    label = "Reopened" if change.after == "open" else "Only partly answered now"
    return Words(label, change.what, (f"before: {_bare(change.before)}",))


def _event(change: Change) -> Words:
    if change.kind == "event_redated":
        return Words("Another date", change.what, (f"now: {_day(change.after)}", f"before: {_day(change.before)}"))
    new = change.kind == "event_new"
    return Words(
        "New event" if new else "Event withdrawn", change.what, (_day(change.after if new else change.before),)
    )


def _day(when: str) -> str:
    return view.spell_date(when) or "undated"


def _evidence(change: Change) -> Words:
    if change.kind == "evidence_reworded":
        return Words("Sentence corrected" if len(change.gained) == 1 else "Sentences corrected", change.what)
    gained = change.kind == "evidence_gained"
    number = len(change.gained if gained else change.lost)
    notes: tuple[str, ...] = ()
    if change.after:
        notes = (f"rests on {change.after}, before {change.before}",)
    if gained:
        return Words(view.count(number, "more sentence"), change.what, notes)
    return Words(view.count(number, "sentence") + " fewer", change.what, notes)


def _article(change: Change) -> Words:
    if change.kind == "article_corrected":
        return Words("Article corrected", change.what)
    if change.kind == "article_added":
        if change.before:
            return Words("Article read now", change.what, (f"before: {change.before}",))
        if change.after == "used":
            return Words("New article", change.what)
        return Words("New file", change.what, (change.after,))
    if change.after:
        return Words("Article no longer read", change.what, (f"now: {change.after}",))
    return Words("Article gone" if change.before == "used" else "File gone", change.what, _unless_used(change.before))


def _unless_used(status: str) -> tuple[str, ...]:
    return () if status == "used" else (status,)


# ---- the quotations


def _quotes(change: Change, most: int | None) -> tuple[list[tuple[str, Evidence]], int]:
    """At most `most` sentences behind a change, with what is said before each, and how many more there are."""
    if change.kind.startswith(_WITHOUT_QUOTES):
        return [], 0
    rows = [("", one) for one in change.gained]
    rows += [("no longer: ", one) for one in change.lost]
    if most is None or len(rows) <= most:
        return rows, 0
    # Where sentences were gained and lost, one of either is worth more than two of a kind.
    both = [rows[0], rows[len(change.gained)]] if change.gained and change.lost and most > 1 else []
    shown = [*both, *(row for row in rows if row not in both)][:most]
    return shown, len(rows) - most


def _said(change: Change, one: Evidence) -> bool:
    """Whether the change is told in the very words of the sentence, so that quoting it would say it twice."""
    quote = one_line(one.quote)
    return bool(quote) and quote in one_line(change.what)


# ---- Markdown


def changes_markdown(changes: Changes, sources: Sources | None = None, *, title: str = "What changed") -> str:
    """A section of Markdown under a heading of the second level, without a line break at its end."""
    known = sources or Sources()
    because = reasons(changes)
    blocks = [f"## {escape_markdown(title)}", f"*{escape_markdown(_head(changes))}*"]
    if changes.changes:
        blocks.append("\n".join(_markdown(change, because(change), known) for change in changes.changes))
    return "\n\n".join(blocks)


def _head(changes: Changes) -> str:
    kinds = kinds_line(counted(changes))
    return counts_line(changes) + (f": {kinds}" if kinds else "")


def _markdown(change: Change, because: str, sources: Sources) -> str:
    said = words(change, because)
    what = escape_markdown(said.what)
    line = f"- **{escape_markdown(said.label) or '–'}**" + (f": {what}" if what else "")
    if said.notes:
        line += f" ({escape_markdown('; '.join(said.notes))})"
    shown, more = _quotes(change, None if change.kind in _EVIDENCE else QUOTED)
    for before, one in shown:
        quote = "" if _said(change, one) else f"“{escape_markdown(one.quote)}” — "
        line += f"\n  - {sources.warning(one)}{before}{quote}{escape_markdown(sources.where(one))}"
    return line + (f"\n  - and {view.count(more, 'more sentence')}" if more else "")


# ---- the screen


def changes_text(changes: Changes, sources: Sources | None = None, *, width: int = 100, most: int | None = None) -> str:
    """Plain text of `width` columns, 40 at least; with `most`, only so many changes and how many more there are."""
    lines = list(_wrapped(_head(changes), max(width, 40)))
    known = sources or Sources()
    because = reasons(changes)
    shown: Sequence[Change] = changes.changes if most is None else changes.changes[:most]
    for change in shown:
        lines += _screen(change, because(change), known, max(width, 40))
    rest = len(changes.changes) - len(shown)
    if rest:
        lines.append(f"… and {rest} more (summarise diff)")
    return "\n".join(lines) + "\n"


def _screen(change: Change, because: str, sources: Sources, width: int) -> Iterator[str]:
    yield from _wrapped(change_line(change, because), width, "• ", "  ")
    shown, more = _quotes(change, QUOTED)
    limit = 10 * LONGEST_QUOTE if change.gained and change.lost else LONGEST_QUOTE
    for before, one in shown:
        quote = "" if _said(change, one) else f"“{shorten(one_line(one.quote), limit)}” "
        line = f"{sources.warning(one)}{before}{quote}{one_line(sources.where(one))}"
        yield from _wrapped(line, width, "    ", "    ")
    if more:
        yield f"    and {view.count(more, 'more sentence')}"


def _wrapped(line: str, width: int, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(line, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
