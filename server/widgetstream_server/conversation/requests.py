"""Requests that are safe to repeat: each is known by an id that the caller chose, for a day."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from google.protobuf.message import Message

KEPT_FOR = timedelta(hours=24)
"""How long a request is known by its id."""

CLAIM_SECONDS = 60.0
"""How long a request that is being served keeps its id for itself; after that, whoever served it is taken for dead."""


@dataclass(frozen=True, slots=True)
class RequestKey:
    """A request as its repetitions know it.

    Attributes:
        request_id: The id that the caller chose.
        fingerprint: Tells the request from others.
    """

    request_id: str
    fingerprint: bytes

    @classmethod
    def of(cls, method: str, request: Message, request_id: str) -> RequestKey:
        """Make the key of a request: the same for the same method and the same fields, whatever their order was."""
        bare = type(request)()
        bare.CopyFrom(request)
        bare.ClearField("request_id")
        content = bare.SerializeToString(deterministic=True)
        return cls(request_id, hashlib.sha256(method.encode() + b"\n" + content).digest())


@dataclass(frozen=True, slots=True)
class KnownRequest:
    """A request that came before.

    Attributes:
        run_id: The run that answers it.
        response: The response that answered it, serialized. None, as ``run_id`` is: it is being served.
    """

    run_id: str | None
    response: bytes | None


class RequestRepeated(Exception):
    """A request has a run already."""

    def __init__(self, run_id: str) -> None:
        """Make it for the run."""
        super().__init__()
        self.run_id = run_id


class RequestStore(Protocol):
    """Keeps requests by their ids, each for its owner.

    Methods raise ``RequestIdReusedError`` when the id was another request's, and ``DependencyUnavailableError`` when
    the database does not answer.
    """

    async def find(self, owner: str, key: RequestKey, now: datetime) -> KnownRequest | None:
        """Return what is known of a request. None: it is new."""

    async def claim(self, owner: str, key: RequestKey, now: datetime) -> KnownRequest | None:
        """Take a request for oneself, or return what is known of it. None: it is the caller's to serve."""

    async def finish(self, owner: str, key: RequestKey, response: bytes) -> None:
        """Store the response to a request that was claimed."""

    async def release(self, owner: str, key: RequestKey) -> None:
        """Give back a request that was claimed and could not be served."""

    async def expire(self, now: datetime, limit: int = 1000) -> int:
        """Forget requests that were kept long enough, and return how many."""
