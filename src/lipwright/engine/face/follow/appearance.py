"""What a face looks like in the pixels the mesh was found in: who it is, and whether its mouth is covered."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

# Skin around the mouth that speech hardly moves or recolours: chin, cheeks, the skin above the lip.
AROUND_MOUTH = (
    *(199, 200, 18, 83, 313, 32, 262, 204, 424, 211, 431, 169, 394),
    *(205, 425, 206, 426, 214, 434, 210, 430, 92, 322, 164),
)
# Skin that gives the light: forehead, nose, upper cheeks.
LIGHT_POINTS = (9, 151, 108, 337, 6, 197, 5, 118, 347, 50, 280)
# A point's colour is unusual from this many of its own spreads, to which the floor is added: log units, so
# 0.1 is a tenth brighter or darker. Lower calls a turning head a hand, higher misses hands in soft light.
UNUSUAL_SPREADS, SPREAD_FLOOR = 3.0, 0.06
# Share of unusual points at which the hint begins and at which it is certain.
OCCLUSION_BEGINS, OCCLUSION_CERTAIN = 0.2, 0.6
# How fast the usual look follows: a tenth of a second would learn the hand, minutes would miss a cloud.
LEARNING_RATE = 0.02
_FIRST_FRAMES = 5
_SIGNATURE_SIDE = 16


class MouthSurroundings:
    """How the skin around one person's mouth usually looks, learnt as the frames come."""

    def __init__(self) -> None:
        self._mean: NDArray[np.float32] | None = None
        self._spread: NDArray[np.float32] | None = None
        self._seen = 0

    def occlusion(self, cut: NDArray[np.uint8], points: NDArray[np.floating]) -> float:
        """How sure it is that something is before the mouth, 0 to 1.

        cut: the pixels the mesh was found in. points: the mesh (478, 2) in those pixels.
        """
        soft = cv2.blur(cut, (5, 5))
        limit = np.array(cut.shape[1::-1]) - 1
        chosen = points[[*AROUND_MOUTH, *LIGHT_POINTS]]
        places = np.clip(np.rint(chosen), 0, limit).astype(np.intp)
        colours = np.log(soft[places[:, 1], places[:, 0]].astype(np.float32) + 8)
        now = colours[: len(AROUND_MOUTH)] - colours[len(AROUND_MOUTH) :].mean(axis=0)
        if self._mean is None or self._spread is None:
            self._mean, self._spread = now, np.full_like(now, SPREAD_FLOOR)
            return 0.0
        apart = np.abs(now - self._mean)
        unusual = (apart > UNUSUAL_SPREADS * self._spread + SPREAD_FLOOR).any(axis=1).mean()
        hint = float(np.clip((unusual - OCCLUSION_BEGINS) / (OCCLUSION_CERTAIN - OCCLUSION_BEGINS), 0, 1))
        self._seen += 1
        rate = max(LEARNING_RATE, 1 / (self._seen + 1)) if self._seen < _FIRST_FRAMES else LEARNING_RATE
        rate *= 1 - hint
        self._mean += rate * (now - self._mean)
        self._spread += rate * (apart - self._spread)
        return hint


def signature(cut: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A small picture of the face without its light, float32 (256,), of length 1: alike for one person."""
    height, width = cut.shape[:2]
    face = cut[height // 6 : -height // 6, width // 6 : -width // 6]
    grey = cv2.cvtColor(
        cv2.resize(face, (_SIGNATURE_SIDE, _SIGNATURE_SIDE), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY
    )
    values = grey.astype(np.float32).ravel()
    values -= values.mean()
    return np.asarray(values / max(float(np.linalg.norm(values)), 1e-6), np.float32)
