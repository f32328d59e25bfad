"""Keeping the processes that open files of strangers from everything that they do not need."""
