"""Pictures from files: any common format becomes upright sRGB.

The content decides what a file is, never its name. Size is checked before a pixel is decoded.
"""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from dataclasses import replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

from lipwright.engine.errors import BadImageFile, BadImagePath, TooLarge, UnsupportedFormat
from lipwright.engine.media.reading.cut_pictures import (
    MOST_LOST,
    CompletedPicture,
    completed_picture,
    is_soft_jpeg,
    lost_jpeg_share,
)
from lipwright.engine.media.values import Picture

# A picture of 64 million pixels takes 200 MB as RGB and as much again while it is converted. Phones take
# 50 million; below that honest pictures are refused, far above it one upload fills a small machine.
MAX_PICTURE_PIXELS = 64_000_000
# Lower shows blocks around the lips, higher only costs bytes at this size.
SMALL_JPEG_QUALITY = 80

IMAGE_EXTENSIONS = ("png", "jpg", "jpeg", "jfif", "heic", "heif", "webp", "avif", "jp2", "tiff", "tif", "bmp")
_PILLOW_FORMATS = ("PNG", "JPEG", "HEIF", "WEBP", "AVIF", "JPEG2000", "TIFF", "BMP", "DIB")

# EXIF orientations that turn a picture by a quarter.
_SIDEWAYS = (5, 6, 7, 8)

# Transparent parts become this, like the paper of a passport photo: a head cut out of its background
# keeps clean hair, where black would leave a dark rim.
_PAPER_RGB = (255, 255, 255)
_OPAQUE = 255
SOFT_WARNING = "The picture's file is cut off: its last pass is missing, so that it is less sharp."


def load_readers() -> None:
    """Load the readers of all formats, which else wait for the first picture that needs one."""
    Image.init()


def load_picture(path: Path, max_pixels: int = MAX_PICTURE_PIXELS) -> Picture:
    """The picture in a file: upright, sRGB, on white where it is transparent, the first of an animation.

    One whose end is missing is shown as far as it goes, with a warning where that is seen.
    Raises BadImagePath (no such file), UnsupportedFormat, BadImageFile (damaged, or no picture), TooLarge.
    """
    if not path.is_file():
        raise BadImagePath(f"There is no picture at {path}. Check the path.")
    _load_decoders()
    # Pillow warns of odd metadata; the pixels are what counts here, and they fail loudly.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            try:
                with Image.open(path, formats=_PILLOW_FORMATS) as image:
                    _check_size(image.size, path, max_pixels)
                    return _picture(image)
            except (TooLarge, UnidentifiedImageError, PermissionError, MemoryError):
                raise
            except Image.DecompressionBombError:
                raise
            except Exception:
                completed = completed_picture(path.read_bytes())
                if completed is None:
                    raise
                return _completed(completed, path, max_pixels)
        except (TooLarge, UnsupportedFormat):
            raise
        except (Image.DecompressionBombError, MemoryError) as error:
            raise TooLarge(
                f"{path.name} is too large: at most {max_pixels / 1e6:g} million pixels. Make it smaller."
            ) from error
        except UnidentifiedImageError as error:
            raise _not_a_picture(path) from error
        except PermissionError as error:
            raise BadImagePath(f"{path} may not be read. Check its permissions.") from error
        except Exception as error:  # decoders of hostile files fail in every way there is
            raise BadImageFile(
                f"{path.name} is damaged or cut off and cannot be decoded. Save it again as JPEG or PNG."
            ) from error


def picture_size_wh(path: Path) -> tuple[str, tuple[int, int]] | None:
    """The kind and upright size of a picture file as its header tells; None when it is no picture."""
    _load_decoders()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _size_wh(path)
        except UnidentifiedImageError:
            return None
        except Exception:  # whatever is wrong with it, load_picture says it better
            with contextlib.suppress(Exception):
                completed = completed_picture(path.read_bytes())
                return None if completed is None else _size_wh(io.BytesIO(completed.content))
    return None


def _size_wh(file: Path | io.BytesIO) -> tuple[str, tuple[int, int]]:
    with Image.open(file, formats=_PILLOW_FORMATS) as image:
        lies_on_its_side = image.getexif().get(ExifTags.Base.Orientation, 1) in _SIDEWAYS
        width, height = image.size
        return str(image.format).lower(), (height, width) if lies_on_its_side else (width, height)


def fit_within(picture: Picture, max_resolution_px: int) -> Picture:
    """The picture scaled down so that its longer side is at most this; itself when it already is."""
    width, height = picture.size_wh
    longest = max(width, height)
    if longest <= max_resolution_px:
        return picture
    size_wh = (
        max(1, round(width * max_resolution_px / longest)),
        max(1, round(height * max_resolution_px / longest)),
    )
    rgb = np.asarray(cv2.resize(picture.rgb, size_wh, interpolation=cv2.INTER_AREA), np.uint8)
    return replace(picture, rgb=rgb, alpha=_resized(picture.alpha, size_wh))


def crop_to_even(picture: Picture) -> Picture:
    """The picture without its last row or column where its size is odd: video needs even sizes.

    Scaling by one pixel would blur all of it, and padding could exceed a size that was asked for.
    A side of a single pixel is doubled instead.
    """
    rgb, alpha = picture.rgb, picture.alpha
    for axis in (0, 1):
        if picture.rgb.shape[axis] == 1:
            rgb = np.repeat(rgb, 2, axis=axis)
            alpha = None if alpha is None else np.repeat(alpha, 2, axis=axis)
    height, width = rgb.shape[0] // 2 * 2, rgb.shape[1] // 2 * 2
    if (height, width) == picture.rgb.shape[:2]:
        return picture
    return replace(
        picture,
        rgb=np.ascontiguousarray(rgb[:height, :width]),
        alpha=None if alpha is None else np.ascontiguousarray(alpha[:height, :width]),
    )


