"""What happens when a person uses a widget: a registry of typed actions."""

from widgetstream_server.todo.actions.click import Click, Effect, Scene
from widgetstream_server.todo.actions.registry import ACTIONS, SYNC_ACTIONS, perform, read

__all__ = ["ACTIONS", "SYNC_ACTIONS", "Click", "Effect", "Scene", "perform", "read"]
