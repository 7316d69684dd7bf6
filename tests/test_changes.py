"""What changed between two versions: told once, in order, and nothing that a reader would not call a change."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_briefs import seeds_brief
from made_versions import Paper, actor, briefs, disagreement, event, position, question, ref, version

from summarise.change import Change, Changes
from summarise.changes import WORTH, changes, lives
from summarise.contract import Brief, Evidence
from summarise.counterparts import Sentences

FIRST = Paper(
    "first.txt",
    "Russia wants to keep its two bases in Syria.",
    "Türkiye opposes the bases, its minister said.",
    "Nobody knows who will pay for the bases.",
    "The envoy came to Damascus on Tuesday.",
)
SECOND = Paper(
    "second.txt",
    "Moscow hopes to retain both its bases.",
    "The envoy came to Damascus on Monday, others say.",
    "Moscow will pay for the bases itself, it said.",
)
STRANGER = Paper("stranger.txt", "A cat was found in the harbour of Tartus.")

RUSSIA = actor("a-russia", "Russia", FIRST[1], aliases=("Moscow", "the Kremlin"))
TURKEY = actor("a-turkey", "Türkiye", FIRST[2])
KEEPS = position("p-keeps", "a-russia", "supports", "Wants to keep its bases.", FIRST[1], origins=("o-1",))
AGAINST = position("p-against", "a-turkey", "opposes", "Opposes the bases.", FIRST[2])
PAYS = question("q-pays", "Who will pay for the bases?", FIRST[3])


def told(before: Brief, after: Brief) -> list[Change]:
    return list(changes(before, after, before_ref=ref(1), after_ref=ref(2)).changes)


def kinds(before: Brief, after: Brief) -> list[str]:
    return [change.kind for change in told(before, after)]


def one_of(kind: str, found: Iterable[Change]) -> Change:
    (change,) = (change for change in found if change.kind == kind)
    return change


def base(**parts: object) -> Brief:
    known = {"actors": (RUSSIA, TURKEY), "positions": (KEEPS, AGAINST), "open_questions": (PAYS,)}
    return version(FIRST, **known | parts)


def test_a_first_version_has_no_changes() -> None:
    first = changes(None, base(), before_ref=None, after_ref=ref(1))
    assert (first.before, first.changes, first.story) == (None, (), "bases")


def test_a_new_article_that_says_nothing_of_the_rest_changes_nothing_else() -> None:
    (change,) = told(
        base(), version(*(FIRST, STRANGER), actors=(RUSSIA, TURKEY), positions=(KEEPS, AGAINST), open_questions=(PAYS,))
    )
    assert (change.kind, change.what, change.item, change.after) == (
        "article_added",
        "stranger.txt",
        STRANGER.id,
        "used",
    )


def test_a_new_actor_is_told_with_each_of_its_positions() -> None:
    found = told(base(actors=(RUSSIA,), positions=(KEEPS,)), base())
    assert [(change.kind, change.what) for change in found] == [
        ("position_new", "Türkiye: Opposes the bases."),
        ("actor_new", "Türkiye"),
    ]
    assert [(change.item, change.was, change.after) for change in found] == [
        ("p-against", "", "opposes"),
        ("a-turkey", "", ""),
    ]
    assert found[0].gained == (FIRST[2],)


def test_what_is_gone_is_told_in_the_words_of_the_version_that_had_it() -> None:
    change = one_of("position_withdrawn", told(base(), base(positions=(KEEPS,))))
    assert (change.item, change.was, change.what) == ("p-against", "p-against", "Türkiye: Opposes the bases.")
    assert (change.before, change.after, change.lost) == ("opposes", "", (FIRST[2],))


def test_a_stance_that_changed_is_told_with_both_stances_and_its_new_sentences() -> None:
    keeps = KEEPS.model_copy(update={"stance": "undecided", "evidence": (FIRST[1], SECOND[1])})
    after = version(FIRST, SECOND, actors=(RUSSIA, TURKEY), positions=(keeps, AGAINST), open_questions=(PAYS,))
    change = one_of("stance_changed", told(base(), after))
    assert (change.before, change.after, change.gained) == ("supports", "undecided", (SECOND[1],))
    assert kinds(base(), after) == ["stance_changed", "article_added"], "its sentences are not told again"


def test_evidence_is_one_change_an_item_with_all_its_sentences_and_the_number_of_origins() -> None:
    keeps = KEEPS.model_copy(update={"evidence": (FIRST[1], SECOND[1], SECOND[3]), "origins": ("o-1", "o-2")})
    change = one_of("evidence_gained", told(base(), base(positions=(keeps, AGAINST))))
    assert (change.item, change.gained, change.lost) == ("p-keeps", (SECOND[1], SECOND[3]), ())
    assert (change.before, change.after) == ("1 origin", "2 origins")
    back = one_of("evidence_lost", told(base(positions=(keeps, AGAINST)), base()))
    assert (back.lost, back.before, back.after) == ((SECOND[1], SECOND[3]), "2 origins", "1 origin")


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        ("open", "partly_answered", "question_answered"),
        ("open", "answered", "question_answered"),
        ("partly_answered", "answered", "question_answered"),
        ("answered", "open", "question_reopened"),
        ("answered", "partly_answered", "question_reopened"),
    ],
)
def test_a_question_is_answered_or_reopened_by_its_status(was: str, now: str, kind: str) -> None:
    before = base(open_questions=(question("q-pays", "Who pays?", FIRST[3], status=was),))
    after = base(open_questions=(question("q-pays", "Who pays?", FIRST[3], status=now, answers=(SECOND[3],)),))
    (change,) = told(before, after)
    assert (change.kind, change.before, change.after, change.gained) == (kind, was, now, (SECOND[3],))


def test_questions_events_and_disagreements_open_and_go() -> None:
    came = event("e-came", "2025-01-28", "The envoy comes.", FIRST[4])
    differ = disagreement("d-day", "On which day did the envoy come?", FIRST[4], SECOND[2])
    more = base(events=(came,), disagreements=(differ,))
    fewer = base(open_questions=())
    assert kinds(fewer, more) == ["disagreement_opened", "question_opened", "event_new"]
    assert kinds(more, fewer) == ["disagreement_settled", "question_withdrawn", "event_withdrawn"]
    assert one_of("disagreement_opened", told(fewer, more)).gained == (FIRST[4], SECOND[2])


def test_an_event_with_another_date_is_one_change() -> None:
    before, after = (
        base(events=(event("e-1", when, "The envoy comes.", FIRST[4]),)) for when in ("2025-01", "2025-01-28")
    )
    (change,) = told(before, after)
    assert (change.kind, change.before, change.after) == ("event_redated", "2025-01", "2025-01-28")


def test_an_actor_shown_by_another_name_is_renamed_but_a_title_is_no_other_name() -> None:
    putin = base(actors=(RUSSIA, TURKEY, actor("a-p", "Vladimir Putin", FIRST[1])))
    title = base(actors=(RUSSIA, TURKEY, actor("a-p", "President Vladimir Putin", FIRST[1])))
    moscow = base(actors=(actor("a-russia", "Moscow", FIRST[1], aliases=("Russia",)), TURKEY))
    assert told(putin, title) == []
    change = one_of("actor_renamed", told(base(), moscow))
    assert (change.before, change.after, change.what) == ("Russia", "Moscow", "Moscow")


@pytest.mark.parametrize(
    ("was", "now"), [("Trump", "Donald Trump"), ("Robert S. Mueller III", "Robert Mueller"), ("Assad", "al-Assad")]
)
def test_a_name_told_in_full_is_no_other_name(was: str, now: str) -> None:
    before, after = (base(actors=(actor("a-1", name, FIRST[1]),), positions=()) for name in (was, now))
    assert told(before, after) == told(after, before) == []


def test_other_words_for_the_same_and_another_order_are_no_change() -> None:
    keeps = KEEPS.model_copy(update={"statement": "Hopes to retain the two bases."})
    pays = PAYS.model_copy(update={"question": "At whose expense will the bases be kept?"})
    assert told(base(), base(actors=(TURKEY, RUSSIA), positions=(AGAINST, keeps), open_questions=(pays,))) == []


# ---- matched by evidence


def test_an_item_whose_id_changed_is_known_by_its_sentences() -> None:
    """An earlier article was added: it holds the first records now, so the ids are others."""
    after = version(
        FIRST,
        SECOND,
        actors=(actor("a-new", "Russia", SECOND[1], FIRST[1], aliases=("Moscow",)), TURKEY),
        positions=(position("p-new", "a-new", "supports", "Hopes to retain them.", SECOND[1], FIRST[1]), AGAINST),
        open_questions=(question("q-new", "Who is to bear the cost?", SECOND[3], FIRST[3]),),
    )
    found = told(base(), after)
    assert [(c.kind, c.was, c.item) for c in found] == [
        ("evidence_gained", "p-keeps", "p-new"),
        ("evidence_gained", "q-pays", "q-new"),
        ("evidence_gained", "a-russia", "a-new"),
        ("article_added", "", SECOND.id),
    ]


def test_two_actors_in_one_sentence_are_not_taken_for_one_another() -> None:
    before = base(actors=(actor("a-1", "Russia", FIRST[1]),), positions=(), open_questions=())
    after = base(actors=(actor("a-2", "Syria", FIRST[1]),), positions=(), open_questions=())
    assert kinds(before, after) == ["actor_new", "actor_withdrawn"]


def test_an_actor_all_of_whose_sentences_are_others_is_known_by_its_name() -> None:
    before = version(FIRST, actors=(RUSSIA,))
    after = version(SECOND, actors=(actor("a-2", "Russia", SECOND[1]),))
    assert kinds(before, after) == ["evidence_gained", "evidence_lost", "article_added", "article_withdrawn"]


def test_the_stance_of_one_claim_is_not_compared_with_that_of_another_in_the_same_sentence() -> None:
    before = base(positions=(position("p-1", "a-russia", "offers", "Offers wheat.", FIRST[1]),))
    after = base(positions=(position("p-2", "a-russia", "opposes", "Opposes sanctions.", FIRST[1]),))
    assert kinds(before, after) == ["position_new", "position_withdrawn"]


def test_a_position_is_compared_only_with_those_of_its_own_actor() -> None:
    moved = KEEPS.model_copy(update={"actor": "a-turkey"})
    assert kinds(base(), base(positions=(moved, AGAINST))) == ["position_new", "position_withdrawn"]


def test_disagreements_with_one_side_in_common_are_two() -> None:
    before = base(disagreements=(disagreement("d-1", "One", FIRST[4], SECOND[2]),))
    after = base(disagreements=(disagreement("d-2", "Other", FIRST[4], SECOND[3]),))
    assert kinds(before, after) == ["disagreement_opened", "disagreement_settled"]


# ---- joined and parted


def test_actors_told_as_one_are_joined_and_their_positions_stay() -> None:
    kremlin = actor("a-kremlin", "the Kremlin", FIRST[3])
    theirs = position("p-k", "a-kremlin", "assesses", "Calls the costs bearable.", FIRST[3])
    apart = base(actors=(actor("a-russia", "Russia", FIRST[1]), kremlin, TURKEY), positions=(KEEPS, AGAINST, theirs))
    as_one = base(
        actors=(RUSSIA.model_copy(update={"evidence": (FIRST[1], FIRST[3])}), TURKEY),
        positions=(KEEPS, AGAINST, theirs.model_copy(update={"actor": "a-russia"})),
    )
    (change,) = told(apart, as_one)
    assert (change.kind, change.item, change.was) == ("joined", "a-russia", "a-kremlin")
    assert (change.before, change.after, change.gained, change.lost) == ("the Kremlin", "Russia", (), ())
    (back,) = told(as_one, apart)
    assert (back.kind, back.item, back.was, back.what) == ("parted", "a-kremlin", "a-russia", "the Kremlin")


def test_positions_told_as_one_are_joined_and_their_sentences_are_no_news() -> None:
    again = position("p-again", "a-russia", "supports", "Hopes to retain them.", SECOND[1])
    both = KEEPS.model_copy(update={"evidence": (FIRST[1], SECOND[1])})
    papers = (FIRST, SECOND)
    apart = version(*papers, actors=(RUSSIA, TURKEY), positions=(KEEPS, again))
    as_one = version(*papers, actors=(RUSSIA, TURKEY), positions=(both,))
    assert kinds(apart, as_one) == ["joined"]
    assert kinds(as_one, apart) == ["parted"]


def test_a_claim_that_is_gone_from_a_sentence_with_two_is_withdrawn_and_not_joined() -> None:
    other = position("p-2", "a-russia", "supports", "Favours wheat exports.", FIRST[1])
    assert kinds(base(positions=(KEEPS, other)), base(positions=(KEEPS,))) == ["position_withdrawn"]


# ---- articles


def test_a_renamed_file_changes_nothing() -> None:
    moved = FIRST.renamed("sub/other.txt")
    after = version(moved, actors=(RUSSIA, TURKEY), positions=(KEEPS, AGAINST), open_questions=(PAYS,))
    assert told(base(), after) == []


def test_a_corrected_article_is_told_and_its_unchanged_sentences_are_the_same_evidence() -> None:
    mended = Paper("first.txt", "Correction: the day was changed.", *FIRST.lines[:3], "The envoy came on Monday.")
    after = version(
        mended,
        actors=(actor("a-r2", "Russia", mended[2]), actor("a-t2", "Türkiye", mended[3])),
        positions=(
            position("p-1", "a-r2", "supports", "Wants to keep its bases.", mended[2]),
            position("p-2", "a-t2", "opposes", "Opposes the bases.", mended[3]),
        ),
        open_questions=(question("q-2", "Who will pay?", mended[4]),),
    )
    (change,) = told(base(), after)
    assert (change.kind, change.was, change.item, change.what) == (
        "article_corrected",
        FIRST.id,
        mended.id,
        "first.txt",
    )


def test_a_sentence_that_a_correction_turned_round_shows_as_a_changed_stance() -> None:
    mended = Paper("first.txt", FIRST.lines[0], "Türkiye supports the bases, its minister said.", *FIRST.lines[2:])
    after = version(
        mended,
        actors=(actor("a-r2", "Russia", mended[1]), actor("a-t2", "Türkiye", mended[2])),
        positions=(
            position("p-1", "a-r2", "supports", "Wants to keep its bases.", mended[1]),
            position("p-2", "a-t2", "supports", "Supports the bases.", mended[2]),
        ),
        open_questions=(question("q-2", "Who will pay?", mended[3]),),
    )
    found = told(base(), after)
    change = one_of("stance_changed", found)
    assert (change.was, change.item, change.before, change.after) == ("p-against", "p-2", "opposes", "supports")
    assert (change.gained, change.lost) == ((mended[2],), (FIRST[2],))
    assert [c.kind for c in found] == ["stance_changed", "evidence_reworded", "article_corrected"]
    actor_too = one_of("evidence_reworded", found)
    assert (actor_too.item, actor_too.gained, actor_too.lost) == ("a-t2", (mended[2],), (FIRST[2],))


def test_the_same_sentence_in_another_article_keeps_an_item_but_is_other_evidence() -> None:
    copy = Paper("agency.txt", "Agency report.", FIRST.lines[0])
    before = version(FIRST, actors=(RUSSIA,), positions=(KEEPS,))
    after = version(
        copy,
        actors=(actor("a-2", "Russia", copy[2]),),
        positions=(position("p-2", "a-2", "supports", "Keeps them.", copy[2]),),
    )
    assert [(c.kind, c.was) for c in told(before, after)][:2] == [
        ("evidence_gained", "p-keeps"),
        ("evidence_gained", "a-russia"),
    ]


# ---- whatever the versions


BACK = {
    "disagreement_opened": "disagreement_settled",
    "question_answered": "question_reopened",
    "question_opened": "question_withdrawn",
    "position_new": "position_withdrawn",
    "evidence_gained": "evidence_lost",
    "parted": "joined",
    "actor_new": "actor_withdrawn",
    "event_new": "event_withdrawn",
    "article_added": "article_withdrawn",
}
BACK |= {back: kind for kind, back in BACK.items()}
ONE_SIDED = {
    *("actor_withdrawn", "position_withdrawn", "disagreement_settled", "question_withdrawn", "event_withdrawn"),
    *("actor_new", "position_new", "disagreement_opened", "question_opened", "event_new"),
}


def row(c: Change) -> tuple[object, ...]:
    return (c.kind, c.item, c.was, c.before, c.after, frozenset(c.gained), frozenset(c.lost))


def the_other_way_round(c: Change) -> tuple[object, ...]:
    item, was = c.was, c.item
    if c.kind in ONE_SIDED or not c.was or (c.kind == "article_withdrawn" and not c.after):
        item, was = c.item, "" if c.was else c.item
    return (BACK.get(c.kind, c.kind), item, was, c.after, c.before, frozenset(c.lost), frozenset(c.gained))


@given(briefs(), briefs())
def test_the_way_back_tells_the_same_the_other_way_round(one: Brief, other: Brief) -> None:
    assert Counter(map(row, told(one, other))) == Counter(map(the_other_way_round, told(other, one)))


def shuffled(brief: Brief, seed: int) -> Brief:
    """The same brief with its lists in another order and its files under other names."""
    deal = random.Random(seed)  # noqa: S311 (a shuffle, no secret)

    def mixed(rows: Iterable[object]) -> tuple[object, ...]:
        return tuple(deal.sample(list(rows), len(list(rows))))

    lists = {name: mixed(getattr(brief, name)) for name in ("actors", "disagreements", "open_questions", "events")}
    issues = tuple(issue.model_copy(update={"positions": mixed(issue.positions)}) for issue in brief.issues)
    texts = {entry.id: f"{deal.random()}-{n}.txt" for n, entry in enumerate(brief.articles) if entry.status == "used"}
    articles = tuple(
        entry.model_copy(update={"path": texts[entry.id]}) if entry.status == "used" else entry
        for entry in brief.articles
    )
    return brief.model_copy(update={**lists, "issues": issues, "articles": mixed(articles)})


@given(briefs(), st.integers())
def test_the_same_version_in_another_order_with_its_files_renamed_has_no_change(brief: Brief, seed: int) -> None:
    assert told(brief, brief) == []
    assert told(brief, shuffled(brief, seed)) == []


@given(briefs(), briefs(), st.integers())
def test_the_order_of_lists_changes_nothing_that_is_told(before: Brief, after: Brief, seed: int) -> None:
    mixed = shuffled(after, seed).model_copy(update={"articles": after.articles})
    assert Counter(map(row, told(before, after))) == Counter(map(row, told(before, mixed)))


def cited(brief: Brief) -> Counter[tuple[str, Evidence]]:
    """Every sentence of every item, by the item's id."""
    found: set[tuple[str, Evidence]] = {(one.id, e) for one in brief.actors for e in one.evidence}
    found |= {(one.id, e) for issue in brief.issues for one in issue.positions for e in one.evidence}
    found |= {(one.id, e) for one in brief.open_questions for e in (*one.evidence, *one.answered_by)}
    found |= {(one.id, e) for one in brief.events for e in one.evidence}
    found |= {(one.id, e) for one in brief.disagreements for side in one.sides for e in side.evidence}
    return Counter(found)


