"""What was said at a meeting, and by whom."""
