"""The kinds of store."""
