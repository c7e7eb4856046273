"""The registry of commands: each is an asynchronous generator of events, a name, and a line of help."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Final

from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream_server.showcase.scene import Scene

Play = Callable[[Scene], AsyncGenerator[WidgetEvent, None]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command.

    Attributes:
        name: What to type, in lower case.
        takes: What may follow the name. Empty: nothing.
        help: What it shows, in a line.
        play: Shows it.
    """

    name: str
    takes: str
    help: str
    play: Play


COMMANDS: Final[dict[str, Command]] = {}
"""All commands by name, in the order of ``help``."""


def command(name: str, help: str, *, takes: str = "") -> Callable[[Play], Play]:  # noqa: A002 - the command's name
    """Register a command."""

    def register(play: Play) -> Play:
        if name in COMMANDS:
            raise ValueError(f"the command {name!r} is taken")
        COMMANDS[name] = Command(name, takes, help, play)
        return play

    return register


def find(text: str) -> tuple[Command, str]:
    """Return the command that a text begins with, the longest, and what follows. ``help`` answers all else."""
    words = text.split()
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count]).lower()
        if name in COMMANDS:
            return COMMANDS[name], " ".join(words[count:])
    return COMMANDS["help"], text.strip()
