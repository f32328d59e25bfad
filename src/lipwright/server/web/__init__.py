"""The HTTP side of the service: who calls, what goes wrong, what is counted and documented."""
