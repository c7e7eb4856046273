"""Specimens of text, images and what separates them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.showcase.specimens.images import picture
from widgetstream_server.widgets import builders as ui

_MARKDOWN = "Markdown with **bold**, `code` and a [link](https://example.com)."


def text() -> Widget:
    """Return texts of every kind, one of them to be edited in place."""
    return ui.col(
        ui.text("Plain text", id="plain_text"),
        ui.text("Bold and large", id="bold_text", weight="bold", size="xl", color="success"),
        ui.text("Italic, struck through", id="struck_text", italic=True, line_through=True, color="secondary"),
        ui.text(
            "Dark or light",
            id="theme_text",
            color={"dark": "#fafafa", "light": "#18181b"},
            text_align="end",
            width="100%",
        ),
        ui.text("A text that is cut off " * 8, id="long_text", truncate=True, min_lines=1, max_lines=2),
        ui.text(
            "Edit me",
            id="editable_text",
            editable={
                "name": "text",
                "auto_focus": False,
                "auto_select": True,
                "auto_complete": "off",
                "allow_autofill_extensions": False,
                "pattern": ".+",
                "placeholder": "Say something",
                "required": True,
            },
        ),
        ui.text("Do not edit me", id="fixed_text", editable=False, streaming=False),
        id="texts_col",
        gap=2,
    )


def title() -> Widget:
    """Return a title."""
    return ui.title(
        "Title",
        id="specimen_title",
        size="2xl",
        weight="semibold",
        color="emphasis",
        text_align="start",
        truncate=True,
        max_lines=1,
    )


def caption() -> Widget:
    """Return a caption."""
    return ui.caption(
        "Caption",
        id="specimen_caption",
        size="md",
        weight="medium",
        color="tertiary",
        text_align="center",
        truncate=True,
        max_lines=2,
    )


def markdown() -> Widget:
    """Return a text in markdown."""
    return ui.markdown(_MARKDOWN, id="specimen_markdown", streaming=False)


def badge() -> Widget:
    """Return badges of all styles."""
    return ui.row(
        ui.badge("solid", id="solid_badge", color="success", variant="solid", size="sm"),
        ui.badge("soft", id="soft_badge", color="danger", variant="soft", size="md", pill=True),
        ui.badge("outline", id="outline_badge", color="discovery", variant="outline", size="lg", pill=False),
        id="badges_row",
        gap=2,
        wrap="wrap",
    )


def icon() -> Widget:
    """Return icons: two that every frontend has, one that it may have."""
    return ui.row(
        ui.icon("check-circle", id="check_icon", color="success", size="xl"),
        ui.icon("sparkle", id="sparkle_icon"),
        ui.icon("lucide:rocket", id="rocket_icon", size="3xl"),
        id="icons_row",
        gap=2,
    )


def image() -> Widget:
    """Return an image that needs no network."""
    return ui.image(
        picture(),
        id="specimen_image",
        alt="A circle",
        fit="contain",
        position="center",
        radius="lg",
        frame=True,
        flush=False,
        width=320,
        height=180,
        margin={"top": 1, "bottom": "4px"},
        background="surface-secondary",
        aspect_ratio="16/9",
        flex=0,
    )


def divider() -> Widget:
    """Return a line between texts."""
    return ui.col(
        ui.text("above", id="above_text"),
        ui.divider(id="specimen_divider", color="strong", size=2, spacing="8px", flush=True),
        ui.text("below", id="below_text"),
        id="divided_col",
    )


def spacer() -> Widget:
    """Return a space that pushes two texts apart."""
    return ui.row(
        ui.text("left", id="left_text"),
        ui.spacer(id="specimen_spacer", min_size=24),
        ui.text("right", id="right_text"),
        id="spaced_row",
    )


SPECIMENS: Mapping[str, Callable[[], Widget]] = {
    "text": text,
    "title": title,
    "caption": caption,
    "markdown": markdown,
    "badge": badge,
    "icon": icon,
    "image": image,
    "divider": divider,
    "spacer": spacer,
}
