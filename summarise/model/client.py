"""The HTTP client: no retries of its own, and no answer larger than an answer can be.

A few kilobytes can unpack to gigabytes, and an endpoint can send without end; what comes is counted as it is unpacked.
And nothing goes on from here that repeats the key.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from summarise.model.options import ModelOptions
from summarise.model.secret import bytes_without_key, keep_out_of_logs, without_key
from summarise.model.spec import ModelSpec, api_key, is_loopback

if TYPE_CHECKING:
    import ssl

    from openai import AsyncOpenAI

MOST_BYTES = 16 * 2**20
"""Of one answer, unpacked; the longest that models give, their reasoning with it, has one or two million."""

_OF_THE_WIRE = ("content-encoding", "content-length", "transfer-encoding")


class TooLarge(Exception):
    """An answer of more than `MOST_BYTES`."""


@cache
def _certificates(trust_env: bool) -> ssl.SSLContext:
    """The certificates of the system: reading them takes longer than a question, and a service opens many readers."""
    import httpx2

    return httpx2.create_ssl_context(trust_env=trust_env)


def new_client(spec: ModelSpec, options: ModelOptions) -> AsyncOpenAI:
    """A client for the endpoint of `spec`. Raises ConfigurationError where there is no key for it."""
    import httpx2
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient

    class Bounded(DefaultAsyncHttpxClient):
        async def send(self, request: httpx2.Request, **given: Any) -> httpx2.Response:
            response = await super().send(request, **{**given, "stream": True})
            if given.get("stream") and response.is_success:  # its reader counts: the files of a batch are large
                return response
            body = bytearray()
            try:
                async for part in response.aiter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise TooLarge(f"more than {MOST_BYTES:,} bytes")
            finally:
                await response.aclose()
            headers = response.headers.multi_items()
            return httpx2.Response(  # without the status line's words, too
                response.status_code,
                headers=[(name, without_key(value)) for name, value in headers if name not in _OF_THE_WIRE],
                content=bytes_without_key(bytes(body)),
                request=response.request,
            )

    keep_out_of_logs()
    timeout = httpx2.Timeout(options.timeout, connect=min(10.0, options.timeout))
    # a proxy that the environment names cannot reach this machine; and articles go where a person said, nowhere else
    trusting = not is_loopback(spec.base_url)
    http = Bounded(timeout=timeout, trust_env=trusting, follow_redirects=False, verify=_certificates(trusting))
    return AsyncOpenAI(api_key=api_key(spec), base_url=spec.base_url, max_retries=0, timeout=timeout, http_client=http)
