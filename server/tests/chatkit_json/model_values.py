"""Random JSON that ChatKit's own models accept, drawn from the models themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, NotRequired, Required, TypeVar, Union, get_args, get_origin

import pydantic
from chatkit import icons, types, widgets
from chatkit.errors import ErrorCode
from hypothesis import strategies as st
from typing_extensions import is_typeddict

from tests.chatkit_json.messages import FLOATS, JSON_VALUES, TEXTS, URLS
from tests.schema.chatkit_models import fields_of

# What is never sent to a frontend.
HIDDEN = {types.HiddenContextItem, types.SDKHiddenContextItem}
# How deep models hold each other before what need not be there is left out.
DEPTH = 4

# Half of all times have no fraction.
TIMES = st.datetimes(timezones=st.just(UTC)).flatmap(lambda time: st.sampled_from([time, time.replace(microsecond=0)]))
TIME_TEXTS = TIMES.map(lambda time: time.isoformat().replace("+00:00", "Z"))
NOT_NULL = JSON_VALUES.filter(lambda value: value is not None)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    int: st.integers(-(2**31), 2**31 - 1),
    float: st.one_of(st.integers(-1000, 1000), FLOATS),
    bool: st.booleans(),
    datetime: TIME_TEXTS,
    pydantic.AnyUrl: URLS,
    ErrorCode: st.sampled_from([code.value for code in ErrorCode]),
    Any: NOT_NULL,
    type(None): st.none(),
    icons.VendorIconName: st.just("vendor:x"),
    icons.LucideIconName: st.just("lucide:x"),
}
UNKNOWN_COMPONENTS = st.builds(
    lambda kind, known, more: {**more, **known, "type": kind},
    st.sampled_from(["Map", "x", "Table.Foot"]),
    st.fixed_dictionaries({}, optional={"id": TEXTS, "key": TEXTS}),
    st.dictionaries(TEXTS.map(lambda name: "p" + name), NOT_NULL, max_size=2),
)


PLAIN[widgets.DynamicWidgetComponent] = UNKNOWN_COMPONENTS


@cache
def values(annotation: Any, depth: int = DEPTH, *, every: bool = False) -> st.SearchStrategy[Any]:
    """Return JSON that an annotation accepts.

    Args:
        annotation: A model, a typed dictionary, or what one of their fields has.
        depth: How deep models may hold models that need not be there.
        every: Whether each property of the outermost model is there and no null.
    """
    if annotation is widgets.DynamicWidgetRoot:  # of the same types as the static ones
        return values(widgets.StrictWidgetRoot, 1)
    if annotation in PLAIN:
        return PLAIN[annotation]
    if isinstance(annotation, TypeVar):
        return TEXTS if annotation.__bound__ is str else NOT_NULL
    if is_typeddict(annotation) or (isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel)):
        return _objects(annotation, depth, every=every)
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return st.sampled_from(literals(annotation))
    if origin in (Annotated, NotRequired, Required):
        return values(args[0], depth, every=every)
    if origin in (Union, UnionType):
        members = [member for member in args if member not in HIDDEN and (member is not type(None) or not every)]
        return st.one_of([values(member, depth) for member in members])
    if origin is list:
        return st.lists(values(args[0], depth), min_size=1 if every else 0, max_size=2 if depth > 0 else int(every))
    if origin is dict:
        return st.dictionaries(TEXTS, values(args[1], depth), max_size=2)
    raise AssertionError(f"nothing is known of {annotation}")


def literals(annotation: Any) -> list[Any]:
    """Return what a literal may be; literals may hold others."""
    return [value for inner in get_args(annotation) for value in (literals(inner) if get_origin(inner) else [inner])]


def _objects(model: Any, depth: int, *, every: bool) -> st.SearchStrategy[dict[str, Any]]:
    def make() -> st.SearchStrategy[dict[str, Any]]:
        needed, optional = {}, {}
        for name, (annotation, is_needed) in fields(model).items():
            value = values(annotation, depth - 1, every=every)
            if is_needed or every:
                needed[name] = value
            elif depth > 0 or not _holds_models(annotation):
                optional[name] = value
        return st.fixed_dictionaries(needed, optional=optional)

    return st.deferred(make)


def fields(model: Any) -> dict[str, tuple[Any, bool]]:
    """Return the annotation of each property, and whether it must be there. The type is always said."""
    if is_typeddict(model):
        return {name: (annotation, name in model.__required_keys__) for name, annotation in fields_of(model).items()}
    return {
        name: (annotation, model.model_fields[name].is_required() or name == "type")
        for name, annotation in fields_of(model).items()
    }


def _holds_models(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        return True
    return any(_holds_models(inner) for inner in get_args(annotation))
