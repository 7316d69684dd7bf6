"""The language of a text."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Any

SHORTEST = 40
"""Letters below which no language is named."""

CERTAIN = 0.7
"""Share of probability below which no language is named."""

_LOOKED_AT = 5000
_one_loads = Lock()


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([label for label in identifier.labels if len(label) == 2])  # ISO 639-1, no dialects
    return identifier


def of(text: str) -> str:
    """ISO 639-1 code of the language of `text` (py3langid); empty where it is too short or uncertain."""
    sample = text[:_LOOKED_AT]
    if sum(char.isalpha() for char in sample) < SHORTEST:
        return ""
    with _one_loads:  # threads that come together would each load its tables
        identifier = _identifier()
    language, share = identifier.classify(sample)
    return str(language) if share >= CERTAIN else ""
