"""What Envoy has to know of the schema: descriptors, services and HTTP paths, as the generated code has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from google.api import annotations_pb2, http_pb2
from google.protobuf.descriptor import FileDescriptor, MethodDescriptor, ServiceDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from google.rpc import error_details_pb2

from widgetstream.chatkit.v1 import chatkit_http_service_pb2, chatkit_service_pb2, options_pb2
from widgetstream.todo.v1 import task_service_pb2

_SERVICE_FILES = (
    chatkit_service_pb2.DESCRIPTOR,
    chatkit_http_service_pb2.DESCRIPTOR,
    task_service_pb2.DESCRIPTOR,
)

_SEGMENT = re.compile(r"\{[a-z_][a-z0-9_.]*\}|[A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class HttpPath:
    """A path of the API and its verbs.

    Attributes:
        regex: Matches the whole path, without query.
        verbs: HTTP methods in order of the alphabet.
        streams_request: Whether a request may be as long as it likes, because the server takes it piece by piece.
        max_request_bytes: How large a request may be as JSON, where the schema allows more than the setting does. 0: it
            does not.
        is_bare: Whether the server takes the body as it is, and only it knows how large one like that may be.
    """

    regex: str
    verbs: tuple[str, ...]
    streams_request: bool
    max_request_bytes: int
    is_bare: bool


def service_names() -> list[str]:
    """Return the full names of all services that have HTTP paths."""
    return [service.full_name for service in _services()]


def descriptor_set() -> bytes:
    """Return a serialized ``FileDescriptorSet`` of the services, with all imports, imports first.

    It holds the types of error details too: the transcoder writes only what it knows.
    """
    result = FileDescriptorSet()
    seen: set[str] = set()

    def add(file: FileDescriptor) -> None:
        if file.name in seen:
            return
        seen.add(file.name)
        for dependency in file.dependencies:
            add(dependency)
        proto = FileDescriptorProto()
        file.CopyToProto(proto)
        result.file.append(proto)

    for file in (*_SERVICE_FILES, error_details_pb2.DESCRIPTOR):
        add(file)
    return result.SerializeToString(deterministic=True)


def http_paths() -> list[HttpPath]:
    """Return all paths, in order of the alphabet. No two match the same."""
    verbs: dict[str, set[str]] = {}
    streaming: set[str] = set()
    bare: set[str] = set()
    larger: dict[str, int] = {}
    for method, rule in _http_rules():
        verb = rule.WhichOneof("pattern")
        if verb is None or verb == "custom":
            raise ValueError(f"{method.full_name} has an HTTP rule without one of the usual verbs")
        regex = _regex(getattr(rule, verb))
        verbs.setdefault(regex, set()).add(verb.upper())
        if method.client_streaming:
            streaming.add(regex)
        if _is_bare(method):
            bare.add(regex)
        larger[regex] = max(larger.get(regex, 0), _json_bytes(method))
    return [
        HttpPath(regex, tuple(sorted(verbs[regex])), regex in streaming, larger[regex], regex in bare)
        for regex in sorted(verbs)
    ]


def _is_bare(method: MethodDescriptor) -> bool:
    return bool(method.input_type.full_name == "google.api.HttpBody")


def _json_bytes(method: MethodDescriptor) -> int:
    """Return how large a request may be over HTTP: JSON writes three bytes as four letters; a bare body is as it is."""
    most: int = method.GetOptions().Extensions[options_pb2.max_request_bytes]
    return most if _is_bare(method) else most * 4 // 3


def _services() -> Iterator[ServiceDescriptor]:
    for file in _SERVICE_FILES:
        yield from file.services_by_name.values()


def _http_rules() -> Iterator[tuple[MethodDescriptor, http_pb2.HttpRule]]:
    for service in _services():
        for method in service.methods:
            # The generated constant has no type of its own.
            rule: http_pb2.HttpRule = method.GetOptions().Extensions[annotations_pb2.http]  # type: ignore[index]
            for binding in (rule, *rule.additional_bindings):
                yield method, binding


def _regex(template: str) -> str:
    path, separator, verb = template.partition(":")
    segments = path.removeprefix("/").split("/")
    for segment in segments:
        if not _SEGMENT.fullmatch(segment):
            raise ValueError(f"an HTTP path of an unexpected form: {template}")
    # A colon begins a custom verb (`/{id}:cancel`), and no id has one.
    parts = ("[^/:]+" if segment.startswith("{") else re.escape(segment) for segment in segments)
    return "/" + "/".join(parts) + (separator + re.escape(verb) if separator else "")
