"""Steps of the assistant's work, one of each kind."""

from __future__ import annotations

from collections.abc import Sequence

from widgetstream.chatkit.v1.workflow_pb2 import (
    CustomTask,
    FileTask,
    ImageTask,
    SearchTask,
    StatusIndicator,
    Task,
    ThoughtTask,
)
from widgetstream_server.showcase.specimens.sources import file_source, url_source


def tasks() -> Sequence[Task]:
    """Return new tasks."""
    search = SearchTask(
        title="Searched the web",
        title_query="milk",
        queries=["milk", "oat milk"],
        sources=[url_source()],
    )
    return [
        Task(custom=CustomTask(title="Did something", icon="bolt", content="With **markdown**.")),
        Task(web_search=search, status_indicator=StatusIndicator.STATUS_INDICATOR_NONE),
        Task(thought=ThoughtTask(title="Thought about it", content="Milk is white.")),
        Task(file=FileTask(title="Read a file", sources=[file_source()])),
        Task(image=ImageTask(title="Looked at an image")),
    ]
