"""What is done for each request before it is served: its token, and the schema's rules."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import protovalidate
import uvloop

from benchmarks.cpu import microseconds, microseconds_async
from benchmarks.measure import Measure, sampled
from widgetstream.chatkit.v1.chatkit_service_pb2 import RespondRequest
from widgetstream_server.auth import DevelopmentKey, TokenVerifier
from widgetstream_server.conversation.system import SystemClock

HOW = (
    "in this process, on one thread: µs of CPU, the median and the 99th percentile of 100 batches. Tokens are signed "
    "with Ed25519; one is remembered for a minute."
)

_TOKENS = 20
_BATCHES = 100


def run(folder: Path) -> Iterator[Measure]:
    """Measure a token's verification, and a request's."""
    key = DevelopmentKey.load_or_create(folder / "keys")
    now = datetime.now(UTC)
    # Each is another one, so that none is remembered. Some more for the warm-up.
    tokens = iter([key.sign(f"user{n}", timedelta(hours=1), now) for n in range(_TOKENS * (_BATCHES + 20))])
    same = key.sign("ada", timedelta(hours=1), now)

    async def measure(token: Callable[[], str], times: int) -> list[float]:
        async with TokenVerifier([key.issuer()], clock=SystemClock()) as verifier:

            async def verify(many: int) -> None:
                for _ in range(many):
                    await verifier.verify(token())

            work: Callable[[int], Awaitable[None]] = verify
            return await microseconds_async(work, times=times, batches=_BATCHES)

    yield sampled("verify a token that is new", uvloop.run(measure(lambda: next(tokens), _TOKENS)), "µs")
    yield sampled("verify a token that is remembered", uvloop.run(measure(lambda: same, 500)), "µs")

    request = RespondRequest(text="add a task to buy milk tomorrow at five", thread_id="thr_0123456789abcdef")
    encoded = request.SerializeToString()

    def validate(times: int) -> None:
        for _ in range(times):
            protovalidate.validate(request)

    def decode(times: int) -> None:
        for _ in range(times):
            RespondRequest.FromString(encoded)

    yield sampled("decode a RespondRequest", microseconds(decode), "µs")
    yield sampled("check a RespondRequest against the schema's rules (protovalidate)", microseconds(validate), "µs")
