"""How long the parts of a batch are waited for, and how much goes into one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Times in seconds, and the limits of one batch.

    OpenAI takes 50,000 requests and 200 MB a file, and answers within `completion_window`, for which it knows "24h".
    """

    quiet: float = 3.0
    """A batch is submitted when no further question has come for so long."""
    first_poll: float = 5.0
    longest_poll: float = 300.0
    longer: float = 1.5
    """Between two looks at a batch, and how many times longer before each further one."""
    lease: float = 120.0
    """A submission whose process has not been heard of for so long is taken over."""
    patience: int = 24
    """Looks at one batch that may fail one after the other, each of them tried again as any request is."""
    first_retry: float = 0.5
    """Before a call that failed is made again; eight times longer before each further one."""
    questions: int = 50_000
    size: int = 190_000_000
    """Bytes of one file."""
    sleep: Callable[[float], Awaitable[None]] = field(default=asyncio.sleep, repr=False)
