"""How closely a photo follows the clip that drives it.

`uv run python -m bench.driven --assets ASSETS [--write]`

Drives photos by real clips and by a clip of known motion that is rendered from another photo, tracks what
came
out, and compares it with the tracked clip where the limits of the photo allow: the slope of the one over the
other (1 is the same motion), how much later it is, and their correlation. `--write` puts the table into
docs/reference/quality.md.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.moving import write_moving
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.curves import (
    BROWS_INNER_UP,
    BROWS_OUTER_UP,
    SMILES,
    Gesture,
    GestureCurves,
)
from lipwright.engine.gesture.from_clip import ClipGestures
from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.media.reading.images import fit_within, load_picture
from lipwright.engine.media.reading.sound import write_wav
from lipwright.engine.media.values import SoundClip, VideoStretch
from lipwright.engine.pipelines.motion_clip import clip_gestures, follow_clip
from lipwright.engine.pipelines.options import MotionSource, TalkingPhotoOptions
from lipwright.engine.pipelines.talking_photo import talking_photo
from lipwright.engine.progress import JobContext

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "quality.md"
BEGIN, END = "<!-- made by bench/driven.py -->", "<!-- end of bench/driven.py -->"
PHOTOS = ("ai_man_half_body_1036.jpg", "ai_woman_curly_closed_large.jpg", "painting_dark_skin.png")
CLIPS = ("videos/hdtf_old_man_15s.mp4", "videos/vr_4_woman_30fps.mp4", "videos/walk_landscape_30fps.mp4")
KNOWN = "known motion"
KNOWN_FROM = "ai_man_open_smile.jpg"
LENGTH_S = 8.0
FRAME_RATE = Fraction(25)
PHOTO_PX = 640
# The eased edges of a driven photo are not compared, nor what comes near a limit: there it is held back
# softly.
EDGE_S = 1.0
LIMIT_SHARE = 0.6
# Lags are looked for so far to either side.
MOST_LAG_S = 0.3
AXES = ("yaw", "pitch", "roll")
# Less motion than this on an axis is the tracker's, degrees.
LEAST_SD_DEG = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """One axis: the slope of the photo's motion over the clip's, its lag, and their correlation.

    followed_share: of the time, how much lies inside the limits.
    """

    slope: float
    lag_ms: float
    correlation: float
    followed_share: float


def main() -> None:
    """Print the table, and write it into the page where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=Path, required=True)
    parser.add_argument("--photos", nargs="+", default=PHOTOS)
    parser.add_argument("--clips", nargs="+", default=(KNOWN, *CLIPS))
    parser.add_argument("--write", action="store_true", help="put the table into the page")
    options = parser.parse_args()
    lines = list(table(options.assets, options.photos, options.clips))
    if options.write:
        before, rest = PAGE.read_text().split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n\n" + "\n".join(lines) + f"\n\n{END}{rest.split(END)[1]}")


def table(assets: Path, photos: list[str], clips: list[str]) -> Iterator[str]:
    """The lines of the table, printed as they come."""
    heads = [f"{axis}: {word}" for axis in AXES for word in ("slope", "later by, ms", "r", "within limits")]
    head = ["clip", "photo", *heads, "brows: slope", "smile: slope", "eyes: slope"]
    rule = ["---", "---", *["---:"] * (len(head) - 2)]
    for cells in (head, rule):
        yield _line(cells)
    with tempfile.TemporaryDirectory() as folder:
        silence = Path(folder) / "silence.wav"
        write_wav(silence, np.zeros(round(LENGTH_S * 16_000), np.float32), 16_000)
        for name in clips:
            clip = assets / name
            if name == KNOWN:
                clip = Path(folder) / "known.mp4"
                picture = fit_within(load_picture(assets / "images" / KNOWN_FROM), PHOTO_PX)
                write_moving(picture, known_motion(), clip, FRAME_RATE)
            asked = read(clip)
            for photo in photos:
                output = Path(folder) / "driven.mp4"
                report = talking_photo(
                    assets / "images" / photo,
                    SoundClip(path=silence),
                    output,
                    TalkingPhotoOptions(
                        motion=MotionSource(path=clip),
                        frame_rate=FRAME_RATE,
                        max_resolution_px=PHOTO_PX,
                        seed=1,
                    ),
                )
                assert report.head_limits is not None
                yield _line(
                    [Path(name).stem, Path(photo).stem, *_cells(asked, read(output), report.head_limits)]
                )


