"""The composition root: the one place that knows all parts, and puts them together."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

import structlog

from widgetstream.chatkit.v1 import chatkit_http_service_pb2, chatkit_service_pb2
from widgetstream.todo.v1 import task_service_pb2
from widgetstream_server import start_up
from widgetstream_server.app_loading import AppFactory, load_app
from widgetstream_server.attachment_parts import content_store, make_attachments
from widgetstream_server.auth import DevelopmentKey, TokenVerifier, compose_issuers, development_key_is_accepted
from widgetstream_server.chatkit_protocol import ChatKitProtocol
from widgetstream_server.conversation.attachments import Attachments
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.faults import places_of
from widgetstream_server.conversation.item_locks import ItemLocks
from widgetstream_server.conversation.limits import EngineLimits, HistoryLimits, RunLimits
from widgetstream_server.conversation.page_tokens import PageTokens
from widgetstream_server.conversation.ports import Clock, Ids
from widgetstream_server.conversation.resources import Resources
from widgetstream_server.conversation.runs import Runs
from widgetstream_server.conversation.system import RandomIds, SystemClock
from widgetstream_server.conversation.threads import Threads
from widgetstream_server.conversation.upkeep import Upkeep
from widgetstream_server.log_setup import configure_logging
from widgetstream_server.model_parts import Models
from widgetstream_server.process_parts import ProcessParts
from widgetstream_server.rpc.attachments import AttachmentMethods
from widgetstream_server.rpc.chatkit_http_service import ChatKitHttpServicer
from widgetstream_server.rpc.chatkit_service import ChatKitServicer
from widgetstream_server.rpc.server import RpcLimits, RpcServer
from widgetstream_server.rpc.task_service import TaskServicer
from widgetstream_server.settings import Settings
from widgetstream_server.storage import (
    Database,
    EntryRepository,
    JournalRepository,
    RequestRepository,
    TaskRepository,
    ThreadRepository,
)
from widgetstream_server.todo.app import TodoApp
from widgetstream_server.todo.service import Tasks
from widgetstream_server.widgets.updates import apply_in_place

if TYPE_CHECKING:
    from widgetstream_server.agents.models.catalog import ModelCatalog

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """What tests and benchmarks may put in place of the real thing.

    Attributes:
        clock: The time.
        ids: Ids.
        models: Models. None: those of the settings.
        app: The application's factory. None: that of the settings.
    """

    clock: Clock = field(default_factory=SystemClock)
    ids: Ids = field(default_factory=RandomIds)
    models: ModelCatalog | None = None
    app: AppFactory | None = None


class Application:
    """A server with all its parts. Open it with ``async with``."""

    def __init__(self, settings: Settings, parts: Parts | None = None, addresses: Sequence[str] = ()) -> None:
        """Make a server. Nothing is opened yet. It listens at the settings' address unless others are given."""
        self._settings = settings
        self.addresses = addresses or (f"{settings.grpc_host}:{settings.grpc_port}",)
        self._parts = parts or Parts()
        self._stack = AsyncExitStack()
        self._runs: Runs
        self._server: RpcServer
        self.app: ChatKitServer
        self.attachments: Attachments
        self.database: Database
        self.others: ProcessParts
        self.port = 0

    async def __aenter__(self) -> Self:
        """Open the database, load the application, and serve.

        Raises:
            AppNotFoundError: There is no such application.
            OSError: The port is taken.
            ConversationError: The database does not answer.
        """
        async with AsyncExitStack() as stack:
            await self._open(stack)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving: say so, let what is under way end within the grace period, then close everything."""
        await self._stack.aclose()

    async def _open(self, stack: AsyncExitStack) -> None:
        settings, clock, ids = self._settings, self._parts.clock, self._parts.ids
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        self.database = await Database.open(settings.database_url, pool_size=settings.database_pool_size)
        stack.push_async_callback(self.database.close)
        threads_store, task_store = ThreadRepository(self.database), TaskRepository(self.database)
        journal, requests = JournalRepository(self.database), RequestRepository(self.database)
        limits = _engine_limits(settings)
        self.others = ProcessParts(settings, self.database, threads_store, journal, clock=clock, ids=ids, limits=limits)
        models = Models(settings, clock, self._parts.models)
        stack.push_async_callback(models.close)
        page_tokens = PageTokens(settings.page_token_key())
        content = content_store(settings)
        stack.push_async_callback(content.close)
        self.attachments = make_attachments(settings, self.database, content, clock=clock, ids=ids)
        self.app = (self._parts.app or load_app(settings.app))(
            Resources(
                clock=clock,
                ids=ids,
                threads=threads_store,
                tasks=task_store,
                models=models.catalog,
                page_tokens=page_tokens,
                attachments=self.attachments,
                transcriber=models.transcriber,
                history=HistoryLimits(settings.history_items, settings.history_tokens),
            )
        )
        self._runs = Runs(
            self.app,
            threads_store,
            requests,
            journal,
            clock=clock,
            ids=ids,
            apply_widget_update=apply_in_place,
            limits=limits,
            attachments=self.attachments,
            elsewhere=self.others.elsewhere,
        )
        await self.others.join(self._runs, stack)
        threads = Threads(
            self.app,
            threads_store,
            self._runs,
            clock=clock,
            page_tokens=page_tokens,
            item_locks=ItemLocks(requests, clock, lambda: self.others.processes.has_others),
            attachments=self.attachments,
        )
        verifier = await stack.enter_async_context(_verifier(settings, clock))
        # One instance for clicks, tools and calls: it keeps the changes of one task apart.
        tasks = self.app.tasks if isinstance(self.app, TodoApp) else Tasks(task_store, clock, ids, page_tokens)
        self._server = RpcServer(
            [
                (
                    chatkit_service_pb2.DESCRIPTOR.services_by_name["ChatKitService"],
                    ChatKitServicer(
                        self.app,
                        self._runs,
                        threads,
                        AttachmentMethods(self.attachments),
                        reader_timeout=settings.reader_timeout_seconds,
                    ),
                ),
                (
                    chatkit_http_service_pb2.DESCRIPTOR.services_by_name["ChatKitHttpService"],
                    ChatKitHttpServicer(
                        ChatKitProtocol(
                            self.app,
                            self._runs,
                            threads,
                            EntryRepository(self.database),
                            self.attachments,
                            max_request_bytes=settings.max_request_bytes,
                        ),
                        reader_timeout=settings.reader_timeout_seconds,
                    ),
                ),
                (task_service_pb2.DESCRIPTOR.services_by_name["TaskService"], TaskServicer(tasks)),
            ],
            verifier=verifier,
            requests=requests,
            clock=clock,
            limits=_rpc_limits(settings),
            default_time_zone=ZoneInfo(settings.time_zone),
            public_url=settings.public_url,
        )
        self.port = await self._server.start(*self.addresses)
        stack.push_async_callback(self._stop_serving)
        collecting = asyncio.create_task(self.attachments.removal.collect_forever())
        stack.callback(collecting.cancel)
        upkeep = asyncio.create_task(Upkeep(journal, requests, clock).forever())
        stack.callback(upkeep.cancel)
        warming = asyncio.create_task(self._warm_up())
        stack.callback(warming.cancel)

    async def _warm_up(self) -> None:
        began = self._parts.clock.monotonic()
        try:
            await self.app.warm_up()
        except Exception as error:  # noqa: BLE001 — whatever an application raises: its requests will tell, too
            _log.error("warm_up_failed", error_type=type(error).__name__, places=places_of(error))
            return
        start_up.settle()
        start_up.keep_threads_from_interrupting()
        _log.info("warmed_up", seconds=round(self._parts.clock.monotonic() - began, 2))

    async def _stop_serving(self) -> None:
        await self._server.announce_stop()
        grace = self._settings.shutdown_grace_seconds
        await self._runs.stop(grace)
        await self._server.stop(1.0)


async def serve(
    settings: Settings,
    addresses: Sequence[str] = (),
    *,
    on_ready: Callable[[int], None] | None = None,
    stop: asyncio.Event | None = None,
) -> None:
    """Serve until told to stop, by SIGTERM, SIGINT or the event; then shut down gracefully.

    Args:
        settings: The settings.
        addresses: Where to listen, as gRPC has them. None: where the settings say.
        on_ready: Called with the port when the server serves.
        stop: Ends the server when it is set.
    """
    start_up.limit_arenas()
    configure_logging(settings.log_format, settings.log_level)
    stopping = stop or asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stopping.set)
    try:
        async with Application(settings, addresses=addresses) as application:
            _log.info("serving", addresses=[*application.addresses], app=settings.app)
            if on_ready:
                on_ready(application.port)
            await stopping.wait()
            _log.info("stopping")
    finally:
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(signal_number)
    _log.info("stopped")


def _verifier(settings: Settings, clock: Clock) -> TokenVerifier:
    configured = settings.issuer_configs
    key = None
    if development_key_is_accepted(configured, settings.allow_development_tokens):
        key = DevelopmentKey.load_or_create(settings.key_dir)
    return TokenVerifier(compose_issuers(configured, key, settings.allow_development_tokens), clock=clock)


def _engine_limits(settings: Settings) -> EngineLimits:
    return EngineLimits(
        run=RunLimits(
            max_seconds=settings.max_run_seconds,
            retention_seconds=settings.run_log_retention_seconds,
        ),
        heartbeat_seconds=settings.heartbeat_seconds,
        max_runs=settings.max_streams,
        max_runs_per_owner=settings.max_streams_per_user,
    )


def _rpc_limits(settings: Settings) -> RpcLimits:
    return RpcLimits(
        max_request_bytes=settings.max_request_bytes,
        max_calls=settings.max_streams,
        max_calls_per_caller=settings.max_streams_per_user,
    )
