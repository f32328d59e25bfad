"""Pictures of every kind come in upright, in sRGB and in 8 bits; what is no picture is refused by name."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from lipwright.engine.errors import BadImageFile, BadImagePath, TooLarge, UnsupportedFormat
from lipwright.engine.media.reading.images import crop_to_even, fit_within, load_picture, picture_size_wh
from lipwright.engine.media.values import Picture
from tests.support.pictures import gradient

# Lossy formats at high quality change a smooth picture by a few levels; a wrong colour order, range or
# orientation changes it by tens.
LOSSY_LEVELS = 8

LOSSLESS = ("png", "bmp", "tiff", "tif")
LOSSY = ("jpg", "jpeg", "jfif", "webp", "avif", "jp2", "heic", "heif")
PILLOW_NAMES = {
    "jpg": "JPEG",
    "jfif": "JPEG",
    "jp2": "JPEG2000",
    "tif": "TIFF",
    "heic": "HEIF",
    "heif": "HEIF",
}


@pytest.fixture
def picture() -> Image.Image:
    return Image.fromarray(gradient(64, 48))


def saved(image: Image.Image, path: Path, **options: object) -> Path:
    pillow_heif.register_heif_opener()
    kind = path.suffix.lstrip(".")
    image.save(path, format=PILLOW_NAMES.get(kind, kind.upper()), **options)
    return path


def largest_difference(found: Picture, wanted: np.ndarray) -> int:
    assert found.rgb.shape == wanted.shape
    return int(np.abs(found.rgb.astype(int) - wanted).max())


@pytest.mark.parametrize("extension", LOSSLESS)
def test_a_lossless_picture_comes_in_exactly(picture: Image.Image, tmp_path: Path, extension: str) -> None:
    loaded = load_picture(saved(picture, tmp_path / f"p.{extension}"))
    assert largest_difference(loaded, gradient(64, 48)) == 0


@pytest.mark.parametrize("extension", LOSSY)
def test_a_lossy_picture_comes_in_nearly_as_it_was(
    picture: Image.Image, tmp_path: Path, extension: str
) -> None:
    options = {} if extension == "jp2" else {"quality": 95}
    loaded = load_picture(saved(picture, tmp_path / f"p.{extension}", **options))
    assert largest_difference(loaded, gradient(64, 48)) <= LOSSY_LEVELS


def test_the_content_decides_not_the_name(picture: Image.Image, tmp_path: Path) -> None:
    path = saved(picture, tmp_path / "p.png").rename(tmp_path / "p.jpg")
    assert largest_difference(load_picture(path), gradient(64, 48)) == 0


@pytest.mark.parametrize(
    ("orientation", "turn"),
    [
        (3, lambda rgb: rgb[::-1, ::-1]),
        (6, lambda rgb: np.rot90(rgb, -1)),
        (8, lambda rgb: np.rot90(rgb, 1)),
        (2, lambda rgb: rgb[:, ::-1]),
    ],
    ids=["upside-down", "clockwise", "counter-clockwise", "mirrored"],
)
def test_the_orientation_of_a_camera_is_honoured(
    picture: Image.Image, tmp_path: Path, orientation: int, turn: object
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(picture, tmp_path / "p.png", exif=exif)
    loaded = load_picture(path)
    assert callable(turn)
    assert largest_difference(loaded, turn(gradient(64, 48))) == 0
    assert picture_size_wh(path) == ("png", loaded.size_wh)


def test_transparent_parts_become_white(picture: Image.Image, tmp_path: Path) -> None:
    alpha = np.zeros((48, 64), np.uint8)
    alpha[:, 32:] = 255
    picture.putalpha(Image.fromarray(alpha))
    loaded = load_picture(saved(picture, tmp_path / "p.png"))
    assert (loaded.rgb[:, :32] == 255).all()
    assert (loaded.rgb[:, 32:] == gradient(64, 48)[:, 32:]).all()


def test_a_transparent_palette_colour_becomes_white(tmp_path: Path) -> None:
    image = Image.new("P", (8, 8), 0)
    image.putpalette([200, 10, 10, 10, 200, 10])
    image.putpixel((3, 3), 1)
    loaded = load_picture(saved(image, tmp_path / "p.png", transparency=0))
    assert loaded.rgb[0, 0].tolist() == [255, 255, 255]
    assert loaded.rgb[3, 3].tolist() == [10, 200, 10]


@pytest.mark.parametrize("extension", ["png", "tiff"])
def test_deep_grey_keeps_its_tones(tmp_path: Path, extension: str) -> None:
    ramp = np.linspace(0, 65535, 64).astype(np.uint16)[None].repeat(8, axis=0)
    loaded = load_picture(saved(Image.fromarray(ramp), tmp_path / f"p.{extension}"))
    assert largest_difference(loaded, np.rint(ramp / 257)[..., None].repeat(3, axis=2)) <= 1


def test_deep_colour_keeps_its_tones(tmp_path: Path) -> None:
    rgb = gradient(64, 48)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in rgb.astype(np.uint16) * 257)
    path = tmp_path / "p.png"
    path.write_bytes(png_file(64, 48, depth=16, data=zlib.compress(rows)))
    assert largest_difference(load_picture(path), rgb) <= 1


def test_grey_and_black_and_white_become_rgb(tmp_path: Path) -> None:
    grey = load_picture(saved(Image.new("L", (8, 8), 77), tmp_path / "g.png"))
    bits = load_picture(saved(Image.new("1", (8, 8), 1), tmp_path / "b.png"))
    assert (grey.rgb == 77).all()
    assert (bits.rgb == 255).all()


def test_cmyk_keeps_its_colours(tmp_path: Path) -> None:
    image = Image.new("RGB", (16, 16), (200, 40, 60)).convert("CMYK")
    loaded = load_picture(saved(image, tmp_path / "p.jpg", quality=95))
    assert largest_difference(loaded, np.full((16, 16, 3), (200, 40, 60))) <= LOSSY_LEVELS


def test_a_colour_profile_is_converted_to_srgb(tmp_path: Path) -> None:
    # Lab as the profile's own space is certain to differ from sRGB: without conversion the colour is off.
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    to_lab = ImageCms.buildTransform(srgb, lab, "RGB", "LAB")
    image = ImageCms.applyTransform(Image.new("RGB", (16, 16), (180, 90, 40)), to_lab)
    assert image is not None
    loaded = load_picture(saved(image, tmp_path / "p.tiff"))
    assert largest_difference(loaded, np.full((16, 16, 3), (180, 90, 40))) <= 3


def test_a_damaged_colour_profile_is_ignored(picture: Image.Image, tmp_path: Path) -> None:
    loaded = load_picture(saved(picture, tmp_path / "p.png", icc_profile=b"no profile at all"))
    assert largest_difference(loaded, gradient(64, 48)) == 0


def test_the_first_frame_of_an_animation_is_taken(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ((250, 0, 0), (0, 250, 0))]
    path = saved(frames[0], tmp_path / "p.webp", save_all=True, append_images=frames[1:], lossless=True)
    assert load_picture(path).rgb[0, 0].tolist() == [250, 0, 0]


def test_a_missing_file_is_told_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(BadImagePath, match=r"nothing\.png"):
        load_picture(tmp_path / "nothing.png")
    with pytest.raises(BadImagePath):
        load_picture(tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"this is not a picture", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"]
)
def test_what_is_no_picture_is_refused_under_a_picture_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "p.jpg"
    path.write_bytes(content)
    with pytest.raises(BadImageFile, match=r"p\.jpg"):
        load_picture(path)


def test_another_kind_of_file_is_told_what_is_supported(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("hello")
    with pytest.raises(UnsupportedFormat, match="jpg"):
        load_picture(path)


@pytest.mark.parametrize("extension", ["png", "jpg", "webp", "avif", "jp2", "tiff", "bmp", "heic"])
def test_a_picture_of_which_most_is_missing_is_refused(
    picture: Image.Image, tmp_path: Path, extension: str
) -> None:
    path = saved(picture.resize((256, 192)), tmp_path / f"p.{extension}")
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 10])
    with pytest.raises(BadImageFile):
        load_picture(path)


def test_a_huge_picture_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    # A few bytes that claim 60000x60000 pixels: decoding them would take 10 GB.
    path = tmp_path / "bomb.png"
    path.write_bytes(png_file(60_000, 60_000, depth=8, data=zlib.compress(b"\0" * 1000)))
    with pytest.raises(TooLarge, match="million pixels"):
        load_picture(path)


def test_the_limit_on_pixels_can_be_lowered(picture: Image.Image, tmp_path: Path) -> None:
    path = saved(picture, tmp_path / "p.png")
    with pytest.raises(TooLarge, match="64x48"):
        load_picture(path, max_pixels=64 * 48 - 1)
    assert load_picture(path, max_pixels=64 * 48).size_wh == (64, 48)


def test_fitting_keeps_the_shape_and_never_enlarges() -> None:
    picture = Picture(rgb=gradient(400, 200))
    assert fit_within(picture, 100).size_wh == (100, 50)
    assert fit_within(picture, 400) is picture
    assert fit_within(picture, 1000) is picture
    assert fit_within(Picture(rgb=gradient(1000, 1)), 10).size_wh == (10, 1)


def test_an_odd_size_loses_its_last_row_and_column_and_nothing_else() -> None:
    rgb = gradient(65, 49)
    assert (crop_to_even(Picture(rgb=rgb)).rgb == rgb[:48, :64]).all()
    even = Picture(rgb=gradient(64, 48))
    assert crop_to_even(even) is even
    assert crop_to_even(Picture(rgb=gradient(1, 1))).size_wh == (2, 2)


def png_file(width: int, height: int, *, depth: int, data: bytes) -> bytes:
    """A PNG in RGB whose header and data are given, whether they fit or not."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0)
    file = io.BytesIO()
    file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b""))
    return file.getvalue()
