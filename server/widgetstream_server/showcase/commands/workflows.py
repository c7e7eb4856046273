"""Steps of the assistant's work, alone and in workflows."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from widgetstream.chatkit.v1 import item_pb2
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ItemUpdate
from widgetstream.chatkit.v1.workflow_pb2 import (
    CustomSummary,
    DurationSummary,
    StatusIndicator,
    Task,
    ThoughtTask,
    Workflow,
    WorkflowSummary,
    WorkflowType,
)
from widgetstream_server.conversation import events
from widgetstream_server.showcase.commands.registry import command
from widgetstream_server.showcase.scene import Scene
from widgetstream_server.showcase.specimens.tasks import tasks

_LOADING = StatusIndicator.STATUS_INDICATOR_LOADING
_COMPLETE = StatusIndicator.STATUS_INDICATOR_COMPLETE
_THOUGHTS = ("The person wants a specimen.", "A thought is one.", "So I think.")


@command("play workflow", "A workflow with a step of each kind, collapsed into a title in the end.")
async def play_workflow(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Add the steps one by one, each under way and then done."""
    item = scene.item("wf")
    workflow = item.workflow.workflow
    workflow.type = WorkflowType.WORKFLOW_TYPE_CUSTOM
    workflow.expanded = True
    yield events.item_added(item)
    for index, task in enumerate(tasks()):
        for status in (_LOADING, _COMPLETE):
            task.status_indicator = status
            yield events.item_updated(item.id, _step(index, task, added=status == _LOADING))
        workflow.tasks.append(task)
    workflow.summary.CopyFrom(WorkflowSummary(custom=CustomSummary(title="Showed every step", icon="check-circle")))
    workflow.expanded = False
    yield events.item_done(item)


@command("play reasoning", "A model's thoughts, collapsed into how long they took.")
async def play_reasoning(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Let a thought grow."""
    item = scene.item("wf")
    workflow = item.workflow.workflow
    workflow.type = WorkflowType.WORKFLOW_TYPE_REASONING
    yield events.item_added(item)
    thought = Task(status_indicator=_LOADING, thought=ThoughtTask(title="Thinking"))
    for index, sentence in enumerate(_THOUGHTS):
        thought.thought.content = f"{thought.thought.content} {sentence}".strip()
        yield events.item_updated(item.id, _step(0, thought, added=index == 0))
    thought.status_indicator = _COMPLETE
    yield events.item_updated(item.id, _step(0, thought, added=False))
    summary = WorkflowSummary(duration=DurationSummary(duration=4))
    item.workflow.workflow.CopyFrom(
        Workflow(type=WorkflowType.WORKFLOW_TYPE_REASONING, tasks=[thought], summary=summary)
    )
    yield events.item_done(item)


@command("tasks", "A step of each kind, outside of any workflow.")
async def single_tasks(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Show each step as an item of its own."""
    for task in tasks():
        item = scene.item("task")
        item.task.task.CopyFrom(task)
        yield events.item_done(item)


def _step(index: int, task: Task, *, added: bool) -> ItemUpdate:
    if added:
        return ItemUpdate(workflow_task_added=item_pb2.WorkflowTaskAdded(task_index=index, task=task))
    return ItemUpdate(workflow_task_updated=item_pb2.WorkflowTaskUpdated(task_index=index, task=task))
