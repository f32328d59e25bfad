"""Telling other servers what became of a project."""
