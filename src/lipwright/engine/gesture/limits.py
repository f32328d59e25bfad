"""How far a head may turn from the pose of its picture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadLimits:
    """The largest rotation to either side that a picture bears, degrees."""

    yaw_deg: float = 15.0
    pitch_deg: float = 8.0
    roll_deg: float = 8.0

    @property
    def leaning_share(self) -> float:
        """How much of a lean towards the camera a picture bears, 0 to 1: one that turns less leans less."""
        return min(1.0, self.yaw_deg / 15.0)
