"""The commands, one file each; their names and summaries stand in `main`."""
