"""A face of a photo that lies or stands on its head is drawn as the upright one, turned."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.face.pose import face_of
from lipwright.engine.gesture.curves import Gesture
from lipwright.engine.render.photo.renderer import PhotoRenderer
from lipwright.engine.render.quarter_turn import QuarterTurn
from tests.engine.pipelines.lip_sync.talking_clips import head_rgb

# Turned coordinates are rounded otherwise.
SAME = 2.0


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_picture_speaks_as_the_upright_one(quarters: int) -> None:
    rgb = head_rgb()
    turn = QuarterTurn(quarters=quarters, size_wh=(rgb.shape[1], rgb.shape[0]))
    face = find_faces(rgb)[0]
    turned = face_of(turn.points(face.landmarks_px), face.confidence)
    upright = _spoken(PhotoRenderer(rgb, [face]), rgb)
    lying = _spoken(PhotoRenderer(turn.picture(rgb), [turned]), turn.picture(rgb))
    difference = np.abs(turn.picture(upright).astype(int) - lying)
    assert np.abs(upright.astype(int) - rgb).max() > 40
    assert np.percentile(difference, 99.5) <= SAME


def _spoken(renderer: PhotoRenderer, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    row = ArticulationCurves.at_rest(0.01).values[0].copy()
    row[Mouth.APERTURE] = 0.9
    gesture = np.zeros(len(Gesture), dtype=np.float32)
    gesture[Gesture.YAW] = 3
    frame = rgb.copy()
    for patch in renderer.draw(row, gesture):
        frame[patch.box.slices] = patch.rgb
    return frame
