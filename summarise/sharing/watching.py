"""Who has shown no sign of life: told by counters that stand still, by the clock of who watches."""

from __future__ import annotations

from collections.abc import Mapping

LOOKS = 3
"""How often a watcher must have looked within a lease: who was held up, or whose clock jumped, has seen nothing."""


class Watch:
    """Remembers for how long each counter has been seen to stand still; `lease` and `now` in seconds of one clock."""

    def __init__(self, lease: float) -> None:
        self._lease = lease
        self._seen: dict[str, tuple[int, float]] = {}
        self._looked = 0.0

    def still(self, beats: Mapping[str, int], now: float) -> list[str]:
        """Those whose counter has stood still for longer than the lease; who is new has just moved."""
        passed = max(0.0, min(now - self._looked, self._lease / LOOKS))
        self._looked = now
        seen = {}
        for name, beat in beats.items():
            before, still = self._seen.get(name, (None, 0.0))
            seen[name] = (beat, still + passed if before == beat else 0.0)
        self._seen = seen
        return [name for name, (_, still) in seen.items() if still > self._lease]
