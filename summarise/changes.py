"""What changed between two versions of a brief, and a question's life over all of them.

Told is what a reader would want to know and nothing else: that a statement is worded differently, or that lists are in
another order, is no change. What a version tells apart that another told as one is told as that, not as news.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from summarise.article_changes import article_changes, corrected
from summarise.change import Change, ChangeKind, Changes, Moment, QuestionLife, VersionRef
from summarise.contract import Brief, Evidence, QuestionStatus
from summarise.counterparts import Fits, Item, ItemKind, Pairs, Place, Sentences, items, joined, pair, question_items
from summarise.names import fold

WORTH: tuple[ChangeKind, ...] = (
    "disagreement_opened",
    "disagreement_settled",
    "stance_changed",
    "question_answered",
    "question_reopened",
    "question_opened",
    "question_withdrawn",
    "position_new",
    "position_withdrawn",
    "evidence_gained",
    "evidence_lost",
    "evidence_reworded",
    "parted",
    "joined",
    "actor_new",
    "actor_withdrawn",
    "actor_renamed",
    "event_new",
    "event_redated",
    "event_withdrawn",
    "article_added",
    "article_corrected",
    "article_withdrawn",
)
"""The order in which changes are told, what a reader most wants to know first."""

_KINDS: tuple[ItemKind, ...] = ("position", "disagreement", "question", "event", "actor")
_NEW: dict[ItemKind, ChangeKind] = {
    "actor": "actor_new",
    "position": "position_new",
    "disagreement": "disagreement_opened",
    "question": "question_opened",
    "event": "event_new",
}
_GONE: dict[ItemKind, ChangeKind] = {
    "actor": "actor_withdrawn",
    "position": "position_withdrawn",
    "disagreement": "disagreement_settled",
    "question": "question_withdrawn",
    "event": "event_withdrawn",
}
_STATES: tuple[QuestionStatus, ...] = ("open", "partly_answered", "answered")


def changes(before: Brief | None, after: Brief, *, before_ref: VersionRef | None, after_ref: VersionRef) -> Changes:
    """All changes from `before` to `after`, in the order of `WORTH`, then of the brief; none for a first version.

    Every sentence that an item gained or lost is told once for that item. `changes(a, b)` and `changes(b, a)` tell
    the same, the other way round.
    """
    if before is None:
        return Changes(story=after.story, before=None, after=after_ref, changes=())
    files = article_changes(before, after)
    sentences = Sentences(before, after, corrected(files))
    found = _Comparison(items(before, sentences), items(after, sentences), sentences).told()
    order = {kind: n for n, kind in enumerate(WORTH)}
    ranked = [((order[one.change.kind], *one.place, one.change.item, one.change.was), one.change) for one in found]
    ranked += [((order[change.kind], 0, n, change.item, change.was), change) for n, change in enumerate(files)]
    return Changes(
        story=after.story,
        before=before_ref,
        after=after_ref,
        changes=tuple(change for _, change in sorted(ranked, key=lambda row: row[0])),
    )


def lives(versions: Sequence[tuple[VersionRef, Brief]]) -> tuple[QuestionLife, ...]:
    """Every question that any of the versions (oldest first) has, in the order in which they were opened.

    A question that comes back after it was withdrawn goes on with its life.
    """
    begun: list[_Life] = []
    for at, (ref, brief) in enumerate(versions):
        going_on: set[int] = set()
        free = set(range(len(brief.open_questions)))
        # Those of the version before come first: a withdrawn question takes up only what is nobody else's.
        for last in dict.fromkeys(life.last for life in sorted(begun, key=lambda life: -life.last)):
            source = versions[last][1]
            waiting = {life.index: n for n, life in enumerate(begun) if life.last == last and n not in going_on}
            sentences = Sentences(source, brief, corrected(article_changes(source, brief)))
            old = [item for item in question_items(source, sentences) if item.place in waiting]
            new = [item for item in question_items(brief, sentences) if item.place in free]
            for one, other in pair(old, new).same:
                free.discard(other.place)
                going_on.add(waiting[one.place])
                begun[waiting[one.place]].seen(ref, brief, other.place)
        for n, life in enumerate(begun):
            if n not in going_on:
                life.withdrawn(ref)
        for n in going_on:
            begun[n].last = at
        begun += [_Life(ref, brief, index, at) for index in sorted(free)]
    return tuple(life.told() for life in begun)


class _Life:
    """A question's life so far; `last` is the version that last had it, `index` its place there."""

    def __init__(self, ref: VersionRef, brief: Brief, index: int, last: int) -> None:
        self.last = last
        self.moments: list[Moment] = []
        self.seen(ref, brief, index)

    def seen(self, ref: VersionRef, brief: Brief, index: int) -> None:
        self.index = index
        self.question = brief.open_questions[index]
        if not self.moments or self.moments[-1].status != self.question.status:
            self.moments.append(Moment(version=ref, status=self.question.status))

    def withdrawn(self, ref: VersionRef) -> None:
        if self.moments[-1].status != "withdrawn":
            self.moments.append(Moment(version=ref, status="withdrawn"))

    def told(self) -> QuestionLife:
        return QuestionLife(id=self.question.id, question=self.question.question, moments=tuple(self.moments))


