"""Attachments as the settings want them, put together."""

from __future__ import annotations

from datetime import timedelta

from widgetstream.chatkit.v1.attachment_pb2 import UploadMethod
from widgetstream_server.attachments import DiskContent
from widgetstream_server.conversation.attachment_addresses import AttachmentAddresses
from widgetstream_server.conversation.attachment_keys import AttachmentKeys
from widgetstream_server.conversation.attachment_limits import AttachmentLimits
from widgetstream_server.conversation.attachment_ports import ContentStore
from widgetstream_server.conversation.attachments import Attachments
from widgetstream_server.conversation.ports import Clock, Ids
from widgetstream_server.settings import Settings, SettingsError, variable
from widgetstream_server.storage import AttachmentRepository, Database


def content_store(settings: Settings) -> ContentStore:
    """Return where content is kept. Nothing is opened yet.

    Raises:
        SettingsError: A library for it is not installed.
    """
    if settings.attachments_s3_bucket is not None:
        return _s3_content(settings, settings.attachments_s3_bucket)
    return DiskContent(settings.attachments_dir or settings.data_dir / "attachments")


def make_attachments(
    settings: Settings, database: Database, content: ContentStore, *, clock: Clock, ids: Ids
) -> Attachments:
    """Return the service of attachments over a database and a store of content."""
    return Attachments(
        AttachmentRepository(database),
        content,
        clock=clock,
        ids=ids,
        addresses=AttachmentAddresses(
            AttachmentKeys(settings.page_token_key()), UploadMethod.Value(f"UPLOAD_METHOD_{settings.upload_method}")
        ),
        limits=AttachmentLimits(
            max_bytes=settings.max_attachment_bytes,
            orphan_lifetime=timedelta(seconds=settings.attachment_orphan_seconds),
        ),
    )


def _s3_content(settings: Settings, bucket: str) -> ContentStore:
    try:
        from widgetstream_server.attachments.s3 import S3Bucket, S3Content
    except ModuleNotFoundError:
        raise SettingsError(
            f"{variable('attachments_s3_bucket')}: needs the extra s3: pip install 'widgetstream-server[s3]'"
        ) from None
    key, secret = settings.attachments_s3_access_key_id, settings.attachments_s3_secret_access_key
    return S3Content(
        S3Bucket(
            bucket,
            settings.attachments_s3_region,
            prefix=settings.attachments_s3_prefix,
            endpoint=settings.attachments_s3_endpoint,
            access_key_id=key.get_secret_value() if key else None,
            secret_access_key=secret.get_secret_value() if secret else None,
        )
    )
