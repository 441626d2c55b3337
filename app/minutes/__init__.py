"""The minutes of a meeting: drafted, looked over, signed."""
