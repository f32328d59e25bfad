"""Many orders at once: the rows of a file, what was made of them, and the processes that make it."""
