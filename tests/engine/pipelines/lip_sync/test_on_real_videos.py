"""Two seconds of every real video with its own sound, another language and silence, measured."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lipwright.engine.articulation.articulate import articulate
from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.media.probe import probe_media
from lipwright.engine.media.values import SoundClip
from lipwright.engine.pipelines.lip_sync.run import lip_sync
from lipwright.engine.pipelines.modes import LipSyncMode
from lipwright.engine.pipelines.options import LipSyncOptions, SpokenLine
from lipwright.engine.pipelines.speech_input import load_voice_track
from lipwright.engine.progress import JobContext
from lipwright.engine.quality.measure import measure_video
from lipwright.engine.quality.observe import scan_mouth
from lipwright.engine.quality.speech_fit import closure_share
from lipwright.engine.quality.sync import measure_sync
from lipwright.engine.speech.voices.speak import speak

pytestmark = [pytest.mark.assets, pytest.mark.slow]

STRETCH_S = 2.0
VIDEOS = (
    "full_body_480x908.mp4",
    "grid_brbk7n.mpg",
    "grid_lbbc2a.mpg",
    "grid_lwbsza.mpg",
    "grid_sbwe5n.mpg",
    "grid_swiz3n.mpg",
    "hdtf_old_man_15s.mp4",
    "idle_man_silent.mp4",
    "ls_demo1_woman_sitting_1080x1920.mp4",
    "ls_demo3_man_30fps.mp4",
    "vr_1_vfr22.mp4",
    "vr_4_woman_30fps.mp4",
    "walk_landscape_30fps.mp4",
)
SOUNDS = ("own", "audio/fr_ivr_congrats.wav", "audio/silence_3s.wav")
# How far a shut mouth's landmarks are apart at the 95th percentile, face heights: they tremble.
SHUT = 0.015
# Below this aperture nobody speaks: silence, and the clips whose own sound holds no speech.
STILL = 0.05
LEAST_CORRELATION = 0.8
# The bar is 95 % of all; a face of 65 px between the eyes may miss one of the nine of this sentence.
LEAST_CLOSURE = 0.88
# Of the same words: other words show other teeth, and a mouth that was still gets livelier.
LEAST_SHARPNESS = 0.9
MOST_FLICKER = 1.2
# In the mode LITE teeth are drawn, which differ from the clip's own: up to 1.25 (ls_demo3, who has braces).
MOST_LITE_FLICKER = 1.3
# The outputs are encoded once more than the sources.
LEAST_UNTOUCHED_DB = 34.0


def wanted_curves(sound: SoundClip) -> ArticulationCurves:
    """The curves that the pipeline asks its renderer for."""
    with load_voice_track(sound, transcript=None, language=None, context=JobContext()) as heard:
        return articulate(heard.sound, heard.activity, heard.phones)


@pytest.mark.parametrize("mode", list(LipSyncMode))
@pytest.mark.parametrize("sound_name", SOUNDS)
@pytest.mark.parametrize("video_name", VIDEOS)
def test_the_new_mouth_is_in_step_sharp_and_calm(
    assets: Path, tmp_path: Path, video_name: str, sound_name: str, mode: LipSyncMode
) -> None:
    video = assets / "videos" / video_name
    if sound_name == "own" and not probe_media(video).has_audio:
        pytest.skip("the video has no sound")
    path = video if sound_name == "own" else assets / sound_name
    sound = SoundClip(path=path, end_s=STRETCH_S)
    output = tmp_path / "out.mp4"
    report = lip_sync(video, sound, output, LipSyncOptions(mode=mode, end_s=STRETCH_S))
    assert report.frames_rendered > 0.8 * report.frame_count
    requested = wanted_curves(sound)
    measured = measure_video(output, source=video)
    values = {measure.name: measure.value for measure in measured.measures}
    print(video_name, sound_name, mode, {name: values[name] for name in sorted(values)})
    if requested.values[:, Mouth.APERTURE].max() < STILL:
        assert np.percentile(measured.curves.picture[measured.curves.is_seen], 95) < SHUT
    else:
        followed = measure_sync(requested.channel(Mouth.APERTURE), measured.curves.picture)
        assert followed is not None
        assert followed.at_zero >= LEAST_CORRELATION
    untouched_db = values["untouched_db"]
    assert untouched_db is not None
    assert untouched_db >= LEAST_UNTOUCHED_DB
    if sound_name == "own":
        sharpness, flicker = values["sharpness_ratio"], values["flicker_ratio"]
        assert sharpness is not None
        assert sharpness >= LEAST_SHARPNESS
        assert flicker is not None
        assert flicker <= (MOST_LITE_FLICKER if mode is LipSyncMode.LITE else MOST_FLICKER)


@pytest.mark.parametrize("video_name", VIDEOS)
def test_the_lips_meet_at_every_p_b_and_m_of_words_that_are_known(
    assets: Path, tmp_path: Path, video_name: str
) -> None:
    pytest.importorskip("espeakng_loader")
    line = SpokenLine(text="Papa may buy a big map, Bob.", voice="en-us-female")
    phones = speak(line.text, "en-us-female").phones
    video, output = assets / "videos" / video_name, tmp_path / "out.mp4"
    lip_sync(video, line, output, LipSyncOptions(end_s=phones.phones[-1].end_s))
    seen = scan_mouth(output, JobContext())
    share = closure_share(seen.at_curve_rate(seen.gap), seen.seen_at_curve_rate(), phones)
    print(video_name, share)
    assert share is not None
    assert share >= LEAST_CLOSURE
