"""What lip sync asks of whatever draws the mouths: the engine itself, or a renderer that was installed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.boxes import Box
from lipwright.engine.render.clip.exemplars import Exemplar
from lipwright.engine.render.patch import Patch


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MouthRequest:
    """What the mouth of one frame of a video is to become.

    index: the frame of the video. mouth: float32 (channel,), a row of ArticulationCurves.
    share: 0 leaves the frame as it is, 1 speaks fully.
    exemplars: open mouths whose inside may be transferred, with weights.
    own_share: how much of the inside is to be the frame's own, 0 to 1; None leaves that to the drawer.
    """

    index: int
    mouth: NDArray[np.float32]
    share: float = 1.0
    exemplars: Sequence[tuple[Exemplar, float]] = ()
    own_share: float | None = None

    def __post_init__(self) -> None:
        check_array(self, "mouth", np.float32, ("channel",))


class MouthDrawer(Protocol):
    """Draws the mouth of one person through one video. Several threads may ask at the same time."""

    @property
    def needs_exemplars(self) -> bool:
        """Whether the inside of the mouth comes from exemplars, and is drawn where there are none."""

    def box_for(self, landmarks_px: NDArray[np.float32], size_wh: tuple[int, int]) -> Box | None:
        """The even box of a frame of this size that draw wants to see; None where the mouth lies outside.

        landmarks_px: float32 (478, 3), pixels of the frame.
        """

    def draw(
        self, rgb: NDArray[np.uint8], box: Box, landmarks_px: NDArray[np.float32], request: MouthRequest
    ) -> Patch:
        """The box of a frame with its mouth re-made.

        rgb: uint8 (height, width, 3), the box of the frame; its own to change. landmarks_px: float32
        (478, 3), pixels of the frame.
        """
