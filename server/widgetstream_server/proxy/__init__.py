"""Envoy in front of the server: its configuration, derived from the settings and the schema."""

from widgetstream_server.proxy.configuration import Proxy, render
from widgetstream_server.proxy.schema import descriptor_set

__all__ = ["Proxy", "descriptor_set", "render"]
