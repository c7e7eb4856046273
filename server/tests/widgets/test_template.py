"""Templates render as ChatKit's own do, and check their data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from chatkit.widgets import WidgetTemplate as ChatKitTemplate
from hypothesis import given, settings
from hypothesis import strategies as st

from widgetstream_server.chatkit_json import encode
from widgetstream_server.widgets import limits
from widgetstream_server.widgets.template import TemplateDataError, TemplateInvalidError, WidgetTemplate

FOLDER = Path(__file__).with_name("templates")

CASES: list[tuple[str, dict[str, Any]]] = [
    ("weather", {"city": "Zürich", "degrees": 21.5, "sky": "sunny", "image": "https://example.com/sun.png"}),
    ("weather", {"city": "\"<\\n>&'{{ x }}", "degrees": -3, "sky": "cloudy", "image": "", "wind": "5 km/h 🌬"}),
    ("shopping", {"items": []}),
    ("shopping", {"items": [{"id": "1", "title": "Milk", "done": False}]}),
    (
        "shopping",
        {
            "items": [
                {"id": str(number), "title": f"Item </script> {number}", "done": number % 2 == 0, "notes": ["a", "b"]}
                for number in range(5)
            ]
        },
    ),
    ("sales", {"rows": [{"month": "jan", "sold": 3, "kept": 1.5}], "labels": {"jan": "January"}, "height": 200}),
    ("sales", {"rows": [], "labels": {}, "height": 99.5}),
    ("booking", {"day": "2026-02-03", "seats": [1], "note": "straße\n\ttabs"}),
    ("booking", {"day": None, "seats": [1, 2, 3], "note": ""}),
    ("future", {"mood": "good", "lat": 48.1, "lon": -11}),
]


@pytest.mark.parametrize("name, data", CASES)
def test_a_template_renders_as_chatkits_own(name: str, data: dict[str, Any]) -> None:
    assert_same(name, data)


@settings(max_examples=40, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_rendered_as_chatkits_own(text: str) -> None:
    assert_same("weather", {"city": text, "degrees": 1, "sky": "sunny", "image": text, "wind": text})


def assert_same(name: str, data: dict[str, Any]) -> None:
    path = FOLDER / f"{name}.widget"
    theirs = ChatKitTemplate.from_file(str(path)).build(data)

    ours = WidgetTemplate.from_file(path).build(data)

    assert normal(encode(ours)) == normal(theirs.model_dump(mode="json", exclude_none=True))
    limits.check(ours)


def normal(value: Any) -> Any:
    """One child is a list of one, and what an action does by default need not be said."""
    if isinstance(value, list):
        return [normal(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    value = {name: normal(entry) for name, entry in value.items()}
    if isinstance(value.get("children"), dict):
        value["children"] = [value["children"]]
    for name, default in (("handler", "server"), ("loadingBehavior", "auto"), ("streaming", True)):
        if value.get(name) == default:
            del value[name]
    return value


def test_what_the_schema_does_not_know_is_kept() -> None:
    widget = WidgetTemplate.from_file(FOLDER / "future.widget").build({"mood": "good", "lat": 1, "lon": 2})

    assert widget.additional_properties.fields["mood"].string_value == "good"
    assert widget.basic.children[0].unknown.type == "Map"
    assert set(widget.basic.children[1].additional_properties.fields) == {"size", "glow"}


@pytest.mark.parametrize(
    "name, data, field, why",
    [
        ("weather", {"degrees": 1, "sky": "sunny", "image": ""}, "city", "is required"),
        ("weather", {"city": 5, "degrees": 1, "sky": "sunny", "image": ""}, "city", "5 is not of type 'string'"),
        ("weather", {"city": "x", "degrees": 1, "sky": "blue", "image": ""}, "sky", "is not one of"),
        ("weather", {"city": "x", "degrees": 1, "sky": "sunny", "image": "", "sea": 1}, "sea", "is unknown"),
        (
            "shopping",
            {"items": [{"id": "1", "title": "a", "done": True}, {"id": "2", "done": True}]},
            "items[1].title",
            "",
        ),
        ("shopping", {"items": [{"id": "1", "title": "a", "done": "no"}]}, "items[0].done", "is not of type 'boolean'"),
        ("booking", {"day": None, "seats": [], "note": ""}, "seats", "[] should be non-empty"),
    ],
)
def test_data_that_does_not_fit_is_refused_by_its_field(name: str, data: dict[str, Any], field: str, why: str) -> None:
    template = WidgetTemplate.from_file(FOLDER / f"{name}.widget")
    with pytest.raises(TemplateDataError) as refused:
        template.build(data)

    assert refused.value.field == field
    assert why in str(refused.value)


def test_data_that_no_schema_checks_must_be_there_all_the_same() -> None:
    template = WidgetTemplate({"version": "1.0", "name": "t", "template": '{"type": "Card", "key": "{{ key }}"}'})
    with pytest.raises(TemplateDataError, match="'key' is undefined"):
        template.build()


@pytest.mark.parametrize(
    "definition, why",
    [
        ({}, "needs 'version'"),
        ({"version": "2.0", "name": "t", "template": "{}"}, "version must be '1.0'"),
        ({"version": "1.0", "name": "t", "template": "{{"}, "the template is wrong"),
        ({"version": "1.0", "name": "t", "template": "{}", "jsonSchema": {"type": "thing"}}, "jsonSchema is wrong"),
    ],
)
def test_a_file_that_is_no_template_is_refused(definition: dict[str, Any], why: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.widget"
    path.write_text(json.dumps(definition), "utf-8")
    with pytest.raises(TemplateInvalidError, match=why):
        WidgetTemplate.from_file(path)


@pytest.mark.parametrize("text", ["", "[]", "{"])
def test_a_file_that_is_no_json_object_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.widget"
    path.write_text(text, "utf-8")
    with pytest.raises(TemplateInvalidError, match="is not"):
        WidgetTemplate.from_file(path)


@pytest.mark.parametrize(
    "template, why",
    [
        ("nothing", "is not JSON"),
        ("[1]", "must be an object"),
        ('{"type": "Card", "children": [{"value": "x"}]}', r"children\[0\].type is required"),
        ("{{ 1 / none }}", "cannot be rendered"),
    ],
)
def test_a_rendering_that_is_no_widget_is_refused(template: str, why: str) -> None:
    built = WidgetTemplate({"version": "1.0", "name": "t", "template": template})
    with pytest.raises(TemplateInvalidError, match=why):
        built.build()
