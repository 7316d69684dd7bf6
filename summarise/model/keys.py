"""The key of an answer: a hash of exactly what can change it."""

from __future__ import annotations

import hashlib
import json
from functools import cache

from summarise.answers import Answer
from summarise.model.options import ModelOptions
from summarise.model.prompts import Messages
from summarise.model.schema import strict_schema


def answer_key(messages: Messages, answer: type[Answer], endpoint: str, model: str, options: ModelOptions) -> str:
    """ "sha256:<hex>" of the canonical JSON of messages, schema, mode, endpoint, model and what limits the answer.

    Time-outs, retries, limits and keys of the endpoint are left out: they decide whether an answer comes, not which.
    """
    parts = {  # in the order of their names
        "answer": answer.__name__,
        "endpoint": endpoint,
        "max_output_tokens": options.max_output_tokens,
        "messages": [messages.system, messages.user],
        "mode": options.mode,
        "model": model,
    }
    canonical = f'{_canonical(parts)[:-1]},"schema":{_schema(answer)}}}'
    return "sha256:" + hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _schema(answer: type[Answer]) -> str:
    return _canonical(strict_schema(answer))


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
