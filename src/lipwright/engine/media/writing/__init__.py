"""Writing videos and sounds."""
