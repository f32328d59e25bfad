"""How good a talking video is, in figures that anybody can compare. It may come from any program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.articulation.drivers.learned import LearnedDriver
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.errors import BadAudioFile, SilentSound
from lipwright.engine.face.choose import main_person
from lipwright.engine.face.follow.motion import read_motion
from lipwright.engine.gesture.prompt import is_direction
from lipwright.engine.media.reading.sound import load_speech
from lipwright.engine.media.values import SoundClip, SpeechSound
from lipwright.engine.progress import JobContext
from lipwright.engine.quality.background import background_motion
from lipwright.engine.quality.compare import compare_mouths
from lipwright.engine.quality.judge import measure
from lipwright.engine.quality.life import life_curves, life_measures
from lipwright.engine.quality.observe import MouthRecord, scan_mouth
from lipwright.engine.quality.speech_fit import closure_share, silent_mouth
from lipwright.engine.quality.sync import measure_sync
from lipwright.engine.quality.texture import measure_texture, measure_untouched_db
from lipwright.engine.quality.values import Measure, MeasuredCurves, QualityReport
from lipwright.engine.speech.activity import detect_activity
from lipwright.engine.speech.align.recognize import recognize_phones
from lipwright.engine.speech.align.transcript import align_transcript
from lipwright.engine.speech.channels import voice_weights
from lipwright.engine.speech.values import PhoneTimeline, SpeechActivity
from lipwright.engine.speech.words.acted_text import read_acted_text

# Shorter videos have no beginning and end that could drift apart.
LEAST_DRIFT_S = 20.0
# Share of the video at its beginning and at its end that drift is measured between.
_DRIFT_PART = 0.3
# Below this the offset of a stretch is chance.
_SURE_CORRELATION = 0.4


def measure_video(
    path: Path,
    *,
    reference: Path | None = None,
    source: Path | None = None,
    transcript: str | None = None,
    language: str | None = None,
    context: JobContext | None = None,
) -> QualityReport:
    """Measure the main person of a video.

    reference: the true video of the same words. source: the video that a lip sync was made from.
    transcript: the words, for exact closures.
    Raises NoFaceFound, BadVideoPath, BadVideoFile, BadTranscript, Cancelled.
    """
    context = context or JobContext()
    record = scan_mouth(path, context)
    sound = _sound_of(path)
    gap, is_seen = record.at_curve_rate(record.gap), record.seen_at_curve_rate()
    wanted = np.zeros(0, np.float32) if sound is None else _wanted_aperture(sound)
    curves = MeasuredCurves(picture=gap, is_seen=is_seen, sound=wanted)
    phones = None if sound is None else _phones_of(sound, transcript, language, context)
    measures = [
        measure("face_seen_share", float(record.is_seen.mean())),
        *_sync_measures(curves),
        *_speech_measures(curves, sound, phones),
        measure("opening_p95", _opening_p95(record, sound)),
    ]
    if reference is not None:
        measures += _reference_measures(record, scan_mouth(reference, context))
    measures += _texture_measures(path, source, record, context)
    motion = read_motion(main_person(record.faces), record.faces)
    measures += [
        *life_measures(motion),
        measure("background_motion", background_motion(path, record, context)),
    ]
    return QualityReport(
        measures=tuple(measures), curves=curves, phones=phones, life=life_curves(motion, record)
    )


def _sound_of(path: Path) -> SpeechSound | None:
    try:
        return load_speech(SoundClip(path=path), voice_weights)
    except (BadAudioFile, SilentSound):  # A video without sound is measured by its picture alone.
        return None


def _wanted_aperture(sound: SpeechSound) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """What the sound asks for. The learned driver, as no other hears every language with its timing."""
    curves = LearnedDriver().drive(sound, detect_activity(sound), None)
    return np.asarray(curves.channel(Mouth.APERTURE), np.float32)


def _sync_measures(curves: MeasuredCurves) -> Iterator[Measure]:
    whole = measure_sync(curves.picture, curves.sound, curves.is_seen)
    sure = whole is not None and whole.correlation >= _SURE_CORRELATION
    yield measure("sync_offset_ms", whole.offset_s * 1000 if whole and sure else None)
    yield measure("sync_correlation", whole.correlation if whole else None)
    yield measure("sync_drift_ms", _drift_ms(curves))


def _drift_ms(curves: MeasuredCurves) -> float | None:
    length = min(len(curves.picture), len(curves.sound))
    if length < LEAST_DRIFT_S * CURVE_RATE_HZ:
        return None
    part = round(length * _DRIFT_PART)
    offsets_s = []
    for stretch in (slice(0, part), slice(length - part, length)):
        found = measure_sync(curves.picture[stretch], curves.sound[stretch], curves.is_seen[stretch])
        if found is None or found.correlation < _SURE_CORRELATION:
            return None
        offsets_s.append(found.offset_s)
    return (offsets_s[1] - offsets_s[0]) * 1000


def _phones_of(
    sound: SpeechSound, transcript: str | None, language: str | None, context: JobContext
) -> PhoneTimeline:
    if transcript:
        acted = read_acted_text(transcript, is_direction)
        said = acted.lines if acted.has_markup else transcript
        return align_transcript(sound, said, language or "en", context)
    return recognize_phones(sound, context)


def _speech_measures(
    curves: MeasuredCurves, sound: SpeechSound | None, phones: PhoneTimeline | None
) -> Iterator[Measure]:
    closed = None if phones is None else closure_share(curves.picture, curves.is_seen, phones)
    activity = _no_voice(len(curves.picture)) if sound is None else detect_activity(sound)
    silent = silent_mouth(curves.picture, curves.is_seen, activity)
    yield measure("closure_share", closed)
    yield measure("silence_motion", silent.motion if silent else None)
    yield measure("silence_gap", silent.gap if silent else None)


def _no_voice(length: int) -> SpeechActivity:
    """The activity of a video without sound."""
    nothing = np.zeros(length, np.float32)
    return SpeechActivity(speaking=nothing, loudness_db=nothing - 100)


def _opening_p95(record: MouthRecord, sound: SpeechSound | None) -> float | None:
    if sound is None:
        return None
    return float(np.percentile(record.gap[record.is_seen], 95))


def _reference_measures(record: MouthRecord, truth: MouthRecord) -> Iterator[Measure]:
    likeness = compare_mouths(record, truth)
    yield measure("aperture_correlation", likeness.gap if likeness else None)
    yield measure("width_correlation", likeness.width if likeness else None)
    yield measure("lip_distance", likeness.lip_distance if likeness else None)


def _texture_measures(
    path: Path, source: Path | None, record: MouthRecord, context: JobContext
) -> Iterator[Measure]:
    ours = measure_texture(path, record, context)
    yield measure("sharpness", ours.sharpness if ours else None)
    yield measure("flicker", ours.flicker if ours else None)
    if source is None:
        return
    theirs = measure_texture(source, record, context)
    both = ours is not None and theirs is not None
    yield measure("sharpness_ratio", ours.sharpness / theirs.sharpness if both and ours and theirs else None)
    yield measure("flicker_ratio", ours.flicker / theirs.flicker if both and ours and theirs else None)
    yield measure("untouched_db", measure_untouched_db(path, source, record, context))
