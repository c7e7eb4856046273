"""The resources of the client of ``openai`` that make responses, with less work for each request.

Before it sends a request, the client walks through all of its parameters, each message and the schema of each tool, to
find names and values that are written otherwise on the wire. What models get here has none of these: it is JSON
already, and the walk would take more time than all else that the client does. So the large parameters go into the body
as they are, the way that the client offers for parameters which it does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from openai import NotGiven, Omit
from openai.resources.chat import AsyncChat, AsyncCompletions
from openai.resources.responses import AsyncResponses


class Chat(AsyncChat):
    """Chat Completions; see ``openai.resources.chat.AsyncChat``."""

    @cached_property
    def completions(self) -> Completions:
        """The completions."""
        return Completions(self._client)


class Completions(AsyncCompletions):
    """See ``openai.resources.chat.AsyncCompletions``."""

    async def create(self, **params: Any) -> Any:
        """Ask for a completion; ``messages`` and ``tools`` are JSON."""
        body = _take(params, "messages", "tools")
        return await super().create(messages=(), **params, extra_body=body)


class Responses(AsyncResponses):
    """See ``openai.resources.responses.AsyncResponses``."""

    async def create(self, **params: Any) -> Any:
        """Ask for a response; ``input`` and ``tools`` are JSON."""
        body = _take(params, "input", "tools")
        return await super().create(**params, extra_body=body)


def _take(params: dict[str, Any], *names: str) -> Mapping[str, Any]:
    """Take parameters out, and return them with what else is to be added to the body, which takes precedence."""
    given = {name: params.pop(name) for name in names if name in params}
    # Any iterable is welcome, as it is to the client.
    body = {
        name: value if isinstance(value, str | list) else list(value)
        for name, value in given.items()
        if not isinstance(value, Omit | NotGiven)
    }
    return body | (params.pop("extra_body", None) or {})
