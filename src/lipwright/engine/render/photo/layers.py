"""A picture in two layers: a person, cut out with their hair, before a background that goes on behind them.

A head that turns moves over its background instead of bending it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.face.measures import face_height_px
from lipwright.engine.face.values import Face
from lipwright.engine.render.photo.background_lines import without_background_lines
from lipwright.engine.render.photo.frame import inside_frame
from lipwright.engine.render.photo.matte import RefinedMatte, refined_matte
from lipwright.engine.render.photo.plate import PART_PX, Plate, make_plate
from lipwright.engine.render.photo.reduced import ReducedCopy

# How much of the picture around the box is looked at too, face heights: the background that goes on behind a
# person at the box's edge lies there.
AROUND = 0.35
# How far the person's layer goes on beyond the picture's border, face heights: as far as a nod moves a head
# that the border cuts.
PADDING = 0.20
# Where the matte covers less of the face than this on average it has not found the person.
LEAST_ON_FACE = 0.90
# Height and width of a picture, face heights, below which it shows a face and little else: the network knows
# persons by hair and shoulders, and takes hair for background where it sees nothing but a face.
LEAST_PICTURE = (1.25, 1.0)
# Where less of the box than this is background there is none to move before.
LEAST_BACKGROUND = 0.01
# By how much, grey levels, a pixel at rest may differ from the picture for less of the background's scraps to
# travel with hair.
REST_SLACK = 1.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PersonLayers:
    """One person of a picture before the background.

    over(person, plate) is the picture's box at rest, within 2 grey levels.

    box: even box of the picture that both cover.
    texture_box: box, and beyond it where it lies at the border of the picture or of its frame; may reach
        outside of the picture.
    texture: uint8 (height, width, 4) over texture_box, premultiplied RGB and alpha: what is to be warped.
    person: the part of texture over box, uint8 (height, width, 4).
    plate: uint8 (height, width, 3) over box, the background, made up where the person hides it.
    alpha: float32 (height, width) over box, the person's share before the plate demanded more, 0 to 1.
    unsure: area of places near the head of which it is unsure whether they are the person's, as a share of
        the face's. 0 is usual; from about 0.3 on something large may be torn.
    """

    box: Box
    texture_box: Box
    texture: NDArray[np.uint8]
    plate: NDArray[np.uint8]
    alpha: NDArray[np.float32]
    unsure: float

    def __post_init__(self) -> None:
        shape = (self.box.height, self.box.width)
        check_array(self, "texture", np.uint8, (self.texture_box.height, self.texture_box.width, 4))
        check_array(self, "plate", np.uint8, (*shape, 3))
        check_array(self, "alpha", np.float32, shape)

    @property
    def person(self) -> NDArray[np.uint8]:
        """The part of the texture over the box, uint8 (height, width, 4); a view."""
        return self.texture[self.box.seen_from(self.texture_box).slices]


def over(person: NDArray[np.uint8], plate: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Premultiplied RGBA (height, width, 4) over a plate (height, width, 3), uint8 (height, width, 3)."""
    seen = cv2.multiply(plate, cv2.merge([255 - person[..., 3]] * 3), scale=1 / 255)
    return np.asarray(cv2.add(seen, np.ascontiguousarray(person[..., :3])), dtype=np.uint8)


def split_layers(
    rgb: NDArray[np.uint8], face: Face, other_faces: Sequence[Face], box: Box
) -> PersonLayers | None:
    """The person with this face and what is behind them, within a box of a picture.

    rgb: uint8 (height, width, 3), not changed. other_faces: of the same picture; what is nearer to them stays
    with the background. box: even, inside the picture; inside its frame, if a frame is to stay where it is.
    None where no person or no background was found: then nothing can move before anything.
    """
    height, width = rgb.shape[:2]
    picture = inside_frame(rgb)
    if not picture.contains(box):
        picture = Box.of_size((width, height))
    unit = face_height_px(face.landmarks_px)
    if height < LEAST_PICTURE[0] * unit or width < LEAST_PICTURE[1] * unit:
        return None
    copy = ReducedCopy.of(rgb, box.grown(round(AROUND * unit)).clipped(picture), unit)
    matte = without_background_lines(refined_matte(rgb, face, other_faces, copy))
    inside = _rows_and_columns(copy, box)
    if _mean_on_face(matte, face) < LEAST_ON_FACE or (matte.alpha[inside] < 0.5).mean() < LEAST_BACKGROUND:
        return None
    plate = make_plate(rgb, matte)
    if plate is None:
        return None
    person, behind, alpha = _at_full_size(rgb, matte, plate, box)
    texture, texture_box = _padded(person, box, picture, round(PADDING * unit))
    return PersonLayers(
        box=box, texture_box=texture_box, texture=texture, plate=behind, alpha=alpha, unsure=matte.unsure
    )


