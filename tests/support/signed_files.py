"""Small files of every kind that gets content credentials."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.support.pictures import gradient
from tests.support.sounds import tone, write_sound
from tests.support.videos import write_clip


def write_media(folder: Path) -> None:
    """clip.mp4, clip.mov, clip.webm, moving.gif, picture.png, sound.wav."""
    for suffix, codec in (("mp4", "libx264"), ("mov", "libx264"), ("webm", "libvpx-vp9")):
        write_clip(folder / f"clip.{suffix}", codec=codec, count=4)
    picture = Image.fromarray(gradient())
    picture.save(folder / "picture.png")
    picture.save(folder / "moving.gif", save_all=True, append_images=[picture.rotate(90)])
    write_sound(folder / "sound.wav", tone(0.5))


def changed(path: Path, name: str, offset: int) -> Path:
    """A copy beside the file in which one byte is another. offset: from the end where it is negative."""
    content = bytearray(path.read_bytes())
    content[offset] ^= 1
    copy = path.with_name(name)
    copy.write_bytes(content)
    return copy
