"""Models behind OpenAI's API: both APIs through the true client, and how each failure is told."""

from __future__ import annotations

import dataclasses
import logging
import socket
from typing import Any

import pytest

from tests.agents.model_server import Answer, ModelServer, problem, stream
from tests.agents.playing import show
from tests.agents.scene import Scene, agent, said, text_events
from widgetstream_server.agents import configure_sdk, run_agent
from widgetstream_server.agents.models.catalog import ModelCatalog
from widgetstream_server.agents.models.openai import ModelConfig, build_catalog, build_model
from widgetstream_server.agents.models.response_events import function_call_item, response_events
from widgetstream_server.conversation.errors import (
    InvalidArgumentError,
    ModelUnavailableError,
    NotConfiguredError,
)

KEY = "sk-very-secret"


def config(url: str, **changes: Any) -> ModelConfig:
    base = ModelConfig(api_key=KEY, models=("big", "small"), base_url=url, timeout=5.0, max_retries=0)
    return dataclasses.replace(base, **changes)


async def play(made: ModelConfig, trace: list[str] | None = None) -> list[str]:
    """Run an agent on a model of a configuration, with a tool, and return what it put out."""
    trace = [] if trace is None else trace
    catalog = build_catalog(made)
    try:
        async for event in run_agent(agent(catalog.get(), show), "secret words of the person", Scene().context):
            trace.append(said(event))
    finally:
        await catalog.close()
    return trace


def a_call() -> Answer:
    return stream(response_events([function_call_item("fc", "c1", "show", {"text": "milk"})], response_id="r"))


def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}


def chat_call(arguments: str) -> list[dict[str, Any]]:
    function = {"name": "show", "arguments": ""}
    call: dict[str, Any] = {"index": 0, "id": "c1", "type": "function", "function": function}
    rest = {"index": 0, "function": {"arguments": arguments}}
    return [chunk({"role": "assistant", "tool_calls": [call]}), chunk({"tool_calls": [rest]}, "tool_calls")]


async def test_the_responses_api() -> None:
    async with ModelServer(a_call(), stream(text_events("All ", "good."))) as server:
        trace = await play(config(server.url))

    assert trace == [
        "wid_1 done: milk",
        "msg_1 added",
        "msg_1 part 0",
        "msg_1 +'All good.'",
        "msg_1 part 0 = 'All good.'",
        "msg_1 done: All good.",
    ]
    assert server.paths == ["/v1/responses", "/v1/responses"]
    assert server.headers[0]["authorization"] == f"bearer {KEY}"
    assert (server.bodies[0]["model"], server.bodies[0]["stream"]) == ("big", True)


async def test_the_chat_completions_api() -> None:
    thoughts = [chunk({"role": "assistant", "content": ""}), chunk({"content": "I will."})]
    text = [chunk({"content": "All "}), chunk({"content": "good."}), chunk({}, "stop")]
    async with ModelServer(stream([*thoughts, *chat_call('{"text": "milk"}')]), stream(text)) as server:
        trace = await play(config(server.url, api="chat_completions"))

    assert trace == [
        "msg_1 added",
        "msg_1 part 0",
        "msg_1 +'I will.'",
        "msg_1 part 0 = 'I will.'",
        "msg_1 done: I will.",
        "wid_1 done: milk",
        "msg_2 added",
        "msg_2 part 0",
        "msg_2 +'All good.'",
        "msg_2 part 0 = 'All good.'",
        "msg_2 done: All good.",
    ]
    assert server.paths == ["/v1/chat/completions"] * 2


BUSY = "The model is busy. Try again in a moment."
ACCESS = "The model's server refuses the access that is configured here."
LONG = "The conversation is too long for the model."
FAILED = "The model failed. Try again in a moment."


@pytest.mark.parametrize(
    "answer,message,final,retry_after",
    [
        (problem(401, code="invalid_api_key"), ACCESS, True, None),
        (problem(403), ACCESS, True, None),
        (problem(404), "The model that is configured here does not exist on its server.", True, None),
        (problem(400), "The model's server did not accept the request.", True, None),
        (problem(400, code="context_length_exceeded"), LONG, True, None),
        (problem(413), LONG, True, None),
        (problem(429, headers={"retry-after": "7"}), BUSY, False, 7.0),
        (problem(429, headers={"retry-after-ms": "250"}), BUSY, False, 0.25),
        # The clock stands at 12:00:00.
        (problem(429, headers={"retry-after": "Mon, 02 Mar 2026 12:00:30 GMT"}), BUSY, False, 30.0),
        (problem(429, headers={"retry-after": "Mon, 02 Mar 2026 11:00:00 GMT"}), BUSY, False, 0.0),
        (problem(429, headers={"retry-after": "999999"}), BUSY, False, 3600.0),
        (problem(429, headers={"retry-after": "nan"}), BUSY, False, None),
        (problem(429, headers={"retry-after": "soon"}), BUSY, False, None),
        (problem(429, code="insufficient_quota"), "The quota of the model is used up.", True, None),
        (problem(500), FAILED, False, None),
        (problem(503, headers={"retry-after": "2"}), FAILED, False, 2.0),
    ],
)
async def test_a_refusal_is_told_in_words_of_ours(
    answer: Answer, message: str, final: bool, retry_after: float | None, capfd: pytest.CaptureFixture[str]
) -> None:
    async with ModelServer(answer) as server:
        with pytest.raises(ModelUnavailableError) as raised:
            await play(config(server.url))

    logged = "".join(capfd.readouterr())
    assert (raised.value.message, raised.value.final, raised.value.retry_after) == (message, final, retry_after)
    assert "agent_failed" in logged
    assert "secret" not in logged


