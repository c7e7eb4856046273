"""Client of Widgetstream: generated messages and stubs, synchronous and asynchronous clients."""
