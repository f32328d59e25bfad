"""Open mouths of the same person, whose inside is transferred to other frames.

They are picked once for a clip and chosen for every frame. This is the retrieval of Video Rewrite (Bregler,
Covell and Slaney 1997), with the mesh in the place of hand-made alignment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh

# Room around the lips that is kept of an exemplar, face heights.
MARGIN = 0.10
# A mouth must be open this far for its inside to be transferred, face heights.
LEAST_GAP = 0.022
# A person whose mouth never opens by this share of its range shows flesh in the place of teeth, which cannot
# be stretched into an open mouth.
LEAST_RANGE = 0.55
# How many exemplars a person has at the most. Each costs up to half a megabyte.
MOST_EXEMPLARS = 28
# Costs of choosing (aperture and width are in shares of the person's range): a wrong opening, a wrong width,
# a turned head per degree, and a change of exemplar.
WIDTH_COST = 0.5
TURN_COST = 0.03
CHANGE_COST = 0.22
# An inside without any contrast beside the person's others, which is a tongue or the back of a lip.
DULL_COST = 1.0
# Teeth that are clenched where the jaw is wanted open: the share of their distance that is missing. Less
# shows a double row of teeth in a wide vowel; much more takes mouths of a wrong opening.
JAW_COST = 1.2
# A mouth that opens less than wanted has to be stretched, which makes long teeth; one that opens farther only
# hides some of its inside.
STRETCH_COST = 3.0
# While the lips are together a change of exemplar is hardly seen: it costs this share of what it costs in an
# open mouth.
SHUT_CHANGE_SHARE = 0.15
# What counts as teeth in an open mouth: how bright against the skin, in which share of the opening, and how
# many pixels in all. Less bright are teeth in shadow, which have the shadow's colour.
LEAST_TOOTH_LIGHT = 0.7
LEAST_TOOTH_SHARE = 0.1
LEAST_TOOTH_PIXELS = 60
# The share of them, the brightest, whose median is the colour: the others lie in the shadow of the lips.
LIT_TEETH_SHARE = 0.3
# Skin around the mouth whose colour measures the light of a frame.
_SKIN = (50, 280, 205, 425, 36, 266, 187, 411, 199, 57, 287)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exemplar:
    """An open mouth.

    rgb: uint8 (height, width, 3). upper, lower: float32 (11, 2), the inner lip rows in its pixels. gap: face
    heights.
    tone: float32 (3,), colour of the skin around.
    """

    rgb: NDArray[np.uint8]
    upper: NDArray[np.float32]
    lower: NDArray[np.float32]
    gap: float
    tone: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "rgb", np.uint8, ("height", "width", 3))
        check_array(self, "upper", np.float32, (11, 2))
        check_array(self, "lower", np.float32, (11, 2))
        check_array(self, "tone", np.float32, (3,))

    @classmethod
    def of(
        cls,
        rgb: NDArray[np.uint8],
        landmarks_px: NDArray[np.float32],
        corner_px: NDArray[np.float32],
        unit_px: float,
    ) -> Self:
        """The mouth in a part of a frame whose left top corner is at corner_px."""
        upper, lower = (
            landmarks_px[list(row), :2] - corner_px for row in (mesh.LIPS_INNER_UPPER, mesh.LIPS_INNER_LOWER)
        )
        return cls(
            rgb=rgb,
            upper=upper,
            lower=lower,
            gap=float(np.linalg.norm(lower[5] - upper[5]) / unit_px),
            tone=skin_tone(rgb, landmarks_px[:, :2] - corner_px),
        )

    def cropped(self, unit_px: float) -> Exemplar:
        """The same with nothing kept but the mouth."""
        points = np.concatenate([self.upper, self.lower])
        margin = MARGIN * unit_px
        box = Box.holding(*(points.min(axis=0) - margin), *(points.max(axis=0) + margin))
        box = box.clipped(Box.of_size((self.rgb.shape[1], self.rgb.shape[0])))
        corner = np.array(box.corner, dtype=np.float32)
        return Exemplar(
            rgb=self.rgb[box.slices].copy(),
            upper=self.upper - corner,
            lower=self.lower - corner,
            gap=self.gap,
            tone=self.tone,
        )

    def inside_pixels(self) -> NDArray[np.float32]:
        """What is seen between the lips over the colour of the skin, float32 (pixel, 3); never empty."""
        inside = np.zeros(self.rgb.shape[:2], dtype=np.uint8)
        outline = np.concatenate([self.upper, self.lower[::-1]])
        cv2.fillPoly(inside, [np.round(outline).astype(np.int32)], 1)
        pixels = self.rgb[inside > 0] if inside.any() else self.rgb.reshape(-1, 3)
        return np.asarray(pixels / self.tone, dtype=np.float32)


def skin_tone(rgb: NDArray[np.uint8], points_px: NDArray[np.float32]) -> NDArray[np.float32]:
    """Median colour of the skin around a mouth, float32 (3,)."""
    height, width = rgb.shape[:2]
    places = np.clip(np.round(points_px[list(_SKIN)]), 0, (width - 1, height - 1)).astype(int)
    tone: NDArray[np.float32] = np.median(rgb[places[:, 1], places[:, 0]], axis=0).astype(np.float32)
    return np.maximum(tone, 1.0)


def dullness(exemplars: Sequence[Exemplar]) -> NDArray[np.float32]:
    """How flat each inside looks beside the others, float32 (exemplar,), 0 to 1.

    A tongue that fills the mouth is lips' colour all over; teeth and the dark behind them are not.
    """
    contrast = np.array([np.std(each.inside_pixels().mean(axis=1)) for each in exemplars])
    usual = max(float(np.median(contrast)), 1e-3)
    return np.asarray(np.clip(1 - contrast / usual, 0, 1), dtype=np.float32)


def seen_teeth(exemplars: Sequence[Exemplar]) -> NDArray[np.float32] | None:
    """The colour of this person's teeth over that of the skin, float32 (3,); None where too few show."""
    found = []
    for exemplar in exemplars:
        pixels = exemplar.inside_pixels()
        # Less red than skin, and not in the dark: lips, gums and tongue are redder.
        is_tooth = (pixels[:, 0] < pixels[:, 1]) & (pixels.mean(axis=1) > LEAST_TOOTH_LIGHT)
        if is_tooth.sum() >= LEAST_TOOTH_SHARE * len(pixels):
            found.append(pixels[is_tooth])
    if sum(map(len, found)) < LEAST_TOOTH_PIXELS:
        return None
    teeth = np.concatenate(found)
    light = teeth.mean(axis=1)
    lit = teeth[light >= np.quantile(light, 1 - LIT_TEETH_SHARE)]
    return np.asarray(np.median(lit, axis=0), dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MouthFeatures:
    """What every frame of a clip shows of a mouth, by which exemplars are chosen.

    gap, width, chin: float32 (frame,), face heights; chin is how far below the nose it is. turn: float32
    (frame, 2), yaw and pitch in degrees. usable: bool (frame,), seen clearly.
    """

    gap: NDArray[np.float32]
    width: NDArray[np.float32]
    chin: NDArray[np.float32]
    turn: NDArray[np.float32]
    usable: NDArray[np.bool_]

    def __post_init__(self) -> None:
        frames = len(self.gap)
        check_array(self, "gap", np.float32, (frames,))
        check_array(self, "width", np.float32, (frames,))
        check_array(self, "chin", np.float32, (frames,))
        check_array(self, "turn", np.float32, (frames, 2))
        check_array(self, "usable", np.bool_, (frames,))


def pick_exemplars(features: MouthFeatures, full_gap: float) -> tuple[int, ...]:
    """Frames whose open mouths together cover what this person's mouth does, in order of time.

    Greedy: each next one is the frame least like those picked before (Gonzalez 1985).
    """
    candidates = np.flatnonzero(features.usable & (features.gap >= LEAST_GAP))
    if not len(candidates) or features.gap[candidates].max() < LEAST_RANGE * full_gap:
        return ()
    shape = np.stack(
        [
            features.gap[candidates] / full_gap,
            WIDTH_COST * features.width[candidates] / full_gap,
            JAW_COST * features.chin[candidates] / full_gap,
            TURN_COST * features.turn[candidates, 0],
            TURN_COST * features.turn[candidates, 1],
        ],
        axis=1,
    )
    picked = [int(np.abs(shape[:, 0] - np.median(shape[:, 0])).argmin())]
    distance = np.linalg.norm(shape - shape[picked[0]], axis=1)
    while len(picked) < MOST_EXEMPLARS and distance.max() > 0.05:
        picked.append(int(distance.argmax()))
        distance = np.minimum(distance, np.linalg.norm(shape - shape[picked[-1]], axis=1))
    return tuple(sorted(int(candidates[index]) for index in picked))


def choose_sequence(
    wanted_gap: NDArray[np.float32],
    turn: NDArray[np.float32],
    features: MouthFeatures,
    exemplars: Sequence[int],
    full_gap: float,
    dull: NDArray[np.float32],
    missing_jaw: NDArray[np.float32] | None = None,
) -> NDArray[np.intp]:
    """The exemplar for each frame, intp (frame,): the cheapest path by dynamic programming.

    wanted_gap: float32 (frame,), face heights. turn: float32 (frame, 2), yaw and pitch in degrees. dull:
    float32 (exemplar,), what dullness gives. missing_jaw: float32 (frame, exemplar), what jaw.missing_apart
    gives; nothing is missing when absent.
    """
    index = np.array(exemplars)
    off = (wanted_gap[:, None] - features.gap[index][None]) / full_gap
    off = np.where(off > 0, STRETCH_COST * off, -off)
    turned = TURN_COST * np.abs(turn[:, None] - features.turn[index][None]).sum(axis=-1)
    cost = off + turned + DULL_COST * dull
    if missing_jaw is not None:
        cost = cost + JAW_COST * missing_jaw
    total = cost[0]
    came_from = np.zeros(cost.shape, dtype=np.int16)
    change = CHANGE_COST + np.abs(features.gap[index][:, None] - features.gap[index][None]) / full_gap
    np.fill_diagonal(change, 0)
    openness = np.clip(np.minimum(wanted_gap[1:], wanted_gap[:-1]) / full_gap, SHUT_CHANGE_SHARE, 1)
    for frame in range(1, len(cost)):
        through = total[:, None] + change * openness[frame - 1]
        came_from[frame] = through.argmin(axis=0)
        total = through.min(axis=0) + cost[frame]
    path = np.zeros(len(cost), dtype=np.intp)
    path[-1] = total.argmin()
    for frame in range(len(cost) - 1, 0, -1):
        path[frame - 1] = came_from[frame, path[frame]]
    return path
