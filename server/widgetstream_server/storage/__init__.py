"""Threads, items, runs, attachments and tasks in SQLite or PostgreSQL."""

from widgetstream_server.storage.attachments import AttachmentRepository
from widgetstream_server.storage.database import Database
from widgetstream_server.storage.entries import EntryRepository
from widgetstream_server.storage.failures import StorageFault
from widgetstream_server.storage.journal import JournalRepository
from widgetstream_server.storage.processes import ProcessRepository
from widgetstream_server.storage.requests import RequestRepository
from widgetstream_server.storage.schema import SchemaAheadError, SchemaBehindError, SchemaError
from widgetstream_server.storage.tasks import TaskRepository
from widgetstream_server.storage.threads import ThreadRepository

__all__ = [
    "AttachmentRepository",
    "Database",
    "EntryRepository",
    "JournalRepository",
    "ProcessRepository",
    "RequestRepository",
    "SchemaAheadError",
    "SchemaBehindError",
    "SchemaError",
    "StorageFault",
    "TaskRepository",
    "ThreadRepository",
]