async def test_a_server_that_is_not_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        with pytest.raises(ModelUnavailableError) as raised:
            await play(config(url))

    assert raised.value.message == "The model's server cannot be reached. Try again in a moment."


async def test_a_server_that_falls_silent() -> None:
    trace: list[str] = []
    async with ModelServer(stream(text_events("So ", "far")[:6], then="silence")) as server:
        with pytest.raises(ModelUnavailableError):
            await play(config(server.url, timeout=0.3), trace)

    assert trace == ["msg_1 added", "msg_1 part 0", "msg_1 +'So far'"]


@pytest.mark.parametrize("api", ["responses", "chat_completions"])
async def test_a_connection_that_breaks_in_the_middle_leaves_the_text_so_far(api: str) -> None:
    trace: list[str] = []
    said_so_far: Any = text_events("So ", "far")[:6]
    if api == "chat_completions":
        said_so_far = [chunk({"content": "So "}), chunk({"content": "far"})]
    async with ModelServer(stream(said_so_far, then="break")) as server:
        with pytest.raises(ModelUnavailableError):
            await play(config(server.url, api=api), trace)

    assert trace == ["msg_1 added", "msg_1 part 0", "msg_1 +'So far'"]


async def test_an_error_in_the_middle_of_the_stream() -> None:
    trace: list[str] = []
    error = {"type": "error", "sequence_number": 9, "code": "server_error", "message": "secret", "param": None}
    async with ModelServer(stream([*text_events("So ", "far")[:6], error])) as server:
        with pytest.raises(ModelUnavailableError) as raised:
            await play(config(server.url), trace)

    assert trace[-1] == "msg_1 +'So far'"
    assert "secret" not in raised.value.message


LENGTH = "notice: The answer ends here because it reached the model's limit of length."
FILTER = "notice: The answer was stopped by the content filter of the model's server."


@pytest.mark.parametrize("reason,notice", [("max_output_tokens", LENGTH), ("content_filter", FILTER)])
async def test_an_answer_that_is_cut_off_is_kept_with_a_notice(reason: str, notice: str) -> None:
    events = [each.model_dump(mode="json") for each in text_events("So far")]
    cut = events[-1]
    cut["type"] = "response.incomplete"
    cut["response"] |= {"status": "incomplete", "incomplete_details": {"reason": reason}}
    async with ModelServer(stream([*events[:-1], cut])) as server:
        trace = await play(config(server.url))

    assert trace[-2:] == ["msg_1 done: So far", notice]


@pytest.mark.parametrize("reason,notice", [("length", LENGTH), ("content_filter", FILTER)])
async def test_a_completion_that_is_cut_off_is_kept_with_a_notice(reason: str, notice: str) -> None:
    begun = {"index": 0, "id": "c1", "function": {"name": "show", "arguments": '{"text": "mi'}}
    cut = [chunk({"content": "So far"}), chunk({"tool_calls": [begun]}), chunk({}, reason)]
    async with ModelServer(stream(cut), stream([chunk({}, reason)])) as server:
        made = config(server.url, api="chat_completions")
        trace, nothing = await play(made), await play(made)

    assert trace[-2:] == ["msg_1 done: So far", notice]
    assert nothing == [notice]


async def test_a_request_that_failed_before_its_answer_began_is_tried_again() -> None:
    async with ModelServer(problem(503, headers={"retry-after-ms": "1"}), stream(text_events("ok"))) as server:
        trace = await play(config(server.url, max_retries=1))

    assert trace[-1] == "msg_1 done: ok"


async def test_people_pick_models_by_name() -> None:
    catalog = build_catalog(config("http://127.0.0.1:1/v1"))
    with pytest.raises(InvalidArgumentError) as raised:
        catalog.get("huge")

    assert catalog.names == ("big", "small")
    assert catalog.get() is catalog.get("") is catalog.get("big")
    assert catalog.get("small") is not catalog.get("big")
    assert raised.value.violations[0].field == "user_message.inference_options.model"
    assert raised.value.violations[0].description == "must be one of big, small"
    await catalog.close()


async def test_a_catalog_without_models_says_that_none_is_configured() -> None:
    catalog = ModelCatalog()
    with pytest.raises(NotConfiguredError):
        catalog.get()
    await catalog.close()

    assert not catalog
    assert build_catalog(config("http://127.0.0.1:1/v1"))


@pytest.mark.parametrize("changes", [{"api_key": ""}, {"models": ()}, {"models": ("a", "")}, {"models": ("a", "a")}])
def test_a_configuration_that_cannot_work_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must"):
        config("http://127.0.0.1:1/v1", **changes)


async def test_neither_the_key_nor_what_is_said_gets_into_logs(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    before = {name: logging.getLogger(name).level for name in ("openai", "openai.agents")}
    caplog.set_level(logging.DEBUG)
    configure_sdk()
    try:
        async with ModelServer(a_call(), stream(text_events("secret answer"))) as server:
            made = config(server.url)
            await play(made)
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)

    logged = caplog.text + "".join(capfd.readouterr())
    shown = repr(made) + repr(build_model(made))
    assert "secret" not in logged
    assert "secret" not in shown


async def test_without_a_key_requests_carry_none() -> None:
    async with ModelServer(stream(text_events("ok"))) as server:
        await play(config(server.url, api_key=None))

    assert "authorization" not in server.headers[0]
