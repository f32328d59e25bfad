"""Pictures whose end is missing open as in a viewer, and say so from a loss that shows."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image

from lipwright.engine.errors import BadImageFile, UnsupportedFormat
from lipwright.engine.media.probe import probe_media
from lipwright.engine.media.reading.images import SOFT_WARNING, load_picture, picture_size_wh
from tests.support.pictures import psnr_db

SIZE_WH = (320, 240)
# Formats that viewers show in part, with what they are saved with.
SHOWN_IN_PART: dict[str, tuple[str, dict[str, object]]] = {
    "jpeg": ("JPEG", {"quality": 90}),
    "jpeg-444": ("JPEG", {"quality": 90, "subsampling": 0}),
    "jpeg-restarts": ("JPEG", {"quality": 90, "restart_marker_rows": 1}),
    "grey-jpeg": ("JPEG", {"quality": 90}),
    "png": ("PNG", {}),
    "rgba-png": ("PNG", {}),
    "webp": ("WEBP", {}),
    "lossless-webp": ("WEBP", {"lossless": True}),
    "bmp": ("BMP", {}),
    "tiff": ("TIFF", {}),
}
# Of what is there a lossy format may change so much.
LIKE_THE_WHOLE_DB = 26.0


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    """Blotches of colour in every part, none of them grey."""
    noise = np.random.default_rng(0).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    return Image.fromarray(np.asarray(cv2.resize(noise, SIZE_WH, interpolation=cv2.INTER_CUBIC), np.uint8))


def encoded(picture: Image.Image, kind: str) -> bytes:
    name, options = SHOWN_IN_PART[kind]
    mode = {"grey-jpeg": "L", "rgba-png": "RGBA"}.get(kind, "RGB")
    content = io.BytesIO()
    picture.convert(mode).save(content, format=name, **options)
    return content.getvalue()


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def rows_like(found: NDArray[np.uint8], whole: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which rows are those of the whole picture."""
    return np.array(
        [psnr_db(one, other) > LIKE_THE_WHOLE_DB for one, other in zip(found, whole, strict=True)]
    )


@pytest.mark.parametrize("kind", SHOWN_IN_PART)
@pytest.mark.parametrize("missing", [1, 2])
def test_without_its_last_bytes_a_picture_is_whole_and_nothing_is_said(
    picture: Image.Image, tmp_path: Path, kind: str, missing: int
) -> None:
    content = encoded(picture, kind)
    whole = load_picture(written(tmp_path / "whole", content))
    cut = load_picture(written(tmp_path / "cut", content[:-missing]))
    assert cut.warnings == ()
    assert rows_like(cut.rgb, whole.rgb).all()
    assert picture_size_wh(tmp_path / "cut") == picture_size_wh(tmp_path / "whole")
    assert probe_media(tmp_path / "cut").still_size_wh == SIZE_WH


@pytest.mark.parametrize("kind", SHOWN_IN_PART)
@pytest.mark.parametrize("share", [0.1, 0.3])
def test_where_rows_are_missing_the_others_are_shown_with_a_word(
    picture: Image.Image, tmp_path: Path, kind: str, share: float
) -> None:
    content = encoded(picture, kind)
    whole = load_picture(written(tmp_path / "whole", content))
    cut = load_picture(written(tmp_path / "cut", content[: round(len(content) * (1 - share))]))
    assert len(cut.warnings) == 1
    assert "cut off" in cut.warnings[0]
    told = int(cut.warnings[0].split("about ")[1].split(" %")[0]) / 100
    assert abs(told - share) < 0.1
    # Blocks of the rows in which the loss begins are spoilt too; WebP packs some rows tighter than others.
    slack = 0.2 if kind == "webp" else 0.1
    assert abs(rows_like(cut.rgb, whole.rgb).mean() - (1 - told)) < slack


