"""Where the content of attachments is kept: on a disk, or in an S3-compatible store."""

from widgetstream_server.attachments.disk import DiskContent

__all__ = ["DiskContent"]
