"""A model that there is not is refused as a status, before anything is stored, at both doors."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import grpc
import pytest
from agents import Model

from tests.rpc.conftest import settings_for
from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.item_pb2 import UserMessageInput, UserMessageItem
from widgetstream_server.agents.models.catalog import ModelCatalog
from widgetstream_server.app import Application, Parts
from widgetstream_server.auth import DevelopmentKey
from widgetstream_server.chatkit_json import decode
from widgetstream_server.conversation.context import RequestContext
from widgetstream_server.conversation.errors import InvalidArgumentError

from .client import ChatKitClient, message
from .conftest import serving
from .scripts import OurApp

# Asked for by name alone: none of them answers.
MODELS: Mapping[str, Model] = {name: cast("Model", object()) for name in ("large", "small")}
RULES = [(MODELS, "must be one of large, small"), ({}, "must not be set: there are no models to pick from here")]


@pytest.mark.parametrize("models, rule", RULES, ids=["others", "none"])
async def test_an_unknown_model(tmp_path: Path, models: Mapping[str, Model], rule: str) -> None:
    async with AsyncExitStack() as stack:
        parts = Parts(models=ModelCatalog(models))
        application = await stack.enter_async_context(Application(settings_for(tmp_path), parts))
        token = DevelopmentKey.load_or_create(tmp_path / "keys").sign("ada", timedelta(hours=1), datetime.now(UTC))
        channel = await stack.enter_async_context(grpc.aio.insecure_channel(f"127.0.0.1:{application.port}"))
        chatkit = ChatKitClient(channel, token)
        respond: Any = channel.unary_stream("/widgetstream.chatkit.v1.ChatKitService/Respond")
        said = message("hi", inference_options={"model": "huge"})

        reply = await chatkit.post({"type": "threads.create", "params": {"input": said}})
        request = pb.RespondRequest(user_message=decode(UserMessageInput, said))
        call = respond(request.SerializeToString(), metadata=(("authorization", f"Bearer {token}"),))
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await call.read()

        assert (reply.code, reply.reason) == ("INVALID_ARGUMENT", "INVALID_ARGUMENT")
        assert reply.fields == {"params.input.inference_options.model": rule}
        assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
        assert refused.value.details() == f"user_message.inference_options.model: {rule}"
        assert (await chatkit.ask("threads.list"))["data"] == []


class Fussy(OurApp):
    """Answers messages, until their model is taken away."""

    def __init__(self) -> None:
        super().__init__()
        self.models = {"large", "small"}

    async def check_message(self, message: UserMessageItem, context: RequestContext) -> None:
        if message.inference_options.model not in self.models:
            raise InvalidArgumentError.of("user_message.inference_options.model", "must be another one")


async def test_another_answer_of_a_model_that_is_gone(tmp_path: Path) -> None:
    app = Fussy()
    async with serving(tmp_path, lambda: app) as running:
        said = message("text", inference_options={"model": "large"})
        events = await running.client.stream("threads.create", input=said)
        asked = {"thread_id": events[0]["thread"]["id"], "item_id": events[1]["item"]["id"]}
        before = await running.client.ask("items.list", thread_id=asked["thread_id"])
        app.models.remove("large")
        reply = await running.client.post({"type": "threads.retry_after_item", "params": asked})
        after = await running.client.ask("items.list", thread_id=asked["thread_id"])

    assert (reply.code, reply.reason) == ("INVALID_ARGUMENT", "INVALID_ARGUMENT")
    assert reply.fields == {
        "params.item_id": "is of a message that can no longer be answered: inference_options.model must be another one"
    }
    assert after == before
