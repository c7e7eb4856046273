"""Generated code of the proto package `widgetstream.peer.v1`."""
