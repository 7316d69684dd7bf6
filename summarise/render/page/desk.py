"""What every section of the page needs: anchors, links to evidence, marks of change, what the filters go by.

Sections are rendered in the order of reading, and each link to evidence is noted on the way: passages are numbered in
the order of first use, and the articles, rendered last, know who uses which of their passages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from summarise.change import Change, ChangeKind, Changes
from summarise.contract import ArticleEntry, Brief, Check, Evidence, Origin, Position
from summarise.render import view
from summarise.render.page.markup import NOTHING, Html, joined, link, spread, tag, words
from summarise.render.safe import one_line, shorten

_HASH = re.compile(r"(?:[a-z]+-)?([0-9a-f]{8})[0-9a-f]*")
TALL = 60
"""Rows from which a table is higher than any screen shows of it at once."""

_IN_WORDS: dict[ChangeKind, str] = {
    "article_corrected": "corrected",
    "question_answered": "answered",
    "question_reopened": "open again",
    "evidence_reworded": "sentence corrected",
    "joined": "told as one now",
    "parted": "told apart now",
}


@dataclass(slots=True, eq=False)
class Passage:
    """A passage that something rests on, numbered from 1 in the order of first use; `users` are the anchors of that,
    perhaps more than once."""

    number: int
    evidence: Evidence
    users: list[str] = field(default_factory=list)
    left_out: bool = True

    @property
    def anchor(self) -> str:
        return f"e{self.number}"


class Desk:
    """One page under way."""

    def __init__(self, brief: Brief, texts: Mapping[str, str], changes: Changes | None) -> None:
        self.brief = brief
        self.texts = texts
        self.changes = changes
        self.articles = view.article_by_id(brief)
        self.names = view.actor_names(brief)
        self.positions = view.positions_by_id(brief)
        self.origins: dict[str, Origin] = {origin.id: origin for origin in brief.origins}
        self.flagged = view.flagged(brief)
        self.corrected = view.corrected(brief)
        self.passages: dict[tuple[str, int, int], Passage] = {}
        self._anchors: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()

        self.actor_numbers = _numbered(
            [actor.id for actor in brief.actors] + [position.actor for position in self.positions.values()]
        )
        self.issue_numbers = _numbered(issue.id for issue in brief.issues)
        self.outlets = {one.id: one_line(one.outlet) or one_line(one.path) or one.id for one in self.articles.values()}
        self.outlet_numbers = _numbered(self.outlets[one.id] for one in self.articles.values() if one.status == "used")
        kinds: dict[str, Iterable[str]] = {
            "p": self.positions,
            "d": (one.id for one in brief.disagreements),
            "q": (one.id for one in brief.open_questions),
            "v": (one.id for one in brief.events),
            "w": self.names,
            "i": self.issue_numbers,
            "f": (one.id for one in brief.facts),
            "o": self.origins,
            "t": (one.id for one in self.articles.values() if self.has_text(one)),
        }
        self._kinds = {item: kind for kind, items in reversed(kinds.items()) for item in items}
        self._issue_of = {position.id: issue.id for issue in brief.issues for position in issue.positions}
        self._told_by: dict[tuple[str, int], list[Position]] = {}
        for position in self.positions.values():
            for one in position.evidence:
                self._told_by.setdefault((one.article, one.start), []).append(position)
        self._changes_of: dict[str, list[Change]] = {}
        if changes and changes.before:
            for change in changes.changes:
                if not change.kind.endswith(("_withdrawn", "_settled")):
                    self._changes_of.setdefault(change.item, []).append(change)

    # ---- anchors

    def anchor(self, kind: str, item: str) -> str:
        """The anchor of an item: its kind and the beginning of its id's hash, so that links outlive a version."""
        if (kind, item) not in self._anchors:
            found = _HASH.fullmatch(item)
            name = f"{kind}-{found[1]}" if found else ""
            if not name or name in self._taken:
                name = f"{kind}{len(self._taken) + 1}"
            self._taken.add(name)
            self._anchors[kind, item] = name
        return self._anchors[kind, item]

    def has_text(self, article: ArticleEntry) -> bool:
        """Whether the page has the article itself, and not only passages of it."""
        return article.status in ("used", "unrelated") and article.id in self.texts

    def has(self, item: str) -> bool:
        """Whether the page has an item or article of that id."""
        return item in self._kinds

    def link(self, item: str, text: str) -> Html:
        """`text`, leading to the item or article of that id where the page has it."""
        kind = self._kinds.get(item)
        return link(self.anchor(kind, item), words(text)) if kind else words(text)

    def name(self, actor: str) -> str:
        return one_line(self.names.get(actor, "")) or one_line(actor) or "–"

    def actor_link(self, actor: str) -> Html:
        """An actor's name, leading to who it is."""
        if actor not in self.names:
            return words(self.name(actor))
        return link(self.anchor("w", actor), words(self.name(actor)))

    # ---- evidence

    def refs(self, evidence: Iterable[Evidence], user: str, *, of: str = "", left_out: bool = False) -> Html:
        """Numbered links to passages that the item at the anchor `user` rests on; those that the item `of` has gained
        since the version before are marked."""
        links = self._links(evidence, user, of, left_out=left_out)
        return tag("span", {"class": "refs"}, links) if links else NOTHING

    def refs_by_outlet(self, evidence: Iterable[Evidence], user: str, *, of: str = "") -> Html:
        """As `refs`, after the names of the outlets that carry them."""
        by_outlet: dict[str, list[Evidence]] = {}
        for one in evidence:
            by_outlet.setdefault(self.outlets.get(one.article, one.article), []).append(one)
        return joined(
            *(
                tag("bdi", {"class": "refs"}, shorten(outlet, 28), " ", self._links(some, user, of))
                for outlet, some in by_outlet.items()
            ),
            between=" ",
        )

    def _links(self, evidence: Iterable[Evidence], user: str, of: str, *, left_out: bool = False) -> list[Html]:
        passages = dict.fromkeys(self._note(one, user, left_out=left_out) for one in evidence)
        if of not in self._changes_of:
            return list(map(_ref, passages))
        gained = {_key(one) for change in self._changes_of[of] for one in change.gained}
        return [_ref(one, new=_key(one.evidence) in gained) for one in passages]

    def _note(self, evidence: Evidence, user: str, *, left_out: bool) -> Passage:
        key = _key(evidence)
        passage = self.passages.get(key)
        if passage is None:
            passage = self.passages[key] = Passage(len(self.passages) + 1, evidence)
        if not passage.users or passage.users[-1] != user:
            passage.users.append(user)
        if not left_out:
            passage.left_out = False
        return passage

    # ---- filters

    def filters(
        self, evidence: Iterable[Evidence], *, actors: Iterable[str] | None = None, issues: Iterable[str] | None = None
    ) -> dict[str, str]:
        """What the filters go by. Actors and issues that are not given are those of positions in the same sentences."""
        evidence = tuple(evidence)
        near = [position for one in evidence for position in self._told_by.get((one.article, one.start), ())]
        if actors is None:
            actors = [position.actor for position in near]
        if issues is None:
            issues = [self._issue_of[position.id] for position in near]
        return {
            "data-a": _listed(self.actor_numbers, actors),
            "data-i": _listed(self.issue_numbers, issues),
            **self.outlet_filter(evidence),
        }

    def outlet_filter(self, evidence: Iterable[Evidence]) -> dict[str, str]:
        """The outlets alone, for what stands where actor and issue are told."""
        outlets = (self.outlets[one.article] for one in evidence if one.article in self.outlets)
        return {"data-o": _listed(self.outlet_numbers, outlets)}

    def issues_of(self, positions: Iterable[str]) -> list[str]:
        return [self._issue_of[one] for one in positions if one in self._issue_of]

    # ---- marks

    def marks(self, item: str) -> Html:
        """What changed about an item since the version before, and whether a person corrected it, as badges."""
        if item not in self._changes_of and item not in self.corrected:
            return NOTHING
        by_person = badge("✎ " + view.CORRECTED, "person") if item in self.corrected else NOTHING
        return joined(by_person, self.changed(item), between=" ")

    def changed(self, item: str) -> Html:
        """What changed about an item since the version before, as badges."""
        if item not in self._changes_of:
            return NOTHING
        return joined(*(badge(_told(change), "new") for change in self._changes_of[item]), between=" ")

    def failed(self, checks: Sequence[Check]) -> Html:
        """Checks that failed, each on its line."""
        return joined(
            *(
                tag("p", {"class": "fail"}, "⚠ check failed: ", words(one.name), _noted(one.note))
                for one in checks
                if not one.ok
            )
        )


