"""A picture and a sound become a video."""
