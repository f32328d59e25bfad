"""Mouths of heads that lie or stand on their head, drawn as if the head were upright."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.face.pose import estimate_pose
from lipwright.engine.render.clip.drawer import MouthDrawer, MouthRequest
from lipwright.engine.render.patch import Patch
from lipwright.engine.render.quarter_turn import QuarterTurn


class UprightMouth:
    """Shows another drawer each box turned by quarters so that the head leans least. Fits MouthDrawer."""

    def __init__(self, inner: MouthDrawer) -> None:
        self._inner = inner

    @property
    def needs_exemplars(self) -> bool:
        """See MouthDrawer."""
        return self._inner.needs_exemplars

    def box_for(self, landmarks_px: NDArray[np.float32], size_wh: tuple[int, int]) -> Box | None:
        """See MouthDrawer."""
        return self._inner.box_for(landmarks_px, size_wh)

    def draw(
        self, rgb: NDArray[np.uint8], box: Box, landmarks_px: NDArray[np.float32], request: MouthRequest
    ) -> Patch:
        """See MouthDrawer."""
        turn = QuarterTurn.upright(estimate_pose(landmarks_px).roll_deg, box.size_wh)
        if not turn.quarters:
            return self._inner.draw(rgb, box, landmarks_px, request)
        corner = np.array([*box.corner, 0], dtype=np.float32)
        upright = Box.of_size(turn.turned_wh)
        drawn = self._inner.draw(turn.picture(rgb), upright, turn.points(landmarks_px - corner), request)
        patch = turn.back.patch(drawn)
        return replace(patch, box=patch.box.moved(*box.corner))
