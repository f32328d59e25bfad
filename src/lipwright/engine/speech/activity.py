"""When somebody speaks. Knows nothing of what is said."""

from __future__ import annotations

import numpy as np
import webrtcvad
from numpy.typing import NDArray
from scipy import ndimage

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SPEECH_RATE_HZ, SpeechSound
from lipwright.engine.speech.features import HOP_SAMPLES, loudness_db, row_count, track_pitch
from lipwright.engine.speech.values import SpeechActivity

# Level under which the mouth rests, dB full scale. A quiet talker recorded low lies near -45; room noise
# and breath of a fair recording below -55.
QUIET_MOUTH_DB = -55.0


def detect_activity(sound: SpeechSound, quiet_mouth_db: float = QUIET_MOUTH_DB) -> SpeechActivity:
    """Where the sound is speech and how loud it is.

    quiet_mouth_db: rows quieter than this never count as speech.
    """
    loud = loudness_db(sound)
    voiced = track_pitch(sound).periodicity
    raw = _webrtc(sound)
    window = round(0.25 * CURVE_RATE_HZ)
    score = ndimage.uniform_filter1d(raw, window) * np.clip(
        ndimage.uniform_filter1d(voiced, window) / 0.4, 0, 1
    )
    speaking = np.clip((score - 0.3) / 0.4, 0, 1) * np.clip((loud - quiet_mouth_db) / 6 + 0.5, 0, 1)
    return SpeechActivity(speaking=speaking.astype(np.float32), loudness_db=loud)


def _webrtc(sound: SpeechSound) -> NDArray[np.float32]:
    """What the WebRTC detector says of each row, float32 (time,), 0 or 1."""
    detector = webrtcvad.Vad(2)
    rows = row_count(sound)
    out = np.zeros(rows, dtype=np.float32)
    for row in range(len(sound.samples) // HOP_SAMPLES):
        piece = sound.samples[row * HOP_SAMPLES : (row + 1) * HOP_SAMPLES]
        pcm = (np.clip(piece, -1, 1) * 32767).astype("<i2").tobytes()
        out[row] = detector.is_speech(pcm, SPEECH_RATE_HZ)
    return out
