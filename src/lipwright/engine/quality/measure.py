"""How good a talking video is, in figures that anybody can compare. It may come from any program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

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
from lipwright.engine.quality.listener.expectation import expected_mouth
from lipwright.engine.quality.observe import MouthRecord, scan_mouth
from lipwright.engine.quality.speech_fit import closure_share, silent_mouth
from lipwright.engine.quality.texture import measure_texture, measure_untouched_db
from lipwright.engine.quality.values import Measure, MeasuredCurves, QualityReport
from lipwright.engine.quality.verdict import LEAST_SPEECH_S, judge_sync
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
# A sound with less than this activity is not a voice that speaks.
_SPEAKING = 0.5


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
    speech = None if sound is None else _Speech.of(sound)
    mouth, is_seen = record.channels(), record.seen_at_curve_rate()
    curves = MeasuredCurves(
        picture=np.ascontiguousarray(mouth[:, 0]),
        is_seen=is_seen,
        sound=np.zeros(0, np.float32) if speech is None else speech.expected_gap(),
    )
    phones = None if sound is None else _phones_of(sound, transcript, language, context)
    exact = phones if transcript else None
    measures = [
        measure("face_seen_share", float(record.is_seen.mean())),
        *_sync_measures(mouth, is_seen, speech),
        *_speech_measures(curves, speech, exact),
        measure("opening_p95", _opening_p95(record, speech)),
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Speech:
    """What is heard in a video. expected: float32 (time, channel), the mouth that goes with it."""

    activity: SpeechActivity
    expected: NDArray[np.float32]

    @classmethod
    def of(cls, sound: SpeechSound) -> _Speech:
        return cls(activity=detect_activity(sound), expected=expected_mouth(sound))

    @property
    def seconds(self) -> float:
        """How long somebody speaks."""
        return float((self.activity.speaking > _SPEAKING).sum()) / CURVE_RATE_HZ

    def expected_gap(self) -> NDArray[np.float32]:
        """The gap, face heights above the least."""
        gap = self.expected[:, 0]
        return gap - gap.min(initial=np.inf) if len(gap) else gap


def _sync_measures(
    mouth: NDArray[np.float32], is_seen: NDArray[np.bool_], speech: _Speech | None
) -> Iterator[Measure]:
    verdict = None
    if speech is not None and speech.seconds >= LEAST_SPEECH_S:
        seconds = min(len(mouth), len(speech.expected)) / CURVE_RATE_HZ
        verdict = judge_sync(mouth, speech.expected, is_seen, seconds)
    offset_ms = verdict.sync.offset_s * 1000 if verdict is not None and verdict.is_offset_sure else None
    yield measure("sync_offset_ms", offset_ms)
    agreement = None if verdict is None else verdict.sync.as_seen
    yield measure("sync_correlation", agreement, sure=None if verdict is None else verdict.sure)
    drift_ms = None if verdict is None or speech is None else _drift_ms(mouth, is_seen, speech.expected)
    yield measure("sync_drift_ms", drift_ms)


def _drift_ms(
    mouth: NDArray[np.float32], is_seen: NDArray[np.bool_], expected: NDArray[np.float32]
) -> float | None:
    length = min(len(mouth), len(expected))
    if length < LEAST_DRIFT_S * CURVE_RATE_HZ:
        return None
    part = round(length * _DRIFT_PART)
    offsets_s = []
    for stretch in (slice(0, part), slice(length - part, length)):
        found = judge_sync(mouth[stretch], expected[stretch], is_seen[stretch], part / CURVE_RATE_HZ)
        if found is None or not found.is_offset_sure:
            return None
        offsets_s.append(found.sync.offset_s)
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
    curves: MeasuredCurves, speech: _Speech | None, phones: PhoneTimeline | None
) -> Iterator[Measure]:
    """phones: of a transcript. Without one closures are not told: one in four is misheard."""
    closed = None if phones is None else closure_share(curves.picture, curves.is_seen, phones)
    activity = _no_voice(len(curves.picture)) if speech is None else speech.activity
    silent = silent_mouth(curves.picture, curves.is_seen, activity)
    yield measure("closure_share", closed)
    yield measure("silence_motion", silent.motion if silent else None)
    yield measure("silence_gap", silent.gap if silent else None)


def _no_voice(length: int) -> SpeechActivity:
    """The activity of a video without sound."""
    nothing = np.zeros(length, np.float32)
    return SpeechActivity(speaking=nothing, loudness_db=nothing - 100)


def _opening_p95(record: MouthRecord, speech: _Speech | None) -> float | None:
    """None where too little is said: a mouth need not open then."""
    if speech is None or speech.seconds < LEAST_SPEECH_S:
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
