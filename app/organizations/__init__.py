"""The bodies that meet, set tasks and answer for them, in the tree of places they belong to."""
