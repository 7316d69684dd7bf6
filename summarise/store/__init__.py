"""The store: what was paid for or read once, and every version of a brief.

    answers     every answer of a model, under a hash of exactly what can change it (see `summarise.model.keys`)
    articles    articles as the loader read them, under whatever key the loader gives
    spending    the ledger: what every question cost, kept whatever else is removed
    texts       the cleaned texts that versions point into, by article id, once each
    versions    per series (a story and its folder), numbered from 1 without a gap

One SQLite file, or a PostgreSQL database for several machines; the operations are the same code. Who comes first
wins, and what is stored is what everyone reads back, in this process or another. A write is one transaction, durable
when the call returns. Plain text (article texts, story and folder names) is kept as UTF-8 bytes with lone surrogates
and NUL in them, and comes back to the letter; in JSON both are written as `\\uXXXX`, which is the same JSON, since
neither database holds every text that Python does. Hashes name their algorithm ("sha256:<hex>").
"""

from __future__ import annotations

from summarise.store.places import default_path, default_place
from summarise.store.records import (
    Collected,
    Counts,
    Series,
    Spent,
    StoredAnswer,
    StoredArticle,
    Version,
    VersionEntry,
)
from summarise.store.store import Store, open_store

__all__ = [
    "Collected",
    "Counts",
    "Series",
    "Spent",
    "Store",
    "StoredAnswer",
    "StoredArticle",
    "Version",
    "VersionEntry",
    "default_path",
    "default_place",
    "open_store",
]
