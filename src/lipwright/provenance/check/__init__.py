"""Checking where a file is from: what its marks say, in values, in words and for programs."""
