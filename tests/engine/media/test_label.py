"""A label can be read on every ground and in every kind of video; what cannot be drawn is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.errors import BadParameters
from lipwright.engine.media.label import MAX_LABEL_CHARACTERS, Label, LabelCorner
from lipwright.engine.media.pixels.alpha import Alpha
from lipwright.engine.media.pixels.colour import HD_COLOUR, ColourProperties
from lipwright.engine.media.pixels.label import DrawnLabel, draw_label
from lipwright.engine.media.pixels.planes import i420_to_rgb, rgb_to_i420, split_planes
from lipwright.engine.media.values import Container
from lipwright.engine.media.writing.video_writer import VideoWriter
from lipwright.engine.pipelines.previews import POSTER_PX, FramePreviews
from tests.support.pictures import gradient

# WCAG 2.2, success criterion 1.4.3.
LEAST_CONTRAST = 4.5
# A label is so much of a frame at the most: the person is not covered.
LARGEST_SHARE = 0.05
SIZES = [(256, 256), (576, 324), (360, 640), (1920, 1080)]


def ground(kind: str, size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    width, height = size_wh
    if kind == "busy":
        coarse = np.random.default_rng(1).integers(0, 2, (height // 4, width // 4, 3), dtype=np.uint8) * 255
        return np.ascontiguousarray(coarse.repeat(4, axis=0).repeat(4, axis=1))
    return np.full((height, width, 3), {"white": 255, "grey": 128, "black": 0}[kind], np.uint8)


def luminance(rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Relative luminance as WCAG 2.2 defines it."""
    part = rgb / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ (0.2126, 0.7152, 0.0722))


def letters_of(drawn: DrawnLabel) -> NDArray[np.bool_]:
    """Pixels of the box that are nothing but letter."""
    return np.asarray(split_planes(drawn.planes)[0] > 225) & (drawn.opacity > 245)


@pytest.mark.parametrize("size_wh", SIZES)
@pytest.mark.parametrize("kind", ["white", "grey", "black", "busy"])
def test_it_can_be_read_on_every_ground(kind: str, size_wh: tuple[int, int]) -> None:
    frame = rgb_to_i420(ground(kind, size_wh))
    drawn = draw_label(Label(), size_wh)
    drawn.lay_on(frame)
    seen = luminance(i420_to_rgb(frame)[drawn.box.slices])
    letters = letters_of(drawn)
    around = (drawn.opacity > 150) & (split_planes(drawn.planes)[0] < 30)
    assert letters.sum() > 20
    contrast = (np.median(seen[letters]) + 0.05) / (np.percentile(seen[around], 95) + 0.05)
    assert contrast > LEAST_CONTRAST
    assert drawn.box.width * drawn.box.height < LARGEST_SHARE * size_wh[0] * size_wh[1]


@pytest.mark.parametrize("corner", LabelCorner)
@pytest.mark.parametrize("size_wh", [(64, 48), (48, 2), (2, 2), (720, 406), (406, 720)])
def test_it_lies_whole_in_its_corner_and_nothing_else_changes(
    corner: LabelCorner, size_wh: tuple[int, int]
) -> None:
    frame = rgb_to_i420(gradient(*size_wh))
    before = frame.copy()
    drawn = draw_label(Label(corner=corner), size_wh)
    drawn.lay_on(frame)
    left, top = drawn.box.corner
    right, bottom = size_wh[0] - drawn.box.right, size_wh[1] - drawn.box.bottom
    assert min(left, top, right, bottom) >= 0
    assert (right <= left) == corner.endswith("right") or left == right
    assert (bottom <= top) == corner.startswith("bottom") or top == bottom
    for plane, old in zip(split_planes(frame), split_planes(before), strict=True):
        changed = np.argwhere(plane != old)
        scale = size_wh[1] // plane.shape[0]
        if len(changed):
            assert changed.min(axis=0) @ (1, 0) * scale >= top
            assert changed.min(axis=0) @ (0, 1) * scale >= left


