"""Which items of two versions are the same: by id, then by their sentences, one to one."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st
from made_versions import Paper, actor, briefs, position, question, version

from summarise.article_changes import article_changes, corrected
from summarise.contract import Brief
from summarise.counterparts import Item, ItemKind, Sentences, items, joined, pair

PAPER = Paper(
    "one.txt",
    "Russia wants to keep its two bases in Syria.",
    "Nobody knows who will pay for the bases.",
    "No.",
)
COPY = Paper("two.txt", "Another heading.", *PAPER.lines)


def sentences(before: Brief, after: Brief) -> Sentences:
    return Sentences(before, after, corrected(article_changes(before, after)))


def both(before: Brief, after: Brief, kind: ItemKind) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    known = sentences(before, after)
    return items(before, known)[kind], items(after, known)[kind]


def ids(before: Brief, after: Brief, kind: ItemKind) -> set[tuple[str, str]]:
    return {(one.id, other.id) for one, other in pair(*both(before, after, kind)).same}


def test_a_sentence_is_its_place_in_its_article() -> None:
    known = sentences(version(PAPER), version(PAPER, COPY))
    assert known.place(PAPER[1]) != known.place(COPY[2])
    assert known.trace(PAPER[1]) == known.trace(COPY[2]), "the same words help to find what belongs together"
    assert known.trace(PAPER[3]) != known.trace(COPY[4]), "but a word or two stand in many articles"


def test_in_a_corrected_article_a_sentence_is_its_words_however_they_are_set() -> None:
    mended = Paper("one.txt", "Correction.", "Russia  wants to keep its two bases in Syria.", "“No.”")
    known = sentences(version(PAPER), version(mended))
    assert known.place(PAPER[1]) == known.place(mended[2])
    assert known.place(PAPER[3]) != known.place(mended[3])


def test_a_corrected_sentence_is_known_again_and_is_another_one() -> None:
    mended = Paper("one.txt", "Russia wants to keep one of its bases in Syria.", *PAPER.lines[1:])
    before = version(PAPER, actors=(actor("a-1", "Russia", PAPER[1]),))
    after = version(mended, actors=(actor("a-2", "Russia", mended[1]),))
    known = sentences(before, after)
    assert known.place(PAPER[1]) != known.place(mended[1])
    assert known.trace(PAPER[1]) == known.trace(mended[1])
    assert known.reworded(PAPER[1]) == known.reworded(mended[1]) is not None


def test_an_id_counts_before_sentences() -> None:
    before = version(PAPER, open_questions=(question("q-1", "Who?", PAPER[1]), question("q-2", "What?", PAPER[2])))
    after = version(PAPER, open_questions=(question("q-1", "Who?", PAPER[2]), question("q-3", "What?", PAPER[1])))
    assert ids(before, after, "question") == {("q-1", "q-1")}


def test_what_has_most_in_common_comes_first() -> None:
    before = version(PAPER, open_questions=(question("q-1", "Who?", PAPER[1], PAPER[2]),))
    after = version(
        PAPER,
        open_questions=(question("q-2", "Who?", PAPER[1]), question("q-3", "Who?", PAPER[1], PAPER[2])),
    )
    assert ids(before, after, "question") == {("q-1", "q-3")}


def test_of_claims_in_one_sentence_the_words_tell_which_is_which() -> None:
    def stand(*rows: tuple[str, str]) -> Brief:
        return version(PAPER, positions=[position(id, "a-1", "demands", words, PAPER[1]) for id, words in rows])

    before = stand(("p-1", "Demands compensation."), ("p-2", "Demands the handover of Assad."))
    after = stand(("p-3", "Demands that Assad is handed over."), ("p-4", "Demands that compensation is paid."))
    assert ids(before, after, "position") == {("p-1", "p-4"), ("p-2", "p-3")}


def test_fewer_than_half_of_the_sentences_are_not_enough() -> None:
    before = version(PAPER, open_questions=(question("q-1", "Who?", PAPER[1], PAPER[2], PAPER[3]),))
    after = version(PAPER, COPY, open_questions=(question("q-2", "Who?", PAPER[3], COPY[1], COPY[4]),))
    assert ids(before, after, "question") == set()


def test_an_actor_is_joined_only_with_one_that_has_its_name() -> None:
    russia, kremlin = actor("a-1", "Russia", PAPER[1]), actor("a-2", "the Kremlin", PAPER[2])
    before = version(PAPER, actors=(russia, kremlin))
    for aliases, found in ((("the Kremlin",), [("a-2", "a-1")]), ((), [])):
        as_one = actor("a-1", "Russia", PAPER[1], PAPER[2], aliases=aliases)
        pairs = pair(*both(before, version(PAPER, actors=(as_one,)), "actor"))
        told = joined(pairs.gone, pairs.same, lambda one, other: True)
        assert [(item.id, whole.id) for item, _, whole in told] == found


@given(briefs(), briefs(), st.integers())
def test_pairs_are_one_to_one_complete_and_the_same_in_any_order(before: Brief, after: Brief, seed: int) -> None:
    deal = random.Random(seed)  # noqa: S311 (a shuffle, no secret)
    known = sentences(before, after)
    for kind, old in items(before, known).items():
        new = items(after, known)[kind]
        found = pair(old, new)
        assert len(found.same) + len(found.gone) == len(old)
        assert len(found.same) + len(found.new) == len(new)
        again = pair(deal.sample(old, len(old)), deal.sample(new, len(new)))
        assert {(a.id, b.id) for a, b in again.same} == {(a.id, b.id) for a, b in found.same}
        back = pair(new, old)
        assert {(b.id, a.id) for a, b in back.same} == {(a.id, b.id) for a, b in found.same}
