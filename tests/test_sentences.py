"""Numbered sentences: offsets are right for every text, and the numbers are those a reader would give."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarise.sentences import LONGEST, number

_PIECES = st.sampled_from(
    [
        "Mr. Smith went. ",
        "No",
        "\n",
        "\n\n",
        " \n \n",
        "“Yes. It is,” he said. ",
        "他说。",
        "Он ушёл. ",
        "هذا نص. ",
        "🎉!",
        "3.5 ",
        "e\u0301",
        ";",
        "\t",
        "a" * 700,
    ]
)
_TEXTS = st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=40).map("".join))


def texts_of(text: str, language: str = "en") -> list[str]:
    return [sentence.text for sentence in number(text, language)]


@settings(max_examples=300, deadline=None)
@given(_TEXTS, st.sampled_from(["en", "ru", "ar", "zh", "de", "", "xx"]))
def test_offsets_give_the_sentence_in_order_and_cover_all_that_is_not_space(text: str, language: str) -> None:
    """text[start:end] is the sentence; none overlap; no visible character is left out."""
    at = 0
    covered = []
    for expected, sentence in enumerate(number(text, language), 1):
        assert sentence.number == expected
        assert sentence.start >= at
        assert sentence.text == text[sentence.start : sentence.end] != ""
        assert sentence.text == sentence.text.strip()
        covered.append(text[at : sentence.start])
        at = sentence.end
    assert "".join(covered).strip() == text[at:].strip() == ""


@settings(max_examples=100, deadline=None)
@given(_TEXTS)
def test_no_sentence_goes_over_a_paragraph_break_or_beyond_the_longest(text: str) -> None:
    """A blank line always ends a sentence, whatever the punctuation."""
    for sentence in number(text, "en"):
        assert "\n\n" not in sentence.text
        assert len(sentence.text) <= LONGEST


def test_a_heading_alone_in_its_paragraph_is_a_sentence() -> None:
    """A short heading is not joined to the paragraph after it."""
    assert texts_of("Talks\n\nThe talks went on for a day.") == ["Talks", "The talks went on for a day."]


def test_titles_initials_and_abbreviations_do_not_end_a_sentence() -> None:
    """Segmentation knows the abbreviations of the language."""
    assert texts_of("Mr. Smith met Dr. Jones on Jan. 5. They talked for hours.") == [
        "Mr. Smith met Dr. Jones on Jan. 5.",
        "They talked for hours.",
    ]


def test_a_quotation_of_several_sentences_that_is_too_long_is_divided_at_its_inner_sentence_ends() -> None:
    """Quotations shown to a reader stay short."""
    inner = " ".join(f"We have told the ministry number {index} that this will not do at all." for index in range(20))
    found = texts_of(f"“{inner}” said the spokesman of the party.")
    assert len(found) > 2
    assert all(text.endswith((".", ".”")) for text in found)


def test_a_very_long_sentence_is_divided_at_a_semicolon_before_a_comma() -> None:
    """Where there is no sentence end inside, the strongest mark near the middle is taken."""
    clause = "the delegation spoke of the port, of the airfield, of the leases and of the debts that remained unpaid"
    found = texts_of("; ".join([clause] * 10) + ".")
    assert len(found) > 1
    assert all(text.endswith((";", ".")) for text in found)


def test_a_crumb_is_joined_to_its_neighbour_in_the_paragraph() -> None:
    """ "No." alone is nothing to quote."""
    assert texts_of("No. We will not sign it this year.\n\nYes.") == ["No. We will not sign it this year.", "Yes."]


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("zh", "部长星期二表示会谈将继续进行下去。政府已经准备好签署这项协议了。", 2),
        ("ru", "Министр заявил, что переговоры продолжатся. Правительство готово подписать соглашение.", 2),
        (
            "ar",
            "قال الوزير إن المحادثات ستستمر غدا. هل الحكومة مستعدة للتوقيع؟ نعم بالتأكيد، قال المتحدث.",
            3,
        ),
    ],
)
def test_other_scripts_are_divided_by_their_own_marks(language: str, text: str, count: int) -> None:
    """Full stops of other scripts end sentences."""
    assert len(texts_of(text, language)) == count


def test_an_unknown_language_is_read_by_the_rules_for_english() -> None:
    """No language code is an error."""
    text = "Mr. Smith went home. He was tired of it."
    assert texts_of(text, "xx") == texts_of(text, "") == texts_of(text, "en")


def test_a_line_of_a_megabyte_is_divided_in_reasonable_time() -> None:
    """One endless line is no reason to stop."""
    assert len(number("word " * 100_000, "en")) > 500
