"""Who hears a response while it is streamed, before the Agents SDK has it."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Literal, Protocol

Cut = Literal["length", "content_filter"]
"""Why a response ends before its end: it got too long, or a filter stopped it."""


class Ear(Protocol):
    """Hears a response at its source.

    The first piece of a text comes as an event to whoever reads the stream; what follows in the same text is
    told here, and the reader gets it as one event with the whole rest, or not at all. So a token costs neither
    an event nor the way through the SDK.
    """

    def go_on(self, text: str) -> None:
        """The text whose event the reader got last goes on."""

    def repeat(self, length: int) -> None:
        """An event with this many characters of text follows, all of which were told before."""

    def cut(self, why: Cut) -> None:
        """The response ended before its end. For the reader it is complete."""

    @property
    def full(self) -> bool:
        """Whether the stream should wait."""

    async def room(self) -> None:
        """Wait until there is room for more."""


EAR: ContextVar[Ear | None] = ContextVar("ear", default=None)
"""Who hears the responses that are asked for in this context."""
