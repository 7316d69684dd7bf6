"""Values are immutable, closed, and share what Pydantic would keep for each of them."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from summarise.contract import Check, Evidence, Fact


def evidence(sentence: int = 1) -> Evidence:
    return Evidence(article="a-1", sentence=sentence, start=0, end=3, quote="yes")


def test_values_with_the_same_fields_given_share_the_set_of_their_names() -> None:
    assert evidence(1).model_fields_set is evidence(2).model_fields_set
    assert evidence().model_fields_set == {"article", "sentence", "start", "end", "quote"}


def test_what_was_not_given_is_still_known() -> None:
    bare = Evidence.model_construct(article="a-1")
    assert bare.model_fields_set == {"article"}
    assert bare.model_dump(exclude_unset=True) == {"article": "a-1"}


def test_a_copy_with_another_value_leaves_those_that_share_its_set_as_they_were() -> None:
    bare = Evidence.model_construct(article="a-1")
    other = Evidence.model_construct(article="a-2")
    changed = bare.model_copy(update={"quote": "no"})
    assert changed.model_fields_set == {"article", "quote"}
    assert bare.model_fields_set == other.model_fields_set == {"article"}


def test_equal_values_are_equal_however_they_were_made() -> None:
    one = Fact(id="f-1", about="", value="", according_to="", evidence=(evidence(),))
    assert Fact.model_validate_json(one.model_dump_json()) == one
    assert hash(Check(name="quote", ok=True, note="")) == hash(Check(name="quote", ok=True, note=""))


def test_values_cannot_be_changed_and_take_nothing_unknown() -> None:
    with pytest.raises(ValidationError):
        evidence().quote = "no"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Check.model_validate({"name": "quote", "ok": True, "note": "", "more": 1})