def test_a_long_text_gets_smaller_letters_and_stays_inside() -> None:
    drawn = draw_label(Label(text="W" * MAX_LABEL_CHARACTERS), (320, 240))
    assert drawn.box.width <= 320 * 0.9 + 2  # even
    assert drawn.box.height < draw_label(Label(), (320, 240)).box.height


def test_letters_keep_their_shape_where_pixels_are_not_square() -> None:
    square, wide = draw_label(Label(), (720, 576)), draw_label(Label(), (720, 576), HD_COLOUR, Fraction(2))
    assert wide.box.width == pytest.approx(square.box.width / 2, abs=2)
    assert wide.box.height == square.box.height


def test_white_is_the_white_of_the_video() -> None:
    full = ColourProperties(matrix_code=1, is_full_range=True)
    limited = split_planes(draw_label(Label(), (640, 480)).planes)[0]
    assert limited.max() <= 235
    assert split_planes(draw_label(Label(), (640, 480), full).planes)[0].max() > 235


def test_it_is_seen_where_a_cut_out_is_not() -> None:
    frame = rgb_to_i420(ground("white", (320, 240)))
    alpha: Alpha = np.zeros((240, 320), np.uint8)
    drawn = draw_label(Label(), (320, 240))
    drawn.lay_on(frame, alpha)
    inside = alpha[drawn.box.slices]
    assert np.array_equal(inside, drawn.opacity)
    assert alpha.sum() == inside.sum(dtype=np.int64)
    rgb = i420_to_rgb(frame)[drawn.box.slices]
    assert rgb[letters_of(drawn)].mean() > 220
    assert rgb[(drawn.opacity > 150) & (drawn.opacity < 165)].mean() < 30


@pytest.mark.parametrize("container", Container)
def test_every_kind_of_video_bears_it(tmp_path: Path, container: Container) -> None:
    path = tmp_path / f"video.{container}"
    picture = rgb_to_i420(ground("white", (320, 240)))
    with VideoWriter(
        path, size_wh=(320, 240), frame_rate=Fraction(10), container=container, label=Label(), has_alpha=True
    ) as writer:
        for _ in range(4):
            writer.write(picture)
    assert picture.min() == rgb_to_i420(ground("white", (320, 240))).min()
    box = draw_label(Label(), (320, 240)).box
    with av.open(path) as file:
        for frame in file.decode(video=0):
            rgb = frame.to_ndarray(format="rgb24")
            assert rgb[box.slices].mean() < 190
            assert rgb[:100].mean() > 245


def test_the_poster_and_the_frames_that_are_shown_bear_it() -> None:
    shown: list[bytes] = []
    plain, labelled = (
        FramePreviews(lambda *_: None),
        FramePreviews(lambda _, jpeg: shown.append(jpeg), label=Label()),
    )
    for viewer in (plain, labelled):
        frame = rgb_to_i420(ground("white", (POSTER_PX, 360)))
        viewer(5, 6, frame, HD_COLOUR)
        assert split_planes(frame)[0].min() == 235
    assert plain.poster != labelled.poster
    assert shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "words"),
        (" ", "words"),
        ("two\nlines", "one line"),
        ("x" * (MAX_LABEL_CHARACTERS + 1), "61 characters"),
        ("AI 生成", "no letter for 生 成"),
        ("généré", "no letter for é"),
    ],
)
def test_what_cannot_be_drawn_is_refused_at_the_door(text: str, said: str) -> None:
    with pytest.raises(BadParameters, match=said):
        Label(text=text)


def test_a_font_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "font.ttf").write_bytes(b"no font")
    with pytest.raises(BadParameters, match=r"font\.ttf cannot be read"):
        Label(font=tmp_path / "font.ttf")


def test_a_corner_that_is_none_is_refused() -> None:
    assert LabelCorner.parse(" Top-Left ") is LabelCorner.TOP_LEFT
    with pytest.raises(BadParameters, match="bottom-right"):
        LabelCorner.parse("middle")
