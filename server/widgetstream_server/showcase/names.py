"""The types of the showcase's actions."""

from __future__ import annotations

from typing import Final

ECHO: Final = "showcase.echo"
"""Says what came with it."""
COUNT: Final = "showcase.count"
"""Counts up in its widget, in a run."""
TOGGLE: Final = "showcase.toggle"
"""Changes its widget at once, without a run."""
ON_THE_PAGE: Final = "showcase.on_the_page"
"""For the page alone: the server never gets it."""
