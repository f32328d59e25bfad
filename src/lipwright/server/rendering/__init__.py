"""Rendering jobs: the workflow, the child process that renders, and what it needs fetched."""
