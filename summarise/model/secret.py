"""The key, kept out of what an endpoint says: one may repeat it in a body, a header, a status line or an address."""

from __future__ import annotations

import logging
import os
from urllib.parse import quote

INSTEAD = "[the key]"
_SHORTEST = 8  # a shorter one is a word ("none", "ollama"), and may stand anywhere
_CORE = ("connection", "http11", "http2", "proxy", "socks")
_LOUD = ("httpx2", "vcr.cassette", *(f"httpcore2.{part}" for part in _CORE))
"""Loggers that write down, at some level, what came before we saw it; a filter works for the logger itself alone."""


def without_key(text: str) -> str:
    """The text with the key, as it is or as in an address, replaced."""
    key = os.environ.get("OPENAI_API_KEY", "").strip()
    if len(key) < _SHORTEST:
        return text
    for form in {key, quote(key, safe=""), quote(key)}:
        text = text.replace(form, INSTEAD)
    return text


def bytes_without_key(content: bytes) -> bytes:
    """The same for what is not decoded yet."""
    as_text = content.decode("latin-1")
    cleaned = without_key(as_text)
    return content if cleaned == as_text else cleaned.encode("latin-1", "replace")


class _Forgetful(logging.Filter):
    """Takes the key out of a record; a record that cannot be formatted says so itself."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            said = record.getMessage()
        except (TypeError, ValueError, KeyError):
            return True
        if (cleaned := without_key(said)) != said:
            record.msg, record.args = cleaned, ()
        return True


_forgetful = _Forgetful()


def keep_out_of_logs() -> None:
    """Sees to it that the client's libraries do not log the key, whatever level a program sets; may be called again."""
    for name in _LOUD:
        logging.getLogger(name).addFilter(_forgetful)
