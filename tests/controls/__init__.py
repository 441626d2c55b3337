"""The control of each proof: its protection taken out of a copy of the source, the same test must go red."""
