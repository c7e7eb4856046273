"""openai-chatkit's own server, with a store in memory, as what ours is compared with."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator
from typing import Any, TypeVar

from chatkit import types
from chatkit.actions import Action
from chatkit.server import ChatKitServer, StreamingResult
from chatkit.store import AttachmentStore, Store, StoreItemType
from pydantic import AnyUrl, TypeAdapter

from .client import frames_in
from .scripts import play, words_of

EVENT: TypeAdapter[Any] = TypeAdapter(types.ThreadStreamEvent)
Context = dict[str, Any]
PageT = TypeVar("PageT", bound="types.Page[Any]")


class Memory(Store[Context]):
    """Threads in the order in which they came."""

    def __init__(self) -> None:
        self.threads: dict[str, types.ThreadMetadata] = {}
        self.items: dict[str, dict[str, types.ThreadItem]] = {}
        self.attachments: dict[str, types.Attachment] = {}
        self._serial = itertools.count(1)

    def generate_thread_id(self, context: Context) -> str:
        return f"thr_{next(self._serial)}"

    def generate_item_id(self, item_type: StoreItemType, thread: types.ThreadMetadata, context: Context) -> str:
        return f"{item_type}_{next(self._serial)}"

    async def load_thread(self, thread_id: str, context: Context) -> types.ThreadMetadata:
        return self.threads[thread_id].model_copy(deep=True)

    async def save_thread(self, thread: types.ThreadMetadata, context: Context) -> None:
        self.threads[thread.id] = thread.model_copy(deep=True)
        self.items.setdefault(thread.id, {})

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: Context
    ) -> types.Page[types.ThreadItem]:
        return _page(
            types.Page[types.ThreadItem],
            [item.model_copy(deep=True) for item in self.items[thread_id].values()],
            after,
            limit,
            order,
        )

    async def load_threads(
        self, limit: int, after: str | None, order: str, context: Context
    ) -> types.Page[types.ThreadMetadata]:
        return _page(types.Page[types.ThreadMetadata], list(self.threads.values()), after, limit, order)

    async def add_thread_item(self, thread_id: str, item: types.ThreadItem, context: Context) -> None:
        self.items[thread_id][item.id] = item.model_copy(deep=True)

    async def save_item(self, thread_id: str, item: types.ThreadItem, context: Context) -> None:
        self.items[thread_id][item.id] = item.model_copy(deep=True)

    async def load_item(self, thread_id: str, item_id: str, context: Context) -> types.ThreadItem:
        return self.items[thread_id][item_id].model_copy(deep=True)

    async def delete_thread(self, thread_id: str, context: Context) -> None:
        del self.threads[thread_id]

    async def delete_thread_item(self, thread_id: str, item_id: str, context: Context) -> None:
        self.items[thread_id].pop(item_id, None)

    async def save_attachment(self, attachment: types.Attachment, context: Context) -> None:
        self.attachments[attachment.id] = attachment

    async def load_attachment(self, attachment_id: str, context: Context) -> types.Attachment:
        return self.attachments[attachment_id]

    async def delete_attachment(self, attachment_id: str, context: Context) -> None:
        del self.attachments[attachment_id]


class Files(AttachmentStore[Context]):
    """Announces files, and keeps none."""

    async def create_attachment(self, input: types.AttachmentCreateParams, context: Context) -> types.Attachment:  # noqa: A002 - the protocol's name
        made = self.generate_attachment_id(input.mime_type, context)
        how = types.AttachmentUploadDescriptor(url=AnyUrl(f"http://localhost/{made}"), method="PUT")
        return types.FileAttachment(id=made, name=input.name, mime_type=input.mime_type, upload_descriptor=how)

    async def delete_attachment(self, attachment_id: str, context: Context) -> None:
        pass


class Peer(ChatKitServer[Context]):
    """Plays the same answers as ``OurApp``."""

    def __init__(self) -> None:
        super().__init__(Memory(), Files())
        self._serial = itertools.count(1)

    async def respond(
        self, thread: types.ThreadMetadata, input_user_message: types.UserMessageItem | None, context: Context
    ) -> AsyncIterator[Any]:
        name = words_of(input_user_message.model_dump() if input_user_message else None)
        for event in play(name, thread.id, next(self._serial)):
            yield EVENT.validate_python(event)

    async def action(
        self, thread: types.ThreadMetadata, action: Action[str, Any], sender: types.WidgetItem | None, context: Context
    ) -> AsyncIterator[Any]:
        for event in play(action.type, thread.id, next(self._serial)):
            yield EVENT.validate_python(event)

    async def sync_action(
        self, thread: types.ThreadMetadata, action: Action[str, Any], sender: types.WidgetItem | None, context: Context
    ) -> types.SyncCustomActionResponse:
        return types.SyncCustomActionResponse(updated_item=sender)

    async def transcribe(self, audio_input: types.AudioInput, context: Context) -> types.TranscriptionResult:
        return types.TranscriptionResult(text=f"A recording of {len(audio_input.data)} bytes.")

    async def post(self, request: dict[str, Any]) -> Any:
        """Return the document, or the events, that a request is answered with."""
        result = await self.process(json.dumps(request), {})
        if isinstance(result, StreamingResult):
            body = b"".join([frame async for frame in result])
            return [frame.data for frame in frames_in(body)]
        return json.loads(result.json)


def _page(kind: type[PageT], entries: list[Any], after: str | None, limit: int, order: str) -> PageT:
    entries = entries[::-1] if order == "desc" else entries
    begin = 1 + next(index for index, entry in enumerate(entries) if entry.id == after) if after else 0
    data = entries[begin : begin + limit]
    has_more = begin + limit < len(entries)
    return kind(data=data, has_more=has_more, after=data[-1].id if has_more else None)
