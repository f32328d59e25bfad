"""The figures of a talking video: names, units, meanings and bars."""

from __future__ import annotations

from dataclasses import dataclass

from lipwright.engine.quality.values import Measure


@dataclass(frozen=True, slots=True)
class Figure:
    """What a figure is. least, most: the bar; None where there is none."""

    unit: str
    meaning: str
    least: float | None = None
    most: float | None = None

    def good(self) -> str:
        """The bar in words."""
        if self.least is not None and self.most is not None:
            return f"{self.least:g} to {self.most:g}"
        if self.least is not None:
            return f"at least {self.least:g}"
        if self.most is not None:
            return f"at most {self.most:g}"
        return "compare with others"


FIGURES = {
    "face_seen_share": Figure("share", "frames in which the main person's face is seen", least=0.9),
    "sync_offset_ms": Figure(
        "ms", "how much later the sound is than the mouth; one frame goes unseen", least=-45, most=45
    ),
    "sync_correlation": Figure(
        "-1 to 1",
        "how well the mouth follows the sound once the offset is gone; mismatched sound reaches 0.3 to 0.6",
        least=0.6,
    ),
    "sync_drift_ms": Figure(
        "ms", "how much the offset changes from the beginning to the end", least=-45, most=45
    ),
    "closure_share": Figure(
        "share",
        "p, b and m at which the lips meet; exact with a transcript, else one in four is misheard",
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


def measure(name: str, value: float | None) -> Measure:
    """A figure with its value judged by its bar."""
    figure = FIGURES[name]
    is_good = None
    if value is not None and (figure.least is not None or figure.most is not None):
        above = figure.least is None or value >= figure.least
        is_good = above and (figure.most is None or value <= figure.most)
    return Measure(
        name=name, value=value, unit=figure.unit, meaning=figure.meaning, good=figure.good(), is_good=is_good
    )
