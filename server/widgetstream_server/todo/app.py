"""The todo assistant as an application of the conversation engine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING

from google.protobuf.struct_pb2 import Value

from widgetstream.chatkit.v1.action_pb2 import Action
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import HiddenContextItem, ThreadItem, UserMessageItem, WidgetItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.conversation import events
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.context import RequestContext, RunContext
from widgetstream_server.conversation.errors import NotConfiguredError, UnsupportedError
from widgetstream_server.conversation.loading import Loading
from widgetstream_server.conversation.resources import Resources
from widgetstream_server.todo import actions, thread_title, words
from widgetstream_server.todo.actions import SYNC_ACTIONS, Effect, Scene
from widgetstream_server.todo.desk import CHANGED_EFFECT, Desk
from widgetstream_server.todo.service import Tasks
from widgetstream_server.widgets import limits

if TYPE_CHECKING:
    from widgetstream_server.todo.assistant import Assistant


class TodoApp(ChatKitServer):
    """Looks after people's tasks: an agent answers what they say, the registry of actions what they click.

    Attributes:
        tasks: The tasks, for the task service too.
    """

    def __init__(self, resources: Resources) -> None:
        """Make the application from the server's resources."""
        self.tasks = Tasks(resources.tasks, resources.clock, resources.ids, resources.page_tokens)
        self._threads = resources.threads
        self._assistant = Loading(lambda: _load_assistant(self.tasks, resources))
        self._transcriber = Loading(resources.transcriber)

    async def respond(
        self, thread: Thread, message: ThreadItem | None, context: RunContext
    ) -> AsyncIterator[WidgetEvent]:
        """Let the agent answer, and give the thread a title if it has none."""
        words.speak(context.request.locale)
        if message is not None and not thread.title:
            thread.title = thread_title.title_of(message)
        assistant = await self._assistant.get()
        async with aclosing(assistant.answer(message, context)) as stream:
            async for event in stream:
                yield event

    async def warm_up(self) -> None:
        """Load the assistant."""
        await self._assistant.get()

    async def check_message(self, message: UserMessageItem, context: RequestContext) -> None:
        """Refuse a message that picks a model that there is not.

        Raises:
            InvalidArgumentError: There are others, or none to pick from.
        """
        if message.inference_options.model:
            (await self._assistant.get()).check_model(message.inference_options.model)

    async def check_action(self, action: Action, sender: ThreadItem | None, context: RequestContext) -> None:
        """Refuse an action that the registry does not know, or whose payload has another shape."""
        actions.read(action)

    async def action(
        self, thread: Thread, action: Action, sender: ThreadItem | None, context: RunContext
    ) -> AsyncIterator[WidgetEvent]:
        """Carry an action out: change the widget in place, show what is new, and note it for the assistant."""
        effect = await self._perform(thread, action, sender, context.request)
        for event in _events(effect, sender, context):
            yield event

    async def sync_action(
        self, thread: Thread, action: Action, sender: ThreadItem | None, context: RequestContext
    ) -> ThreadItem | None:
        """Carry an action out that changes nothing but its sender, and return that.

        Raises:
            UnsupportedError: The action does more, and needs a run.
        """
        if action.type not in SYNC_ACTIONS:
            raise UnsupportedError(f"SyncAction of {action.type}")
        effect = await self._perform(thread, action, sender, context)
        if sender is None or effect.in_place is None:
            return None
        return _with_widget(sender, effect.in_place)

    async def transcribe(self, audio: bytes, mime_type: str, context: RequestContext) -> str:
        """Let the configured model listen.

        Raises:
            NotConfiguredError: There is none.
            ModelUnavailableError: It failed.
        """
        transcriber = await self._transcriber.get()
        if transcriber is None:
            raise NotConfiguredError("Nothing here turns speech into text: that needs a key of the models' API.")
        return await transcriber.transcribe(audio, mime_type)

    async def _perform(
        self, thread: Thread, action: Action, sender: ThreadItem | None, caller: RequestContext
    ) -> Effect:
        words.speak(caller.locale)

        async def fetch_item(item_id: str) -> ThreadItem:
            return await self._threads.get_item(caller.principal.id, thread.id, item_id)

        scene = Scene(Desk(self.tasks, caller), sender, fetch_item)
        return await actions.perform(actions.read(action), scene)


def _load_assistant(tasks: Tasks, resources: Resources) -> Assistant:
    # Not at the top: the Agents SDK takes seconds to import, and the server serves all else meanwhile.
    from widgetstream_server.todo.assistant import Assistant

    return Assistant(tasks, resources.models(), resources.attachments, resources.history)


def create(resources: Resources) -> TodoApp:
    """Make the application; what the settings name as its factory."""
    return TodoApp(resources)


def _events(effect: Effect, sender: ThreadItem | None, context: RunContext) -> Iterator[WidgetEvent]:
    added = [widget for widget in (effect.in_place if sender is None else None, effect.added) if widget is not None]
    if sender is not None and effect.in_place is not None:
        yield events.item_replaced(_with_widget(sender, effect.in_place))
    for item_id, widget in effect.others.items():
        limits.check(widget)
        item = ThreadItem(id=item_id, thread_id=context.thread.id, widget=WidgetItem(widget=widget))
        yield events.item_replaced(item)
    for widget in added:
        limits.check(widget)
        yield events.item_done(_new_item("wid", context, widget=WidgetItem(widget=widget)))
    if effect.change is not None:
        yield events.client_effect(CHANGED_EFFECT, effect.change.effect_data())
    if effect.note:
        hidden = HiddenContextItem(content=Value(string_value=effect.note))
        yield events.item_done(_new_item("hctx", context, hidden_context=hidden))


def _new_item(
    prefix: str,
    context: RunContext,
    *,
    widget: WidgetItem | None = None,
    hidden_context: HiddenContextItem | None = None,
) -> ThreadItem:
    item_id = context.ids.new(prefix)
    item = ThreadItem(id=item_id, thread_id=context.thread.id, widget=widget, hidden_context=hidden_context)
    item.create_time.FromDatetime(context.clock.now())
    return item


def _with_widget(item: ThreadItem, widget: Widget) -> ThreadItem:
    limits.check(widget)
    changed = ThreadItem()
    changed.CopyFrom(item)
    changed.widget.widget.CopyFrom(widget)
    return changed
