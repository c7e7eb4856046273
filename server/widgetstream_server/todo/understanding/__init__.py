"""Understanding of plain requests about tasks, offline and deterministic."""

from widgetstream_server.todo.understanding.reader import read
from widgetstream_server.todo.understanding.reading import Reading, ToolCall

__all__ = ["Reading", "ToolCall", "read"]
