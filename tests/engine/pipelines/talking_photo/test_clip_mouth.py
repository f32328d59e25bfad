"""The mouth of a performance: the clip's where it is seen, that of the sound where it is not."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import CHANNEL_RANGES, ArticulationCurves, Mouth
from lipwright.engine.articulation.width import visible_width
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.face.follow.motion import FaceMotion
from lipwright.engine.gesture.curves import SMILES, GestureCurves
from lipwright.engine.pipelines.clip_mouth import clip_mouth, performed_share
from lipwright.engine.render.warp.rig import FULL_GAP

FRAME_RATE = Fraction(25)
FRAMES = 100
LENGTH_S = FRAMES / 25
WIDTH = 0.3


def motion(
    gap: NDArray[np.floating], width: NDArray[np.floating] | float = WIDTH, unseen: slice = slice(0, 0)
) -> FaceMotion:
    """A face of which only the mouth moves; its chin follows the gap by 0.3."""
    is_seen = np.ones(FRAMES, bool)
    is_seen[unseen] = False
    nothing, sides = np.zeros(FRAMES, np.float32), np.zeros((FRAMES, 2), np.float32)
    return FaceMotion(
        frame_rate=FRAME_RATE,
        is_seen=is_seen,
        shot_starts=(0,),
        rotation=np.tile(np.eye(3, dtype=np.float32), (FRAMES, 1, 1)),
        neck_px=sides,
        face_height_px=nothing + 200,
        brows_inner=sides,
        brows_outer=sides,
        corners=sides,
        lids=sides + np.float32(0.05),
        gaze_deg=nothing,
        gap=gap.astype(np.float32),
        width=(nothing + width).astype(np.float32),
        jaw=(0.3 + 0.3 * gap).astype(np.float32),
        rounding=nothing + np.float32(0.2),
    )


def times_s() -> NDArray[np.float64]:
    return (np.arange(FRAMES) + 0.5) / 25


def opened(size: float = 0.06) -> NDArray[np.float64]:
    """A mouth that opens and shuts; shut lips keep a slit in the mesh."""
    return 0.005 + np.clip(size * np.sin(np.pi * times_s()), 0, None)


def rest() -> ArticulationCurves:
    return ArticulationCurves.at_rest(LENGTH_S)


def still() -> GestureCurves:
    return GestureCurves.still(LENGTH_S)


def test_the_mouth_opens_as_far_as_that_of_the_clip_and_shuts_when_it_does() -> None:
    made = clip_mouth(motion(opened()), rest(), still())
    aperture = made.channel(Mouth.APERTURE)
    assert aperture[50] == pytest.approx(0.06 / FULL_GAP, rel=0.1)
    assert aperture[150] == 0
    assert 0.2 * aperture[50] <= made.channel(Mouth.JAW)[50] <= 0.5 * aperture[50]


def test_a_mouth_that_narrows_is_round_and_seen_as_narrow_as_in_the_clip() -> None:
    width = np.where(times_s() < 3, WIDTH, 0.8 * WIDTH)
    made = clip_mouth(motion(np.full(FRAMES, 0.005), width), rest(), still())
    assert made.channel(Mouth.PUCKER)[50] == 0
    assert made.channel(Mouth.PUCKER)[350] > 0.5
    assert visible_width(made.values)[350] == pytest.approx(0.8, abs=0.05)


def test_a_smile_that_the_face_makes_already_does_not_widen_the_mouth_twice() -> None:
    smiling = still().values.copy()
    smiling[:, SMILES] = 0.5
    wide = motion(np.full(FRAMES, 0.005), np.where(times_s() < 3, WIDTH, 1.1 * WIDTH))
    plain = clip_mouth(wide, rest(), still()).channel(Mouth.WIDTH)[350]
    with_smile = clip_mouth(wide, rest(), still().with_values(smiling)).channel(Mouth.WIDTH)[350]
    assert plain > 1.08
    assert with_smile < plain - 0.05


def test_where_the_face_is_lost_the_mouth_follows_the_sound_without_a_jump() -> None:
    spoken = rest().values.copy()
    spoken[:, Mouth.APERTURE] = 0.5
    made = clip_mouth(
        motion(np.full(FRAMES, 0.005), unseen=slice(40, 60)), rest().with_values(spoken), still()
    )
    aperture = made.channel(Mouth.APERTURE)
    assert aperture[200] == pytest.approx(0.5)
    assert aperture[100] == aperture[300] == 0
    assert np.abs(np.diff(aperture)).max() < 0.15


def test_beyond_the_end_of_the_clip_the_mouth_follows_the_sound() -> None:
    spoken = ArticulationCurves.at_rest(LENGTH_S + 2).values.copy()
    spoken[:, Mouth.APERTURE] = 0.5
    made = clip_mouth(motion(opened()), rest().with_values(spoken), GestureCurves.still(LENGTH_S + 2))
    assert made.channel(Mouth.APERTURE)[-50] == pytest.approx(0.5)


def test_every_channel_keeps_its_range() -> None:
    wild = motion(opened(0.4), WIDTH * (1 + 0.6 * np.sin(5 * times_s())))
    made = clip_mouth(wild, rest(), still())
    for channel in Mouth:
        low, high = CHANNEL_RANGES[channel]
        assert made.channel(channel).min() >= low
        assert made.channel(channel).max() <= high


def test_a_performance_begins_and_ends_with_the_mouth_of_the_photo() -> None:
    share = performed_share(times_s())
    assert share[0] == share[-1] == 0
    assert (share[12:-12] == 1).all()
    assert len(rest().values) == LENGTH_S * CURVE_RATE_HZ
