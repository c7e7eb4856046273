"""What is known of the call being served."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass

from widgetstream_server.conversation.context import RequestContext


@dataclass(slots=True)
class Call:
    """One call, filled in on its way inwards.

    Attributes:
        method: Its path, ``/package.Service/Method``.
        metadata: What came with it, by name in small letters; values of names that end in ``-bin`` are bytes.
        request: Who asks. None until the caller is known, and for public methods.
        thread_id: The thread it is about, if any.
        run_id: The run it is about, if any.
        base_url: Where callers reach the service over HTTP, without a slash at the end. Empty: not known.
    """

    method: str
    metadata: Mapping[str, str]
    request: RequestContext | None = None
    thread_id: str = ""
    run_id: str = ""
    base_url: str = ""

    @property
    def context(self) -> RequestContext:
        """Who asks, for methods that need a caller."""
        if self.request is None:
            raise RuntimeError(f"{self.method} is served without a caller")
        return self.request


current_call: ContextVar[Call] = ContextVar("current_call")
"""The call that the running task serves. Set before the interceptors."""
