"""Loading: files to articles. Nothing that a folder can hold is followed blindly, and no file goes unmentioned."""

from __future__ import annotations

from summarise.loading.duplicates import NearDuplicate, near_duplicates
from summarise.loading.folder import (
    Found,
    Shelf,
    found_files,
    found_in_folder,
    found_texts,
    load_files,
    load_folder,
    load_texts,
)
from summarise.loading.given import ArticleFile, ArticleText

__all__ = [
    "ArticleFile",
    "ArticleText",
    "Found",
    "NearDuplicate",
    "Shelf",
    "found_files",
    "found_in_folder",
    "found_texts",
    "load_files",
    "load_folder",
    "load_texts",
    "near_duplicates",
]
