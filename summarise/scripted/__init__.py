"""A scripted model: an OpenAI-compatible endpoint on loopback that answers by rules, for tests and benchmarks.

    with ScriptedModel(latency=0.2, faults=("503:rate=0.1",)) as model:
        parse("openai:scripted", base_url=model.base_url)

`python -m summarise.scripted` runs it on its own and prints its base URL.
"""

from __future__ import annotations

from summarise.scripted.faults import Fault
from summarise.scripted.server import Handled, ScriptedModel

__all__ = ["Fault", "Handled", "ScriptedModel"]
