"""The language of a text."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace
from unittest import mock

from summarise.loading import language

TEXT = "The mayor said on Tuesday that the harbour will stay open until the end of the year."


def test_threads_that_come_together_load_the_tables_once() -> None:
    together, identifier = (
        Barrier(4),
        SimpleNamespace(labels=["en"], set_languages=lambda _: None, classify=lambda _: ("en", 1.0)),
    )

    def one() -> str:
        together.wait()
        return language.of(TEXT)

    language._identifier.cache_clear()
    try:
        with mock.patch("py3langid.langid.LanguageIdentifier.from_model_file", return_value=identifier) as load:
            with ThreadPoolExecutor(4) as threads:
                assert [each.result() for each in [threads.submit(one) for _ in range(4)]] == ["en"] * 4
            assert load.call_count == 1
    finally:
        language._identifier.cache_clear()
