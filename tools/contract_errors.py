"""The contract's table of error reasons: from the schema's comments and the server's own mapping to codes."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.contract_schema import Schema, table

from widgetstream.chatkit.v1.error_reason_pb2 import ErrorReason
from widgetstream_server.conversation.errors import ConversationError
from widgetstream_server.rpc.status import status_code

# The sentence of a comment that states the code. A full stop inside of code does not end it.
_STATED = re.compile(r"\s*\bStatus ([A-Z_]+)(?:[^.`]|`[^`]*`)*\.")
# What Envoy answers in place of the status that the gRPC code becomes.
_OTHER_HTTP = {"REQUEST_TOO_LARGE": 413}
_HTTP_MAPPING = re.compile(r"// HTTP Mapping: (\d{3}) [^\n]*\n\s*([A-Z_]+) = \d+;")

# What callers do about it: the one column that nothing else states.
ADVICE = {
    "INVALID_ARGUMENT": "Mend the fields that `BadRequest` names. Repeating it unchanged fails again.",
    "MALFORMED_REQUEST": "Mend the program: encode with the current schema, texts as UTF-8.",
    "PAGE_TOKEN_INVALID": "Begin again at the first page, with the filters that are meant.",
    "TOKEN_MISSING": "Send `authorization: Bearer …`.",
    "TOKEN_INVALID": "Sign in anew. `failure` tells the operator which rule the token broke.",
    "TOKEN_EXPIRED": "Get a new token and repeat the call.",
    "ACCESS_DENIED": "Do not repeat it; nobody may call this method.",
    "THREAD_NOT_FOUND": "Take the id from `ListThreads`, or begin a new thread with an empty `thread_id`.",
    "ITEM_NOT_FOUND": "Read the items again with `ListItems`; it was removed, or belongs to another thread.",
    "RUN_NOT_FOUND": "Read the thread: `GetThread` has the run under way.",
    "ATTACHMENT_NOT_FOUND": "Upload the file again.",
    "TASK_NOT_FOUND": "List the tasks again.",
    "THREAD_BUSY": "Follow the run in `run_id` to its end (`SubscribeRun`), or stop it (`CancelRun`); then repeat.",
    "THREAD_NOT_ACTIVE": "Begin a new thread.",
    "ACTION_UNKNOWN": "Mend the widget or the client; the field violation lists the actions there are.",
    "ACTION_PAYLOAD_INVALID": "Mend the fields below `action.payload` that `BadRequest` names.",
    "ITEM_STATE_INVALID": "Read the item again; it is of another kind, or has been answered.",
    "REQUEST_ID_REUSED": "Use a new `request_id` for a new request.",
    "REQUEST_IN_PROGRESS": "Try again after the time in `RetryInfo`: the answer will be the first call's.",
    "RUN_LOG_EXPIRED": "Read what the run said with `ListItems`.",
    "SEQUENCE_OUT_OF_RANGE": "Subscribe after `last_sequence`, or from 0.",
    "TOO_MANY_REQUESTS": "Wait as long as `RetryInfo` says, then repeat; close streams that nobody reads.",
    "REQUEST_TOO_LARGE": "Send less; `limit_bytes` is the limit.",
    "READER_TOO_SLOW": "Subscribe again after the last number received.",
    "NOT_IMPLEMENTED": "Do without; `feature` names what is missing.",
    "DEPENDENCY_UNAVAILABLE": "Wait as long as `RetryInfo` says, then repeat what is safe to repeat.",
    "SHUTTING_DOWN": "Repeat it after a second; another process answers, or the same one again.",
    "INTERNAL": "Report `correlation_id`; the log has the place in the code under it.",
    "MODEL_UNAVAILABLE": "Ask again, when `allow_retry` says so.",
    "RUN_LIMIT_EXCEEDED": "Ask for less at once. The operator can raise the limit.",
    "WIDGET_INVALID": "Mend the application; the message names the component.",
    "RUN_INTERRUPTED": "Ask again; what was stored before stays.",
    "NOT_CONFIGURED": "Ask the operator to configure it.",
    "ATTACHMENT_MISMATCH": "Create the attachment again with its true size, type and hash.",
}


def http_statuses() -> Mapping[str, int]:
    """Returns the HTTP status of each gRPC code, as google/rpc/code.proto states it and Envoy answers it."""
    proto = importlib.metadata.distribution("googleapis-common-protos").locate_file("google/rpc/code.proto")
    return {code: int(http) for http, code in _HTTP_MAPPING.findall(Path(str(proto)).read_text("utf-8"))}


def error_table(schema: Schema) -> str:
    """Returns the table of error reasons.

    Raises:
        ValueError: A reason's comment states another status than the server answers.
    """
    http = http_statuses()
    rows = []
    for name, meaning, example in _reasons(schema):
        code = _code(name)
        stated = _STATED.search(meaning)
        if stated is not None and stated[1] != code:
            raise ValueError(f"{name}: the schema says {stated[1]}, the server answers {code}")
        where = f"{code} · {_OTHER_HTTP.get(name, http[code])}"
        if "The run fails" in meaning:
            where = f"`run_failed`; outside of a run {where}"
        rows.append((f"`{name}`", where, _STATED.sub("", meaning), example, ADVICE[name]))
    return table(("Reason", "gRPC · HTTP", "Meaning", "Example", "What to do"), rows)


def _code(name: str) -> str:
    class Failure(ConversationError):
        reason = ErrorReason.Value(f"ERROR_REASON_{name}")

    return status_code(Failure("")).name


def _reasons(schema: Schema) -> Iterator[tuple[str, str, str]]:
    for file in schema.files:
        for number, enum in enumerate(file.enum_type):
            if enum.name != "ErrorReason":
                continue
            for index, value in enumerate(enum.value):
                if value.number:
                    meaning, example, *_ = schema.comment(file, 5, number, 2, index).split("\n\n")
                    example = " ".join(example.split()).removeprefix("Example: ").rstrip(":.")
                    yield (
                        value.name.removeprefix("ERROR_REASON_"),
                        " ".join(meaning.split()),
                        f"{example[0].upper()}{example[1:]}.",
                    )
