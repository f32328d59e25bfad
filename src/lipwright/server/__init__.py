"""The HTTP service: accounts, credits, assets, projects, jobs, webhooks and storage.

Calls the engine in one file only, :mod:`lipwright.server.rendering.handlers`.
"""
