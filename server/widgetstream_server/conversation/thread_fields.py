"""What an application may change of a thread, and what clients see of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from widgetstream.chatkit.v1.thread_pb2 import Thread

_CHANGEABLE = ("title", "status", "allowed_image_domains", "metadata")


def copy_of(thread: Thread) -> Thread:
    """Return a copy."""
    copy = Thread()
    copy.CopyFrom(thread)
    return copy


def shown(thread: Thread) -> Thread:
    """Return a thread as clients get it: without the application's own data."""
    copy = copy_of(thread)
    copy.ClearField("metadata")
    return copy


def changed_fields(before: Thread, after: Thread) -> Sequence[str]:
    """Return which of the fields that an application may change are different."""
    return [name for name in _CHANGEABLE if _value(before, name) != _value(after, name)]


def copy_fields(source: Thread, target: Thread, names: Sequence[str]) -> None:
    """Copy fields, also those that are not set."""
    for name in names:
        if not source.HasField(name):  # type: ignore[arg-type]  # one of the names above
            target.ClearField(name)  # type: ignore[arg-type]  # likewise
        elif name == "title":
            target.title = source.title
        else:
            getattr(target, name).CopyFrom(getattr(source, name))


def other_fields(names: Sequence[str]) -> Sequence[str]:
    """Return the fields that an application may change, without some of them."""
    return [name for name in _CHANGEABLE if name not in names]


def _value(thread: Thread, name: str) -> Any:
    return getattr(thread, name) if thread.HasField(name) else None  # type: ignore[arg-type]  # one of the names above
