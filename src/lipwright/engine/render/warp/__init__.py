"""Moving the pixels of a picture with the mesh."""