def _rows_and_columns(copy: ReducedCopy, box: Box) -> tuple[slice, slice]:
    """The part of a reduced copy that shows a box."""
    corners = np.array([[box.left, box.top], [box.right, box.bottom]], dtype=np.float32) - 0.5
    (left, top), (right, bottom) = np.round(copy.place_of(corners) + 0.5).astype(int).tolist()
    return slice(top, bottom), slice(left, right)


def _mean_on_face(matte: RefinedMatte, face: Face) -> float:
    """How much of the face the matte covers on average, 0 to 1."""
    on_face = np.zeros(matte.alpha.shape, dtype=np.uint8)
    outline = matte.copy.place_of(face.landmarks_px[list(mesh.FACE_OVAL), :2])
    cv2.fillPoly(on_face, [np.round(outline).astype(np.int32)], 1)
    return float(matte.alpha[on_face > 0].mean()) if on_face.any() else 0.0


def _at_full_size(
    rgb: NDArray[np.uint8], matte: RefinedMatte, plate: Plate, box: Box
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.float32]]:
    """Premultiplied person, plate and alpha of a box, part by part: most are all person or all background."""
    person = np.zeros((box.height, box.width, 4), dtype=np.uint8)
    behind = rgb[box.slices].copy()
    alpha = np.zeros((box.height, box.width), dtype=np.float32)
    for part in _parts(box):
        here = part.seen_from(box).slices
        if matte.is_nobody(part) and plate.is_picture(part):
            continue
        behind[here] = plate.full(rgb, part)
        if matte.is_all_person(part):
            alpha[here] = 1
            person[here] = cv2.cvtColor(rgb[part.slices], cv2.COLOR_RGB2RGBA)
        else:
            alpha[here] = matte.full(rgb, part)
            person[here] = _premultiplied(rgb[part.slices], behind[here], alpha[here])
    return person, behind, alpha


def _parts(box: Box) -> Iterator[Box]:
    """Squares that cover a box."""
    for top in range(box.top, box.bottom, PART_PX):
        for left in range(box.left, box.right, PART_PX):
            yield Box(left, top, left + PART_PX, top + PART_PX).clipped(box)


def _premultiplied(
    picture: NDArray[np.uint8], plate: NDArray[np.uint8], alpha: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """The layer that over the plate gives the picture, uint8 (height, width, 4).

    Alpha grows to what the plate demands: a picture darker than the plate needs cover, and so does one that
    is brighter than what alpha lets through.
    """
    cover = alpha
    for seen, behind in zip(cv2.split(picture), cv2.split(plate), strict=True):
        change = seen.astype(np.float32) - behind
        room = np.where(change < 0, behind, 255 - behind)
        cover = np.maximum(cover, (np.abs(change) - REST_SLACK) / np.maximum(room, 1))
    cover_8 = np.clip(np.ceil(cover * 255), 0, 255).astype(np.uint8)
    shown = cv2.multiply(plate, cv2.merge([255 - cover_8] * 3), scale=1 / 255)
    return np.asarray(cv2.merge([*cv2.split(cv2.subtract(picture, shown)), cover_8]), dtype=np.uint8)


def _padded(
    person: NDArray[np.uint8], box: Box, picture: Box, reach_px: int
) -> tuple[NDArray[np.uint8], Box]:
    """The layer with a margin at the picture's border, and its box.

    Colours are mirrored. Alpha is the lesser of what is mirrored and what goes straight on: a head cut by the
    border goes on, one that only comes near it does not get a second head.
    """
    left, top, right, bottom = (
        reach_px if touches else 0
        for touches in (
            box.left == picture.left,
            box.top == picture.top,
            box.right == picture.right,
            box.bottom == picture.bottom,
        )
    )
    texture_box = Box(box.left - left, box.top - top, box.right + right, box.bottom + bottom)
    if texture_box == box:
        return person, box
    margins = (top, bottom, left, right)
    mirrored = cv2.copyMakeBorder(person, *margins, cv2.BORDER_REFLECT_101)
    straight = cv2.copyMakeBorder(person[..., 3], *margins, cv2.BORDER_REPLICATE)
    for part in _margins(texture_box, box):
        seen, most = mirrored[part], straight[part]
        share = np.minimum(most, seen[..., 3]) / np.maximum(seen[..., 3:], 1).astype(np.float32)[..., 0]
        mirrored[part] = np.rint(seen * share[..., None]).astype(np.uint8)
    return np.asarray(mirrored, dtype=np.uint8), texture_box


def _margins(whole: Box, inner: Box) -> list[tuple[slice, slice]]:
    """The parts of a box around another one inside it: above, below, left and right."""
    around = (
        Box(whole.left, whole.top, whole.right, inner.top),
        Box(whole.left, inner.bottom, whole.right, whole.bottom),
        Box(whole.left, inner.top, inner.left, inner.bottom),
        Box(inner.right, inner.top, whole.right, inner.bottom),
    )
    return [part.seen_from(whole).slices for part in around if not part.is_empty]
