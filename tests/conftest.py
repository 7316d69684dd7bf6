"""What holds for all tests: examples made by Hypothesis repeat where CI runs."""

from __future__ import annotations

import os

from hypothesis import settings

# A slow machine is no failure; a run that fails on one machine must fail on the next.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
