"""The client of ``openai``, whose streams are read leanly."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final
from urllib.request import getproxies, proxy_bypass

import httpx2
from openai import AsyncOpenAI, AsyncStream, Timeout
from openai.types.chat import ChatCompletionChunk
from openai.types.responses import ResponseStreamEvent

from widgetstream_server.agents.models.resources import Chat, Responses
from widgetstream_server.agents.models.streams.chat_completions import ChatCompletionsStream
from widgetstream_server.agents.models.streams.responses import ResponsesStream
from widgetstream_server.agents.models.transport import StreamTransport

_NO_KEY: Final = "none"
_CONNECT_SECONDS: Final = 10.0
# A person waits no longer than this for what the server says may help: beyond it, the person is told.
_PATIENCE_SECONDS: Final = 3.0

_LEAN: Final[dict[Any, type[AsyncStream[Any]]]] = {
    AsyncStream[ChatCompletionChunk]: ChatCompletionsStream,
    AsyncStream[ResponseStreamEvent]: ResponsesStream,
}


class ModelClient(AsyncOpenAI):
    """The client of ``openai``, with its configuration, authentication, retries, timeouts and pooling.

    What it streams is decoded by ``LeanStream``, for whoever uses it: the models of the Agents SDK run on it
    unchanged.
    """

    @cached_property
    def chat(self) -> Chat:
        """Chat Completions."""
        return Chat(self)

    @cached_property
    def responses(self) -> Responses:
        """The Responses API."""
        return Responses(self)

    async def post(self, path: str, **options: Any) -> Any:
        """Send a request; see ``openai.AsyncOpenAI.post``."""
        if options.get("stream"):
            options["stream_cls"] = _LEAN.get(options.get("stream_cls"), options.get("stream_cls"))
        return await super().post(path, **options)


def open_client(base_url: str, api_key: str | None, *, timeout: float, max_retries: int) -> ModelClient:
    """Return a client; the caller closes it.

    Args:
        base_url: Where the API is.
        api_key: The key. None: requests carry none.
        timeout: Seconds for which the server may be silent.
        max_retries: How many times a request that failed before its answer began is tried again.
    """
    limits = Timeout(timeout, connect=min(timeout, _CONNECT_SECONDS))
    http = httpx2.AsyncClient(
        transport=None if _is_proxied(base_url) else StreamTransport(),
        timeout=limits,
        follow_redirects=True,
        # Text that is compressed waits in the compressor.
        headers={"accept-encoding": "identity"},
        event_hooks={"request": [_drop_key] if api_key is None else [], "response": [_lose_patience]},
    )
    return ModelClient(
        # Neither is left out: the library would read the environment.
        api_key=api_key or _NO_KEY,
        base_url=base_url,
        timeout=limits,
        max_retries=max_retries,
        http_client=http,
    )


async def _drop_key(request: httpx2.Request) -> None:
    request.headers.pop("authorization", None)


async def _lose_patience(response: httpx2.Response) -> None:
    """Have the client not wait for a server that says to come back much later: a person would wait meanwhile."""
    advice = response.headers.get("retry-after")
    if response.status_code < 400 or advice is None:
        return
    try:
        patient = float(advice) <= _PATIENCE_SECONDS
    except ValueError:
        # A date: minutes, mostly.
        patient = False
    if not patient:
        response.headers["x-should-retry"] = "false"


def _is_proxied(url: str) -> bool:
    target = httpx2.URL(url)
    proxies = getproxies()
    return (target.scheme in proxies or "all" in proxies) and not proxy_bypass(target.host)