def _resized(alpha: NDArray[np.uint8] | None, size_wh: tuple[int, int]) -> NDArray[np.uint8] | None:
    if alpha is None:
        return None
    return np.asarray(cv2.resize(alpha, size_wh, interpolation=cv2.INTER_AREA), np.uint8)


def jpeg_of(rgb: NDArray[np.uint8], quality: int = SMALL_JPEG_QUALITY) -> bytes:
    """RGB uint8 (height, width, 3) as a JPEG, for small pictures that are looked at and thrown away."""
    _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return jpeg.tobytes()


def save_png(path: Path, rgb: NDArray[np.uint8]) -> None:
    """Write RGB uint8 (height, width, 3) as PNG, for pictures that are looked at."""
    Image.fromarray(rgb).save(path, format="PNG")


@cache
def _load_decoders() -> None:
    # Pillow logs what it raises as well; without a handler of its own that would reach the terminal.
    logging.getLogger("PIL").addHandler(logging.NullHandler())
    pillow_heif.register_heif_opener()


def _check_size(size_wh: tuple[int, int], path: Path, max_pixels: int) -> None:
    width, height = size_wh
    if width * height > max_pixels:
        raise TooLarge(
            f"{path.name} has {width}x{height} pixels; at most {max_pixels / 1e6:g} million are accepted. "
            "Make it smaller."
        )
    if width < 1 or height < 1:
        raise BadImageFile(f"{path.name} is empty. Choose another picture.")


def _not_a_picture(path: Path) -> BadImageFile | UnsupportedFormat:
    if path.stat().st_size == 0:
        return BadImageFile(f"{path.name} is empty. Choose another picture.")
    if path.suffix.lower().lstrip(".") in IMAGE_EXTENSIONS:
        return BadImageFile(f"{path.name} holds no picture that can be read. Save it again as JPEG or PNG.")
    return UnsupportedFormat(f"{path.name} is no picture of a known kind. Use {', '.join(IMAGE_EXTENSIONS)}.")


def _completed(completed: CompletedPicture, path: Path, max_pixels: int) -> Picture:
    """What there is of a picture whose file is cut off. Raises what load_picture raises."""
    with Image.open(io.BytesIO(completed.content), formats=_PILLOW_FORMATS) as image:
        _check_size(image.size, path, max_pixels)
        image.load()
        lost = completed.lost
        if lost is None:
            lost = lost_jpeg_share(np.asarray(image))
        if lost > MOST_LOST:
            raise BadImageFile(f"Most of {path.name} is missing: it is cut off. Copy or save it again.")
        picture = _picture(image)
    words = [*picture.warnings]
    if lost > 0:
        picture = replace(picture, alpha=None)  # what is missing is transparent, and more need not be
    if lost * picture.size_wh[1] >= 1:
        words.append(f"The picture's file is cut off: about {max(1, round(lost * 100))} % of it is missing.")
    elif completed.lost is None and is_soft_jpeg(completed.content):
        words.append(SOFT_WARNING)
    return replace(picture, warnings=tuple(words))


def _picture(image: Image.Image) -> Picture:
    image.load()
    icc_profile = image.info.get("icc_profile")
    image = _upright(image)
    image, alpha = _without_alpha(_eight_bit(image))
    image = _to_srgb(image, icc_profile)
    if alpha is None or alpha.getextrema()[0] == _OPAQUE:
        return Picture(rgb=np.array(image, dtype=np.uint8))
    paper = Image.new("RGB", image.size, _PAPER_RGB)
    paper.paste(image, mask=alpha)
    return Picture(rgb=np.array(paper, dtype=np.uint8), alpha=np.array(alpha, dtype=np.uint8))


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # damaged EXIF says nothing about which way is up
        return image


def _eight_bit(image: Image.Image) -> Image.Image:
    """Deep grey pictures scaled to 8 bits; Pillow would cut them off at white instead."""
    if not image.mode.startswith(("I", "F")):
        return image
    values = np.nan_to_num(np.asarray(image).astype(np.float64))
    if image.mode.startswith("F"):
        white = 1.0 if values.max(initial=0.0) <= 1.0 else 255.0
    else:
        white = 65535.0 if image.mode.startswith("I;16") or values.max(initial=0) > 255 else 255.0
    return Image.fromarray(np.clip(np.rint(values * (255.0 / white)), 0, 255).astype(np.uint8))


def _without_alpha(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """The colours and the opacity, None where all is opaque."""
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        alpha = rgba.getchannel("A")
        was_grey = image.mode in ("LA", "La", "L")
        return rgba.convert("L" if was_grey else "RGB"), alpha
    if image.mode in ("P", "1", "RGBX", "HSV"):
        return image.convert("RGB"), None
    return image, None


def _to_srgb(image: Image.Image, icc_profile: bytes | None) -> Image.Image:
    if image.mode == "LAB":
        source: ImageCms.ImageCmsProfile | None = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    elif icc_profile and image.mode in ("RGB", "L", "CMYK"):
        source = _opened_profile(icc_profile, image.mode)
    else:
        source = None
    if source is None:
        return image.convert("RGB")
    converted = ImageCms.profileToProfile(
        image,
        source,
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    assert converted is not None  # only an in-place conversion returns nothing
    return converted


def _opened_profile(icc_profile: bytes, mode: str) -> ImageCms.ImageCmsProfile | None:
    """The colour profile, or None when it is damaged or meant for another kind of picture."""
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc_profile))
    except OSError:
        return None
    wanted = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}[mode]
    return profile if profile.profile.xcolor_space.strip() == wanted else None
