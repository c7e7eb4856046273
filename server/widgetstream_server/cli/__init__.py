"""The command line: ``widgetstream``."""

from widgetstream_server.cli.program import main

__all__ = ["main"]
