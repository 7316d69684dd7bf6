"""Disks that fail at any write, fsync or rename: the old state or the new, never a mixture, and a clear message."""

from __future__ import annotations

import pytest
from failing_io import library, trial

pytestmark = pytest.mark.skipif(
    library() is None, reason="needs Linux and a C compiler; torture/io_errors.py says more"
)


@pytest.mark.parametrize(
    ("scene", "code", "words"),
    [
        ("output", "ENOSPC", "free space"),
        ("first", "EIO", "mend that folder"),
        ("file", "EACCES", "allow writing"),
        ("store", "ENOSPC", "is full; free some space"),
    ],
)
def test_whatever_write_fails_leaves_the_old_state_or_the_new(scene: str, code: str, words: str) -> None:
    found = trial(scene, code, "once")
    assert found["places"] >= 4
    assert found["old"] + found["new"] == found["places"], found
    assert found["wrong"] == []
    assert any(words in said for said in found["messages"]), found["messages"]


def test_where_nothing_can_be_renamed_any_more_the_old_files_are_put_back_all_the_same() -> None:
    found = trial("output", "EIO", "ever")
    assert found["old"] + found["new"] == found["places"], found
    assert found["wrong"] == []


def test_where_nothing_at_all_can_be_put_back_the_brief_has_all_it_points_to() -> None:
    found = trial("output", "ENOSPC", "dead")
    assert found["mixed"] == 0, found
    assert found["wrong"] == []
