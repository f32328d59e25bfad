"""What the new mouth does, as landmarks see it in the video that comes out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.media.values import SoundClip, VideoStretch
from lipwright.engine.media.writing.video_writer import VideoWriter
from lipwright.engine.pipelines.lip_sync.clip_scan import ClipScan, scan_clip
from lipwright.engine.pipelines.lip_sync.replacement import MouthReplacement
from lipwright.engine.pipelines.lip_sync.run import lip_sync
from lipwright.engine.pipelines.lip_sync.speakers import calibrate_speaker
from lipwright.engine.pipelines.modes import LipSyncMode
from lipwright.engine.pipelines.options import LipSyncOptions, SpokenLine
from lipwright.engine.progress import JobContext
from lipwright.engine.quality.speech_fit import closure_share
from lipwright.engine.quality.sync import correlation
from lipwright.engine.speech.voices.speak import speak
from lipwright.engine.timeline import frame_times_s
from tests.engine.pipelines.lip_sync.talking_clips import (
    FRAME_RATE,
    mouth_curves,
    mouth_of,
    syllables,
    write_talking,
)

# Lips that touch are seen this far apart by the landmarks at the most, face heights.
SHUT = 0.012
# How much of the old mouth's opening may be left, per opening of the new one: what the tracker adds to narrow
# openings looks like it.
MOST_LEAK = 0.13
# The bar of the engine.
LEAST_CORRELATION = 0.8
LEAST_CLOSURE = 0.95


def dub_of(clip: ClipScan, aperture: NDArray[np.floating], mode: LipSyncMode) -> MouthReplacement:
    """A dub by openings at a hundred a second."""
    actor = calibrate_speaker(clip, clip.faces.tracks[0], borrows=mode is not LipSyncMode.LITE, seed=0)
    return MouthReplacement(clip, actor, mouth_curves(aperture), mode)


def render(dub: MouthReplacement, clip: ClipScan, output: Path) -> Path:
    """The whole clip with its new mouth, without sound."""
    with (
        clip.reader() as reader,
        VideoWriter(output, size_wh=clip.size_wh, frame_rate=clip.frame_rate) as writer,
    ):
        for frame in reader:
            dub.apply(frame.index, frame.i420)
            writer.write(frame.i420)
    return output


def test_with_silent_sound_the_mouth_of_a_talking_person_closes_and_stays_closed(
    talking: Path, quiet: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.mp4"
    report = lip_sync(talking, SoundClip(path=quiet), output)
    assert mouth_of(talking).gap.max() > 0.05
    assert mouth_of(output).gap.max() < SHUT
    assert any("rests" in warning for warning in report.warnings)
    assert report.frames_rendered == report.frame_count == 38


@pytest.mark.parametrize("mode", list(LipSyncMode))
def test_the_new_mouth_follows_the_new_sound_and_not_the_old(
    talking: Path, tmp_path: Path, mode: LipSyncMode
) -> None:
    clip = scan_clip(VideoStretch(path=talking), JobContext())
    times_s = np.arange(152) / 100
    wanted = 0.4 - 0.4 * np.cos(2 * np.pi * 1.9 * times_s + 1)
    seen = mouth_of(render(dub_of(clip, wanted, mode), clip, tmp_path / "out.mp4"))
    at = np.interp(frame_times_s(38, FRAME_RATE), times_s, wanted)
    old = syllables(38, 3.0)
    assert correlation(seen.gap, at) >= LEAST_CORRELATION
    followed = np.polyfit(at, seen.gap, 1)
    leaked = np.polyfit(old, seen.gap - np.polyval(followed, at), 1)
    assert abs(leaked[0]) < MOST_LEAK * followed[0]


def test_the_lips_meet_when_p_b_and_m_are_heard(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("espeakng_loader")
    line = SpokenLine(text="Mama may buy Papa a big map.", voice="en-us-female")
    phones = speak(line.text, "en-us-female").phones
    assert phones is not None
    clip = write_talking(folder / "closing.mp4", syllables(int(phones.phones[-1].end_s * 25), 3.0))
    output = tmp_path / "out.mp4"
    lip_sync(clip, line, output)
    seen = mouth_of(output)
    share = closure_share(seen.at_curve_rate(seen.gap), seen.seen_at_curve_rate(), phones)
    assert share is not None
    assert share >= LEAST_CLOSURE
    assert seen.gap.max() > 2 * SHUT


def test_after_the_sound_the_mouth_rests(talking: Path, tmp_path: Path) -> None:
    clip = scan_clip(VideoStretch(path=talking), JobContext())
    seen = mouth_of(render(dub_of(clip, np.full(60, 0.8), LipSyncMode.STANDARD), clip, tmp_path / "out.mp4"))
    assert seen.gap[:13].min() > 2 * SHUT
    assert seen.gap[17:].max() < SHUT


def test_a_mouth_that_never_opens_gets_a_drawn_inside_and_the_person_is_told(
    tmp_path: Path, folder: Path
) -> None:
    pytest.importorskip("espeakng_loader")
    shut = write_talking(folder / "shut.mp4", np.zeros(20))
    report = lip_sync(shut, SpokenLine(text="Ah, aha!"), tmp_path / "out.mp4")
    assert report.borrowed_share == 0
    assert any("inside was drawn" in warning for warning in report.warnings)
    assert mouth_of(tmp_path / "out.mp4").gap.max() > 2 * SHUT


def test_a_scale_of_zero_keeps_the_mouth_shut(glimpse: Path, tmp_path: Path) -> None:
    pytest.importorskip("espeakng_loader")
    output = tmp_path / "out.mp4"
    lip_sync(glimpse, SpokenLine(text="Ah!"), output, LipSyncOptions(mouth_scale=0.0))
    assert mouth_of(output).gap.max() < SHUT


def test_the_face_at_rest_is_learned_shut_and_the_range_within_that_of_people(talking: Path) -> None:
    clip = scan_clip(VideoStretch(path=talking), JobContext())
    dub = dub_of(clip, np.zeros(10), LipSyncMode.STANDARD)
    assert dub.borrows
    actor = calibrate_speaker(clip, clip.faces.tracks[0], borrows=True, seed=0)
    assert 0.07 <= actor.mouth.geometry.full_gap <= 0.12
    assert len(actor.exemplars) >= 3
    assert all(exemplar.gap > 0.02 for exemplar in actor.exemplars.values())
