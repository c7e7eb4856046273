"""What requests ask of a run: what it begins with, and what happens to the thread before."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from widgetstream.chatkit.v1.attachment_pb2 import Attachment
from widgetstream.chatkit.v1.chatkit_service_pb2 import RespondRequest
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import ConcurrencyPolicy
from widgetstream_server.conversation import inputs
from widgetstream_server.conversation.attachments import Attachments
from widgetstream_server.conversation.context import RequestContext, RunContext
from widgetstream_server.conversation.errors import InvalidArgumentError, UnsupportedError
from widgetstream_server.conversation.ports import Edit, Ids, ThreadStore
from widgetstream_server.conversation.requests import RequestKey
from widgetstream_server.conversation.run import Produce

if TYPE_CHECKING:
    from widgetstream_server.conversation.chatkit_server import ChatKitServer


@dataclass(frozen=True, slots=True)
class Ask:
    """A run that is asked for.

    Attributes:
        thread_id: The thread. Empty: a new one.
        produce: Starts the application.
        items: The items that the run begins with.
        edit: What else happens to the thread's items, in the same transaction.
        concurrency: What to do when the thread is busy.
        request: By what the request is known when it is repeated. None: it is not.
    """

    thread_id: str
    produce: Produce
    items: Sequence[ThreadItem] = ()
    edit: Edit | None = None
    concurrency: ConcurrencyPolicy.ValueType = ConcurrencyPolicy.CONCURRENCY_POLICY_REJECT
    request: RequestKey | None = None


class Asking:
    """Reads requests for an application."""

    def __init__(self, server: ChatKitServer, store: ThreadStore, ids: Ids, attachments: Attachments | None) -> None:
        """Make it. Without attachments, messages have none."""
        self._server = server
        self._store = store
        self._ids = ids
        self._attachments = attachments

    async def respond(self, request: RespondRequest, key: RequestKey | None, context: RequestContext) -> Ask:
        """Return the run that is asked for.

        Raises:
            ConversationError: A field is at fault, the application refuses the message, or an attachment cannot be had.
        """
        kind = request.WhichOneof("input")
        if kind not in ("text", "user_message") and not request.thread_id:
            raise InvalidArgumentError.of("thread_id", f"must be set when {kind} is")
        ask = partial(Ask, request.thread_id, concurrency=request.concurrency, request=key)
        match kind:
            case "retry_after_item":
                await self._check_again(request, context)
                retry = inputs.Retry(request.retry_after_item.item_id)
                return ask(lambda run: self._run(run, retry.message), edit=retry.edit)
            case "client_tool_output":
                edit = partial(inputs.take_output, request.client_tool_output)
                return ask(lambda run: self._run(run, None), edit=edit)
            case "structured_input":
                edit = partial(inputs.take_answers, request.structured_input)
                return ask(lambda run: self._run(run, None), edit=edit)
            case _:
                message = inputs.message_of(request)
                await self._server.check_message(message, context)
                item = ThreadItem(id=self._ids.new("msg"), user_message=message)
                item.user_message.attachments.extend(await self._taken(request, context))
                drop = inputs.drop_open_calls if request.thread_id else None
                return ask(lambda run: self._run(run, item), items=[item], edit=drop)

    async def _check_again(self, request: RespondRequest, context: RequestContext) -> None:
        """Refuse a message that could be answered once, and no longer can."""
        item_id = request.retry_after_item.item_id
        item = await self._store.get_item(context.principal.id, request.thread_id, item_id)
        if not item.HasField("user_message"):
            return  # refused with the rest that depends on the thread
        try:
            await self._server.check_message(item.user_message, context)
        except InvalidArgumentError as error:
            descriptions = (
                f"{each.field.removeprefix('user_message.')} {each.description}" for each in error.violations
            )
            why = f"is of a message that can no longer be answered: {'; '.join(descriptions)}"
            raise InvalidArgumentError.of("retry_after_item.item_id", why) from None

    async def _taken(self, request: RespondRequest, context: RequestContext) -> Sequence[Attachment]:
        asked = request.user_message.attachments
        if not asked:
            return ()
        if self._attachments is None:
            raise UnsupportedError("Respond with attachments")
        return await self._attachments.take(asked, request.thread_id, context)

    def _run(self, run: RunContext, message: ThreadItem | None) -> AsyncIterator[WidgetEvent]:
        return self._server.respond(run.thread, message, run)
