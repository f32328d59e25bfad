"""What is seen through the lips: cavity, tongue and teeth in three dimensions, put in place for each frame.

The upper teeth belong to the skull, the lower teeth and the tongue to the jaw. The picture's own teeth are
used when it shows them, drawn ones otherwise.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import smoothstep
from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.render.mouth.arch import DentalArch
from lipwright.engine.render.mouth.lips import LipCut
from lipwright.engine.render.mouth.opening import Opening, find_opening
from lipwright.engine.render.mouth.own_teeth import (
    ArchView,
    ShownTeeth,
    find_shown_teeth,
    with_shown_teeth,
)
from lipwright.engine.render.mouth.palette import Palette
from lipwright.engine.render.mouth.placement import SkullPlacement
from lipwright.engine.render.mouth.teeth import (
    LOWER_ARCH,
    LOWER_TEETH,
    UPPER_ARCH,
    UPPER_TEETH,
    ToothRow,
    draw_teeth,
    texture_px_per_mm,
)
from lipwright.engine.render.mouth.tongue import (
    DEPTH_MM,
    OUT_FROM,
    TonguePose,
    TongueView,
    lying_tongue,
    tip_between_teeth,
)
from lipwright.engine.render.pixels import blurred, look_up, luminance
from lipwright.engine.render.warp.face_axes import FaceAxes
from lipwright.engine.render.warp.lip_moves import UPPER_SHARE
from lipwright.engine.render.warp.lip_rest import CLOSING_SHARE, PARTED_GAP

# Millimetres in a face height (forehead top to chin bottom of the mesh) of an average adult.
FACE_HEIGHT_MM = 140.0
# A mouth that is open less than this shows no teeth worth taking, only the edges of lips. Face heights.
TEETH_GAP = 0.025
# Half the width of the mouth that usual teeth fit, millimetres, and how far teeth follow other mouths: small
# mouths have small teeth; larger ones than this look like a horse's.
HALF_MOUTH_MM, TOOTH_SCALES = 24.0, (0.45, 1.05)
# Where the edges of the upper teeth rest under the line of the lips: people differ, most hide them. Always
# seen, they are one even comb in every frame.
UPPER_REST_MM = (-1.6, 1.0)
# A glint of teeth in a picture tells their height; the lowest that is believed.
MOST_REST_MM = 4.0
# Those of the lower teeth, below the upper ones': jaws at rest are a little apart. Nearer, lower teeth show
# in narrow openings; farther, not even in wide vowels.
LOWER_REST_MM = (0.3, 1.8)
# And at least this far under the line of the lips.
LOWER_LEAST_MM = 0.6
# How far behind the line of the lips the front teeth stand, face heights.
UPPER_DEPTH, LOWER_DEPTH = 0.020, 0.030
# How far the lower teeth go with the chin: they are nearer to the hinge. And how far they go down with a lip
# that is farther down than the chin takes it, as more of the jaw's motion reaches them than the skin of the
# chin shows; without it wide vowels bare the lower teeth to their gums.
TEETH_PER_CHIN, TEETH_PER_LIP = 0.92, 0.40
# For f, v and th the edges of the upper teeth lie at least this far under the line of the lips, millimetres:
# where the lower lip or the tongue meets them.
TUCKED_MM = 0.9
# Light by place: this share is left at the corners of the mouth, and full light from this share of half its
# width inwards. The dark corridor behind the corners makes an arch out of a row of tiles.
CORNER_LIGHT, CORRIDOR = 0.22, 0.55
# What is dark in a mouth is lit by flesh: red fades this much less with the light and blue more, as powers of
# it.
FADING = (0.86, 1.0, 1.05)
# How much less light differs from place to place in a drawing.
FLAT_LIGHT = 0.85
# Deeper behind the front teeth than the first, light fades; by the second it is a third. Millimetres.
FOG_FROM_MM, FOG_MM = 3.0, 20.0
# Lower teeth are in the shadow of upper teeth and lip.
LOWER_LIGHT = 0.88
# Gloss: strength and sharpness (power) of two lobes of the light, and of a bright ceiling.
GLOSS = ((0.10, 4), (0.16, 6))  # powers as squarings: 2 ** 4 = 16 and 2 ** 6 = 64
CEILING_GLOSS, CEILING = (0.07, 5), (0.0, -0.543, -0.840)
# Shading is smooth: from this resolution on it is worked out for every second pixel, from the second on for
# every third. Pixels a millimetre.
HALF_RATE_FROM, THIRD_RATE_FROM = 2.0, 5.0
# Grain that is drawn is as soft as this share of the picture's blur, and never stronger than this, levels:
# cracks of old paint measure as more, and would glitter.
GRAIN_SOFTNESS, MOST_GRAIN = 0.6, 4.0
_GRAIN_SIDE = 512


class MouthInterior:
    """The inside of one face's mouth."""

    def __init__(
        self,
        axes: FaceAxes,
        landmarks_px: NDArray[np.float32],
        palette: Palette,
        seed: int,
        shown: tuple[NDArray[np.uint8], LipCut] | None = None,
    ) -> None:
        """shown: the picture and the cut of its lips, for teeth that it may show; None draws the teeth."""
        self._palette = palette
        self._contact = _contact(axes)
        contact_px = axes.origin_px[:2] + axes.displacement_px(self._contact[None])[0]
        self._at_rest = SkullPlacement(
            rotation=axes.rotation, origin_px=contact_px, unit_px=axes.face_height_px
        )
        half_mouth_mm = axes.half_mouth * FACE_HEIGHT_MM
        self._tooth_scale = float(np.clip(half_mouth_mm / HALF_MOUTH_MM, *TOOTH_SCALES))
        rng = np.random.default_rng(seed)
        self._upper_rest_mm = float(rng.uniform(*UPPER_REST_MM))
        self._lower_rest_mm = self._upper_rest_mm + float(rng.uniform(*LOWER_REST_MM))
        px_per_mm = axes.face_height_px / FACE_HEIGHT_MM
        found = None
        if shown is not None:
            found = self._shown_teeth(*shown, landmarks_px, palette, px_per_mm)
        self.has_own_teeth = found is not None and found.is_row
        if found is not None:
            edge_mm = found.edge_mm if found.is_row else min(found.edge_mm, MOST_REST_MM)
            self._lower_rest_mm += edge_mm - self._upper_rest_mm
            self._upper_rest_mm = edge_mm
            self._palette = palette = replace(palette, tooth=np.clip(found.colour, 0, 255))
        self._lower_rest_mm = max(self._lower_rest_mm, LOWER_LEAST_MM)
        self._upper = draw_teeth(UPPER_TEETH, palette, px_per_mm, rng)
        self._lower = draw_teeth(LOWER_TEETH, palette, px_per_mm, rng)
        if found is not None and found.is_row:
            self._upper = with_shown_teeth(self._upper, found)
        self._grain = _grain(palette, rng)

    def _shown_teeth(
        self,
        rgb: NDArray[np.uint8],
        cut: LipCut,
        landmarks_px: NDArray[np.float32],
        palette: Palette,
        px_per_mm: float,
    ) -> ShownTeeth | None:
        """The teeth that the picture shows between its own lips."""
        corners = landmarks_px[[mesh.INNER_CORNER_LEFT, mesh.INNER_CORNER_RIGHT], :2] - cut.box.corner
        unit = self._at_rest.unit_px
        opening = find_opening(cut.box, cut.upper, cut.lower, corners, unit, room_px=1)
        if opening is None or float(opening.share.sum(axis=0).max()) < TEETH_GAP * unit:
            return None
        view = ArchView(
            skull=self._at_rest,
            arch=UPPER_ARCH,
            depth=UPPER_DEPTH,
            tooth_px_per_mm=px_per_mm * self._tooth_scale,
            px_per_mm=texture_px_per_mm(px_per_mm),
        )
        return find_shown_teeth(rgb, opening, view, palette)

    @property
    def contact(self) -> NDArray[np.float32]:
        """The point of the skull at which the lips meet, float32 (3,), face axes: see SkullPlacement."""
        return self._contact

    @property
    def at_rest(self) -> SkullPlacement:
        """The skull as the picture shows it."""
        return self._at_rest

    def view(
        self, opening: Opening, placement: SkullPlacement, mouth: NDArray[np.float32], jaw_drop: float
    ) -> NDArray[np.float32]:
        """The inside through an opening, in its light: float32 (height, width, 3) of its window, 0 to 255.

        placement: in the output. mouth: a row of ArticulationCurves. jaw_drop: face heights.
        """
        frame = _Frame(self, opening, placement, mouth, jaw_drop)
        picture = frame.cavity_and_tongue()
        frame.lay_teeth(picture, self._lower, LOWER_ARCH, is_lower=True)
        frame.lay_teeth(picture, self._upper, UPPER_ARCH, is_lower=False)
        frame.lay_tip(picture)
        picture *= _evened(opening.light(), self._palette)[..., None]
        picture *= self._grain_over(opening.box, placement)[..., None]
        return picture

    def _grain_over(self, box: Box, placement: SkullPlacement) -> NDArray[np.float32]:
        """What the picture's noise multiplies the pixels of a box with; it goes with the skull.

        Noise grows with light, as it does on skin.
        """
        x, y = (round(float(edge - at)) for edge, at in zip(box.corner, placement.origin_px, strict=True))
        columns = (x + np.arange(box.width)) % _GRAIN_SIDE
        rows = (y + np.arange(box.height)) % _GRAIN_SIDE
        return np.asarray(1 + self._grain[np.ix_(rows, columns)] / 128, dtype=np.float32)


