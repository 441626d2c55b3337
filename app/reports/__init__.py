"""Reports: the four cells of a quarter, compared, rolled up, as they were known on any day."""