@given(briefs(), briefs())
def test_every_sentence_gained_or_lost_is_told_exactly_once(before: Brief, after: Brief) -> None:
    """Told of the item that has it; what an item took over from one it was joined with was there already."""
    found = changes(before, after, before_ref=ref(1), after_ref=ref(2)).changes
    gained = Counter((c.item, e) for c in found for e in c.gained)
    lost = Counter((c.was, e) for c in found for e in c.lost)
    assert max([*gained.values(), *lost.values()], default=1) == 1
    assert not gained - cited(after)
    assert not lost - cited(before)

    known_before, known_after = {e for _, e in cited(before)}, {e for _, e in cited(after)}
    files = [c for c in found if c.kind == "article_corrected"]
    names = Sentences(before, after, {c.was: c.item for c in files})
    places_before, places_after = set(map(names.place, known_before)), set(map(names.place, known_after))
    assert {e for e in known_after if names.place(e) not in places_before} <= {e for _, e in gained}
    assert {e for e in known_before if names.place(e) not in places_after} <= {e for _, e in lost}


@given(briefs(), briefs())
def test_every_item_of_either_version_is_accounted_for(before: Brief, after: Brief) -> None:
    """What is new or gone is told as that, or as parted or joined; so the numbers of items add up."""
    found = Counter(change.kind for change in told(before, after) if change.kind not in ("joined", "parted"))
    apart = Counter((c.kind, c.item[:1]) for c in told(before, after) if c.kind in ("joined", "parted"))
    for name, new, gone in (
        ("actors", "actor_new", "actor_withdrawn"),
        ("open_questions", "question_opened", "question_withdrawn"),
        ("events", "event_new", "event_withdrawn"),
        ("disagreements", "disagreement_opened", "disagreement_settled"),
    ):
        letter = name[0] if name != "open_questions" else "q"
        more = found[new] + apart["parted", letter]
        fewer = found[gone] + apart["joined", letter]
        assert len(getattr(after, name)) - len(getattr(before, name)) == more - fewer


