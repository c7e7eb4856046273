"""Measures of the server: latency, the cost of events, memory, start, and what its parts take."""
