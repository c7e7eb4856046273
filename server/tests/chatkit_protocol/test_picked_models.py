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
from widgetstream.chatkit.v1.item_pb2 import UserMessageInput
from widgetstream_server.agents.models.catalog import ModelCatalog
from widgetstream_server.app import Application, Parts
from widgetstream_server.auth import DevelopmentKey
from widgetstream_server.chatkit_json import decode

from .client import ChatKitClient, message

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
