"""ChatKit's own protocol, as its stock frontend speaks it, over the engine and without a transport.

    reply = await ChatKitProtocol(server, runs, threads, entries, attachments).process(body, Headers(), context)

Requests are read into the messages of the typed service, and events written from the messages that its streams have:
``chatkit_json`` does both. See ``specs/001-chatkit-upgrade/contracts/chatkit-http.md`` for what is promised.
"""

from widgetstream_server.chatkit_protocol.event_stream import EventStream
from widgetstream_server.chatkit_protocol.protocol import ChatKitProtocol, Document, Headers

__all__ = ["ChatKitProtocol", "Document", "EventStream", "Headers"]
