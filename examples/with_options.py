from fractions import Fraction
from pathlib import Path

from lipwright.engine import EngineError, SoundClip, TalkingPhotoOptions, talking_photo

options = TalkingPhotoOptions(frame_rate=Fraction(25), still=True, seed=7)
speech = SoundClip(path=Path("speech.mp3"), end_s=0.5)
try:
    report = talking_photo(Path("me.jpg"), speech, Path("me.mp4"), options)
except EngineError as error:
    print(error.code, error.message)
else:
    print(report.frame_count, "frames in", report.elapsed_s, "s")
