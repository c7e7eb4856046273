"""What Envoy answers by itself, in the shape of the API's errors."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2, status_pb2
from google.rpc.code_pb2 import Code

from widgetstream.chatkit.v1 import error_reason_pb2

_DOMAIN = "widgetstream"
_TYPE_PREFIX = "type.googleapis.com/"

# Envoy's own translation for gRPC callers; the status in the details has to agree with it. All else is UNKNOWN.
_GRPC_CODES = {
    400: Code.INTERNAL,
    404: Code.UNIMPLEMENTED,
    429: Code.UNAVAILABLE,
    502: Code.UNAVAILABLE,
    503: Code.UNAVAILABLE,
    504: Code.UNAVAILABLE,
}


# The route says how large a request may be.
_TOO_LARGE = "%METADATA(ROUTE:widgetstream:too_large)%"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of Envoy's own.

    Attributes:
        http_status: The HTTP status that it stands for.
        code: The code of the status in JSON.
        reason: Why.
        message: For the caller. None: what Envoy says, which is about the caller's own request.
        retry_after: Seconds after which trying again may help.
        body: What is wrong with the request's body, where something is.
    """

    http_status: int
    code: int
    reason: error_reason_pb2.ErrorReason.ValueType
    message: str | None
    retry_after: int | None = None
    body: str | None = None

    @property
    def json(self) -> dict[str, Any]:
        """The body, with Envoy's placeholders."""
        details: list[dict[str, Any]] = [
            {
                "@type": _TYPE_PREFIX + error_details_pb2.ErrorInfo.DESCRIPTOR.full_name,
                "reason": self._reason_name,
                "domain": _DOMAIN,
                "metadata": {},
            }
        ]
        if self.body is not None:
            details.append(
                {
                    "@type": _TYPE_PREFIX + error_details_pb2.BadRequest.DESCRIPTOR.full_name,
                    "field_violations": [{"field": "body", "description": self.body}],
                }
            )
        if self.retry_after is not None:
            details.append(
                {
                    "@type": _TYPE_PREFIX + error_details_pb2.RetryInfo.DESCRIPTOR.full_name,
                    "retry_delay": f"{self.retry_after}s",
                }
            )
        # Envoy puts what it would have said in the place of this text.
        message = "The request cannot be read. %LOCAL_REPLY_BODY%" if self.message is None else self.message
        return {"code": self.code, "message": message, "details": details}

    @property
    def grpc_details(self) -> str:
        """The value of ``grpc-status-details-bin``."""
        status = status_pb2.Status(code=_GRPC_CODES.get(self.http_status, Code.UNKNOWN), message=self.message or "")
        status.details.add().Pack(error_details_pb2.ErrorInfo(reason=self._reason_name, domain=_DOMAIN))
        if self.retry_after is not None:
            delay = Duration(seconds=self.retry_after)
            status.details.add().Pack(error_details_pb2.RetryInfo(retry_delay=delay))
        # Binary metadata travels without padding.
        return base64.b64encode(status.SerializeToString(deterministic=True)).decode("ascii").rstrip("=")

    @property
    def _reason_name(self) -> str:
        return error_reason_pb2.ErrorReason.Name(self.reason).removeprefix("ERROR_REASON_")


def replies() -> Iterator[Reply]:
    """Yield every status that Envoy answers by itself here."""
    malformed = error_reason_pb2.ERROR_REASON_MALFORMED_REQUEST
    too_large = error_reason_pb2.ERROR_REASON_REQUEST_TOO_LARGE
    unserved = error_reason_pb2.ERROR_REASON_NOT_IMPLEMENTED
    unavailable = error_reason_pb2.ERROR_REASON_DEPENDENCY_UNAVAILABLE
    yield Reply(400, Code.INVALID_ARGUMENT, malformed, None)
    yield Reply(404, Code.UNIMPLEMENTED, unserved, "There is nothing at this path.")
    yield Reply(405, Code.UNIMPLEMENTED, unserved, "This path does not take this method; see the header allow.")
    yield Reply(408, Code.UNAVAILABLE, unavailable, "Nothing was heard for too long.")
    yield Reply(
        413, Code.RESOURCE_EXHAUSTED, too_large, "The request is larger than the server takes.", body=_TOO_LARGE
    )
    yield Reply(426, Code.UNIMPLEMENTED, unserved, "HTTP/1.1 or HTTP/2 is needed.")
    yield Reply(
        429, Code.RESOURCE_EXHAUSTED, error_reason_pb2.ERROR_REASON_TOO_MANY_REQUESTS, "Too much is under way.", 1
    )
    yield Reply(431, Code.RESOURCE_EXHAUSTED, too_large, "The headers are larger than the server takes.")
    yield Reply(500, Code.INTERNAL, error_reason_pb2.ERROR_REASON_INTERNAL, "The answer could not be written.")
    yield Reply(501, Code.UNIMPLEMENTED, unserved, "The request asks for something that is not served.")
    yield Reply(502, Code.UNAVAILABLE, unavailable, "The server's answer could not be read.", 1)
    yield Reply(503, Code.UNAVAILABLE, unavailable, "The server does not answer.", 1)
    yield Reply(504, Code.UNAVAILABLE, unavailable, "The server did not answer in time.", 1)
