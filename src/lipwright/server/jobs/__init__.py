"""Jobs, which the API calls projects: what was asked for, how far it is, and what came out."""
