"""Lipwright makes faces speak: talking photos and lip sync on your own machine.

The engine is in :mod:`lipwright.engine`, the HTTP service in :mod:`lipwright.server`,
the commands in :mod:`lipwright.cli`.
"""

__version__ = "0.1.0"
