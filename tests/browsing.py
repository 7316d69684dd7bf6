"""A real headless Chromium for tests: Debian's, driven by Playwright, which downloads nothing.

Where there is no Chromium or no Playwright the tests that need one are skipped and say so, unless
SUMMARISE_TEST_BROWSER=required is set, as it is in CI.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


@contextmanager
def chromium() -> Iterator[Any]:
    """A started browser (`playwright.sync_api.Browser`)."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("Playwright is not installed")
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        _missing("there is no Chromium here (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        # Chromium's own sandbox needs what root in a container has not; the pages are ours.
        arguments = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


def _missing(why: str) -> None:
    if os.environ.get("SUMMARISE_TEST_BROWSER") == "required":
        pytest.fail(why)
    pytest.skip(why)


@dataclass
class Tab:
    """A page opened from disk, and everything it asked for, complained of or popped up."""

    page: Any
    asked_for: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@contextmanager
def opened(browser: Any, file: Path, *, size: tuple[int, int] = (1440, 900), **context: Any) -> Iterator[Tab]:
    """`file` in a tab of a fresh profile. `context` are Playwright's options: color_scheme, java_script_enabled, …"""
    profile = browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", **context)
    profile.set_default_timeout(10_000)
    tab = Tab(profile.new_page())
    profile.on("request", lambda request: tab.asked_for.append(request.url))
    profile.on("console", lambda message: tab.complaints.append(f"{message.type}: {message.text}"))
    profile.on("weberror", lambda error: tab.complaints.append(str(error.error)))
    profile.on("dialog", lambda dialog: tab.complaints.append(f"dialog: {dialog.message}"))
    tab.page.goto(file.as_uri())
    yield tab
    profile.close()
