"""Sources, one of each kind."""

from __future__ import annotations

from collections.abc import Sequence

from widgetstream.chatkit.v1.source_pb2 import EntityPreview, EntitySource, FileSource, Source, UrlSource
from widgetstream_server.widgets.json_values import to_struct


def url_source() -> UrlSource:
    """Return a page on the web."""
    return UrlSource(
        title="Example Domain",
        description="A page for examples.",
        timestamp="2026-01-02",
        group="Web",
        url="https://example.com",
        attribution="IANA",
    )


def file_source() -> FileSource:
    """Return a file."""
    return FileSource(
        title="Report", description="A file for examples.", timestamp="2026-01-03", group="Files", filename="report.pdf"
    )


def sources() -> Sequence[Source]:
    """Return a page, a file and an entity."""
    entity = EntitySource(
        title="Buy milk",
        description="A task for examples.",
        timestamp="2026-01-04",
        group="Tasks",
        id="task_1",
        icon="check-circle",
        label="Task",
        inline_label="#1",
        interactive=True,
        data=to_struct({"number": 1}),
        preview=EntityPreview.ENTITY_PREVIEW_LAZY,
    )
    return [Source(url=url_source()), Source(file=file_source()), Source(entity=entity)]