@dataclass(frozen=True)
class _Told:
    """A change and its place among those of its kind: the kind of item, then where that stands in its version."""

    change: Change
    place: tuple[int, int]


class _Comparison:
    """Two versions side by side."""

    def __init__(
        self,
        before: Mapping[ItemKind, tuple[Item, ...]],
        after: Mapping[ItemKind, tuple[Item, ...]],
        sentences: Sentences,
    ) -> None:
        self.before = before
        self.after = after
        self.sentences = sentences
        self._holders: set[tuple[str, str]] = set()

    def told(self) -> list[_Told]:
        """Everything that changed; actors come first, because a position is its actor's."""
        found = self._of("actor", lambda one, other: True)
        for kind in _KINDS:
            if kind != "actor":
                found += self._of(kind, self._same_holder if kind == "position" else lambda one, other: True)
        return found

    def _same_holder(self, one: Item, other: Item) -> bool:
        """Whether two positions are held by one actor, or by actors that are told as one in one of the versions."""
        return (one.holder, other.holder) in self._holders

    def _of(self, kind: ItemKind, fits: Fits) -> list[_Told]:
        pairs = pair(self.before[kind], self.after[kind], fits)
        into = joined(pairs.gone, pairs.same, fits)
        out_of = joined(pairs.new, [(new, old) for old, new in pairs.same], lambda one, other: fits(other, one))
        if kind == "actor":
            self._know_holders(pairs, into, out_of)
        # What an item took over from one that it was joined with is not new to the brief.
        known: dict[int, set[Place]] = {}
        for item, _, whole in into:
            known.setdefault(id(whole), set()).update(item.rests)
        for item, _, whole in out_of:
            known.setdefault(id(whole), set()).update(item.rests)

        found = [self._joined(item, whole) for item, _, whole in into]
        found += [self._parted(item, whole) for item, _, whole in out_of]
        absorbed = {id(item) for item, _, _ in (*into, *out_of)}
        found += [_one_sided(_NEW[kind], item) for item in pairs.new if id(item) not in absorbed]
        found += [_one_sided(_GONE[kind], item) for item in pairs.gone if id(item) not in absorbed]
        for old, new in pairs.same:
            gained = _but(new.rests, {*old.rests, *known.get(id(new), ())})
            lost = _but(old.rests, {*new.rests, *known.get(id(old), ())})
            found += _differences(old, new, _Evidence.of(gained, lost, self.sentences))
        return found

    def _know_holders(
        self, pairs: Pairs, into: Iterable[tuple[Item, Item, Item]], out_of: Iterable[tuple[Item, Item, Item]]
    ) -> None:
        self._holders = {(old.id, new.id) for old, new in pairs.same}
        self._holders |= {(item.id, whole.id) for item, _, whole in into}
        self._holders |= {(whole.id, item.id) for item, _, whole in out_of}
        listed = {item.id for version in (self.before, self.after) for item in version["actor"]}
        unlisted = {item.holder for version in (self.before, self.after) for item in version["position"]} - listed
        self._holders |= {(actor, actor) for actor in unlisted}

    def _joined(self, item: Item, whole: Item) -> _Told:
        change = Change(
            kind="joined",
            item=whole.id,
            was=item.id,
            what=whole.what,
            before=item.what,
            after=whole.what,
            lost=_but(item.rests, set(whole.rests)),
        )
        return _Told(change, _place(whole))

    def _parted(self, item: Item, whole: Item) -> _Told:
        change = Change(
            kind="parted",
            item=item.id,
            was=whole.id,
            what=item.what,
            before=whole.what,
            after=item.what,
            gained=_but(item.rests, set(whole.rests)),
        )
        return _Told(change, _place(item))


