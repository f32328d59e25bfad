"""What the judge hears: a listener of its own, which shares neither features nor weights with the drivers."""
