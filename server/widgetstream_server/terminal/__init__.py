"""A conversation in a terminal: text streams, widgets are drawn, their actions have numbers."""
