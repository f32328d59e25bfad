"""Pixels: colour, planes, and views on frames."""