class _Frame:
    """One frame's drawing: the places of everything, and the light as it falls in the head's own axes."""

    def __init__(
        self,
        interior: MouthInterior,
        opening: Opening,
        placement: SkullPlacement,
        mouth: NDArray[np.float32],
        jaw_drop: float,
    ) -> None:
        self._palette = palette = interior._palette
        self._placement, self._box = placement, opening.box
        scale = interior._tooth_scale
        self._px_per_mm = placement.unit_px / FACE_HEIGHT_MM * scale
        mm = scale / FACE_HEIGHT_MM  # a millimetre of these teeth, face heights
        upper_mm = interior._upper_rest_mm
        # A nod lifts what stands behind the lips.
        behind = UPPER_DEPTH / mm * float(placement.rotation[1, 2] / placement.rotation[1, 1])
        upper_mm += max(TUCKED_MM - behind - upper_mm, 0.0) * float(
            max(mouth[Mouth.TUCK], mouth[Mouth.TONGUE_OUT])
        )
        self._upper_edge = np.array([0, upper_mm * mm, UPPER_DEPTH])
        open_px = float(opening.share.sum(axis=0).max())
        drop = TEETH_PER_CHIN * jaw_drop
        lip_drop = (1 - UPPER_SHARE) * open_px / placement.unit_px
        drop += TEETH_PER_LIP * max(lip_drop - drop, 0.0)
        self._lower_edge = np.array([0, interior._lower_rest_mm * mm + drop, LOWER_DEPTH])
        self._tongue = TonguePose(
            open_mm=open_px / self._px_per_mm,
            lip_mm=(self._lower_edge[1] - lip_drop) / mm,
            edges_mm=float(self._lower_edge[1] - self._upper_edge[1]) / mm,
            up=float(mouth[Mouth.TONGUE_UP]),
            out=float(mouth[Mouth.TONGUE_OUT]),
        )
        self._step = 1 + (self._px_per_mm > HALF_RATE_FROM) + (self._px_per_mm > THIRD_RATE_FROM)
        to_head = placement.rotation.T
        self._towards_light = to_head @ palette.light.direction
        self._half_way = _unit(self._towards_light + to_head @ np.array([0, 0, -1], dtype=np.float32))
        self._half_way_up = _unit(np.array(CEILING) + to_head @ np.array([0, 0, -1]))
        middle = (self._step - 1) / 2
        self._x = np.arange(self._box.left + middle, self._box.right + middle, self._step, dtype=np.float32)
        self._y = np.arange(self._box.top + middle, self._box.bottom + middle, self._step, dtype=np.float32)
        self._corridor = self._corridor_light(opening)
        self._fading = (1 + palette.chroma * (np.array(FADING) - 1)).astype(np.float32)
        self._level = float(np.clip(luminance(palette.tooth) / 255, 0.15, 1))

    def _corridor_light(self, opening: Opening) -> NDArray[np.float32]:
        """Light by place between the corners of the mouth, float32 (row, column) of the coarse grid."""
        corners = opening.corners_px + np.array(opening.part.corner, dtype=np.float32)
        along = corners[1] - corners[0]
        half = max(float(np.linalg.norm(along)) / 2, 1.0)
        along = along / (2 * half)
        middle = corners.mean(axis=0)
        place = (self._x - middle[0]) * along[0] + ((self._y - middle[1]) * along[1])[:, None]
        light = CORNER_LIGHT + (1 - CORNER_LIGHT) * smoothstep((1 - np.abs(place) / half) / CORRIDOR)
        return _evened(np.asarray(light, dtype=np.float32), self._palette)

    def _plane_mm(self, depth_mm: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Millimetres across and below the middle lower edge, in a plane behind it, of the coarse grid."""
        behind = self._lower_edge + np.array([0, 0, depth_mm / FACE_HEIGHT_MM])
        origin = self._placement.point_px(behind)
        inverse = np.linalg.inv(self._placement.rotation[:2, :2].astype(np.float64) * self._px_per_mm)
        x, y = (self._x - np.float32(origin[0]))[None, :], (self._y - np.float32(origin[1]))[:, None]
        inverse = inverse.astype(np.float32)
        return inverse[0, 0] * x + inverse[0, 1] * y, inverse[1, 0] * x + inverse[1, 1] * y

    def _to_pixels(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Values of the coarse grid at the pixels of the box."""
        if self._step == 1:
            return values
        size_wh = (values.shape[1] * self._step, values.shape[0] * self._step)
        fine = cv2.resize(values, size_wh, interpolation=cv2.INTER_LINEAR)
        return np.asarray(fine[: self._box.height, : self._box.width], dtype=np.float32)

    def cavity_and_tongue(self) -> NDArray[np.float32]:
        """What lies behind the teeth, float32 (height, width, 3)."""
        palette = self._palette
        x, y = self._plane_mm(DEPTH_MM)
        # The throat is darkest, the cheeks at the sides catch some light.
        dark = (0.55 + 0.9 * np.clip(np.abs(x) / 22, 0, 1) ** 1.5) * (0.35 + 0.65 * self._corridor)
        colours = dark[..., None] * palette.cavity
        tongue = lying_tongue(x, y, self._tongue)
        colours += (self._tongue_colours(tongue) - colours) * tongue.cover[..., None]
        return self._to_pixels(colours.astype(np.float32))

    def lay_tip(self, picture: NDArray[np.float32]) -> None:
        """The tip of the tongue over the teeth, into a picture of the box."""
        if self._tongue.out <= OUT_FROM:
            return
        tip = tip_between_teeth(*self._plane_mm(0.0), self._tongue)
        colours = self._to_pixels(self._tongue_colours(tip))
        picture += (colours - picture) * self._to_pixels(tip.cover)[..., None]

    def _tongue_colours(self, tongue: TongueView) -> NDArray[np.float32]:
        palette = self._palette
        light = palette.light.ambient + palette.light.directed * np.clip(
            tongue.normals @ self._towards_light, 0, None
        )
        wet = np.clip(tongue.normals @ self._half_way, 0, 1)
        wet = (0.02 * _squared(wet, 3) + 0.09 * _squared(wet, 5)) * (1 - palette.flatness)
        lit = (light * (0.35 + 0.65 * self._corridor) * tongue.shade)[..., None]
        return np.asarray(
            palette.tongue * lit + (255 * self._level * wet * tongue.shade)[..., None], dtype=np.float32
        )

    def lay_teeth(
        self, picture: NDArray[np.float32], row: ToothRow, arch: DentalArch, *, is_lower: bool
    ) -> None:
        """A row of teeth over a picture of the box."""
        edge = self._lower_edge if is_lower else self._upper_edge
        seen = arch.seen(self._placement.rotation, self._placement.point_px(edge), self._px_per_mm)
        surface = seen.surface(self._box)
        coarse = surface if self._step == 1 else seen.surface(self._box, self._step)
        if is_lower:
            surface[..., 1] *= -1
        colours = look_up(row.colours, row.texture_places(surface, row.px_per_mm), outside=0.0)
        light, gloss = self._tooth_light(row, coarse.copy(), is_lower)
        cover = colours[..., 3:]
        picture *= 1 - cover
        picture += colours[..., :3] * self._to_pixels(light)
        picture += cover * self._to_pixels(gloss)[..., None]

    def _tooth_light(
        self, row: ToothRow, surface: NDArray[np.float32], is_lower: bool
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Light on a row, float32 (row, column, 3) of the coarse grid, and the gloss that is added to it."""
        palette = self._palette
        azimuth, depth = surface[..., 2], surface[..., 3]
        if is_lower:
            surface[..., 1] *= -1
        relief = look_up(row.relief, row.texture_places(surface, row.relief_px_per_mm))
        azimuth = azimuth + relief[..., 0]
        elevation = -relief[..., 1] if is_lower else relief[..., 1]
        level = np.cos(elevation)
        normals = np.stack([np.sin(azimuth) * level, -np.sin(elevation), -np.cos(azimuth) * level], axis=-1)
        light = palette.light.ambient + palette.light.directed * np.clip(
            normals @ self._towards_light, 0, None
        )
        shine = np.clip(normals @ self._half_way, 0, 1)
        gloss = sum(strength * _squared(shine, power) for strength, power in GLOSS)
        strength, power = CEILING_GLOSS
        gloss = gloss + strength * _squared(np.clip(normals @ self._half_way_up, 0, 1), power)
        reaching = np.exp(-np.clip(depth - FOG_FROM_MM, 0, None) / FOG_MM) * self._corridor
        light, reaching = _evened(light, palette), _evened(reaching, palette)
        if is_lower:
            reaching = reaching * LOWER_LIGHT * (0.62 + 0.38 * min(self._tongue.open_mm / 11, 1.0))
        own = relief[..., 3]
        faded = reaching[..., None] ** self._fading
        lit = light[..., None] * faded * (1 - own)[..., None] + own[..., None]
        shine = 255 * self._level * gloss * relief[..., 2] * reaching * (1 - own)
        return lit.astype(np.float32), shine.astype(np.float32)


def _evened(light: NDArray[np.float32], palette: Palette) -> NDArray[np.float32]:
    """Light that differs less from place to place the more the picture is a drawing."""
    return light + (1 - light) * np.float32(FLAT_LIGHT * palette.flatness)


def _grain(palette: Palette, rng: np.random.Generator) -> NDArray[np.float32]:
    """Noise as the picture's, as soft as the picture, float32 (row, column) of about its strength."""
    noise = blurred(rng.normal(0, 1, (_GRAIN_SIDE, _GRAIN_SIDE)), max(0.3, GRAIN_SOFTNESS * palette.blur_px))
    return np.asarray(noise * (min(palette.grain, MOST_GRAIN) / noise.std()), dtype=np.float32)


def _squared(value: NDArray[np.floating], times: int) -> NDArray[np.floating]:
    """The 2 ** times-th power."""
    for _ in range(times):
        value = value * value
    return value


def _unit(vector: NDArray[np.floating]) -> NDArray[np.float32]:
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def _contact(axes: FaceAxes) -> NDArray[np.float32]:
    """Where the lips meet in the middle when they are shut, float32 (3,), face axes."""
    upper, lower = axes.points[mesh.LIP_INNER_TOP], axes.points[mesh.LIP_INNER_BOTTOM]
    parted = float(np.linalg.norm(lower - upper)) > PARTED_GAP
    contact: NDArray[np.float32] = upper + np.float32(CLOSING_SHARE if parted else 0.5) * (lower - upper)
    return contact
