from pathlib import Path

from lipwright.engine import Mouth, SoundClip, mouth_curves

curves = mouth_curves(SoundClip(path=Path("speech.mp3"))).curves
for row, aperture in enumerate(curves.channel(Mouth.APERTURE)):
    print(f"{row / curves.rate_hz:.2f} s: the mouth is {aperture:.0%} open")
