"""Writes the tables of specs/001-chatkit-upgrade/contracts/ from the schema and from the code that serves it.

A table stands between two comments, `<!-- table: NAME -->` and `<!-- end of table -->`; the text around it is written
by hand and stays. With --check nothing is written: documents whose tables are not up to date are listed, and the exit
status is 1.
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from google.api import annotations_pb2, http_pb2
from google.protobuf.descriptor_pb2 import MethodDescriptorProto, MethodOptions
from tools.contract_errors import error_table
from tools.contract_json import field_table, literal_table, message_table, union_table
from tools.contract_schema import Schema, summary, table

from widgetstream.chatkit.v1 import options_pb2
from widgetstream_server.rpc.chatkit_http_service import ChatKitHttpServicer
from widgetstream_server.rpc.chatkit_service import ChatKitServicer
from widgetstream_server.rpc.task_service import TaskServicer

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = Path("specs/001-chatkit-upgrade/contracts")

SERVICERS = {
    "ChatKitService": ChatKitServicer,
    "ChatKitHttpService": ChatKitHttpServicer,
    "TaskService": TaskServicer,
}
ACCESS = {
    options_pb2.ACCESS_UNSPECIFIED: "nobody",
    options_pb2.ACCESS_PUBLIC: "anybody",
    options_pb2.ACCESS_AUTHENTICATED: "bearer token",
    options_pb2.ACCESS_KEY: "bearer token or key",
}
_TABLE = re.compile(r"(<!-- table: ([a-z-]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)


def rpc_table(service_name: str) -> Callable[[Schema], str]:
    """Returns what writes the table of one service."""

    def write(schema: Schema) -> str:
        rows = []
        for file in schema.files:
            for number, service in enumerate(file.service):
                if service.name != service_name:
                    continue
                for index, method in enumerate(service.method):
                    does = summary(schema.comment(file, 6, number, 2, index))
                    rows.append(_rpc_row(schema, method, does, SERVICERS[service_name]))
        return table(("RPC", "What it does", "Streams", "Access", "Repeating", "HTTP", "Served"), rows)

    return write


def _rpc_row(schema: Schema, method: MethodDescriptorProto, does: str, servicer: type) -> Sequence[str]:
    streams = [name for name, does_so in (("in", method.client_streaming), ("out", method.server_streaming)) if does_so]
    # What is not served yet never returns, and its annotation says so; annotations are texts here.
    unserved = inspect.signature(getattr(servicer, method.name)).return_annotation == "NoReturn"
    return (
        f"`{method.name}`",
        does,
        " and ".join(streams) or "–",
        ACCESS[method.options.Extensions[options_pb2.access]],
        _repeating(schema, method),
        "<br>".join(f"`{line}`" for line in _http_lines(method)),
        "not yet" if unserved else "yes",
    )


def _repeating(schema: Schema, method: MethodDescriptorProto) -> str:
    match method.options.idempotency_level:
        case MethodOptions.NO_SIDE_EFFECTS:
            return "reads only"
        case MethodOptions.IDEMPOTENT:
            return "safe"
        case _:
            pass
    if method.input_type.startswith(".widgetstream."):
        file, index = schema.file_of(method.input_type)
        if any(field.name == "request_id" for field in file.message_type[index].field):
            return "safe with `request_id`"
    return "acts again"


def _http_lines(method: MethodDescriptorProto) -> Iterator[str]:
    # google/api comes without type stubs.
    rule: http_pb2.HttpRule = method.options.Extensions[annotations_pb2.http]  # type: ignore[index]
    for binding in (rule, *rule.additional_bindings):
        verb = binding.WhichOneof("pattern")
        if verb is None:
            raise ValueError(f"{method.name} has no HTTP path")
        yield f"{verb.upper()} {getattr(binding, verb)}"


def event_table(schema: Schema) -> str:
    """Returns the table of a run's events."""
    file, number = schema.file_of(".widgetstream.chatkit.v1.WidgetEvent")
    rows = []
    for index, field in enumerate(file.message_type[number].field):
        if field.HasField("oneof_index") and not field.proto3_optional:
            chatkit = field.options.Extensions[options_pb2.field_json].type
            meaning = " ".join(schema.comment(file, 4, number, 2, index).split())
            rows.append((f"`{field.name}`", str(field.number), f"`{chatkit}`" if chatkit else "–", meaning))
    return table(("Event", "Field", "ChatKit's `type`", "Meaning"), rows)


TABLES: Mapping[str, Callable[[Schema], str]] = {
    "chatkit-service": rpc_table("ChatKitService"),
    "task-service": rpc_table("TaskService"),
    "chatkit-http-service": rpc_table("ChatKitHttpService"),
    "errors": error_table,
    "events": event_table,
    "json-unions": union_table,
    "json-messages": message_table,
    "json-fields": field_table,
    "json-literals": literal_table,
}


def rewritten(text: str, schema: Schema) -> str:
    """Returns a document with its tables as they should be. Raises ``KeyError`` for a table nobody writes."""
    return _TABLE.sub(lambda found: f"{found[1]}\n{TABLES[found[2]](schema)}\n{found[3]}", text)


def main() -> int:
    """Writes or checks the documents, and returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="say which documents are not up to date")
    check = parser.parse_args().check
    schema = Schema()
    stale = False
    for path in sorted((ROOT / CONTRACTS).glob("*.md")):
        text = path.read_text("utf-8")
        fresh = rewritten(text, schema)
        if fresh != text:
            stale = True
            if check:
                print(f"{path.relative_to(ROOT)}: not up to date; run `.venv/bin/python -m tools.contract_tables`")
            else:
                path.write_text(fresh, "utf-8")
    return int(stale and check)


if __name__ == "__main__":
    sys.exit(main())
