"""Mouths drawn by something else than the engine: a network that was installed beside it.

A package offers one as an entry point of the group `lipwright.mouth_renderers`; lip sync asks for it in the
mode `pro`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from fractions import Fraction
from importlib.metadata import entry_points
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.errors import RendererFailed
from lipwright.engine.media.values import SpeechSound
from lipwright.engine.render.clip.drawer import MouthRequest
from lipwright.engine.render.clip.geometry import MouthGeometry, shows_mouth
from lipwright.engine.render.patch import Patch

GROUP = "lipwright.mouth_renderers"
# The face with air around it, as networks want to see it: its box enlarged by this.
FACE_ROOM = 1.3


class MouthRenderer(Protocol):
    """Draws the mouth of one person through one video. Frames may come a little out of order."""

    def draw(
        self, rgb: NDArray[np.uint8], landmarks_px: NDArray[np.float32], index: int
    ) -> NDArray[np.uint8]:
        """The face with its mouth re-made for frame `index` of the video; the lower face of it is used.

        rgb: uint8 (height, width, 3), the face; its own to change. landmarks_px: float32 (478, 3) in its
        pixels. Returns the same shape.
        """


# Makes one for what a person says: the sound, frames a second, how many frames, a seed.
MakeRenderer = Callable[[SpeechSound, Fraction, int, int], MouthRenderer]


class InstalledRenderer:
    """A renderer that was found, by its name; whatever it raises becomes RendererFailed."""

    def __init__(self, name: str, make: Callable[[], MakeRenderer]) -> None:
        """make: imports the package when it is first needed."""
        self.name = name
        self._make = make

    def begin(
        self,
        geometry: MouthGeometry,
        sound: SpeechSound,
        frame_rate: Fraction,
        frame_count: int,
        seed: int,
    ) -> InstalledMouth:
        """The drawer of one person's mouth through one video. Raises RendererFailed."""
        try:
            inner = self._make()(sound, frame_rate, frame_count, seed)
        except Exception as error:
            raise self._failed(error) from error
        return InstalledMouth(_Guarded(inner, self._failed), geometry)

    def _failed(self, error: Exception) -> RendererFailed:
        return RendererFailed(
            f"The mouth renderer {self.name} failed: {error}. "
            "Mend or remove it, or choose another mode than pro."
        )


class _Guarded:
    """A renderer whose answers are looked at."""

    def __init__(self, inner: MouthRenderer, failed: Callable[[Exception], RendererFailed]) -> None:
        self._inner = inner
        self._failed = failed

    def draw(
        self, rgb: NDArray[np.uint8], landmarks_px: NDArray[np.float32], index: int
    ) -> NDArray[np.uint8]:
        shape = rgb.shape
        try:
            drawn = np.asarray(self._inner.draw(rgb, landmarks_px, index))
            if drawn.shape != shape or drawn.dtype != np.uint8:
                raise ValueError(f"it gave {drawn.dtype} {drawn.shape} for uint8 {shape}")
        except Exception as error:
            raise self._failed(error) from error
        return drawn


class InstalledMouth:
    """The mouth of one person as an installed renderer draws it. Fits MouthDrawer."""

    needs_exemplars = False

    def __init__(self, renderer: MouthRenderer, geometry: MouthGeometry) -> None:
        self._renderer = renderer
        self._geometry = geometry
        self._lock = threading.Lock()

    def box_for(self, landmarks_px: NDArray[np.float32], size_wh: tuple[int, int]) -> Box | None:
        """See MouthDrawer: the face with air around it."""
        if not shows_mouth(self._geometry.box_for(landmarks_px, size_wh), landmarks_px, size_wh):
            return None
        low, high = landmarks_px[:, :2].min(axis=0), landmarks_px[:, :2].max(axis=0)
        room = (high - low) * (FACE_ROOM - 1) / 2
        return Box.holding(*(low - room), *(high + room)).evened().clipped(Box.of_size(size_wh))

    def draw(
        self, rgb: NDArray[np.uint8], box: Box, landmarks_px: NDArray[np.float32], request: MouthRequest
    ) -> Patch:
        """See MouthDrawer: only the lower part of the face is blended in. Raises RendererFailed."""
        inside = landmarks_px - np.array([*box.corner, 0], dtype=np.float32)
        with self._lock:
            drawn = self._renderer.draw(rgb, inside, request.index)
        weight = self._geometry.mask(box, landmarks_px) * np.float32(request.share)
        return Patch(box=box, rgb=drawn, weight=weight)


def installed_renderer() -> InstalledRenderer | None:
    """The renderer that is installed; of several the first by name. It is not imported yet."""
    found = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    return InstalledRenderer(found[0].name, found[0].load) if found else None
