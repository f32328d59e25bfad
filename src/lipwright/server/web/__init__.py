"""The HTTP side of the service: the application, who calls, what goes wrong, what is documented."""
