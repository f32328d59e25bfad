"""Answers at once about what somebody is about to order: what a file holds, who is in it."""
