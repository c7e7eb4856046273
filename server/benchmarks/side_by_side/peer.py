"""openai-chatkit as its quickstart serves it: FastAPI on uvicorn, an agent of openai-agents, a store in memory.

As a program (``python -m benchmarks.side_by_side.peer PORT [MODEL_URL]``) it serves ``/chatkit`` with uvloop and
httptools. Without a model it plays what a message says: ``say N 0``, ``progress N`` (see ``benchmarks.scripted``).
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import uvicorn
from agents import Agent, OpenAIChatCompletionsModel, Runner, set_tracing_disabled
from chatkit import types
from chatkit.agents import AgentContext, simple_to_agent_input, stream_agent_response
from chatkit.server import ChatKitServer, StreamingResult
from chatkit.store import NotFoundError, Store
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from openai import AsyncOpenAI

from benchmarks.scripted import word

Context = dict[str, Any]
RowT = TypeVar("RowT", types.ThreadMetadata, types.ThreadItem)


class MemoryStore(Store[Context]):
    """Threads and items in dictionaries."""

    def __init__(self) -> None:
        """Begin empty."""
        self._threads: dict[str, types.ThreadMetadata] = {}
        self._items: dict[str, dict[str, types.ThreadItem]] = defaultdict(dict)

    async def load_thread(self, thread_id: str, context: Context) -> types.ThreadMetadata:
        """Return a thread."""
        if thread_id not in self._threads:
            raise NotFoundError(thread_id)
        return self._threads[thread_id]

    async def save_thread(self, thread: types.ThreadMetadata, context: Context) -> None:
        """Keep a thread."""
        self._threads[thread.id] = thread

    async def load_threads(
        self, limit: int, after: str | None, order: str, context: Context
    ) -> types.Page[types.ThreadMetadata]:
        """Return a page of threads."""
        rows, more, last = _page(list(self._threads.values()), limit, after, order)
        return types.Page(data=rows, has_more=more, after=last)

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: Context
    ) -> types.Page[types.ThreadItem]:
        """Return a page of items."""
        rows, more, last = _page(list(self._items[thread_id].values()), limit, after, order)
        return types.Page(data=rows, has_more=more, after=last)

    async def add_thread_item(self, thread_id: str, item: types.ThreadItem, context: Context) -> None:
        """Keep a new item."""
        self._items[thread_id][item.id] = item

    async def save_item(self, thread_id: str, item: types.ThreadItem, context: Context) -> None:
        """Keep an item."""
        self._items[thread_id][item.id] = item

    async def load_item(self, thread_id: str, item_id: str, context: Context) -> types.ThreadItem:
        """Return an item."""
        return self._items[thread_id][item_id]

    async def delete_thread(self, thread_id: str, context: Context) -> None:
        """Drop a thread."""
        self._threads.pop(thread_id, None)
        self._items.pop(thread_id, None)

    async def delete_thread_item(self, thread_id: str, item_id: str, context: Context) -> None:
        """Drop an item."""
        self._items[thread_id].pop(item_id, None)

    async def save_attachment(self, attachment: types.Attachment, context: Context) -> None:
        """Keep nothing: there are no attachments here."""
        raise NotFoundError(attachment.id)

    async def load_attachment(self, attachment_id: str, context: Context) -> types.Attachment:
        """Return nothing."""
        raise NotFoundError(attachment_id)

    async def delete_attachment(self, attachment_id: str, context: Context) -> None:
        """Drop nothing."""
        raise NotFoundError(attachment_id)


def _page(rows: Sequence[RowT], limit: int, after: str | None, order: str) -> tuple[list[RowT], bool, str | None]:
    ordered = list(rows) if order == "asc" else list(reversed(rows))
    if after is not None:
        ordered = ordered[[row.id for row in ordered].index(after) + 1 :]
    found = ordered[:limit]
    return found, len(ordered) > limit, found[-1].id if found else None


class AgentServer(ChatKitServer[Context]):
    """Lets an agent answer."""

    def __init__(self, store: Store[Context], model_url: str) -> None:
        """Take the store and the model's address."""
        super().__init__(store)
        client = AsyncOpenAI(api_key="none", base_url=model_url)
        model = OpenAIChatCompletionsModel(model="stand-in", openai_client=client)
        self._agent = Agent[AgentContext[Context]](
            name="Assistant", instructions="You are a helpful assistant.", model=model
        )

    async def respond(
        self, thread: types.ThreadMetadata, input_user_message: types.UserMessageItem | None, context: Context
    ) -> AsyncIterator[types.ThreadStreamEvent]:
        """Answer as the quickstart does."""
        page = await self.store.load_thread_items(thread.id, after=None, limit=20, order="desc", context=context)
        given = await simple_to_agent_input(list(reversed(page.data)))
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        result = Runner.run_streamed(self._agent, given, context=agent_context)
        async for event in stream_agent_response(agent_context, result):
            yield event


class ScriptServer(ChatKitServer[Context]):
    """Does what the message says."""

    async def respond(
        self, thread: types.ThreadMetadata, input_user_message: types.UserMessageItem | None, context: Context
    ) -> AsyncIterator[types.ThreadStreamEvent]:
        """Play the script."""
        assert input_user_message is not None
        part = input_user_message.content[0]
        assert part.type == "input_text"
        command, number = part.text.split()[:2]
        if command == "progress":
            for _ in range(int(number)):
                yield types.ProgressUpdateEvent(text=word())
            return
        item = types.AssistantMessageItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(UTC),
            content=[],
        )
        yield types.ThreadItemAddedEvent(item=item)
        said = []
        for _ in range(int(number)):
            said.append(word())
            update = types.AssistantMessageContentPartTextDelta(content_index=0, delta=said[-1])
            yield types.ThreadItemUpdatedEvent(item_id=item.id, update=update)
        done = item.model_copy(update={"content": [types.AssistantMessageContent(text="".join(said))]})
        yield types.ThreadItemDoneEvent(item=done)


def make_app(server: ChatKitServer[Context]) -> FastAPI:
    """Return the application of the quickstart."""
    app = FastAPI()

    @app.post("/chatkit")
    async def chatkit_endpoint(request: Request) -> Response:
        result = await server.process(await request.body(), context={})
        if isinstance(result, StreamingResult):
            return StreamingResponse(result, media_type="text/event-stream")
        return Response(content=result.json, media_type="application/json")

    return app


def main(port: int, model_url: str = "") -> None:
    """Serve until told to stop."""
    set_tracing_disabled(True)
    store = MemoryStore()
    server = AgentServer(store, model_url) if model_url else ScriptServer(store)
    uvicorn.run(
        make_app(server),
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        log_level="warning",
        backlog=2048,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
