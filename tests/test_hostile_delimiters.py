"""What imitates our marks, roles, templates or JSON reaches the model as it stands in the article, and as no more."""

from __future__ import annotations

import pytest
from imitations import PLACES, STRINGS, arrived


@pytest.mark.parametrize("place", PLACES)
def test_forty_imitations_reach_the_model_to_the_letter(place: str) -> None:
    found = arrived(place)
    assert set(STRINGS) - set(found.strings) == set()
    assert found.wrong == ()
    assert len(set(STRINGS)) == 40
