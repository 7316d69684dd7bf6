"""JSON as the service sends it: by whatever it is shown, nothing in it acts unseen."""

from __future__ import annotations

import json
from typing import Any

from fastapi.responses import JSONResponse

from summarise.render.canonical import escaped


class SoundJSON(JSONResponse):
    """As `brief.json` has it: readable, and controls, bidirectional and invisible characters as `\\uXXXX`."""

    def render(self, content: Any) -> bytes:
        """The body. Raises ValueError for a number that JSON does not have."""
        return escaped(json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))).encode()
