"""Forty small files, of every container and kind of picture that is read, made on the spot."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pillow_heif
from av.audio.stream import AudioStream
from PIL import Image

from tests.support.pictures import gradient
from tests.support.sounds import encode_sound, voice, write_sound
from tests.support.videos import streamed_webm, write_clip

# Long enough for two key frames and a few packets of every codec.
FRAMES, SOUND_S = 9, 0.4
SIZE_WH = (64, 48)
# Name, encoder of the picture, pixel format, whether there is sound.
VIDEOS = (
    ("h264.mp4", "libx264", "yuv420p", True),
    ("turned.mp4", "libx264", "yuv420p", False),
    ("av1.mp4", "libsvtav1", "yuv420p", False),
    ("hevc.mkv", "libx265", "yuv420p", True),
    ("ffv1.mkv", "ffv1", "yuva420p", False),
    ("prores.mov", "prores_ks", "yuva444p10le", True),
    ("argb.mov", "qtrle", "argb", False),
    ("vp8.webm", "libvpx", "yuv420p", True),
    ("alpha.webm", "libvpx-vp9", "yuva420p", False),
    ("mpeg4.avi", "mpeg4", "yuv420p", True),
    ("mjpeg.avi", "mjpeg", "yuvj420p", False),
    ("mpeg1.mpg", "mpeg1video", "yuv420p", True),
    ("mpeg2.ts", "mpeg2video", "yuv420p", True),
    ("h264.flv", "libx264", "yuv420p", True),
    ("wmv.wmv", "wmv2", "yuv420p", False),
    ("vp9.ivf", "libvpx-vp9", "yuv420p", False),
    ("bare.h264", "libx264", "yuv420p", False),
    ("bare.hevc", "libx265", "yuv420p", False),
)
SOUNDS = ("wav", "mp3", "aac", "m4a", "flac", "opus", "oga", "aiff", "amr")
# Name and encoder of sounds that the product reads and the other tests do not write.
MORE_SOUNDS = (("au.au", "pcm_mulaw"), ("caf.caf", "pcm_s16le"), ("ac3.ac3", "ac3"), ("w64.w64", "pcm_s16le"))
PICTURES: tuple[tuple[str, str, str, dict[str, object]], ...] = (
    ("rgb.png", "PNG", "RGB", {}),
    ("rgba.png", "PNG", "RGBA", {}),
    ("palette.png", "PNG", "P", {"transparency": 3}),
    ("plain.jpg", "JPEG", "RGB", {}),
    ("progressive.jpg", "JPEG", "RGB", {"progressive": True}),
    ("two.jpg", "MPO", "RGB", {"save_all": True}),
    ("lossy.webp", "WEBP", "RGB", {}),
    ("lossless.webp", "WEBP", "RGBA", {"lossless": True}),
    ("p.avif", "AVIF", "RGB", {}),
    ("p.heic", "HEIF", "RGB", {}),
    ("p.jp2", "JPEG2000", "RGB", {}),
    ("plain.tiff", "TIFF", "RGB", {}),
    ("lzw.tiff", "TIFF", "L", {"compression": "tiff_lzw"}),
    ("p.bmp", "BMP", "RGB", {}),
)


def corpus(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Names and contents; folder is used meanwhile and left empty."""
    makers: list[tuple[str, Callable[[Path], object]]] = []
    for name, codec, pixel_format, has_sound in VIDEOS:
        makers.append((name, _video(codec, pixel_format, has_sound=has_sound)))
    for name, codec in MORE_SOUNDS:
        makers.append((name, _sound(codec)))
    makers += [(f"sound.{kind}", lambda path: write_sound(path, voice(SOUND_S))) for kind in SOUNDS]
    for name, make in makers:
        path = folder / name
        make(path)
        yield name, path.read_bytes()
        path.unlink()
    yield "streamed.webm", streamed_webm(count=FRAMES, frame_rate=Fraction(25), size_wh=SIZE_WH)
    pillow_heif.register_heif_opener()
    for name, kind, mode, options in PICTURES:
        content = io.BytesIO()
        picture = Image.fromarray(gradient(*SIZE_WH)).convert(mode)
        more = {"append_images": [picture]} if kind == "MPO" else {}
        picture.save(content, format=kind, **{**options, **more})
        yield name, content.getvalue()


def _video(codec: str, pixel_format: str, *, has_sound: bool) -> Callable[[Path], object]:
    def make(path: Path) -> None:
        write_clip(
            path,
            count=FRAMES,
            size_wh=SIZE_WH,
            frame=lambda index, width, height: np.roll(gradient(width, height), index, axis=1),
            codec=codec,
            pix_fmt=pixel_format,
            sound=voice(SOUND_S) if has_sound else None,
            rotation_deg=90 if path.name.startswith("turned") else 0,
            options={"g": "5"},
        )

    return make


def _sound(codec: str) -> Callable[[Path], object]:
    def make(path: Path) -> None:
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, rate=48_000, layout="mono")
            assert isinstance(stream, AudioStream)
            encode_sound(container, stream, voice(SOUND_S, 48_000)[None], 48_000)

    return make
