"""One end for all that an exchange with a stranger may take, however it is divided into steps."""

from __future__ import annotations

import time


class Deadline:
    """A moment after which nobody waits any longer."""

    def __init__(self, within_s: float) -> None:
        """within_s: how far off it is."""
        self._at_s = time.monotonic() + within_s

    @property
    def left_s(self) -> float:
        """Seconds until then; 0 once it is past."""
        return max(0.0, self._at_s - time.monotonic())

    def limit(self, timeout_s: float | None) -> float:
        """How long one step may take that may take so long by itself."""
        return self.left_s if timeout_s is None else min(timeout_s, self.left_s)
