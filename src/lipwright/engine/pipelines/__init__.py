"""What the engine can do: each pipeline puts rooms together."""
