"""A mark is found again in videos and pictures, and in nothing else."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine import (
    BadParameters,
    BadVideoFile,
    Container,
    FoundWatermark,
    SoundClip,
    TalkingPhotoOptions,
    Watermark,
    find_watermark,
    talking_photo,
)
from lipwright.engine.errors import BadInput
from lipwright.engine.media.pixels.planes import rgb_to_i420
from lipwright.engine.media.reading.images import save_png
from lipwright.engine.media.writing.video_writer import VideoWriter
from tests.support.portrait import PORTRAIT_PATH
from tests.support.sounds import voice, write_sound

MARK = Watermark(installation=0xBEEF01, number=0xCAFE0002)
SECRET = Watermark(installation=3, number=4, key=b"a secret of the operator")
FRAMES = 10


def numbers(found: FoundWatermark | None) -> tuple[int, int] | None:
    return None if found is None else (found.installation, found.number)


def write_film(
    path: Path,
    rgb: NDArray[np.uint8],
    *,
    watermark: Watermark | None = None,
    container: Container = Container.MP4,
    alpha: NDArray[np.uint8] | None = None,
) -> Path:
    """A picture that stands still, as most of a talking photo does."""
    i420 = rgb_to_i420(np.ascontiguousarray(rgb))
    with VideoWriter(
        path,
        size_wh=(rgb.shape[1], rgb.shape[0]),
        frame_rate=Fraction(10),
        container=container,
        has_alpha=alpha is not None,
        watermark=watermark,
    ) as writer:
        for _ in range(FRAMES):
            writer.write(i420, alpha)
    return path


@pytest.fixture(scope="session")
def marked_film(tmp_path_factory: pytest.TempPathFactory, portrait_rgb: NDArray[np.uint8]) -> Path:
    return write_film(tmp_path_factory.mktemp("marked") / "film.mp4", portrait_rgb, watermark=MARK)


@pytest.fixture(scope="session")
def marked_rgb(marked_film: Path) -> NDArray[np.uint8]:
    capture = cv2.VideoCapture(str(marked_film))
    _, frame = capture.read()
    capture.release()
    return np.ascontiguousarray(frame[..., ::-1])


def test_a_marked_video_names_its_numbers(marked_film: Path) -> None:
    found = find_watermark(marked_film)
    assert numbers(found) == (MARK.installation, MARK.number)
    assert found is not None
    assert found.false_alarm_probability < 1e-6
    assert found.key_is_public


def test_a_video_without_a_mark_has_none(tmp_path: Path, portrait_rgb: NDArray[np.uint8]) -> None:
    assert find_watermark(write_film(tmp_path / "plain.mp4", portrait_rgb)) is None


def test_a_frame_is_not_changed_by_its_mark(tmp_path: Path, portrait_rgb: NDArray[np.uint8]) -> None:
    i420 = rgb_to_i420(portrait_rgb)
    before = i420.copy()
    with VideoWriter(
        tmp_path / "film.mp4", size_wh=(512, 512), frame_rate=Fraction(10), watermark=MARK
    ) as writer:
        writer.write(i420)
    assert np.array_equal(i420, before)


def test_a_secret_mark_is_read_with_its_key_alone(tmp_path: Path, portrait_rgb: NDArray[np.uint8]) -> None:
    film = write_film(tmp_path / "film.mp4", portrait_rgb, watermark=SECRET)
    assert find_watermark(film) is None
    found = find_watermark(film, (MARK.key, SECRET.key))
    assert numbers(found) == (3, 4)
    assert found is not None
    assert not found.key_is_public


@pytest.mark.parametrize("scale", [0.5, 0.73, 1.5])
def test_a_scaled_screenshot_is_recognised(
    tmp_path: Path, marked_rgb: NDArray[np.uint8], scale: float
) -> None:
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = np.asarray(cv2.resize(marked_rgb, None, fx=scale, fy=scale, interpolation=way), np.uint8)
    save_png(tmp_path / "screenshot.png", scaled)
    assert numbers(find_watermark(tmp_path / "screenshot.png")) == (MARK.installation, MARK.number)


@pytest.mark.parametrize(
    "part",
    [
        np.s_[52:, :],
        np.s_[:-52, :],
        np.s_[:, 52:],
        np.s_[:, :-52],
        np.s_[26:-26, 26:-26],
        np.s_[101:, 33:-180],
    ],
)
def test_a_part_is_recognised(
    tmp_path: Path, marked_rgb: NDArray[np.uint8], part: tuple[slice, slice]
) -> None:
    save_png(tmp_path / "part.png", np.ascontiguousarray(marked_rgb[part]))
    assert numbers(find_watermark(tmp_path / "part.png")) == (MARK.installation, MARK.number)


def test_a_picture_that_was_stretched_a_little_is_recognised(
    tmp_path: Path, marked_rgb: NDArray[np.uint8]
) -> None:
    save_png(tmp_path / "stretched.png", np.asarray(cv2.resize(marked_rgb, (400, 402)), np.uint8))
    assert numbers(find_watermark(tmp_path / "stretched.png")) == (MARK.installation, MARK.number)


def test_several_screenshots_are_one_video(tmp_path: Path, marked_rgb: NDArray[np.uint8]) -> None:
    paths = [tmp_path / f"{number}.jpg" for number in range(3)]
    for path in paths:
        cv2.imwrite(str(path), np.ascontiguousarray(marked_rgb[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, 80])
    assert numbers(find_watermark(paths)) == (MARK.installation, MARK.number)


def test_the_newer_of_two_marks_counts(tmp_path: Path, marked_rgb: NDArray[np.uint8]) -> None:
    film = write_film(tmp_path / "again.mp4", marked_rgb, watermark=Watermark(installation=1, number=2))
    assert numbers(find_watermark(film)) == (1, 2)


@pytest.mark.parametrize("container", [Container.WEBM, Container.MOV, Container.GIF])
def test_every_kind_of_video_carries_it(
    tmp_path: Path, portrait_rgb: NDArray[np.uint8], container: Container
) -> None:
    film = write_film(tmp_path / f"film.{container}", portrait_rgb, watermark=MARK, container=container)
    assert numbers(find_watermark(film)) == (MARK.installation, MARK.number)


def test_a_cut_out_carries_it(tmp_path: Path, portrait_rgb: NDArray[np.uint8]) -> None:
    alpha = np.full(portrait_rgb.shape[:2], 255, np.uint8)
    alpha[:, :100] = 0
    film = write_film(
        tmp_path / "film.webm", portrait_rgb, watermark=MARK, container=Container.WEBM, alpha=alpha
    )
    assert numbers(find_watermark(film)) == (MARK.installation, MARK.number)


@pytest.mark.parametrize("kind", ["black", "noise", "stripes", "tiny"])
def test_pictures_that_no_camera_took_have_no_mark(tmp_path: Path, kind: str) -> None:
    shape = (3, 5, 3) if kind == "tiny" else (256, 320, 3)
    rgb = np.zeros(shape, np.uint8)
    if kind == "noise":
        rgb = np.random.default_rng(0).integers(0, 255, shape).astype(np.uint8)
    if kind == "stripes":
        rgb[:, ::8] = 255
    save_png(tmp_path / "picture.png", rgb)
    assert find_watermark(tmp_path / "picture.png") is None


def test_what_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    with pytest.raises(BadInput):
        find_watermark(tmp_path / "broken.mp4")
    with pytest.raises(BadVideoFile):
        find_watermark(write_sound(tmp_path / "sound.wav", voice(1.0)))
    with pytest.raises(BadParameters):
        find_watermark(())
    with pytest.raises(BadParameters):
        find_watermark(tmp_path / "broken.mp4", keys=(b"short",))


@pytest.mark.slow
def test_a_talking_photo_bears_its_mark(tmp_path: Path) -> None:
    sound = write_sound(tmp_path / "voice.wav", voice(1.0))
    film = tmp_path / "film.mp4"
    options = TalkingPhotoOptions(frame_rate=Fraction(10), max_resolution_px=480, watermark=MARK)
    talking_photo(PORTRAIT_PATH, SoundClip(path=sound), film, options)
    assert numbers(find_watermark(film)) == (MARK.installation, MARK.number)
