"""What a run has put out so far, and how more is added to it."""

from __future__ import annotations

from collections.abc import Callable

from widgetstream.chatkit.v1 import item_pb2, workflow_pb2
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ItemUpdate, ThreadItem
from widgetstream.chatkit.v1.workflow_pb2 import Task, Workflow, WorkflowSummary
from widgetstream_server.agents.outbox import Outbox
from widgetstream_server.conversation import events
from widgetstream_server.conversation.context import RunContext

# They are not among what a person sees, so a workflow goes on across them.
_UNSEEN = frozenset({"client_tool_call", "hidden_context", "sdk_hidden_context", "end_of_turn"})


class Output:
    """The output of a run: its items, its workflow under way, and the outbox through which events leave.

    The methods do not wait. Tools reach it through ``AgentContext``, which waits for room first.

    Attributes:
        run: What belongs to the run.
        outbox: Where events leave.
        item_ids: The items that were begun, in order.
        waiting: The item that waits for the page or the person when the agent has stopped.
        stop: Stops the agent after its present step. None: no agent is at work.
    """

    def __init__(self, run: RunContext) -> None:
        """Make the empty output of a run."""
        self.run = run
        self.outbox = Outbox()
        self.item_ids: dict[str, None] = {}
        self.waiting: ThreadItem | None = None
        self.stop: Callable[[], None] | None = None
        self._workflow: ThreadItem | None = None
        self._workflow_shown = False
        self._workflow_began = 0.0

    def new_item(self, prefix: str, item_id: str | None = None) -> ThreadItem:
        """Return an item of no kind yet, with an id, the thread and the time."""
        item = ThreadItem(id=item_id or self.run.ids.new(prefix), thread_id=self.run.thread.id)
        item.create_time.FromDatetime(self.run.clock.now())
        return item

    def emit(self, event: WidgetEvent) -> None:
        """Put an event out. An item that a person sees ends the workflow under way first."""
        match event.WhichOneof("event"):
            case "item_added":
                self._note(event.item_added.item)
            case "item_done":
                self._note(event.item_done.item)
            case _:
                pass
        self.outbox.push(event)

    def _note(self, item: ThreadItem) -> None:
        if self._workflow is not None and item.WhichOneof("item") not in _UNSEEN:
            self.end_workflow()
        self.item_ids[item.id] = None

    # The workflow

    @property
    def workflow(self) -> Workflow | None:
        """The workflow under way."""
        return None if self._workflow is None else self._workflow.workflow.workflow

    def start_workflow(self, workflow: Workflow) -> None:
        """Begin a workflow; one under way ends. Without tasks, one of the application shows with its first."""
        self.end_workflow()
        item = self.new_item("wf")
        item.workflow.workflow.CopyFrom(workflow)
        self._workflow = item
        self._workflow_shown = False
        self._workflow_began = self.run.clock.monotonic()
        if workflow.tasks or workflow.type == workflow_pb2.WORKFLOW_TYPE_REASONING:
            self._show_workflow(item)

    def add_task(self, task: Task) -> int:
        """Add a task to the workflow, which is begun if there is none. Return the task's place."""
        if self._workflow is None:
            self.start_workflow(Workflow(type=workflow_pb2.WORKFLOW_TYPE_CUSTOM))
        item = self._workflow
        assert item is not None  # noqa: S101 — it was just begun
        tasks = item.workflow.workflow.tasks
        tasks.append(task)
        index = len(tasks) - 1
        if self._workflow_shown:
            added = item_pb2.WorkflowTaskAdded(task_index=index, task=task)
            self.outbox.push(events.item_updated(item.id, ItemUpdate(workflow_task_added=added)))
        else:
            self._show_workflow(item)
        return index

    def update_task(self, task: Task, index: int) -> None:
        """Give a task of the workflow another value. Raises ``ValueError`` when there is no such task."""
        item = self._workflow
        if item is None or not 0 <= index < len(item.workflow.workflow.tasks):
            raise ValueError(f"there is no workflow under way that has a task {index}")
        item.workflow.workflow.tasks[index].CopyFrom(task)
        updated = item_pb2.WorkflowTaskUpdated(task_index=index, task=task)
        self.outbox.push(events.item_updated(item.id, ItemUpdate(workflow_task_updated=updated)))

    def end_workflow(self, summary: WorkflowSummary | None = None, *, expanded: bool = False) -> None:
        """End the workflow under way, if there is one. Without a summary it tells how long it took."""
        item, self._workflow = self._workflow, None
        if item is None or not self._workflow_shown:
            return
        workflow = item.workflow.workflow
        if summary is not None:
            workflow.summary.CopyFrom(summary)
        elif not workflow.HasField("summary"):
            workflow.summary.duration.duration = int(self.run.clock.monotonic() - self._workflow_began)
        workflow.expanded = expanded
        self.outbox.push(events.item_done(item))

    def _show_workflow(self, item: ThreadItem) -> None:
        self._workflow_shown = True
        self.item_ids[item.id] = None
        self.outbox.push(events.item_added(item))
