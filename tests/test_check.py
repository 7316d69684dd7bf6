"""Checks: what a statement claims beyond its evidence is named."""

from __future__ import annotations

import pytest

from summarise.check import check, numbers_in
from summarise.contract import Check, Evidence


def evidence(*quotes: str) -> list[Evidence]:
    return [Evidence(article="a", sentence=n, start=0, end=len(q), quote=q) for n, q in enumerate(quotes, 1)]


def made(
    statement: str, *quotes: str, actor: tuple[str, ...] = (), known: tuple[str, ...] = (), english: bool = True
) -> dict[str, Check]:
    return {c.name: c for c in check(statement, evidence(*quotes), actor=actor, known=known, english=english)}


def test_a_faithful_statement_passes_every_check() -> None:
    checks = made(
        "Turkey does not want Russia to keep its 2 bases.",
        "Turkey opposes Russia’s continued presence at the two bases.",
        actor=("Turkey",),
    )
    assert set(checks) == {"actor", "numbers", "negation", "names"}
    assert all(c.ok for c in checks.values())


@pytest.mark.parametrize(
    ("statement", "quote", "missing"),
    [
        ("It wants 50 years.", "It has leases of 49 years.", "50"),
        ("It wants 1,500 tons.", "It wants 1500 tons of wheat.", ""),
        ("It wants twelve ships.", "It wants 12 ships.", ""),
        ("It wants 12 ships.", "It wants two ships.", "12"),
        ("It wants 3.5 percent.", "It wants 3 percent of 5.", "3.5"),
    ],
)
def test_a_number_that_is_not_in_the_evidence_is_named(statement: str, quote: str, missing: str) -> None:
    found = made(statement, quote, english=False)["numbers"]
    assert found.ok == (not missing)
    assert missing in found.note


def test_number_words_and_digits_are_one() -> None:
    assert numbers_in("Two ships, 1,000 men and 49-year leases of twenty bases.") == {"2", "1000", "49", "20"}


def test_a_negation_that_the_evidence_lacks_is_named() -> None:
    assert not made("The ministry will not pay.", "The ministry will pay.")["negation"].ok
    assert made("The ministry will not pay.", "The ministry refuses to pay.")["negation"].ok
    assert made("The ministry does not comment.", "“No,” the ministry said.")["negation"].ok
    assert made("The ministry will pay.", "The ministry will pay.")["negation"].ok


def test_a_name_from_nowhere_is_named_unless_it_is_known() -> None:
    statement, quote = "The minister met Angela Merkel in Damascus.", "The minister held talks in Damascus."
    found = made(statement, quote)["names"]
    assert not found.ok
    assert "Angela Merkel" in found.note
    assert "Damascus" not in found.note
    assert made(statement, quote, known=("Angela Merkel",))["names"].ok


def test_an_actor_is_named_by_any_of_its_names_or_referred_to_or_missing() -> None:
    names = ("Mikhail Bogdanov", "the envoy")
    assert made("x", "Deputy Foreign Minister Bogdanov arrived.", actor=names)["actor"] == Check(
        name="actor", ok=True, note=""
    )
    referred = made("x", "He arrived on Tuesday.", actor=names)["actor"]
    assert referred.ok
    assert referred.note
    missing = made("x", "Wheat arrived in Tartus on Tuesday.", actor=names)["actor"]
    assert not missing.ok
    assert "Mikhail Bogdanov" in missing.note


def test_accents_and_transliterations_of_a_name_are_one() -> None:
    assert made("x", "Türkiye opposes the bases.", actor=("Turkiye",))["actor"].note == ""


def test_other_languages_are_checked_for_numbers_and_actor_only() -> None:
    assert set(made("Il ne paie pas 5.", "Le ministre paie 5.", actor=("ministre",), english=False)) == {
        "actor",
        "numbers",
    }


def test_no_evidence_fails_what_needs_some_and_never_raises() -> None:
    checks = made("Turkey does not want 5 of Merkel’s ships.", actor=("Turkey",))
    assert not any(c.ok for c in checks.values())
    assert all(c.note for c in checks.values())
