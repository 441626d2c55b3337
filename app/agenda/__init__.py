"""The agenda of a meeting: its items, one by one and as a whole."""
