"""How an output says where it comes from: signed content credentials, and their settings."""
