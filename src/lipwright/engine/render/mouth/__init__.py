"""Lips and the inside of the mouth."""
