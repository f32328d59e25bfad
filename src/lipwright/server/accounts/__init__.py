"""Who may call: accounts and their keys."""
