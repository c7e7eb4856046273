"""The loop of ``widgetstream chat``: say something or choose an action, watch what follows."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass, field

from rich.console import Console, Group
from rich.live import Live
from rich.markdown import Markdown
from rich.text import Text

from widgetstream import AsyncClient, UnavailableError, WidgetstreamError
from widgetstream.chatkit.v1.event_pb2 import NoticeLevel, WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.client.asynchronous import RunStream
from widgetstream_server.terminal.actions import WidgetAction, actions_of
from widgetstream_server.terminal.drawing import Numbering, draw
from widgetstream_server.widgets.updates import apply

HELP = """\
Say what you want, or type the number of an action. `/new` begins a new thread, `/threads` lists yours, \
`/open 2` goes on with the second of them, `/quit` (or Ctrl-D) leaves. Ctrl-C stops an answer."""

_LEVELS = {
    NoticeLevel.NOTICE_LEVEL_WARNING: "yellow",
    NoticeLevel.NOTICE_LEVEL_DANGER: "red",
}


@dataclass(slots=True)
class _Shown:
    """What an answer has shown so far."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    widgets: dict[str, ThreadItem] = field(default_factory=dict)
    progress: str = ""


class Conversation:
    """One person at a terminal."""

    def __init__(
        self, client: AsyncClient, console: Console, ask: Callable[[str], str], *, thread_id: str = ""
    ) -> None:
        """Talk through a client.

        Args:
            client: The client.
            console: Where to print.
            ask: Prompts the person and returns the line; raises EOFError at the end.
            thread_id: The thread to go on with. Empty: a new one.
        """
        self._client = client
        self._console = console
        self._ask = ask
        self._thread_id = thread_id
        self._threads: list[str] = []
        self._actions: list[tuple[str, WidgetAction]] = []

    async def talk(self) -> None:
        """Prompt until the person leaves."""
        self._console.print(Markdown(HELP))
        while True:
            try:
                line = (await asyncio.to_thread(self._ask, "› ")).strip()
            except (EOFError, KeyboardInterrupt):
                return
            if line in ("/quit", "/exit", "/q"):
                return
            if line:
                await self.handle(line)

    async def handle(self, line: str) -> bool:
        """Do what a line says, and return whether it worked."""
        try:
            match line.split():
                case ["/help"]:
                    self._console.print(Markdown(HELP))
                case ["/new"]:
                    self._thread_id = ""
                case ["/threads"]:
                    await self._list_threads()
                case ["/open", number] if number.isdecimal() and 0 < int(number) <= len(self._threads):
                    self._thread_id = self._threads[int(number) - 1]
                    await self._show_history()
                case [number] if number.isdecimal() and 0 < int(number) <= len(self._actions):
                    return await self._act(int(number) - 1)
                case [command, *_] if command.startswith("/"):
                    self._console.print(
                        Text(f"{command} is not known here, or cannot be done; try /help.", style="yellow")
                    )
                    return False
                case _:
                    return await self._follow(self._client.respond(line, thread_id=self._thread_id))
        except UnavailableError as error:
            # Without a reason the answer is gRPC's own: nobody was reached.
            message = error.message if error.reason else "Nobody answers there. Start a server with `widgetstream up`."
            self._console.print(Text(message, style="red"))
            return False
        except WidgetstreamError as error:
            self._console.print(Text(error.message, style="red"))
            return False
        return True

    async def _act(self, index: int) -> bool:
        item_id, action = self._actions[index]
        values: dict[str, object] = {}
        for each in action.fields:
            choices = f" ({'/'.join(each.choices)})" if each.choices else " (yes/no)" if each.boolean else ""
            answer = await asyncio.to_thread(self._ask, f"  {each.label}{choices} [{each.default}]: ")
            value = answer.strip() or each.default
            values[each.name] = value.lower() in ("yes", "y", "true", "1") if each.boolean else value
        stream = self._client.action(
            action.config.type, action.payload(values), thread_id=self._thread_id, item_id=item_id
        )
        return await self._follow(stream)

    async def _follow(self, stream: RunStream) -> bool:
        """Show a run, and return whether it went well."""
        shown = _Shown()
        worked = False
        interrupts = asyncio.get_running_loop()
        with Live(console=self._console, refresh_per_second=20, transient=False) as live:

            def stop() -> None:
                self._cancel = asyncio.ensure_future(stream.cancel())

            interrupts.add_signal_handler(signal.SIGINT, stop)
            try:
                async for event in stream:
                    worked = self._take(event, shown) or worked
                    live.update(self._picture(shown))
            finally:
                interrupts.remove_signal_handler(signal.SIGINT)
        self._thread_id = stream.thread_id or self._thread_id
        if shown.widgets:
            self._actions = [
                (item_id, action)
                for item_id, item in shown.widgets.items()
                for action in actions_of(item.widget.widget)
            ]
        return worked

    def _take(self, event: WidgetEvent, shown: _Shown) -> bool:  # noqa: C901 — one case an event
        match event.WhichOneof("event"):
            case "item_added":
                _keep(event.item_added.item, shown)
            case "item_done":
                _keep(event.item_done.item, shown)
            case "item_replaced":
                _keep(event.item_replaced.item, shown)
            case "item_removed":
                shown.texts.pop(event.item_removed.item_id, None)
                shown.widgets.pop(event.item_removed.item_id, None)
            case "item_updated":
                updated = event.item_updated
                if updated.update.HasField("text_delta"):
                    shown.texts.setdefault(updated.item_id, []).append(updated.update.text_delta.delta)
                elif updated.item_id in shown.widgets:
                    widget = shown.widgets[updated.item_id].widget
                    widget.widget.CopyFrom(apply(widget.widget, updated.update))
            case "progress_update":
                shown.progress = event.progress_update.text
            case "notice":
                color = _LEVELS.get(event.notice.level, "cyan")
                self._console.print(Text(event.notice.message, style=color))
            case "run_failed":
                self._console.print(Text(event.run_failed.message, style="red"))
            case "run_canceled":
                self._console.print(Text("Stopped.", style="yellow"))
            case "run_completed":
                return True
            case _:
                pass  # nothing to see
        return False

    def _picture(self, shown: _Shown) -> Group:
        numbers = Numbering()
        parts = [draw(item.widget.widget, numbers) for item in shown.widgets.values()]
        parts.extend(Markdown("".join(texts)) for texts in shown.texts.values())
        if not parts and shown.progress:
            parts.append(Text(f"… {shown.progress}", style="dim"))
        return Group(*parts)

    async def _list_threads(self) -> None:
        self._threads = []
        async for thread in self._client.list_threads(page_size=20):
            self._threads.append(thread.id)
            self._console.print(f"{len(self._threads):3}  {thread.title or thread.id}", markup=False)
            if len(self._threads) == 20:
                return

    async def _show_history(self) -> None:
        found = await self._client.get_thread(self._thread_id)
        shown = _Shown()
        for item in found.thread.items.data:
            if item.HasField("user_message"):
                said = " ".join(part.input_text.text or part.input_tag.text for part in item.user_message.content)
                self._console.print(Text(f"› {said}", style="bold"))
            else:
                shown = _Shown()
                _keep(item, shown)
                self._console.print(self._picture(shown))


def _keep(item: ThreadItem, shown: _Shown) -> None:
    if item.HasField("widget"):
        shown.widgets[item.id] = ThreadItem()
        shown.widgets[item.id].CopyFrom(item)
    elif item.HasField("assistant_message"):
        shown.texts[item.id] = [part.text for part in item.assistant_message.content]
