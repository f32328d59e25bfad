"""Drawing new mouths into a clip."""
