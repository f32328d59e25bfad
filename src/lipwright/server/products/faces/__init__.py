"""Finding faces in a picture or video."""
