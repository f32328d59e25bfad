"""The lip sync: a clip is scanned, its voices assigned, its mouths replaced."""
