"""Who has shown no sign of life: told by counters that stand still, by the clock of who watches."""

from __future__ import annotations

from collections.abc import Mapping


class Watch:
    """Remembers when each counter was last seen to move; `lease` in seconds of whatever clock `now` is read from."""

    def __init__(self, lease: float) -> None:
        self._lease = lease
        self._seen: dict[str, tuple[int, float]] = {}

    def still(self, beats: Mapping[str, int], now: float) -> list[str]:
        """Those whose counter has not moved for longer than the lease; who is new has just moved."""
        seen = {}
        for name, beat in beats.items():
            before = self._seen.get(name)
            seen[name] = before if before is not None and before[0] == beat else (beat, now)
        self._seen = seen
        return [name for name, (_, since) in seen.items() if now - since > self._lease]
