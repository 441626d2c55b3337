"""The quarter's loop: tasks reviewed at a meeting and sent on, and the meeting closed with none forgotten."""
