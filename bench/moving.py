"""Clips of a photo whose every move is known: drawn from gesture curves, to be tracked again."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.face.choose import choose_faces
from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.gesture.curves import GestureCurves
from lipwright.engine.media.pixels.planes import paste_rgb, rgb_to_i420
from lipwright.engine.media.reading.images import crop_to_even
from lipwright.engine.media.values import Picture, SoundClip
from lipwright.engine.media.writing.video_writer import VideoWriter
from lipwright.engine.render.photo.renderer import PhotoRenderer
from lipwright.engine.timeline import frame_count, frame_times_s


def write_moving(
    picture: Picture,
    gesture: GestureCurves,
    output: Path,
    frame_rate: Fraction,
    *,
    mouth: ArticulationCurves | None = None,
    sound: SoundClip | None = None,
    hidden: slice | None = None,
) -> Path:
    """Write a video of a picture's largest face that does what the curves say; no limits are kept.

    mouth: None leaves the picture's own. hidden: frames that are grey all over.
    """
    picture = crop_to_even(picture)
    faces = choose_faces(find_faces(picture.rgb), "largest", size_wh=picture.size_wh)
    renderer = PhotoRenderer(picture.rgb, faces)
    still = rgb_to_i420(picture.rgb)
    times_s = frame_times_s(frame_count(gesture.duration_s, frame_rate), frame_rate)
    mouths = _closed_mouths(len(times_s)) if mouth is None else mouth.sample(times_s)
    with VideoWriter(output, size_wh=picture.size_wh, frame_rate=frame_rate, sound=sound) as writer:
        for index, (mouth_row, row) in enumerate(zip(mouths, gesture.sample(times_s), strict=True)):
            frame = still.copy()
            for patch in renderer.draw(mouth_row, row, 0.0 if mouth is None else 1.0):
                paste_rgb(frame, patch.box, patch.rgb, weight=patch.weight)
            if hidden is not None and index in range(*hidden.indices(len(times_s))):
                frame[:] = 128
            writer.write(frame)
    return output


def _closed_mouths(count: int) -> NDArray[np.float32]:
    mouths = np.zeros((count, len(Mouth)), np.float32)
    mouths[:, Mouth.WIDTH] = 1
    return mouths