def read(path: Path) -> ClipGestures:
    """What the person of a video does, as the engine reads it."""
    return clip_gestures(follow_clip(VideoStretch(path=path, end_s=LENGTH_S), JobContext()).motion)


def known_motion() -> GestureCurves:
    """Sines that do not go together: turns, a shift, brows, a smile and eyes."""
    time_s = np.arange(round(LENGTH_S * CURVE_RATE_HZ)) / CURVE_RATE_HZ
    values = np.zeros((len(time_s), len(Gesture)))
    for channel, size, hertz in (
        (Gesture.YAW, 5.0, 0.45),
        (Gesture.PITCH, 3.0, 0.70),
        (Gesture.ROLL, 3.0, 0.55),
        (Gesture.SHIFT_X, 0.02, 0.30),
        (Gesture.GAZE_X, 6.0, 0.35),
    ):
        values[:, channel] = size * np.sin(2 * np.pi * hertz * time_s)
    for channel in (*BROWS_INNER_UP, *BROWS_OUTER_UP):
        values[:, channel] = 0.4 - 0.4 * np.cos(2 * np.pi * 0.25 * time_s)
    for channel in SMILES:
        values[:, channel] = 0.3 - 0.3 * np.cos(2 * np.pi * 0.17 * time_s)
    return GestureCurves(values=values.astype(np.float32))


def _cells(asked: ClipGestures, made: ClipGestures, limits: HeadLimits) -> Iterator[str]:
    for axis, limit in zip(
        (Gesture.YAW, Gesture.PITCH, Gesture.ROLL),
        (limits.yaw_deg, limits.pitch_deg, limits.roll_deg),
        strict=True,
    ):
        found = likeness(asked.values[:, axis], made.values[:, axis], limit)
        yield from (
            ("-",) * 4
            if found is None
            else (
                f"{found.slope:.2f}",
                f"{found.lag_ms:.0f}",
                f"{found.correlation:.2f}",
                f"{found.followed_share:.2f}",
            )
        )
    brows = [
        (values.values[:, BROWS_INNER_UP[0]] + values.values[:, BROWS_INNER_UP[1]])
        for values in (asked, made)
    ]
    smiles = [values.values[:, list(SMILES)].mean(axis=1) for values in (asked, made)]
    eyes = [values.values[:, Gesture.GAZE_X] for values in (asked, made)]
    for pair, least in ((brows, 0.1), (smiles, 0.05), (eyes, 1.0)):
        both = likeness(pair[0], pair[1], np.inf, least_sd=least)
        yield "-" if both is None else f"{both.slope:.2f}"


def likeness(
    asked: NDArray[np.floating], made: NDArray[np.floating], limit: float, *, least_sd: float = LEAST_SD_DEG
) -> Likeness | None:
    """How a made curve follows what was asked, both at CURVE_RATE_HZ; None where little moves."""
    edge = round(EDGE_S * CURVE_RATE_HZ)
    length = min(len(asked), len(made))
    asked, made = asked[edge : length - edge], made[edge : length - edge]
    if asked.std() < least_sd:
        return None
    lags = np.arange(-round(MOST_LAG_S * CURVE_RATE_HZ), round(MOST_LAG_S * CURVE_RATE_HZ) + 1)
    room = lags[-1]
    middle = asked[room:-room]
    fits = [float(np.corrcoef(middle, made[room + lag : len(made) - room + lag])[0, 1]) for lag in lags]
    best = int(np.argmax(fits))
    inside = np.abs(asked) < LIMIT_SHARE * limit
    slope = float(np.polyfit(asked[inside], made[inside], 1)[0])
    return Likeness(
        slope=slope,
        lag_ms=1000 * _peak(lags, fits, best) / CURVE_RATE_HZ,
        correlation=fits[best],
        followed_share=float((np.abs(asked) <= limit).mean()),
    )


def _peak(lags: NDArray[np.intp], fits: list[float], best: int) -> float:
    """The lag of the highest correlation, between the curve points."""
    if not 0 < best < len(fits) - 1:
        return float(lags[best])
    before, here, after = fits[best - 1 : best + 2]
    bend = before - 2 * here + after
    return float(lags[best] + (0.5 * (before - after) / bend if bend else 0.0))


def _line(cells: list[str]) -> str:
    line = f"| {' | '.join(cells)} |"
    print(line, flush=True)
    return line


if __name__ == "__main__":
    main()
