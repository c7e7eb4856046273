"""What is sent to models: the same as the client of ``openai`` sends by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from openai import AsyncOpenAI, omit

from tests.agents.model_server import ModelServer, stream
from tests.agents.scene import text_events
from widgetstream_server.agents.models.openai import ModelConfig, make_client

SAID: list[dict[str, Any]] = [
    {"role": "user", "content": "Grüße"},
    {"role": "user", "content": [{"type": "text", "text": "and this"}]},
]
PARAMETERS = {"type": "object", "properties": {"due": {"type": ["string", "null"]}}, "required": ["due"]}
CHAT_TOOLS = [{"type": "function", "function": {"name": "add", "parameters": PARAMETERS, "strict": True}}]
TOOLS = [{"type": "function", "name": "add", "parameters": PARAMETERS, "strict": True}]


def one_by_one(entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield from entries


async def _completion(client: Any, **more: Any) -> None:
    async with await client.chat.completions.create(
        model="m", messages=one_by_one(SAID), stream=True, temperature=0.5, **more
    ):
        pass


async def _response(client: Any, **more: Any) -> None:
    async with client.responses.with_streaming_response.create(model="m", stream=True, top_p=0.5, **more) as response:
        await response.parse()


@pytest.mark.parametrize(
    "ask,more",
    [
        (_completion, {"tools": one_by_one(CHAT_TOOLS), "extra_body": {"guided": True}}),
        (_completion, {"tools": CHAT_TOOLS, "extra_body": {"tools": []}}),
        (_completion, {"tools": omit, "extra_headers": {"x-own": "1"}}),
        (_response, {"input": SAID, "tools": TOOLS, "instructions": "Be brief.", "extra_body": {"guided": True}}),
        (_response, {"input": "hello", "tools": omit}),
        (_response, {"prompt": {"id": "pmpt_1"}}),
    ],
)
async def test_a_request_is_the_same_as_without_our_shortcut(ask: Any, more: dict[str, Any]) -> None:
    answers = [stream(text_events("yes")) for _ in range(2)]
    async with ModelServer(*answers) as server:
        config = ModelConfig(api_key="k", models=("m",), base_url=server.url, max_retries=0)
        async with (
            make_client(config) as ours,
            AsyncOpenAI(api_key="k", base_url=server.url, max_retries=0) as plain,
        ):
            for client in (ours, plain):
                await ask(client, **{name: _again(value) for name, value in more.items()})

    assert server.bodies[0] == server.bodies[1]
    assert server.paths[0] == server.paths[1]
    assert server.headers[0].get("x-own") == server.headers[1].get("x-own")


def _again(value: Any) -> Any:
    """Return a fresh iterator in place of one that may be read once."""
    return one_by_one(CHAT_TOOLS) if isinstance(value, Iterator) else value


async def test_what_was_asked_is_not_kept_while_the_answer_comes() -> None:
    async with ModelServer(stream(text_events("yes"))) as server:
        config = ModelConfig(api_key="k", models=("m",), base_url=server.url, max_retries=0)
        async with (
            make_client(config) as client,
            await client.responses.create(model="m", input="a long question", stream=True) as answer,
        ):
            request = answer.response.request

    assert (request.method, str(request.url)) == ("POST", f"{server.url}/responses")
    assert request.content == b""
