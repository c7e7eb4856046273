"""How a broken stream is picked up: what was received last, and how long to wait. Pure: it neither calls nor sleeps."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import grpc

from widgetstream.chatkit.v1.event_pb2 import WidgetEvent

_TERMINAL = frozenset({"run_completed", "run_failed", "run_canceled"})
_BROKEN = frozenset(
    {
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.UNKNOWN,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
    }
)


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait before trying again: exponential, with full jitter.

    Attributes:
        first: Seconds before the first attempt, at most.
        longest: Seconds before any attempt, at most.
        attempts: How many attempts without an event in between, before giving up on a run that has begun.
        first_attempts: How many more attempts to reach the service with a request that nobody has answered.
    """

    first: float = 0.1
    longest: float = 5.0
    attempts: int = 10
    first_attempts: int = 10
    random: Callable[[], float] = field(default=random.random, repr=False)

    def delay(self, attempt: int) -> float:
        """Return the seconds to wait before an attempt, counted from 0."""
        return float(self.random() * min(self.longest, self.first * 2**attempt))


class StreamPosition:
    """Where a stream of a run is."""

    def __init__(self, run_id: str = "", sequence: int = 0) -> None:
        """Begin after an event of a run; by default, before the first of one that is not known yet."""
        self.run_id = run_id
        self.thread_id = ""
        self.sequence = sequence
        self.ended = False
        self.attempts = 0

    def take(self, event: WidgetEvent) -> bool:
        """Note an event, and return whether it is new: one that came before is not to be shown again."""
        self.attempts = 0
        if event.HasField("run_id"):
            self.run_id = event.run_id
            self.thread_id = event.thread_id
        kind = event.WhichOneof("event")
        if kind == "heartbeat":
            return True
        if event.sequence <= self.sequence:
            return False
        self.sequence = event.sequence
        self.ended = kind in _TERMINAL
        return True

    def may_repeat(self, code: grpc.StatusCode | None, backoff: Backoff) -> bool:
        """Whether to send the request again: nobody has answered it, and its id makes it count once."""
        return not self.run_id and code is grpc.StatusCode.UNAVAILABLE and self.attempts < backoff.first_attempts

    def may_resume(self, code: grpc.StatusCode | None, backoff: Backoff) -> bool:
        """Whether to subscribe to the run again after the stream broke with a code, or ended too early (None)."""
        return (
            bool(self.run_id)
            and not self.ended
            and self.attempts < backoff.attempts
            and (code is None or code in _BROKEN)
        )
