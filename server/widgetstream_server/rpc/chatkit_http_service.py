"""``ChatKitHttpService``: ChatKit's own HTTP protocol."""

from __future__ import annotations

from typing import NoReturn

from google.api.httpbody_pb2 import HttpBody

from widgetstream_server.conversation.errors import UnsupportedError
from widgetstream_server.rpc.methods import Context


class ChatKitHttpServicer:
    """Serves ChatKit's stock frontend."""

    async def Process(self, request: HttpBody, context: Context) -> NoReturn:
        """Refuse: the protocol is not served yet."""
        raise UnsupportedError("ChatKit's HTTP protocol")
