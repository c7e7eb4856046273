"""Widgets from ``.widget`` files, as people make them in ChatKit's Studio.

A file holds a template and the JSON schema of its data. Building a widget checks the data against the schema, renders
the template, and reads the JSON that comes of it.

    template = WidgetTemplate.from_file(Path(__file__).with_name("weather.widget"))
    widget = template.build({"city": "Paris", "degrees": 21})
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from jinja2 import Environment, StrictUndefined, Template, TemplateError
from jsonschema import SchemaError, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for

from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.chatkit_json import JsonInvalidError, decode

VERSION = "1.0"
"""The version of ``.widget`` files that is understood."""

# What is rendered is JSON, where HTML's escapes would be wrong; Studio's templates write their strings with `tojson`.
_environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701


class TemplateInvalidError(ValueError):
    """A ``.widget`` file that is none, or whose rendering is no widget."""


class TemplateDataError(ValueError):
    """Data that a template does not take.

    Attributes:
        field: The place in the data, such as ``tasks[2].title``. Empty: the data itself.
    """

    def __init__(self, field: str, why: str) -> None:
        """Name the field, and say what is wrong with it."""
        super().__init__(f"{field or 'the data'}: {why}")
        self.field = field


class WidgetTemplate:
    """A template of a widget. It can be shared: building changes nothing in it.

    Attributes:
        name: Its name, as given in Studio.
        data_schema: The JSON schema of its data. Empty: any data will do.
    """

    def __init__(self, definition: Mapping[str, Any]) -> None:
        """Make a template from what a file holds.

        Raises:
            TemplateInvalidError: It is no template of version 1.0.
        """
        missing = [key for key in ("version", "name", "template") if key not in definition]
        if missing:
            raise TemplateInvalidError(f"a .widget file needs {missing[0]!r}")
        if definition["version"] != VERSION:
            raise TemplateInvalidError(f"the version must be {VERSION!r}, not {definition['version']!r:.40}")
        self.name: str = definition["name"]
        self.data_schema: Mapping[str, Any] = definition.get("jsonSchema") or {}
        self._template = _compiled(definition["template"])
        self._validator = _validator(self.data_schema)

    @classmethod
    def from_file(cls, path: str | Path) -> Self:
        """Read a ``.widget`` file.

        Raises:
            OSError: It cannot be read.
            TemplateInvalidError: It is no template of version 1.0.
        """
        try:
            definition = json.loads(Path(path).read_text("utf-8"))
        except ValueError as error:
            raise TemplateInvalidError(f"{path} is not JSON: {error}") from None
        if not isinstance(definition, dict):
            raise TemplateInvalidError(f"{path} is not a JSON object")
        return cls(definition)

    def build(self, data: Mapping[str, Any] | None = None) -> Widget:
        """Render the template with data, and return the widget.

        Components and properties that the schema does not know are kept as they are. Whether the tree is one that may
        be sent is for ``limits.check`` to say.

        Raises:
            TemplateDataError: The data does not fit the template's schema, or lacks something that the template uses.
            TemplateInvalidError: What is rendered is no widget.
        """
        values = dict(data or {})
        self._check(values)
        try:
            rendered = self._template.render(values)
        except TemplateError as error:
            raise TemplateDataError("", str(error)) from None
        except (TypeError, ValueError) as error:
            raise TemplateInvalidError(f"{self.name}: the template cannot be rendered: {error}") from None
        try:
            return decode(Widget, _without_nulls(json.loads(rendered)))
        except JsonInvalidError as error:
            raise TemplateInvalidError(f"{self.name}: {error}") from None
        except ValueError as error:
            raise TemplateInvalidError(f"{self.name}: what is rendered is not JSON: {error}") from None

    def _check(self, values: dict[str, Any]) -> None:
        first = min(self._validator.iter_errors(values), key=lambda error: len(error.absolute_path), default=None)
        if first is not None:
            raise TemplateDataError(*_told(first))


def _compiled(template: str | Template) -> Template:
    if isinstance(template, Template):
        return template
    try:
        return _environment.from_string(template)
    except TemplateError as error:
        raise TemplateInvalidError(f"the template is wrong: {error}") from None


def _validator(schema: Mapping[str, Any]) -> Validator:
    kind = validator_for(schema)
    try:
        kind.check_schema(dict(schema))
    except SchemaError as error:
        raise TemplateInvalidError(f"jsonSchema is wrong: {error.message}") from None
    validator: Validator = kind(dict(schema))
    return validator


def _told(error: ValidationError) -> tuple[str, str]:
    """Return the field that is at fault, and what is wrong with it."""
    steps = list(error.absolute_path)
    needed: Any = error.validator_value
    instance: Any = error.instance
    if error.validator == "required":
        missing = next(name for name in needed if name not in instance)
        return _path([*steps, missing]), "is required"
    if error.validator == "additionalProperties" and isinstance(instance, Mapping):
        schema: Any = error.schema
        known = schema.get("properties", {}) if isinstance(schema, Mapping) else {}
        unknown = next((name for name in instance if name not in known), None)
        if unknown is not None:
            return _path([*steps, unknown]), "is unknown"
    return _path(steps), error.message


def _path(steps: list[str | int]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".")


def _without_nulls(value: Any) -> Any:
    """Drop nulls at any depth, as ChatKit's own templates do."""
    if isinstance(value, dict):
        return {name: _without_nulls(entry) for name, entry in value.items() if entry is not None}
    return [_without_nulls(entry) for entry in value if entry is not None] if isinstance(value, list) else value
