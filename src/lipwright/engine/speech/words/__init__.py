"""From texts to words and phones."""
