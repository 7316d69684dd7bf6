"""`brief.json`: the same brief, the same bytes, and nothing in them that acts on a screen."""

from __future__ import annotations

import json
import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from made_briefs import run, seeds_brief

from summarise.contract import Brief
from summarise.render.canonical import brief_json, canonical_json, escaped


def test_a_brief_comes_back_from_its_json_unchanged() -> None:
    brief = seeds_brief()
    assert Brief.model_validate_json(brief_json(brief)) == brief


def test_the_same_brief_gives_the_same_bytes() -> None:
    assert brief_json(seeds_brief()) == brief_json(seeds_brief())


def test_only_the_run_section_differs_between_two_runs() -> None:
    one, other = json.loads(brief_json(seeds_brief())), json.loads(brief_json(seeds_brief(run=run(seconds=99.0))))
    assert one.pop("run") != other.pop("run")
    assert one == other


def test_keys_stand_in_the_order_of_the_contract_and_the_schema_comes_first() -> None:
    keys = list(json.loads(brief_json(seeds_brief())))
    assert keys[:5] == ["schema", "story", "complete", "title", "summary"]
    assert keys[-1] == "run"


def test_letters_stay_readable_and_are_not_escaped() -> None:
    assert "Türkiye" in brief_json(seeds_brief())


@given(st.text(st.characters()))
def test_any_text_comes_back_to_the_letter_and_no_control_character_is_written(text: str) -> None:
    written = canonical_json({"quote": text})
    assert json.loads(written) == {"quote": text}
    for character in written.replace("\n", ""):
        assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.bidirectional(character) not in (
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        )


def test_bidirectional_controls_terminal_controls_and_lone_surrogates_are_written_as_escapes() -> None:
    written = canonical_json("\x1b\x7f\x9b\u202e\u2066\u200f\u2028\ud800\U000e0041")
    assert written == '"\\u001b\\u007f\\u009b\\u202e\\u2066\\u200f\\u2028\\ud800\\udb40\\udc41"\n'


# DEL and C1, bidirectional and other invisible format characters, separators, lone surrogates, noncharacters.
ESCAPED = [
    *((0x7F, 0x9F), (0xAD, 0xAD), (0x61C, 0x61C), (0x180E, 0x180E), (0x200B, 0x200B), (0x200E, 0x200F)),
    *((0x2028, 0x202E), (0x2060, 0x206F), (0xD800, 0xDFFF), (0xFDD0, 0xFDEF), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB)),
    *((0xFFFE, 0xFFFF), (0xE0000, 0xE0FFF)),
]


def test_of_all_unicode_just_what_acts_unseen_is_escaped() -> None:
    found = [code for code in range(sys.maxunicode + 1) if escaped(chr(code)) != chr(code)]
    assert found == [code for first, last in ESCAPED for code in range(first, last + 1)]


@given(st.text(st.characters()))
def test_a_text_is_escaped_character_by_character(text: str) -> None:
    assert escaped(text) == "".join(map(escaped, text))
    assert escaped(f"a\x7f{text}") == "a\\u007f" + escaped(text)
