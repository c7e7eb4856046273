"""The commands, by what people type."""

from widgetstream_server.showcase.commands import (
    asking,
    guide,
    items,
    messages,
    signals,
    threads,
    updates,
    widgets,
    workflows,
)
from widgetstream_server.showcase.commands.asking import go_on
from widgetstream_server.showcase.commands.registry import COMMANDS, Command, find

__all__ = [
    "COMMANDS",
    "Command",
    "asking",
    "find",
    "go_on",
    "guide",
    "items",
    "messages",
    "signals",
    "threads",
    "updates",
    "widgets",
    "workflows",
]
