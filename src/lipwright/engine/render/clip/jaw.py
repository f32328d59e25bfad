"""How far the teeth are apart behind open lips: a smile shows both rows clenched, a vowel does not.

Pixels say it of the exemplars; for every other frame it follows from the mesh, by what the exemplars teach
about this person.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.face import mesh
from lipwright.engine.face.measures import face_height_px, inner_gap
from lipwright.engine.render.clip.exemplars import Exemplar
from lipwright.engine.render.clip.transfer import MouthAxes

# Where between the lips teeth are looked for: in the middle of the mouth, and not on the lips' soft edges.
ALONG, ACROSS = (0.25, 0.75), (0.08, 0.90)
_COLUMNS, _ROWS = 16, 24
# Teeth are at least this bright beside the person's brightest ones, and not redder than that beside the skin.
TOOTH_LIGHT, TOOTH_REDNESS = 0.6, 1.12
BRIGHTEST_PERCENTILE = 90
# A pale tongue looks like teeth. The teeth are at least so far apart for each drop of the chin; a smile that
# is clenched drops the chin by up to half of its gap.
APART_PER_CHIN = 0.6
# How far teeth come apart where the jaw is asked to drop: what hangs from the upper jaw stays.
WANTED_PER_DROP = 1.3
# Rest of the chin: the percentile of its drop in a clip.
CHIN_REST_PERCENTILE = 5
# With fewer exemplars the mesh teaches nothing; shrinkage of what they teach.
LEAST_TAUGHT, SHRINKAGE = 6, 1.0
# An inside is not fitting from this share of the wanted distance missing on, beside the best there is.
MISSED_FROM, MISSED_WHOLLY = 0.15, 0.45
# Below this distance nobody sees whether teeth are clenched, face heights.
LEAST_WANTED = 0.018


def mouth_lengths(landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
    """What of a mesh (478, 3) tells of the jaw, float32 (4,), face heights.

    The gap, and the distances of chin and upper lip from the nose and of the corners.
    """
    height = max(face_height_px(landmarks), 1e-6)

    def apart(a: int, b: int) -> float:
        return float(np.linalg.norm(landmarks[a] - landmarks[b])) / height

    return np.array(
        [
            inner_gap(landmarks),
            apart(mesh.NOSE_BASE[2], mesh.CHIN_BOTTOM),
            apart(mesh.NOSE_BASE[2], mesh.LIP_INNER_TOP),
            apart(mesh.MOUTH_CORNER_LEFT, mesh.MOUTH_CORNER_RIGHT),
        ],
        np.float32,
    )


def teeth_apart(
    exemplars: Sequence[Exemplar], lengths: NDArray[np.float32], chin_rest: float
) -> NDArray[np.float32]:
    """How far the teeth are apart, float32 (exemplar,), face heights.

    lengths: float32 (exemplar, 4), what mouth_lengths gives of their frames. chin_rest: its second value with
    the mouth at rest.
    """
    if not exemplars:
        return np.zeros(0, np.float32)
    insides = np.stack([_middle_inside(each) for each in exemplars])
    light, redness = insides.mean(axis=-1), insides[..., 0] / (insides[..., 1] + 0.05)
    pale = redness < TOOTH_REDNESS
    brightest = float(np.percentile(light[pale], BRIGHTEST_PERCENTILE)) if pale.any() else np.inf
    teeth = pale & (light > TOOTH_LIGHT * brightest)
    gap = np.array([each.gap for each in exemplars])
    by_chin = APART_PER_CHIN * np.maximum(lengths[:, 1] - chin_rest, 0)
    return np.asarray(np.maximum((1 - teeth.mean(axis=(1, 2))) * gap, by_chin), np.float32)


def _middle_inside(exemplar: Exemplar) -> NDArray[np.float32]:
    """What is seen in the middle of a mouth, over the skin's colour, float32 (row, column, 3)."""
    axes = MouthAxes(exemplar.upper, exemplar.lower)
    along = np.linspace(*ALONG, _COLUMNS, dtype=np.float32)
    upper, lower = axes.lips(along)
    depth = np.linspace(*ACROSS, _ROWS)[:, None]
    places = axes.to_pixels(np.broadcast_to(along, (_ROWS, _COLUMNS)), upper + depth * (lower - upper))
    seen = cv2.remap(exemplar.rgb, places, np.empty(0), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen / exemplar.tone, np.float32)


class JawGuess:
    """How far the teeth are apart in any frame of a person, learned from the exemplars."""

    def __init__(self, lengths: NDArray[np.float32], apart: NDArray[np.float32]) -> None:
        """lengths: float32 (exemplar, 4), see mouth_lengths. apart: float32 (exemplar,), face heights."""
        self._mean, self._spread = lengths.mean(axis=0), lengths.std(axis=0) + 1e-4
        known = (lengths - self._mean) / self._spread
        self._usual = float(apart.mean())
        square = known.T @ known + SHRINKAGE * np.eye(known.shape[1])
        self._weights = np.linalg.solve(square, known.T @ (apart - self._usual))

    def apart(self, lengths: NDArray[np.float32]) -> NDArray[np.float32]:
        """For float32 (frame, 4): float32 (frame,), face heights."""
        guessed = self._usual + (lengths - self._mean) / self._spread @ self._weights
        return np.asarray(np.clip(guessed, 0, np.maximum(lengths[:, 0], 0)), np.float32)


def guess_jaw(lengths: NDArray[np.float32], apart: NDArray[np.float32]) -> JawGuess | None:
    """What the exemplars teach; None where they are too few."""
    return JawGuess(lengths, apart) if len(apart) >= LEAST_TAUGHT else None


def wanted_apart(jaw_drop: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far teeth should be apart where the jaw drops, float32 (frame,), face heights."""
    return np.asarray(WANTED_PER_DROP * jaw_drop, np.float32)


def missing_apart(wanted: NDArray[np.float32], apart: NDArray[np.float32]) -> NDArray[np.float32]:
    """The share of the wanted distance of the teeth that is missing, 0 to 1; arrays that broadcast."""
    short = np.clip((wanted - apart) / np.maximum(wanted, 1e-4), 0, 1)
    # Where little is wanted nothing is missed.
    return np.asarray(short * np.clip(wanted / LEAST_WANTED - 1, 0, 1), np.float32)
