"""The new mouth of one person of a clip, frame after frame."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.media.pixels.planes import I420, box_to_rgb, paste_rgb
from lipwright.engine.pipelines.lip_sync.clip_scan import ClipScan
from lipwright.engine.pipelines.lip_sync.speakers import CHUNK_FRAMES, SpeakerModel
from lipwright.engine.pipelines.modes import LipSyncMode
from lipwright.engine.render.clip.drawer import MouthDrawer, MouthRequest
from lipwright.engine.render.clip.exemplars import Exemplar, choose_sequence, dullness
from lipwright.engine.render.clip.jaw import (
    MISSED_FROM,
    MISSED_WHOLLY,
    missing_apart,
    mouth_lengths,
    wanted_apart,
)
from lipwright.engine.render.clip.transfer import LOOKED_FRAMES, steady_own_share
from lipwright.engine.render.clip.upright import UprightMouth
from lipwright.engine.render.patch import Patch
from lipwright.engine.timeline import frame_times_s

# A frame with less of the new mouth than this is left as it is.
LEAST_SHARE = 0.01
# Over so many frames before and after a change of exemplar both are mixed, so that teeth do not jump.
CROSSFADE_FRAMES = 2
PRO_CROSSFADE_FRAMES = 4
# How far apart the frames are that threads ask for at a time, at the most.
NEAR_FRAMES = 16

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Counts:
    """What became of the frames: re-made, left alone, partly faded, made with a borrowed inside, failed."""

    rendered: int = 0
    passed: int = 0
    faded: int = 0
    borrowed: int = 0
    failed: int = 0


class MouthReplacement:
    """One person's new mouth through a video. Several threads may ask for frames that lie near each other."""

    def __init__(
        self,
        clip: ClipScan,
        actor: SpeakerModel,
        curves: ArticulationCurves,
        mode: LipSyncMode,
        shown: NDArray[np.intp] | None = None,
        drawer: MouthDrawer | None = None,
    ) -> None:
        """shown: intp (frame,), which frame of the clip each one of the video shows; None means the clip.

        drawer: draws the mouths; None takes the speaker's own.
        """
        self._clip, self._actor = clip, actor
        self._shown = np.arange(clip.frame_count) if shown is None else shown
        self._rows = _sampled(curves, len(self._shown), clip.frame_rate)
        self._drawer: MouthDrawer = UprightMouth(drawer or actor.mouth)
        self._keys = sorted(actor.exemplars)
        rig = actor.mouth.geometry.rig
        self._wanted_apart = wanted_apart(np.array([rig.jaw_drop(row) for row in self._rows], np.float32))
        self._path = self._choose()
        self._reach = PRO_CROSSFADE_FRAMES if mode is LipSyncMode.PRO else CROSSFADE_FRAMES
        self._chunk_start = 0
        self._chunk = np.empty((0, 0, 3), dtype=np.float32)
        self._lengths = np.empty((0, 4), dtype=np.float32)
        self._lock = threading.Lock()
        self.counts = Counts()
        self.first_fault: Exception | None = None  # that made a frame fail

    @property
    def borrows(self) -> bool:
        """Whether the inside of the mouth is more than drawn: exemplars are found, or none are needed."""
        return self._path is not None or not self._drawer.needs_exemplars

    def apply(self, index: int, i420: I420) -> None:
        """Re-make the mouth in a frame of the video, in place; where that fails the frame stays as it is."""
        source = int(self._shown[index])
        share = float(self._actor.share[source])
        exemplars = tuple(self._sources(index))
        mesh_and_own = self._landmarks(index) if share >= LEAST_SHARE else None
        try:
            patch = None
            if mesh_and_own is not None:
                landmarks, own_share = mesh_and_own
                request = MouthRequest(
                    index=index,
                    mouth=self._rows[index],
                    share=share,
                    exemplars=exemplars,
                    own_share=own_share,
                )
                patch = self._drawn(i420, landmarks, request)
        except MemoryError:
            raise
        except Exception as fault:  # of one frame, whatever it is: the others may be drawn
            self._note_fault(fault)
            return
        if patch is None:
            with self._lock:
                self.counts.passed += 1
            return
        paste_rgb(i420, patch.box, patch.rgb, weight=patch.weight, colour=self._clip.colour)
        with self._lock:
            self.counts.rendered += 1
            self.counts.faded += share < 1
            self.counts.borrowed += bool(exemplars)

    def _drawn(self, i420: I420, landmarks: NDArray[np.float32], request: MouthRequest) -> Patch | None:
        """The new mouth of a frame; None where the frame does not show it."""
        box = self._drawer.box_for(landmarks, self._clip.size_wh)
        if box is None:
            return None
        return self._drawer.draw(box_to_rgb(i420, box, self._clip.colour), box, landmarks, request)

    def _note_fault(self, fault: Exception) -> None:
        with self._lock:
            self.counts.failed += 1
            if self.first_fault is None:
                self.first_fault = fault
                _log.info("drawing a mouth failed", exc_info=fault)

    def _landmarks(self, index: int) -> tuple[NDArray[np.float32], float]:
        """Of a frame of the video its mesh, and how much of the inside is to be its own."""
        source = int(self._shown[index])
        with self._lock:
            if not self._chunk_start <= source < self._chunk_start + len(self._chunk):
                # The same chunks forwards and backwards; frames around this one may still be asked for.
                first = source // CHUNK_FRAMES * CHUNK_FRAMES
                self._chunk_start = max(0, first - NEAR_FRAMES)
                stop = min(first + CHUNK_FRAMES + NEAR_FRAMES, self._clip.frame_count)
                self._chunk = self._actor.landmarks(self._chunk_start, stop)
                self._lengths = _lengths(self._chunk)
            row: NDArray[np.float32] = self._chunk[source - self._chunk_start]
            around = np.arange(index - LOOKED_FRAMES, index + LOOKED_FRAMES + 1)
            around = np.clip(around, 0, len(self._shown) - 1)
            places = np.clip(self._shown[around] - self._chunk_start, 0, len(self._lengths) - 1)
            lengths = self._lengths[places]
        wanted_gap = self._rows[around, Mouth.APERTURE] * self._actor.mouth.geometry.full_gap
        return row, steady_own_share(lengths[:, 0], wanted_gap, self._teeth_fit(around, lengths))

    def _teeth_fit(
        self, frames: NDArray[np.intp], lengths: NDArray[np.float32]
    ) -> NDArray[np.float32] | None:
        """How well the teeth of frames of the video fit beside those to be borrowed, float32 (frame,), 0 to
        1.

        lengths: float32 (frame, 4), what mouth_lengths gives of them. None where nothing is known.
        """
        if self._path is None or self._actor.jaw is None:
            return None
        wanted = self._wanted_apart[frames]
        missed = missing_apart(wanted, self._actor.jaw.apart(lengths))
        missed = missed - missing_apart(wanted, self._actor.apart[self._path[frames]])
        fits = np.clip((MISSED_WHOLLY - missed) / (MISSED_WHOLLY - MISSED_FROM), 0, 1)
        return np.asarray(fits, np.float32)

    def _choose(self) -> NDArray[np.intp] | None:
        if not self._keys:  # nothing was to be borrowed, or there is nothing
            return None
        full_gap = self._actor.mouth.geometry.full_gap
        wanted = self._rows[:, Mouth.APERTURE] * full_gap
        turn = self._actor.track.angles_deg[self._shown, :2]
        dull = dullness([self._actor.exemplars[key] for key in self._keys])
        missing_jaw = missing_apart(self._wanted_apart[:, None], self._actor.apart[None])
        return choose_sequence(wanted, turn, self._actor.features, self._keys, full_gap, dull, missing_jaw)

    def _sources(self, index: int) -> Iterator[tuple[Exemplar, float]]:
        if self._path is None:
            return
        around = self._path[max(0, index - self._reach) : index + self._reach + 1]
        choices, counts = np.unique(around, return_counts=True)
        for choice, count in zip(choices, counts, strict=True):
            yield self._actor.exemplars[self._keys[choice]], count / len(around)


def _sampled(curves: ArticulationCurves, count: int, frame_rate: Fraction) -> NDArray[np.float32]:
    """A row of the mouth for each frame; at rest where the sound has ended."""
    times_s = frame_times_s(count, frame_rate)
    rows = curves.sample(times_s)
    rows[times_s > curves.duration_s] = ArticulationCurves.at_rest(0.01).values[0]
    return rows


def _lengths(meshes: NDArray[np.float32]) -> NDArray[np.float32]:
    """What mouth_lengths gives of meshes (frame, 478, 3), float32 (frame, 4); 0 where no face was found."""
    nothing = np.zeros(4, np.float32)
    return np.stack([mouth_lengths(mesh) if mesh.any() else nothing for mesh in meshes])
