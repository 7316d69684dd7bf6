"""`python -m summarise` is the program `summarise`."""

from __future__ import annotations

from summarise.cli import main

main()
