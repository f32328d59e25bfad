"""Following faces through a clip."""
