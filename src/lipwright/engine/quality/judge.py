"""The figures of a talking video: names, units, meanings and bars."""

from __future__ import annotations

from dataclasses import dataclass

from lipwright.engine.quality.values import Measure
from lipwright.engine.quality.verdict import LEAST_AGREEMENT


@dataclass(frozen=True, slots=True)
class Figure:
    """What a figure is. least, most: the bar; None where there is none.

    people: where people lie who speak; no bar, as a calm speaker is not a wrong one. None where nobody was
    measured.
    """

    unit: str
    meaning: str
    least: float | None = None
    most: float | None = None
    people: tuple[float, float] | None = None

    def good(self) -> str:
        """The bar in words."""
        if self.least is not None and self.most is not None:
            return f"{self.least:g} to {self.most:g}"
        if self.least is not None:
            return f"at least {self.least:g}"
        if self.most is not None:
            return f"at most {self.most:g}"
        if self.people is not None:
            return f"people: {self.people[0]:g} to {self.people[1]:g}"
        return "compare with others"


SPEECH_FIGURES = {
    "face_seen_share": Figure("share", "frames in which the main person's face is seen", least=0.9),
    "sync_offset_ms": Figure(
        "ms", "how much later the sound is than the mouth; one frame goes unseen", least=-45, most=45
    ),
    "sync_correlation": Figure(
        "-1 to 1",
        "how well opening, width, rounding and jaw follow what a listener expects of the sound; "
        "below 5 seconds other people's sound can reach as much as their own",
        least=LEAST_AGREEMENT,
    ),
    "sync_drift_ms": Figure(
        "ms", "how much the offset changes from the beginning to the end", least=-45, most=45
    ),
    "closure_share": Figure(
        "share",
        "p, b and m of the transcript at which the lips meet; not told without a transcript",
        least=0.95,
    ),
    "silence_motion": Figure(
        "face heights/s", "how fast the lips open and close while nobody speaks", most=0.05
    ),
    "silence_gap": Figure("face heights", "how far the lips are apart while nobody speaks", most=0.035),
    "opening_p95": Figure(
        "face heights", "wide openings of the mouth; real people reach this", least=0.04, most=0.16
    ),
    "aperture_correlation": Figure("-1 to 1", "how well the opening follows the true video's", least=0.7),
    "width_correlation": Figure("-1 to 1", "how well the width follows the true video's", least=0.4),
    "lip_distance": Figure(
        "eye distances", "how far the lips' points are from the true video's, on average", most=0.03
    ),
    "sharpness": Figure("levels", "size of the finest detail of the mouth, of 255"),
    "flicker": Figure("levels", "trembling of the mouth's pixels from frame to frame, of 255"),
    "sharpness_ratio": Figure("ratio", "sharpness of the mouth over the source's", least=0.9),
    "flicker_ratio": Figure("ratio", "flicker of the mouth over the source's", most=1.2),
    "untouched_db": Figure("dB", "likeness to the source away from the faces", least=36),
}
# What a living face does beside speaking. The ranges of people go from the lower quarter of 15 sentences read
# in a laboratory to the upper quarter of 27 clips of people who talk freely, as the same code measures them
# (docs/reference/quality.md).
LIFE_FIGURES = {
    "yaw_sd": Figure(
        "degrees", "how far the head turns to the sides (standard deviation)", people=(0.25, 6.4)
    ),
    "pitch_sd": Figure("degrees", "how far the head nods (standard deviation)", people=(0.5, 3.7)),
    "roll_sd": Figure("degrees", "how far the head leans (standard deviation)", people=(0.2, 4.5)),
    "head_speed": Figure(
        "degrees/s", "how fast the head turns, nods and leans, on average", people=(3.3, 21)
    ),
    "shift_sd": Figure(
        "face heights", "how far the head goes to the sides (standard deviation)", people=(0.0025, 0.047)
    ),
    "blinks_per_minute": Figure("1/min", "how often the eyes blink", people=(8, 40)),
    "blink_length_ms": Figure("ms", "how long the lids are at least half shut in a blink", people=(100, 240)),
    "brow_sd": Figure(
        "face heights", "how far the brows rise and sink (standard deviation)", people=(0.001, 0.0127)
    ),
    "gaze_sd": Figure(
        "degrees", "how far the eyes turn to the sides in the head (standard deviation)", people=(1.6, 11)
    ),
    "gaze_jumps_per_minute": Figure(
        "1/min", "how often the look jumps to the side by more than 5 degrees", people=(0, 39)
    ),
    "corner_sd": Figure(
        "face heights",
        "how far the corners of the mouth rise and sink (standard deviation)",
        people=(0.0067, 0.0122),
    ),
    "mouth_width_sd": Figure(
        "ratio", "how much the width of the mouth changes, of its width at rest", people=(0.033, 0.084)
    ),
    "mouth_width_range": Figure(
        "ratio",
        "width of the mouth from its 5th to its 95th percentile, of its width at rest",
        people=(0.1, 0.26),
    ),
    "rounding_sd": Figure(
        "ratio",
        "how much the thickness of the lips changes against the width of the mouth",
        people=(0.028, 0.064),
    ),
    "background_motion": Figure(
        "levels", "how much the picture beside the person changes from frame to frame, of 255"
    ),
}
FIGURES = SPEECH_FIGURES | LIFE_FIGURES


def measure(name: str, value: float | None, *, sure: float | None = None) -> Measure:
    """A figure with its value judged by its bar.

    sure: from where on it is surely good, where that is more than the bar; between them it is not judged.
    """
    figure = FIGURES[name]
    is_good, good = None, figure.good()
    if value is not None and (figure.least is not None or figure.most is not None):
        above = figure.least is None or value >= figure.least
        is_good = above and (figure.most is None or value <= figure.most)
    is_unsure = bool(is_good) and value is not None and sure is not None and value < sure
    if sure is not None and figure.least is not None and sure > figure.least:
        good = f"at least {sure:.2g}, for its length"
    return Measure(
        name=name,
        value=value,
        unit=figure.unit,
        meaning=figure.meaning,
        good=good,
        is_good=None if is_unsure else is_good,
        is_unsure=is_unsure,
        people=figure.people,
    )
