"""Every closed vocabulary, with its labels in both languages."""
