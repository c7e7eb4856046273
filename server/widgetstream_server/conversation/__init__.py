"""The conversation engine: runs, events and items, without knowledge of transport, database or model."""
