"""Names: what folds together, and what is certainly one actor."""

from __future__ import annotations

import pytest

from summarise.names import acronym_of, fold, government_of, looks_like_person, place_of, same_actor, surname, title_of


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Mr. Putin", "putin"),
        ("President Vladimir Putin’s", "vladimir putin"),
        ("Russian Deputy Foreign Minister Mikhail Bogdanov", "mikhail bogdanov"),
        ("Secretary of State John Kerry", "john kerry"),
        ("the U.S.", "us"),
        ("Türkiye", "turkiye"),
        ("Hay'at Tahrir al-Sham", "hayat tahrir al-sham"),
        ("Hayat Tahrir Al Sham", "hayat tahrir al-sham"),
        ("Robert S. Mueller III", "robert s mueller"),
        ("General Motors", "general motors"),
        ("Prime Minister", "prime minister"),
    ],
)
def test_titles_accents_and_transliteration_fold_away(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_folding_twice_changes_nothing() -> None:
    for name in (
        "President Bashar al-Assad",
        "the European Union",
        "Syria’s new government",
        "F.B.I. Director James Comey",
    ):
        assert fold(fold(name)) == fold(name)


def test_a_surname_loses_the_arabic_article() -> None:
    assert surname("President Bashar al-Assad") == surname("Assad") == "assad"


@pytest.mark.parametrize(
    ("long", "short"),
    [("Hay'at Tahrir al-Sham", "HTS"), ("Group of Seven", "G7"), ("North Atlantic Treaty Organization", "NATO")],
)
def test_an_acronym_is_made_of_the_words_that_count(long: str, short: str) -> None:
    assert acronym_of(long) == short


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("the Kremlin", "russia"),
        ("Moscow", "russia"),
        ("Ankara", "turkey"),
        ("Türkiye", "turkey"),
        ("White House", "united states"),
        ("Washington", "united states"),
        ("the EU", "european union"),
        ("Brussels", "european union"),
        ("the new Syrian government", "syria"),
        ("Syria’s new authorities", "syria"),
        ("Government of France", "france"),
        ("Denzel Washington", ""),
        ("Russian Foreign Ministry", ""),
        ("two Turkish officials", ""),
    ],
)
def test_capitals_demonyms_and_metonyms_name_a_government(name: str, place: str) -> None:
    assert place_of(name) == place


def test_a_government_gets_the_name_an_encyclopedia_lists() -> None:
    assert government_of("the Kremlin") == "Government of Russia"
    assert government_of("Washington") == "Government of the United States"
    assert government_of("nowhere") == ""


@pytest.mark.parametrize("name", ["Kaja Kallas", "Mr. Putin", "Ahmad al-Sharaa", "Ursula von der Leyen"])
def test_persons_are_recognised(name: str) -> None:
    assert looks_like_person(name)


@pytest.mark.parametrize(
    "name",
    ["Special Representative", "Cold War-era", "Justice Department", "the Kremlin", "HTS", "officials", "Tuesday"],
)
def test_institutions_titles_and_days_are_no_persons(name: str) -> None:
    assert not looks_like_person(name)


def test_a_title_is_given_back_as_it_was_written() -> None:
    assert title_of("Russian Deputy Foreign Minister Mikhail Bogdanov") == "Russian Deputy Foreign Minister"


@pytest.mark.parametrize(
    ("a", "kind_a", "b", "kind_b", "reason"),
    [
        (["Kaja Kallas"], "person", ["Ms. Kaja Kallas"], "person", "same name"),
        (["Robert S. Mueller III"], "person", ["Robert Mueller"], "person", "same name"),
        (["al-Assad"], "person", ["Bashar al-Assad"], "person", "surname of a full name"),
        (["HTS"], "group", ["Hay'at Tahrir al-Sham"], "organisation", "acronym"),
        (["Kremlin"], "government", ["Russia"], "government", "same government by capital or demonym"),
        (["Justice Department"], "organisation", ["Department of Justice"], "organisation", "same name"),
        (["Hillary Clinton"], "person", ["Bill Clinton"], "person", ""),
        (["the source"], "person", ["the source"], "person", ""),
        (["Jordan"], "government", ["Michael Jordan"], "person", ""),
        (["Russia"], "government", ["Ukraine"], "government", ""),
    ],
)
def test_only_what_is_certain_is_one_actor(a: list[str], kind_a: str, b: list[str], kind_b: str, reason: str) -> None:
    assert same_actor(a, kind_a, b, kind_b) == reason
    assert same_actor(b, kind_b, a, kind_a) == reason
