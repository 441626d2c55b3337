"""A whole quarterly briefing as one document, handed in by another system."""
