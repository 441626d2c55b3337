"""Meetings, their minutes and the quarter's tasks, as a REST service. A write is one transaction; a read is one statement."""
