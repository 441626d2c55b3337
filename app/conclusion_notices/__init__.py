"""The conclusion notice of a meeting: of the shape of its minutes, and moved by the same rules."""
