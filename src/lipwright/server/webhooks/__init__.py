"""Webhooks: events are sent to the addresses that an account registered."""
