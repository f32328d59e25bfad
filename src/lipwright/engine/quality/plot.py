"""Draws a mouth and its sound over time: opening in both, spectrogram, phones; then head and eyes."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.errors import BadAudioFile, SilentSound
from lipwright.engine.media.reading.images import save_png
from lipwright.engine.media.reading.sound import load_speech
from lipwright.engine.media.values import SoundClip
from lipwright.engine.media.writing.output_file import written_whole
from lipwright.engine.quality.life_plot import life_panels
from lipwright.engine.quality.values import MeasuredCurves, QualityReport
from lipwright.engine.speech.channels import voice_weights
from lipwright.engine.speech.features import log_mel
from lipwright.engine.speech.phones import BILABIAL, SILENCE
from lipwright.engine.speech.values import PhoneTimeline

# 100 points a second: a syllable is some twenty pixels wide. Longer videos are squeezed into MAX_WIDTH_PX,
# which viewers still open.
PIXELS_PER_ROW = 1
MAX_WIDTH_PX = 8000
MIN_WIDTH_PX = 600
CURVE_HEIGHT_PX = 220
SPECTROGRAM_HEIGHT_PX = 160
# Phones last 50 ms and more, five pixels: their names take turns on three lines.
PHONE_LINES, PHONE_LINE_PX = 3, 13
AXIS_HEIGHT_PX = 24

_PAPER_RGB = (255, 255, 255)
_INK_RGB = (60, 60, 60)
_PICTURE_RGB = (200, 60, 30)
_SOUND_RGB = (30, 90, 200)
_UNSEEN_RGB = (235, 235, 235)
# Where the lips have to meet, p, b and m, stands out from the other phones.
_PHONE_RGB = (225, 225, 225)
_CLOSURE_RGB = (150, 215, 150)


def plot_speech(video: Path, report: QualityReport, output: Path) -> None:
    """Write the plot as PNG, each curve scaled to its own range. Raises OutputNotWritable, DiskFull."""
    rows = len(report.curves.picture)
    width = int(np.clip(rows * PIXELS_PER_ROW, MIN_WIDTH_PX, MAX_WIDTH_PX))
    panels = [_curve_panel(report.curves, width), _spectrogram_panel(video, width)]
    if report.phones is not None:
        panels.append(phone_panel(report.phones, rows / CURVE_RATE_HZ, width))
    if report.life is not None:
        panels.append(life_panels(report.life, width))
    with written_whole(output) as part:
        save_png(part, np.vstack([*panels, _axis(rows, width)]))


def _curve_panel(curves: MeasuredCurves, width: int) -> NDArray[np.uint8]:
    panel = np.full((CURVE_HEIGHT_PX, width, 3), _PAPER_RGB, np.uint8)
    rows = len(curves.picture)
    seen = curves.is_seen[(np.arange(width) * rows) // width]
    panel[:, ~seen] = _UNSEEN_RGB
    _draw_curve(panel, curves.sound[:rows], rows, _SOUND_RGB)
    _draw_curve(panel, curves.picture, rows, _PICTURE_RGB)
    for line, (label, colour) in enumerate(
        (("picture: opening of the mouth", _PICTURE_RGB), ("sound: opening it asks for", _SOUND_RGB))
    ):
        cv2.putText(panel, label, (8, 18 + 18 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.45, colour, 1, cv2.LINE_AA)
    return panel


def _draw_curve(
    panel: NDArray[np.uint8], curve: NDArray[np.float32], rows: int, colour: tuple[int, int, int]
) -> None:
    """Draw a curve of `rows` points across the panel, its 98th percentile near the top."""
    if len(curve) < 2:
        return
    top = max(float(np.percentile(curve, 98)), 1e-6)
    height, width = panel.shape[:2]
    x = np.arange(len(curve)) * (width - 1) / max(1, rows - 1)
    y = height - 6 - np.clip(curve / top, 0, 1.15) * (height - 70)
    points = np.rint(np.stack([x, y], axis=1)).astype(np.int32)
    cv2.polylines(panel, [points], isClosed=False, color=colour, thickness=1, lineType=cv2.LINE_AA)


def _spectrogram_panel(video: Path, width: int) -> NDArray[np.uint8]:
    """Loudness of the frequency bands of speech, low ones below; blank without sound."""
    panel = np.full((SPECTROGRAM_HEIGHT_PX, width, 3), _PAPER_RGB, np.uint8)
    try:
        bands = log_mel(load_speech(SoundClip(path=video), voice_weights))
    except (BadAudioFile, SilentSound):
        return panel
    low, high = np.percentile(bands, (5, 99))
    grey = np.clip((bands.T[::-1] - low) / max(float(high - low), 1e-6), 0, 1)
    image = cv2.resize(
        (255 - grey * 215).astype(np.uint8), (width, SPECTROGRAM_HEIGHT_PX), interpolation=cv2.INTER_AREA
    )
    panel[:] = image[:, :, None]
    return panel


def phone_panel(phones: PhoneTimeline, duration_s: float, width: int) -> NDArray[np.uint8]:
    """Every phone as a bar over its time with its symbol on it; silence stays blank."""
    panel = np.full((PHONE_LINES * PHONE_LINE_PX, width, 3), _PAPER_RGB, np.uint8)
    per_second = width / max(duration_s, 1e-6)
    sounds = [phone for phone in phones.phones if phone.symbol != SILENCE]
    for place, phone in enumerate(sounds):
        left, right = round(phone.start_s * per_second), round(phone.end_s * per_second)
        top = place % PHONE_LINES * PHONE_LINE_PX
        colour = _CLOSURE_RGB if phone.symbol in BILABIAL else _PHONE_RGB
        panel[top : top + PHONE_LINE_PX - 1, left : max(left + 1, right - 1)] = colour
        at = (left + 1, top + PHONE_LINE_PX - 3)
        cv2.putText(panel, phone.symbol, at, cv2.FONT_HERSHEY_SIMPLEX, 0.3, _INK_RGB, 1, cv2.LINE_AA)
    return panel


def _axis(rows: int, width: int) -> NDArray[np.uint8]:
    """Seconds, as many as there is room for."""
    axis = np.full((AXIS_HEIGHT_PX, width, 3), _PAPER_RGB, np.uint8)
    duration_s = rows / CURVE_RATE_HZ
    step_s = max(1, round(duration_s / max(1, width // 100)))
    for second in range(0, int(duration_s) + 1, step_s):
        x = round(second / max(duration_s, 1e-6) * (width - 1))
        cv2.line(axis, (x, 0), (x, 5), _INK_RGB, 1)
        cv2.putText(axis, f"{second} s", (x + 3, 17), cv2.FONT_HERSHEY_SIMPLEX, 0.4, _INK_RGB, 1, cv2.LINE_AA)
    return axis
