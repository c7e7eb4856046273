"""What the assistant can be asked to do with tasks: typed requests, which a model makes, or a click repeats."""

from widgetstream_server.todo.operations.catalog import OPERATIONS, perform
from widgetstream_server.todo.operations.operation import Operation, Outcome

__all__ = ["OPERATIONS", "Operation", "Outcome", "perform"]
