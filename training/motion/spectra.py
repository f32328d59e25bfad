"""The table of people's motion: the spectrum of every channel, as the shape of a filter.

    python -m training.motion.spectra --assets ASSETS --cache WORK

Tracks every clip of `training.motion.clips`, which takes five minutes of a processor, and writes
src/lipwright/engine/gesture/data/people.npz. What leaves this folder are means over all people, no
stretch of anybody's motion: noise that passes such a filter moves as often and as smoothly as people do.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from lipwright.engine.gesture.people import RATE_HZ, NaturalChannel
from training.motion.clips import present
from training.motion.tracking import MOTION_RATE_HZ, PersonMotion, Series, track_motion

TABLE = Path(__file__).resolve().parents[2] / "src/lipwright/engine/gesture/data/people.npz"
# A clip shorter than this says nothing about slow motion.
SHORTEST_CLIP_S = 6.0
# Length of the filters: postures last for a few seconds.
FILTER_ROWS = 10 * RATE_HZ
# What is faster is the tracker's noise, or the mouth's own motion where it speaks.
HIGHEST_HZ = {NaturalChannel.CORNER: 1.2, NaturalChannel.CHEEK: 1.2}
_HIGHEST_HZ = 4.0
_STEEPNESS = 8
# The tracker's noise from frame to frame, before the spectrum is taken.
_STEADYING_SIGMA_S = 0.03
# How far a turn moves the middle of a face by itself, face heights a degree.
_SHIFT_X_PER_YAW, _SHIFT_X_PER_ROLL, _SHIFT_Y_PER_PITCH = 0.0055, 0.0050, 0.0074


def main() -> None:
    """Make the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--assets", type=Path, required=True, help="the folder of clips")
    parser.add_argument("--cache", type=Path, help="a folder that keeps what was tracked")
    options = parser.parse_args()
    motions = [
        track_motion(options.assets / source.path, options.cache) for source in present(options.assets)
    ]
    used = [motion for motion in motions if motion.duration_s >= SHORTEST_CLIP_S]
    filters = filters_of(used)
    TABLE.parent.mkdir(exist_ok=True)
    # Filters are symmetrical: one half is enough.
    np.savez_compressed(TABLE, filters=filters[:, FILTER_ROWS // 2 :].astype(np.float32))
    minutes = sum(each.duration_s for each in used) / 60
    print(f"{len(used)} clips, {minutes:.1f} minutes, {TABLE.stat().st_size} bytes")


def filters_of(motions: Sequence[PersonMotion]) -> NDArray[np.float64]:
    """A filter for each NaturalChannel, float64 (channel, FILTER_ROWS), symmetrical, of unit energy."""
    assert RATE_HZ == MOTION_RATE_HZ
    lags = FILTER_ROWS // 2 + 1
    total = np.zeros((len(NaturalChannel), lags))
    for motion in motions:
        for channel, series in _series(motion).items():
            total[channel] += autocorrelation(series, lags)
    mean = total / len(motions) * np.hanning(2 * lags - 1)[lags - 1 :]
    power = np.fft.rfft(np.concatenate([mean, mean[:, -2:0:-1]], axis=1), axis=1).real
    frequency_hz = np.fft.rfftfreq(FILTER_ROWS, 1 / RATE_HZ)
    highest_hz = np.array([HIGHEST_HZ.get(channel, _HIGHEST_HZ) for channel in NaturalChannel])[:, None]
    gain = np.sqrt(np.maximum(power, 0) / (1 + (frequency_hz / highest_hz) ** _STEEPNESS))
    shapes = np.fft.fftshift(np.fft.irfft(gain, axis=1), axes=1) * np.hanning(FILTER_ROWS + 1)[:-1]
    return np.asarray(shapes / np.linalg.norm(shapes, axis=1, keepdims=True))


def autocorrelation(series: Series, lags: int) -> Series:
    """The autocorrelation of a series from lag 0 on, 0 where it is too short."""
    calm = gaussian_filter1d(series, _STEADYING_SIGMA_S * MOTION_RATE_HZ, mode="nearest")
    deviation = (calm - calm.mean()) / (calm.std() + 1e-12)
    whole = np.correlate(deviation, deviation, "full")[len(series) - 1 :] / len(series)
    found = np.zeros(lags)
    found[: min(lags, len(whole))] = whole[:lags]
    return found


def _series(motion: PersonMotion) -> dict[NaturalChannel, Series]:
    return {
        NaturalChannel.YAW: motion.yaw_deg,
        NaturalChannel.PITCH: motion.pitch_deg,
        NaturalChannel.ROLL: motion.roll_deg,
        NaturalChannel.SHIFT_X: motion.shift_x
        - _SHIFT_X_PER_YAW * motion.yaw_deg
        - _SHIFT_X_PER_ROLL * motion.roll_deg,
        NaturalChannel.SHIFT_Y: motion.shift_y - _SHIFT_Y_PER_PITCH * motion.pitch_deg,
        NaturalChannel.NEARNESS: motion.nearness,
        NaturalChannel.BROW: motion.brow,
        NaturalChannel.CORNER: motion.corner,
        NaturalChannel.CHEEK: motion.cheek,
    }


if __name__ == "__main__":
    main()
