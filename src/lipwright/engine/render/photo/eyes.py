"""Eyes that open, blink and look about, drawn into the picture before the face is warped.

The upper lid slides over the eye: its lashes travel with its edge, skin unrolls from the fold above. What the
picture shows of an eye is one state of its lids; an eye that is shut or half shut there has more behind them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.face.pose import estimate_pose, to_head
from lipwright.engine.gesture.curves import BLINKS, EYE_SQUINTS, EYES_WIDE, Gesture
from lipwright.engine.render.photo.eye_ball import mirror_eye, open_eye
from lipwright.engine.render.photo.eye_drawing import AT_REST, EyeLayers, EyeState, draw_eye
from lipwright.engine.render.photo.eye_lid import read_lids
from lipwright.engine.render.photo.eye_light import EyeLight, read_lights
from lipwright.engine.render.photo.eye_map import EyeMap, map_eye
from lipwright.engine.render.photo.eye_outline import LEFT_EYE, RIGHT_EYE, is_seen, outline_eye

# A face's eyes are half shut when they open less than this on average and neither opens more than the second,
# height against width from the front. Tracked eyes that are open, laughing ones too, measure 0.21 to 0.40,
# half shut ones 0.12 to 0.20, shut ones below 0.10 (151 frames of 13 clips: 7 below, all of them shut).
HALF_SHUT = 0.19
EITHER_OPEN = 0.22
# Eyes that open less than this are shut.
SHUT = 0.07
# A wink: one eye this much narrower than the other.
WINK = 0.45
# Lids that are open less than this, height against width, do not show where an iris looks.
GAZE_SHOWS = 0.11
# The other eye is taken in a mirror where its iris is no farther from the middle than this, else both would
# squint, and where it has this share of the width.
MIRRORED_ASIDE = 0.07
MIRRORED_WIDTH = 0.7
# An opened iris is no farther from the middle of its eye, eye widths.
MOST_ASIDE = 0.10
# Eyes narrower than this are left alone: a lid of one or two rows flickers. Pixels.
MIN_EYE_WIDTH_PX = 12
# Below this width an eye that is shut is not drawn open: an iris of five pixels is a spot.
MIN_OPENED_WIDTH_PX = 24
# Below this width the iris stays: half a pixel of motion is noise.
MIN_GAZE_WIDTH_PX = 24
# Gaze is drawn in steps that move an iris by a tenth of a pixel; finer ones redraw the eyes in every frame.
GAZE_STEP_DEG = 0.2


class Eyes:
    """Both eyes of a face. Eyes that are too small or behind dark glass stay as they are.

    opens: whether eyes are shut or half shut in the picture and can open. notes: what a person should know
    of that, sentences.
    """

    def __init__(
        self,
        landmarks_px: NDArray[np.float32],
        texture: NDArray[np.uint8],
        *,
        may_open: bool = True,
        is_fine: bool = True,
    ) -> None:
        """texture: uint8 (height, width, 3), in whose pixels the landmarks are.

        may_open: eyes that are shut in the picture open with EYES_OPEN. is_fine: the texture is larger than
        the picture, so that moving its pixels does not soften them.
        """
        points = landmarks_px[:, :2]
        openings = lid_openings(landmarks_px)
        maps = {
            side: eye
            for side, rows in enumerate((LEFT_EYE, RIGHT_EYE))
            if is_seen(points, rows, texture)
            and (eye := map_eye(outline_eye(points, rows, texture), texture)) is not None
            and eye.width_px >= MIN_EYE_WIDTH_PX
        }
        narrow = {side: eye for side, eye in maps.items() if is_narrow(openings, side)}
        seen = sorted((side for side in maps if openings[side] > SHUT), key=lambda side: -openings[side])
        lights = read_lights(maps, texture, seen) if may_open and narrow else {}
        irises = _iris_places(maps, openings, estimate_pose(landmarks_px).yaw_deg)
        self._eyes: dict[int, EyeLayers] = {}
        for side, eye in maps.items():
            picture = texture[eye.box.slices].copy()
            opened = None
            if lights and side in narrow and eye.width_px >= MIN_OPENED_WIDTH_PX:
                other = maps.get(1 - side)
                if other is None or 1 - side in narrow or not _can_be_mirrored(eye, other):
                    opened = open_eye(eye, lights[side], iris_along=irises[side])
                else:
                    seen_eye = texture[other.box.slices].copy()
                    opened = mirror_eye(eye, lights[side], other, seen_eye, lights[1 - side])
            lids = read_lids(eye, picture, is_shut=openings[side] < SHUT)
            layers = EyeLayers(map=eye, picture=picture, lids=lids, opened=opened, is_fine=is_fine)
            self._eyes[side] = layers.trimmed()
        self.opens = any(eye.opened is not None for eye in self._eyes.values())
        self.notes = tuple(_notes(self._eyes, openings, lights))
        self._drawn = dict.fromkeys(self._eyes, AT_REST)

    def draw(self, texture: NDArray[np.uint8], gesture: NDArray[np.float32]) -> list[Box]:
        """Draw the eyes of a row of GestureCurves into the texture given at the start; where it has changed.

        Unchanged eyes cost nothing; eyes at rest are the picture's own pixels.
        """
        changed = []
        for side, eye in self._eyes.items():
            wanted = _wanted(eye, side, gesture)
            if wanted == self._drawn[side]:
                continue
            self._drawn[side] = wanted
            target = texture[eye.map.box.slices]
            target[:] = draw_eye(eye, wanted) if wanted.is_moved else eye.picture
            changed.append(eye.map.box)
        return changed


def _wanted(eye: EyeLayers, side: int, gesture: NDArray[np.float32]) -> EyeState:
    def weight(channel: Gesture, digits: int = 2) -> float:
        return round(float(np.clip(gesture[channel], 0, 1)), digits)

    looks = eye.map.width_px >= MIN_GAZE_WIDTH_PX
    return EyeState(
        blink=weight(BLINKS[side], 3),
        wide=weight(EYES_WIDE[side]),
        squint=weight(EYE_SQUINTS[side]),
        open=weight(Gesture.EYES_OPEN, 3) if eye.opened else 0.0,
        gaze_x=_stepped(gesture[Gesture.GAZE_X]) if looks else 0.0,
        gaze_y=_stepped(gesture[Gesture.GAZE_Y]) if looks else 0.0,
    )


def _stepped(gaze_deg: np.float32) -> float:
    return round(float(gaze_deg) / GAZE_STEP_DEG) * GAZE_STEP_DEG


def eye_width_px(landmarks_px: NDArray[np.float32]) -> float:
    """How wide the wider eye of a face is, in the pixels of its landmarks."""
    corners = [landmarks_px[[rows.upper[0], rows.upper[-1]], :2] for rows in (LEFT_EYE, RIGHT_EYE)]
    return max(float(np.linalg.norm(right - left)) for left, right in corners)


def lid_openings(landmarks_px: NDArray[np.float32]) -> tuple[float, float]:
    """How far the viewer's left and right eye are open, height over width, with the head turned to the front.

    About 0.3 when open, below 0.07 when shut.
    """
    front = to_head(landmarks_px, estimate_pose(landmarks_px))
    found = []
    for rows in (LEFT_EYE, RIGHT_EYE):
        middle = slice(3, 6)
        gap = front[list(rows.lower[middle]), 1] - front[list(rows.upper[middle]), 1]
        width = np.linalg.norm(front[rows.upper[-1], :2] - front[rows.upper[0], :2])
        found.append(max(float(gap.mean() / width), 0.0))
    return found[0], found[1]


def is_narrow(openings: tuple[float, float], side: int) -> bool:
    """Whether an eye is shut or half shut, from lid_openings."""
    both = sum(openings) / 2 < HALF_SHUT and max(openings) < EITHER_OPEN
    return both or openings[side] < WINK * openings[1 - side]


def _can_be_mirrored(eye: EyeMap, other: EyeMap) -> bool:
    """Whether an eye can be opened as a mirror of the other one: that looks ahead and is not much smaller."""
    return abs(other.iris_along - 0.5) < MIRRORED_ASIDE and other.width_px > MIRRORED_WIDTH * eye.width_px


def _iris_places(maps: dict[int, EyeMap], openings: tuple[float, float], yaw_deg: float) -> dict[int, float]:
    """Where along each eye an opened iris goes: both look the same way.

    Where the lids show an iris it says where; eyes that are shut look at the viewer.
    """
    seen = [eye.iris_along - 0.5 for side, eye in maps.items() if openings[side] > GAZE_SHOWS]
    aside = float(np.mean(seen)) if seen else -0.5 * float(np.sin(np.radians(yaw_deg)))
    aside = float(np.clip(aside, -MOST_ASIDE, MOST_ASIDE))
    return dict.fromkeys(maps, 0.5 + aside)


def _notes(
    eyes: dict[int, EyeLayers], openings: tuple[float, float], lights: dict[int, EyeLight]
) -> Iterator[str]:
    """What was done with eyes that are shut in the picture, sentences."""
    if not lights:
        return
    opened = [side for side, eye in eyes.items() if eye.opened is not None]
    if not opened:
        yield "The eyes are shut in the picture and too small to be drawn open; they stay shut."
        return
    which = "The eyes were" if len(opened) > 1 else "One eye was"
    how = "shut" if all(openings[side] < SHUT for side in opened) else "half shut"
    colour = "in the colour that shows" if lights[opened[0]].is_iris_seen else "brown by likelihood"
    stays = "them" if len(opened) > 1 else "it"
    yield f"{which} {how} in the picture and drawn open, {colour}; --eyes keep leaves {stays} so."
