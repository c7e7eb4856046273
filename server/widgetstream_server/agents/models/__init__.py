"""Models: which there are, and how they are reached."""
