"""The HTTP service: accounts, credits, uploads, jobs, products, webhooks and storage.

Calls the engine in one file only, :mod:`lipwright.server.rendering.handlers`.
"""
