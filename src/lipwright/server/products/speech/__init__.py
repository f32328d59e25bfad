"""A text becomes a sound."""
