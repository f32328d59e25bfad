"""Saying where a file is from, as far as its marks tell."""
