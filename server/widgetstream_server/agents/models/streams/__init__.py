"""Responses of models, decoded from the bytes of their streams."""
