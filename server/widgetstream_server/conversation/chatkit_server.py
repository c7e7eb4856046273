"""The interface that an application implements."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence

from widgetstream.chatkit.v1.action_pb2 import Action
from widgetstream.chatkit.v1.chatkit_service_pb2 import FeedbackKind
from widgetstream.chatkit.v1.event_pb2 import StreamOptions, WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem, UserMessageItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation.context import RequestContext, RunContext
from widgetstream_server.conversation.errors import (
    ActionUnknownError,
    NotConfiguredError,
    UnsupportedError,
)


class ChatKitServer(ABC):
    """An application: what answers when a person speaks or clicks.

    One instance serves all runs of a process, many at the same time; what belongs to one run is in its context.

    ``respond`` and ``action`` yield events whose ``event`` is set; the engine numbers them, merges deltas of text that
    come together, stores items when they are done, and adds the first and the last event of the run. An item is begun
    with ``item_added``, changed with ``item_updated``, and ended with ``item_done`` or ``item_removed``; it may also
    come with ``item_done`` alone.

    When the run is canceled, the generator is closed where it waits (``asyncio.CancelledError``): let it pass, and
    release in ``finally`` what is held. A ``ConversationError`` that is raised fails the run with its message; any
    other exception fails it with a message that tells nothing.
    """

    @abstractmethod
    def respond(self, thread: Thread, message: ThreadItem | None, context: RunContext) -> AsyncIterator[WidgetEvent]:
        """Answer a person.

        Args:
            thread: The thread; the same object as ``context.thread``.
            message: The person's message, stored already. None: the run goes on after a client tool or a structured
                input.
            context: What belongs to the run.
        """

    async def warm_up(self) -> None:
        """Load what takes long, such as libraries.

        Called once, after the server has begun to serve: requests may come before it has ended, and wait for what they
        need.
        """

    async def check_message(self, message: UserMessageItem, context: RequestContext) -> None:
        """Refuse a person's message that the application cannot answer, such as one that asks for an unknown model.

        Called before the run starts, so that the caller gets a status and nothing is stored. An earlier message that is
        to be answered again is checked too. The fields of an error are named as in ``RespondRequest``:
        ``user_message.inference_options.model``.

        Raises:
            ConversationError: It cannot be answered.
        """

    async def check_action(self, action: Action, sender: ThreadItem | None, context: RequestContext) -> None:
        """Refuse an action that the application does not know, or whose payload has the wrong shape.

        Called before the run starts, so that the caller gets a status.

        Raises:
            ActionUnknownError: The type is unknown.
            ActionPayloadInvalidError: The payload has the wrong shape.
        """
        raise ActionUnknownError(action.type, known=())

    def action(
        self, thread: Thread, action: Action, sender: ThreadItem | None, context: RunContext
    ) -> AsyncIterator[WidgetEvent]:
        """Run an action that a person triggered.

        Args:
            thread: The thread; the same object as ``context.thread``.
            action: The action, checked already.
            sender: The widget on which it was triggered, if any.
            context: What belongs to the run.
        """
        raise ActionUnknownError(action.type, known=())

    async def sync_action(
        self, thread: Thread, action: Action, sender: ThreadItem | None, context: RequestContext
    ) -> ThreadItem | None:
        """Run an action and return the sender as it is now, or None when it did not change.

        The engine stores the item. Actions of one item come one after another.
        """
        raise UnsupportedError("SyncAction")

    async def add_feedback(
        self, thread: Thread, item_ids: Sequence[str], kind: FeedbackKind.ValueType, context: RequestContext
    ) -> None:
        """Take notice of feedback, which the engine has stored."""

    async def transcribe(self, audio: bytes, mime_type: str, context: RequestContext) -> str:
        """Turn speech into text.

        Args:
            audio: The recording.
            mime_type: Its media type with parameters, such as ``audio/webm;codecs=opus``.
            context: Who asks.
        """
        raise NotConfiguredError("This application does not transcribe.")

    def stream_options(self, thread: Thread, context: RunContext) -> StreamOptions:
        """Return what the person may do during the run."""
        return StreamOptions(allow_cancel=True)

    async def handle_canceled(self, thread: Thread, pending_items: Sequence[ThreadItem], context: RunContext) -> None:
        """Take notice that a run was canceled. The engine has stored what was said.

        Args:
            thread: The thread.
            pending_items: The items that were not done, as they were last.
            context: What belongs to the run.
        """
