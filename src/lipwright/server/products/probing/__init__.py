"""Looking into uploaded files before a job is accepted."""
