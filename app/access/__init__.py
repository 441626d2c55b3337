"""Who may come in: principals, their keys, and the grants that say what they may do where."""
