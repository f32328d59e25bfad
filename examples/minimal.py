from pathlib import Path

from lipwright.engine import SoundClip, talking_photo

talking_photo(Path("me.jpg"), SoundClip(path=Path("speech.mp3")), Path("me.mp4"))