@dataclass(frozen=True)
class _Evidence:
    """What an item gained and lost, apart from sentences that a correction reworded: those are in `now` and `then`."""

    gained: tuple[Evidence, ...]
    lost: tuple[Evidence, ...]
    now: tuple[Evidence, ...]
    then: tuple[Evidence, ...]

    @classmethod
    def of(cls, gained: Sequence[Evidence], lost: Sequence[Evidence], sentences: Sentences) -> _Evidence:
        both = {sentences.reworded(one) for one in gained} & {sentences.reworded(one) for one in lost} - {None}
        return cls(
            gained=tuple(one for one in gained if sentences.reworded(one) not in both),
            lost=tuple(one for one in lost if sentences.reworded(one) not in both),
            now=tuple(one for one in gained if sentences.reworded(one) in both),
            then=tuple(one for one in lost if sentences.reworded(one) in both),
        )


def _differences(old: Item, new: Item, evidence: _Evidence) -> list[_Told]:
    """What is told of an item that both versions have: at most one change of its value, and its evidence."""
    found: list[_Told] = []

    def tell(kind: ChangeKind, values: tuple[str, str], gained: Sequence[Evidence], lost: Sequence[Evidence]) -> None:
        known = {"item": new.id, "was": old.id, "what": new.what, "before": values[0], "after": values[1]}
        change = Change(kind=kind, gained=tuple(gained), lost=tuple(lost), **known)
        found.append(_Told(change, _place(new)))

    values = (old.value, new.value)
    told = (*evidence.gained, *evidence.now), (*evidence.lost, *evidence.then)
    if old.value != new.value and old.kind == "position":
        tell("stance_changed", values, *told)
    elif old.value != new.value and old.kind == "question":
        onward = _STATES.index(_state(new)) > _STATES.index(_state(old))
        tell("question_answered" if onward else "question_reopened", values, *told)
    else:
        if old.kind == "actor" and _renamed(old.value, new.value):
            tell("actor_renamed", values, (), ())
        if old.kind == "event" and old.value != new.value:
            tell("event_redated", values, (), ())
        if evidence.gained:
            tell("evidence_gained", _origins(old, new), evidence.gained, ())
        if evidence.lost:
            tell("evidence_lost", _origins(old, new), (), evidence.lost)
        if evidence.now:
            tell("evidence_reworded", ("", ""), evidence.now, evidence.then)
    return found


def _renamed(old: str, new: str) -> bool:
    """Whether it is another name: with a title, a first name or an initial more it is the same one, told in full."""
    one, other = ({word.removeprefix("al-") for word in fold(name).split()} for name in (old, new))
    return one != other and not (one and other and (one <= other or other <= one))


def _state(question: Item) -> QuestionStatus:
    return next(state for state in _STATES if state == question.value)


def _origins(old: Item, new: Item) -> tuple[str, str]:
    """On how many independent origins a position rested and rests, where that changed."""
    if old.kind != "position" or old.origins == new.origins:
        return "", ""
    return _counted(old.origins), _counted(new.origins)


def _counted(origins: int) -> str:
    return f"{origins} origin" if origins == 1 else f"{origins} origins"


def _one_sided(kind: ChangeKind, item: Item) -> _Told:
    """An item that only one of the versions has, with all that it rests on."""
    evidence, value = tuple(item.rests.values()), "" if item.kind == "actor" else item.value
    if kind in _NEW.values():
        change = Change(kind=kind, item=item.id, what=item.what, after=value, gained=evidence)
    else:
        change = Change(kind=kind, item=item.id, was=item.id, what=item.what, before=value, lost=evidence)
    return _Told(change, _place(item))


def _place(item: Item) -> tuple[int, int]:
    return (_KINDS.index(item.kind), item.place)


def _but(evidence: Mapping[Place, Evidence], known: set[Place]) -> tuple[Evidence, ...]:
    return tuple(one for place, one in evidence.items() if place not in known)
