"""How a command fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from widgetstream_server.settings import Settings

FAILED = 1
USAGE = 2


class CommandFailed(Exception):
    """A command cannot do what it was asked. The message is for the person at the terminal."""

    def __init__(self, message: str, exit_code: int = FAILED) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def settings_or_fail() -> Settings:
    """Read the settings. Raises ``CommandFailed`` with a line for each that cannot be used."""
    from widgetstream_server.settings import SettingsError, load_settings

    try:
        return load_settings()
    except SettingsError as error:
        raise CommandFailed(f"these settings cannot be used:\n{error}", USAGE) from None
