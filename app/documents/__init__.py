"""Minutes, conclusion notices and quarterly reports as documents that people print."""
