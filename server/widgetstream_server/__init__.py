"""A ChatKit backend whose contract is Protobuf."""
