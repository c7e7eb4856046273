"""What is refused over gRPC is refused over HTTP in the same words, with the status that fits: requests of the typed
service, and of ChatKit's own protocol.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from google.api import annotations_pb2
from google.protobuf.descriptor import MethodDescriptor

from tests.chatkit_protocol.bad_requests import BAD_REQUESTS as CHATKIT_BAD_REQUESTS
from tests.rpc.bad_requests import BAD_REQUESTS, BadRequest
from widgetstream.chatkit.v1 import chatkit_service_pb2
from widgetstream.todo.v1 import task_service_pb2

from .processes import running, token_in, widgetstream

METHODS: Mapping[str, MethodDescriptor] = {
    **chatkit_service_pb2.DESCRIPTOR.services_by_name["ChatKitService"].methods_by_name,
    **task_service_pb2.DESCRIPTOR.services_by_name["TaskService"].methods_by_name,
}


@pytest.fixture(scope="module")
def todo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, dict[str, str]]]:
    """A client of the built-in application, and ids of its caller and of somebody else."""
    folder = tmp_path_factory.mktemp("todo")
    ports = {"WIDGETSTREAM_GRPC_PORT": "0", "WIDGETSTREAM_HTTP_PORT": "0"}
    with running(widgetstream("up", "--no-web"), folder, **ports) as program:
        url = program.first_line().split()[1]
        ids: dict[str, str] = {}
        for user, prefix in (("mallory", "other_"), ("ada", "")):
            headers = {"authorization": f"Bearer {token_in(folder, user)}"}
            with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
                said = client.post("/v1/threads:respond", json={"text": "add a task to buy milk"}).text
                events = [json.loads(line.removeprefix("data: ")) for line in said.splitlines() if line]
                ids[f"{prefix}thread"] = events[0]["thread_id"]
                ids[f"{prefix}message"] = ids[f"{prefix}item"] = events[2]["item_done"]["item"]["id"]
                ids[f"{prefix}task"] = client.get("/v1/tasks").json()["tasks"][0]["task_id"]
        headers = {"authorization": f"Bearer {token_in(folder, 'ada')}"}
        with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
            yield client, ids


def test_each_is_refused_as_the_table_says_and_leaves_nothing(
    todo: tuple[httpx.Client, dict[str, str]], subtests: pytest.Subtests
) -> None:
    client, ids = todo
    before = everything(client)
    for case in BAD_REQUESTS:
        with subtests.test(case.name):
            refused(client, case, case.filled(ids))

    assert everything(client) == before


def test_each_of_chatkits_is_refused_as_the_table_says_and_leaves_nothing(
    todo: tuple[httpx.Client, dict[str, str]], subtests: pytest.Subtests
) -> None:
    client, ids = todo
    before = everything(client)
    for case in CHATKIT_BAD_REQUESTS:
        with subtests.test(case.name):
            headers = {"content-type": "application/json", **case.said()}
            response = client.post("/chatkit", content=case.sent(ids), headers=headers)
            assert response.headers["content-type"] == "application/json"
            answered(response, case.http, case.reason, [case.field])

    assert everything(client) == before


def refused(client: httpx.Client, case: BadRequest, request: dict[str, Any]) -> None:
    answered(send(client, METHODS[case.rpc], request), case.http, case.reason, [case.field] if case.field else [])


def answered(response: httpx.Response, status: int, reason: str, fields: list[str]) -> None:
    details = {each["@type"].rpartition(".")[2]: each for each in response.json()["details"]}
    violations = details.get("BadRequest", {}).get("field_violations", [])

    assert (response.status_code, details["ErrorInfo"]["reason"]) == (status, reason)
    assert [violation["field"] for violation in violations] == fields


def send(client: httpx.Client, method: MethodDescriptor, request: dict[str, Any]) -> httpx.Response:
    """Send a request to the method's address, as its ``google.api.http`` option has it."""
    # The package of the annotations has no types for its extensions.
    options: Any = method.GetOptions()
    rule = options.Extensions[annotations_pb2.http]
    # The first address whose place for an id can be filled.
    rules = [rule, *rule.additional_bindings]
    fitting = [each for each in rules if all(request.get(name) for name in places(each))]
    chosen = max(fitting, key=lambda each: len(places(each)))
    verb = str(chosen.WhichOneof("pattern"))
    path = re.sub(r"{(\w+)}", lambda match: str(request.pop(match[1])), getattr(chosen, verb))
    if chosen.body:
        return client.request(verb.upper(), path, json=request)
    return client.request(verb.upper(), path, params=request)


def places(rule: Any) -> list[str]:
    return re.findall(r"{(\w+)}", getattr(rule, rule.WhichOneof("pattern")))


def everything(client: httpx.Client) -> list[Any]:
    return [client.get("/v1/threads").json(), client.get("/v1/tasks").json()]
