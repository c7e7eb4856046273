"""ChatKit's JSON for the messages of the schema: one codec, driven by the schema's options, in both directions.

    data = encode_bytes(event)
    widget = decode(Widget, {"type": "Card", "children": []})

What the options say is in ``options.proto``. Where two values of a message mean the same, the JSON says what both mean,
and reading it gives the shorter one: a field that holds its default, an empty object where one is always written, and
``null`` are read as not set.
"""

from widgetstream_server.chatkit_json.decoding import decode, decode_bytes
from widgetstream_server.chatkit_json.encoding import encode, encode_bytes
from widgetstream_server.chatkit_json.faults import JsonInvalidError, NoJsonFormError

__all__ = ["JsonInvalidError", "NoJsonFormError", "decode", "decode_bytes", "encode", "encode_bytes"]
