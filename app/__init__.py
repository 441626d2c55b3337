"""Meetings, their minutes and the quarter's tasks. A write is one transaction, a read is one statement."""
