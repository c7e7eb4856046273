"""The assistant: an agent with the app's tools, on a configured model or on the offline one."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from functools import partial

from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream_server.agents.bridge import run_agent
from widgetstream_server.agents.context import AgentContext
from widgetstream_server.agents.files import Parts, load_files
from widgetstream_server.agents.history import to_input
from widgetstream_server.agents.models.catalog import ModelCatalog
from widgetstream_server.agents.models.offline import OfflineModel
from widgetstream_server.conversation.attachments import Attachments
from widgetstream_server.conversation.context import RunContext
from widgetstream_server.conversation.limits import HistoryLimits
from widgetstream_server.todo.agent import ToolDesk, make_agent
from widgetstream_server.todo.asking import answered_in
from widgetstream_server.todo.desk import Desk
from widgetstream_server.todo.interpreter import TodoInterpreter
from widgetstream_server.todo.service import Tasks
from widgetstream_server.todo.shown import shown_in


class Assistant:
    """Answers what people say."""

    def __init__(
        self,
        tasks: Tasks,
        models: ModelCatalog,
        attachments: Attachments | None = None,
        limits: HistoryLimits | None = None,
    ) -> None:
        """Take the tasks to look after, the models to run on, the files they may read, and how much they are told.

        Without any models, the offline model answers, which reads no files.
        """
        self._tasks = tasks
        self._models = models
        self._attachments = attachments
        self._limits = limits or HistoryLimits()
        self._agent = make_agent()

    def check_model(self, name: str) -> None:
        """Refuse a model that there is not.

        Raises:
            InvalidArgumentError: There are others, or none to pick from.
        """
        self._models.check(name)

    async def answer(self, message: ThreadItem | None, context: RunContext) -> AsyncGenerator[WidgetEvent, None]:
        """Answer a person.

        Args:
            message: The person's message. None: the run goes on after a client tool or a structured input.
            context: What belongs to the run.

        Raises:
            InvalidArgumentError: The person picked a model that there is not.
        """
        history = await context.history(self._limits.items)
        shown = shown_in(history)
        wanted = message.user_message.inference_options.model if message is not None else ""
        if self._models or wanted:
            model = self._models.get(wanted)
        else:
            interpreter = TodoInterpreter(
                shown,
                quoted=message.user_message.quoted_text if message is not None else "",
                answered=answered_in(history) if message is None else None,
            )
            model = OfflineModel(interpreter, now=context.local_now, new_id=context.ids.new)
        desk = Desk(self._tasks, context.request, shown=shown.cards or shown.listed)
        agent_context = AgentContext(context, ToolDesk(desk))
        given = to_input(history, self._limits.tokens, await self._files(history, context.owner))
        async with aclosing(run_agent(self._agent.for_run(), given, agent_context, model=model)) as stream:
            async for event in stream:
                yield event

    async def _files(self, history: Sequence[ThreadItem], owner: str) -> Mapping[str, Parts]:
        if self._attachments is None or not self._models:
            return {}
        return await load_files(history, partial(self._attachments.read, owner))