@given(briefs(), briefs())
def test_changes_come_by_worth_and_each_is_there_once(before: Brief, after: Brief) -> None:
    found = told(before, after)
    places = [WORTH.index(change.kind) for change in found]
    assert places == sorted(places)
    assert len({(change.what, row(change)) for change in found}) == len(found)
    told_again = Changes.model_validate_json(
        changes(before, after, before_ref=ref(1), after_ref=ref(2)).model_dump_json(by_alias=True)
    )
    assert list(told_again.changes) == found


def test_the_seeds_brief_has_no_change_from_itself() -> None:
    assert told(seeds_brief(), seeds_brief(title="Another title")) == []


# ---- lives


def states(versions: list[Brief]) -> list[tuple[str, list[tuple[int, str]]]]:
    numbered = [(ref(n), brief) for n, brief in enumerate(versions, 1)]
    return [(life.id, [(m.version.number, m.status) for m in life.moments]) for life in lives(numbered)]


def test_a_life_goes_from_opening_to_answer() -> None:
    answered = question("q-pays", "Who pays?", FIRST[3], status="answered", answers=(SECOND[3],))
    assert states([base(), base(), base(open_questions=(answered,))]) == [("q-pays", [(1, "open"), (3, "answered")])]


def test_a_life_follows_the_question_whatever_its_id() -> None:
    later = question("q-new", "At whose cost?", SECOND[3], FIRST[3])
    assert states([base(), base(open_questions=(later,))]) == [("q-new", [(1, "open")])]


def test_a_question_that_comes_back_goes_on_with_its_life() -> None:
    """An article that could not be read once takes its questions with it, and brings them back."""
    other = question("q-other", "When will the envoy come?", FIRST[4])
    assert states([base(), base(open_questions=(other,)), base(open_questions=(other,)), base()]) == [
        ("q-pays", [(1, "open"), (2, "withdrawn"), (4, "open")]),
        ("q-other", [(2, "open"), (4, "withdrawn")]),
    ]


@given(st.lists(briefs(), max_size=5))
@settings(max_examples=50)
def test_lives_hold_every_question_of_every_version_once(versions: list[Brief]) -> None:
    numbered = [(ref(n), brief) for n, brief in enumerate(versions, 1)]
    found = lives(numbered)
    for number, brief in enumerate(versions, 1):
        then = [
            [m.status for m in life.moments if m.version.number <= number][-1]
            for life in found
            if life.moments[0].version.number <= number
        ]
        assert Counter(s for s in then if s != "withdrawn") == Counter(q.status for q in brief.open_questions)
    for life in found:
        assert all(a.status != b.status for a, b in zip(life.moments, life.moments[1:], strict=False))
