"""A video and another sound become a video."""
