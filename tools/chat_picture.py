"""Draws the README's picture of the terminal: a true conversation with a server that runs.

    python -m tools.chat_picture specs/pictures/chat.svg

Start a server with an empty data folder first (`widgetstream up`).
"""

from __future__ import annotations

import argparse
import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.text import Text

from widgetstream import AsyncClient
from widgetstream_server.auth import DevelopmentKey
from widgetstream_server.settings import load_settings
from widgetstream_server.terminal.conversation import Conversation

SAID = (
    "add a task to buy milk tomorrow, high priority #errands",
    "add a task to call mom on friday at 5pm",
    "show me my tasks",
    "delete task 1",
)


async def converse(console: Console) -> None:
    """Say each sentence, and let the console record what is shown."""
    settings = load_settings()
    token = DevelopmentKey.load_or_create(settings.key_dir).sign("reader", timedelta(hours=1), datetime.now(UTC))
    async with AsyncClient(f"localhost:{settings.grpc_port}", token=token) as client:
        conversation = Conversation(client, console, input)
        for sentence in SAID:
            console.print(Text(f"› {sentence}", style="bold"))
            await conversation.handle(sentence)


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path, help="where to write the SVG")
    path: Path = parser.parse_args().path
    # Not a terminal: what a live display redraws would be recorded twice.
    console = Console(record=True, width=92, force_terminal=False, color_system="truecolor")
    asyncio.run(converse(console))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_without_fonts(console.export_svg(title="widgetstream chat")))


def _without_fonts(svg: str) -> str:
    """Return the picture without the fonts that rich would have a reader's browser fetch."""
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


if __name__ == "__main__":
    main()
