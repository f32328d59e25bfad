"""Phones and their times in a recording."""
