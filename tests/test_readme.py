"""What README.md shows is what the program says."""

from __future__ import annotations

import re

import pytest
from readme import README, ROOT, filled, real_brief, real_help


def test_the_help_in_the_readme_is_the_program_s_own() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == filled(text, "help", real_help()), "run `make readme`"


def test_the_brief_in_the_readme_is_the_replayed_one() -> None:
    text, brief = README.read_text(encoding="utf-8"), real_brief()
    if not brief:
        pytest.skip("no recording in cassettes/ yet: make record")
    assert text == filled(text, "brief", brief), "run `make readme`"


def test_every_file_the_readme_links_to_exists() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target


def test_every_target_of_make_that_the_readme_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in set(re.findall(r"\bmake ([a-z]+)", README.read_text(encoding="utf-8"))):
        assert re.search(rf"^{name}:", makefile, re.MULTILINE), name
