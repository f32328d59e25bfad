"""How the network of the learned articulation driver is trained. Not part of the package."""
