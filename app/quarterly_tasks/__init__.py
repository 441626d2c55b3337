"""What the next quarter is to bring: tasks, who answers for them, and all that happened to them."""
