"""The products: each turns its requests into specs of jobs, and its jobs into answers."""
