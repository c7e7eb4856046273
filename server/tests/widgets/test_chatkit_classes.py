"""What each of ChatKit's own widget classes can be, with all its properties, alone and rendered from a template."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chatkit import widgets
from chatkit.widgets import WidgetTemplate as ChatKitTemplate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.chatkit_json.model_values import values
from tests.chatkit_json.test_model_values import as_sent
from tests.schema.chatkit_models import fields_of, models_of
from tests.widgets.test_template import normal
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.chatkit_json import decode, encode
from widgetstream_server.widgets.template import WidgetTemplate

CLASSES = [
    model
    for model in models_of(widgets)
    if issubclass(model, widgets.WidgetComponentBase)
    and model not in {widgets.WidgetComponentBase, widgets.DynamicWidgetComponent, widgets.DynamicWidgetRoot}
]
ROOTS = {"Card", "ListView", "Basic"}


def test_all_classes_are_there() -> None:
    assert {model.__name__ for model in CLASSES} >= {"Card", "ListView", "ListViewItem", "BasicRoot", "Chart", "Form"}
    assert len(CLASSES) == 27


@pytest.mark.parametrize("model", CLASSES, ids=lambda model: model.__name__)
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_it_is_written_as_the_class_writes_it(model: Any, data: st.DataObject) -> None:
    given_json = data.draw(values(model, 1, every=True))
    assert set(given_json) == set(fields_of(model))
    theirs = json.loads(model.model_validate(given_json).model_dump_json(exclude_none=True, by_alias=True))

    ours = decode(Widget, given_json)

    assert ours.WhichOneof("component") != "unknown"
    assert not ours.additional_properties.fields, "the schema does not know a property"
    assert as_sent(encode(ours)) == as_sent(theirs)
    assert decode(Widget, encode(ours)) == ours


@pytest.mark.parametrize("model", CLASSES, ids=lambda model: model.__name__)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_template_of_it_renders_as_chatkits_own(model: Any, data: st.DataObject) -> None:
    tree = under_a_root(data.draw(values(model, 1, every=True)))
    values_of_it = {"type": tree["type"], "rest": {name: value for name, value in tree.items() if name != "type"}}
    definition = {"version": "1.0", "name": "t"}
    as_text = {**definition, "template": json.dumps(tree)}
    as_data = {
        **definition,
        "template": '{"type": {{ type | tojson }}{% for name, value in rest.items() %}, '
        "{{ name | tojson }}: {{ value | tojson }}{% endfor %}}",
    }

    for template, filling in ((as_text, {}), (as_data, values_of_it)):
        theirs = ChatKitTemplate(template).build(filling).model_dump(mode="json", exclude_none=True)
        ours = encode(WidgetTemplate(template).build(filling))
        assert normal(as_sent(ours)) == normal(as_sent(theirs))


def under_a_root(component: dict[str, Any]) -> dict[str, Any]:
    if component["type"] in ROOTS:
        return component
    root = "ListView" if component["type"] == "ListViewItem" else "Card"
    return {"type": root, "children": [component]}
