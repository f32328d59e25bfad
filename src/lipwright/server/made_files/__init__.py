"""The log of what was made: which files this service gave out, for whom, and how to know them again."""
