"""Reading pictures, videos and sounds."""
