"""Finds the application that the settings name."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.resources import Resources

AppFactory = Callable[[Resources], ChatKitServer]
"""Makes an application from the server's resources."""


class AppNotFoundError(Exception):
    """The application that the settings name cannot be loaded."""


def load_app(path: str) -> AppFactory:
    """Return the factory of an application by its import path, ``package.module:name``.

    Modules are found in the working directory too, as other servers of applications do it.

    Raises:
        AppNotFoundError: There is none.
    """
    module_name, _, name = path.partition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        factory = getattr(importlib.import_module(module_name), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise AppNotFoundError(f"WIDGETSTREAM_APP: there is no {path!r} ({type(error).__name__})") from error
    return cast("AppFactory", factory)
