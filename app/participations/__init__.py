"""Who takes part in a meeting: bodies, and the people who come for them."""
