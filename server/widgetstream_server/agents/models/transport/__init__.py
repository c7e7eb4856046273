"""HTTP to models' servers: a transport for the client of ``openai`` whose bodies are read as cheaply as can be."""

from widgetstream_server.agents.models.transport.body import Body, body_of
from widgetstream_server.agents.models.transport.pool import StreamTransport

__all__ = ["Body", "StreamTransport", "body_of"]
