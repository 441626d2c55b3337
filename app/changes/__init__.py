"""The change feed: what happened, in an order that skips nothing, for those who may see it."""