def table(kind: str, label: str, head: Sequence[Html], rows: Iterable[Html], *, size: int) -> Iterator[Html]:
    """A table of `size` rows that scrolls by itself; one that is surely higher than it is shown is laid out only when
    it is near."""
    return spread(
        "div",
        {
            "class": "scroll tall" if size > TALL else "scroll",
            "tabindex": 0,
            "role": "region",
            "aria-label": label,
        },
        spread(
            "table",
            {"class": kind},
            tag("thead", None, tag("tr", None, *head)),
            spread("tbody", None, rows),
        ),
    )


def badge(text: str, kind: str) -> Html:
    return tag("span", {"class": f"badge {kind}"}, one_line(text))


def date(iso: str, *, empty: str = "") -> Html:
    """A date in words, or `empty`."""
    spelled = view.spell_date(iso)
    return joined(spelled or empty)


def _ref(passage: Passage, *, new: bool = False) -> Html:
    if new:
        return tag("a", {"class": "more", "href": "#" + passage.anchor}, f"+{passage.number}")
    return link(passage.anchor, str(passage.number))


def _told(change: Change) -> str:
    """A change in the fewest words, beside what changed."""
    if change.kind.endswith(("_new", "_opened", "_added")):
        return "new"
    if change.kind in ("evidence_gained", "evidence_lost"):
        gained, lost = len(change.gained), len(change.lost)
        return f"+{gained} evidence" if change.kind == "evidence_gained" else f"−{lost} evidence"
    if change.kind in _IN_WORDS:
        return _IN_WORDS[change.kind]
    before = next((view.stance(stance) for stance in view.STANCES if stance == change.before), "")
    return f"was: {before or view.spell_date(change.before) or 'not known'}"


def _noted(note: str) -> Html:
    return joined(", ", words(note)) if note else NOTHING


def _key(evidence: Evidence) -> tuple[str, int, int]:
    return (evidence.article, evidence.start, evidence.end)


def _numbered(items: Iterable[str]) -> dict[str, int]:
    return {item: number for number, item in enumerate(dict.fromkeys(items), 1)}


def _listed(numbers: Mapping[str, int], items: Iterable[str]) -> str:
    return " ".join([str(numbers[item]) for item in dict.fromkeys(items) if item in numbers])
