"""Moved to summarise.contract (temporary, until every file imports it from there)."""

from summarise.contract import *  # noqa: F403
