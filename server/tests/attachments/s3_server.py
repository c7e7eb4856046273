"""An S3-compatible server on a loopback port, in a thread of this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

pytest.importorskip("obstore", reason="the extra s3 is not installed")
pytest.importorskip("moto.server", reason="the S3-compatible server for tests is not installed")

import boto3  # type: ignore[import-untyped]  # comes with the server, and has no types
from moto.server import ThreadedMotoServer

BUCKET = "attachments"
KEYS = {"access_key_id": "test", "secret_access_key": "test"}
REGION = "us-east-1"


@dataclass(frozen=True)
class S3Server:
    """A server with a bucket.

    Attributes:
        url: Where it is.
        client: Looks at it from the outside.
    """

    url: str
    client: Any

    def names(self) -> list[str]:
        found = self.client.list_objects_v2(Bucket=BUCKET)
        return sorted(entry["Key"] for entry in found.get("Contents", ()))

    def unfinished(self) -> list[str]:
        """Return the names of uploads in parts that were neither completed nor withdrawn."""
        found = self.client.list_multipart_uploads(Bucket=BUCKET)
        return [entry["Key"] for entry in found.get("Uploads", ())]

    def clear(self) -> None:
        for name in self.names():
            self.client.delete_object(Bucket=BUCKET, Key=name)


@contextmanager
def s3_server() -> Iterator[S3Server]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    client = boto3.client(
        "s3", endpoint_url=url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
    )
    try:
        client.create_bucket(Bucket=BUCKET)
        yield S3Server(url, client)
    finally:
        client.close()
        server.stop()
