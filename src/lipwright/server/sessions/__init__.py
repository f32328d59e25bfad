"""Signing in with a browser: one-use links, sessions, and signing out."""
