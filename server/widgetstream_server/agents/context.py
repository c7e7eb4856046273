"""What a tool gets to work with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Generic, TypeVar

from widgetstream.chatkit.v1 import item_pb2
from widgetstream.chatkit.v1.event_pb2 import NoticeLevel, WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import Usage
from widgetstream.chatkit.v1.structured_input_pb2 import StructuredInput, StructuredInputStatus
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream.chatkit.v1.workflow_pb2 import Task, Workflow, WorkflowSummary
from widgetstream_server.agents.output import Output
from widgetstream_server.agents.widget_stream import widget_events
from widgetstream_server.conversation import events
from widgetstream_server.conversation.context import RunContext
from widgetstream_server.conversation.errors import ItemStateInvalidError
from widgetstream_server.widgets.json_values import fill_struct

AppT = TypeVar("AppT")


class AgentContext(Generic[AppT]):
    """What tools get as ``ctx.context``: the run, the application's resources, and ways to show things.

    One context belongs to one run, and may be used by the tools of that run at the same time. What is
    streamed reaches the person in the order of the calls, before the text that the model writes after the
    tool. Each method waits while the reader is far behind; a cancel of the run reaches it there. Once the run
    has ended, what is streamed goes nowhere.

    Attributes:
        run: What belongs to the run: thread, person, clock, ids.
        app: The application's own resources.
        output: The run's output, for the bridge.
    """

    __slots__ = ("app", "output", "run")

    def __init__(self, run: RunContext, app: AppT) -> None:
        """Make the context of a run.

        Args:
            run: What belongs to the run.
            app: The application's own resources, such as its services.
        """
        self.run = run
        self.app = app
        self.output = Output(run)

    @property
    def usage(self) -> Usage:
        """What the run has taken from models. An agent's share is added when the agent has ended."""
        return self.run.usage

    async def stream(self, event: WidgetEvent) -> None:
        """Send any event of the kinds that an application may send.

        An item that a person sees ends the workflow under way first.
        """
        await self.output.outbox.room()
        self.output.emit(event)

    async def stream_widget(
        self,
        widget: Widget | AsyncIterator[Widget],
        *,
        copy_text: str | None = None,
        item_id: str | None = None,
    ) -> ThreadItem:
        """Show a widget: one value, or values one after another, of which only the changes are sent.

        Args:
            widget: The value, or the values in order.
            copy_text: What the copy button copies. None: the text of the widget.
            item_id: The item's id. None: a new one.

        Returns:
            The item as it is done.

        Raises:
            WidgetInvalidError: A value is nested too deep, too large, or uses an id twice. Unless the tool
                catches it, the run fails with it.
            ValueError: The iterator had no value.
        """
        item = self.output.new_item("wid", item_id)
        if copy_text is not None:
            item.widget.copy_text = copy_text
        async with aclosing(widget_events(item, widget)) as stream:
            async for event in stream:
                await self.stream(event)
        return item

    async def progress(self, text: str, icon: str | None = None) -> None:
        """Tell what the assistant is doing; shown until the next item."""
        await self.stream(events.progress(text, icon))

    async def client_effect(self, name: str, data: Mapping[str, Any] | None = None) -> None:
        """Give the page something to do."""
        await self.stream(events.client_effect(name, data))

    async def notice(self, level: NoticeLevel.ValueType, message: str, title: str | None = None) -> None:
        """Give the person something to know, as markdown."""
        await self.stream(events.notice(level, message, title))

    async def start_workflow(self, workflow: Workflow) -> None:
        """Begin a workflow; one that is under way ends. Without tasks it shows with its first task."""
        await self.output.outbox.room()
        self.output.start_workflow(workflow)

    async def add_workflow_task(self, task: Task) -> int:
        """Add a task to the workflow under way, which is begun if there is none.

        Returns:
            The task's place, for ``update_workflow_task``.
        """
        await self.output.outbox.room()
        return self.output.add_task(task)

    async def update_workflow_task(self, task: Task, task_index: int) -> None:
        """Give a task of the workflow under way another value.

        Raises:
            ValueError: There is no such task.
        """
        await self.output.outbox.room()
        self.output.update_task(task, task_index)

    async def end_workflow(self, summary: WorkflowSummary | None = None, *, expanded: bool = False) -> None:
        """End the workflow under way.

        It ends by itself with the next item that the person sees, or with the agent.

        Args:
            summary: Shown in place of the tasks. None: how long it took, in whole seconds.
            expanded: Whether the tasks stay visible.
        """
        await self.output.outbox.room()
        self.output.end_workflow(summary, expanded=expanded)

    def request_client_tool(
        self, name: str, arguments: Mapping[str, Any] | None = None, *, call_id: str | None = None
    ) -> ThreadItem:
        """Ask the page to do something, and stop the agent after the present step.

        The call is the last item of the run; the agent goes on in a new run when the page has answered.

        Args:
            name: The page's tool.
            arguments: Its arguments, as JSON.
            call_id: By which the page's answer is matched, such as ``ctx.tool_call_id``. None: a new one.

        Returns:
            The item.

        Raises:
            ItemStateInvalidError: The agent waits for something already.
            TypeError, ValueError: An argument is no JSON.
        """
        item = self.output.new_item("tc")
        call = item.client_tool_call
        call.status = item_pb2.CLIENT_TOOL_CALL_STATUS_PENDING
        call.call_id = call_id or self.run.ids.new("call")
        call.name = name
        call.arguments.SetInParent()
        fill_struct(call.arguments, arguments or {})
        return self._wait_for(item)

    def request_structured_input(self, inputs: Sequence[StructuredInput]) -> ThreadItem:
        """Ask the person questions, and stop the agent after the present step.

        The questions are the last item of the run; the agent goes on in a new run when they are answered.

        Returns:
            The item.

        Raises:
            ItemStateInvalidError: The agent waits for something already.
        """
        item = self.output.new_item("si")
        item.structured_input.status = StructuredInputStatus.STRUCTURED_INPUT_STATUS_PENDING
        item.structured_input.inputs.extend(inputs)
        return self._wait_for(item)

    def _wait_for(self, item: ThreadItem) -> ThreadItem:
        if self.output.stop is None:
            raise RuntimeError("no agent is at work that could be stopped")
        if self.output.waiting is not None:
            raise ItemStateInvalidError("One thing at a time can be asked of the person or the page.")
        self.output.waiting = item
        self.output.stop()
        return item