@pytest.mark.parametrize("kind", SHOWN_IN_PART)
def test_of_which_most_is_missing_is_refused(picture: Image.Image, tmp_path: Path, kind: str) -> None:
    content = encoded(picture, kind)
    path = written(tmp_path / "cut.jpg", content[: round(len(content) * 0.3)])
    with pytest.raises(BadImageFile):
        load_picture(path)


def test_a_progressive_jpeg_without_its_last_passes_is_soft_and_says_so(
    picture: Image.Image, tmp_path: Path
) -> None:
    content = io.BytesIO()
    picture.save(content, format="JPEG", progressive=True, quality=90)
    whole, data = load_picture(written(tmp_path / "w", content.getvalue())), content.getvalue()
    assert load_picture(written(tmp_path / "a", data[:-2])).warnings == ()
    soft = load_picture(written(tmp_path / "b", data[: len(data) // 2]))
    assert soft.warnings == (SOFT_WARNING,)
    assert psnr_db(soft.rgb, whole.rgb) > 20
    with pytest.raises(BadImageFile):
        load_picture(written(tmp_path / "c", data[:700]))


@pytest.mark.parametrize("cut", [2, 1000])
def test_a_second_picture_behind_the_first_may_be_cut(picture: Image.Image, tmp_path: Path, cut: int) -> None:
    content = io.BytesIO()
    picture.save(content, format="MPO", save_all=True, append_images=[picture.resize((80, 60))], quality=90)
    loaded = load_picture(written(tmp_path / "p.jpg", content.getvalue()[:-cut]))
    assert loaded.warnings == ()
    assert psnr_db(loaded.rgb, np.asarray(picture)) > LIKE_THE_WHOLE_DB


def test_the_first_of_two_pictures_may_be_cut(picture: Image.Image, tmp_path: Path) -> None:
    content = io.BytesIO()
    picture.save(content, format="MPO", save_all=True, append_images=[picture], quality=90)
    loaded = load_picture(written(tmp_path / "p.jpg", content.getvalue()[: content.tell() * 2 // 5]))
    assert any("cut off" in warning for warning in loaded.warnings)
    assert rows_like(loaded.rgb, np.asarray(picture)).mean() > 0.6


def test_an_interlaced_png_is_completed_too(picture: Image.Image, tmp_path: Path) -> None:
    """Pillow writes none: its passes are laid out here."""
    rgb = np.asarray(picture)
    rows = bytearray()
    for x0, dx, y0, dy in (
        (0, 8, 0, 8),
        (4, 8, 0, 8),
        (0, 4, 4, 8),
        (2, 4, 0, 4),
        (0, 2, 2, 4),
        (1, 2, 0, 2),
    ):
        for row in rgb[y0::dy, x0::dx]:
            rows += b"\0" + row.tobytes()
    for row in rgb[1::2]:
        rows += b"\0" + row.tobytes()

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", *SIZE_WH, 8, 2, 0, 0, 1))
    content = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(rows)))
    whole = load_picture(written(tmp_path / "w.png", content + chunk(b"IEND", b"")))
    assert (whole.rgb == rgb).all()
    cut = load_picture(written(tmp_path / "c.png", content[: len(content) * 4 // 5]))
    assert "cut off" in cut.warnings[0]
    assert (cut.rgb == rgb).all(axis=(1, 2)).mean() > 0.3


@pytest.mark.parametrize("kind", ["AVIF", "HEIF", "JPEG2000"])
def test_formats_that_no_viewer_shows_in_part_are_refused(
    picture: Image.Image, tmp_path: Path, kind: str
) -> None:
    pillow_heif.register_heif_opener()
    content = io.BytesIO()
    picture.save(content, format=kind)
    with pytest.raises(BadImageFile):
        load_picture(written(tmp_path / "p.heic", content.getvalue()[:-40]))


def test_a_gif_stays_what_it_is(picture: Image.Image, tmp_path: Path) -> None:
    content = io.BytesIO()
    picture.save(content, format="GIF")
    with pytest.raises(UnsupportedFormat):
        load_picture(written(tmp_path / "p.gif", content.getvalue()[:-1]))
