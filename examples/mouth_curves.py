from pathlib import Path

from lipwright.engine import SoundClip
from lipwright.engine.articulation.articulate import articulate
from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.media.reading.sound import load_speech
from lipwright.engine.speech.activity import detect_activity

sound = load_speech(SoundClip(path=Path("speech.mp3")))
curves = articulate(sound, detect_activity(sound))
for row, aperture in enumerate(curves.channel(Mouth.APERTURE)):
    print(f"{row / curves.rate_hz:.2f} s: the mouth is {aperture:.0%} open")
