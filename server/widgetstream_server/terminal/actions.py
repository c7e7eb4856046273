"""What can be done on a widget in a terminal: each action gets a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from google.protobuf import json_format

from widgetstream.chatkit.v1.action_pb2 import ActionConfig
from widgetstream.chatkit.v1.widget_pb2 import Widget

_INPUTS = ("input", "textarea", "select", "date_picker", "checkbox", "radio_group")


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form.

    Attributes:
        name: Its name in the payload.
        label: What the person is asked.
        default: Its value unless the person says otherwise.
        choices: The values it may have; empty: any.
        boolean: Whether it is on or off.
    """

    name: str
    label: str
    default: str = ""
    choices: Sequence[str] = ()
    boolean: bool = False


@dataclass(frozen=True, slots=True)
class WidgetAction:
    """Something that can be done on a widget.

    Attributes:
        label: What it is called.
        config: The action.
        fields: The fields of the form that it submits.
    """

    label: str
    config: ActionConfig
    fields: Sequence[FormField] = field(default=())

    def payload(self, values: dict[str, object]) -> object:
        """Return the action's payload with the values of its form."""
        payload = json_format.MessageToDict(self.config.payload) if self.config.HasField("payload") else None
        if not values:
            return payload
        return {**(payload if isinstance(payload, dict) else {}), **values}


def children_of(widget: Widget) -> Sequence[Widget]:
    """Return the components directly below one."""
    kind = widget.WhichOneof("component")
    if kind is None or kind == "unknown":
        return ()
    component = getattr(widget, kind)
    if kind == "transition":
        return (component.children,) if component.HasField("children") else ()
    children: Sequence[Widget] = getattr(component, "children", ())
    return children


def actions_of(widget: Widget) -> list[WidgetAction]:
    """Return all that can be done on a widget, from top to bottom."""
    return list(_actions(widget, form=None))


def _actions(widget: Widget, form: tuple[ActionConfig | None, Sequence[FormField]] | None) -> Iterator[WidgetAction]:
    match widget.WhichOneof("component"):
        case "card":
            if widget.card.as_form:
                form = (None, fields_of(widget))
        case "form":
            submit = widget.form.on_submit_action if widget.form.HasField("on_submit_action") else None
            form = (submit, fields_of(widget))
        case "list_view_item" if widget.list_view_item.HasField("on_click_action"):
            yield WidgetAction(f"Open {title_of(widget)}", widget.list_view_item.on_click_action)
        case "button":
            button = widget.button
            label = button.label or button.icon_start or "Button"
            if button.HasField("on_click_action") and not button.disabled:
                yield WidgetAction(label, button.on_click_action)
            elif button.submit and form and form[0] is not None:
                yield WidgetAction(label, form[0], form[1])
        case _:
            pass  # nothing to do on the component itself
    for child in children_of(widget):
        yield from _actions(child, form)
    if widget.HasField("card"):
        fields = form[1] if form and widget.card.as_form else ()
        if widget.card.HasField("confirm"):
            yield WidgetAction(widget.card.confirm.label, widget.card.confirm.action, fields)
        if widget.card.HasField("cancel"):
            yield WidgetAction(widget.card.cancel.label, widget.card.cancel.action)


def title_of(widget: Widget) -> str:
    """Return the first text of a component."""
    for kind in ("text", "title"):
        if widget.HasField(kind):
            value: str = getattr(widget, kind).value
            return value
    return next((text for child in children_of(widget) if (text := title_of(child))), "")


def fields_of(widget: Widget) -> list[FormField]:
    """Return the fields of a form, from top to bottom."""
    labels: dict[str, str] = {}
    fields: list[FormField] = []
    _collect(widget, labels, fields)
    return [
        FormField(each.name, labels.get(each.name, each.label), each.default, each.choices, each.boolean)
        for each in fields
    ]


def _collect(widget: Widget, labels: dict[str, str], fields: list[FormField]) -> None:
    kind = widget.WhichOneof("component")
    if kind == "label":
        labels[widget.label.field_name] = widget.label.value
    elif kind == "text" and widget.text.editable.HasField("field"):
        editable = widget.text.editable.field
        fields.append(FormField(editable.name, editable.placeholder or editable.name, widget.text.value))
    elif kind in _INPUTS:
        control = getattr(widget, kind)
        if kind == "checkbox":
            default = "yes" if control.default_checked else "no"
            fields.append(FormField(control.name, control.label or control.name, default, boolean=True))
        else:
            choices = [option.value for option in getattr(control, "options", ())]
            fields.append(FormField(control.name, control.name, control.default_value, choices))
    for child in children_of(widget):
        _collect(child, labels, fields)
