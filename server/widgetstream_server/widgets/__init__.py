"""Widgets: making their trees, checking them, telling what changed, and saying what they show."""
