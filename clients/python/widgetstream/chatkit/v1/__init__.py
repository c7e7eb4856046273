"""Generated code of the proto package `widgetstream.chatkit.v1`."""
