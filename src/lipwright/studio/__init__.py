"""The studio: the service's work as pages in a browser. They use the public HTTP API and nothing else."""
