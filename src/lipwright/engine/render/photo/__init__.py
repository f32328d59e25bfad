"""Drawing the frames of a talking photo."""
