"""Meshes on disk, so that a long clip needs no more memory than a short one.

One unnamed temporary file per face holds a record of 2.9 kB for every frame: points as 16-bit numbers around
their own middle, which is a fortieth of a pixel for a face of 1000 pixels.
"""

from __future__ import annotations

import os
import tempfile
import weakref

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.face.values import MESH_POINTS

_LARGEST = 32_000
_RECORD = np.dtype([("middle", "<f4", 3), ("step", "<f4"), ("points", "<i2", (MESH_POINTS, 3))])


class LandmarkStore:
    """Meshes by the number of their frame. Frames never written read as zeros. Safe to read from threads."""

    def __init__(self) -> None:
        # The file loses its name at once: its space comes back when the store is dropped or the process ends.
        descriptor, name = tempfile.mkstemp(prefix="lipwright-", suffix=".part")
        os.unlink(name)
        self._descriptor = descriptor
        self._closing = weakref.finalize(self, os.close, descriptor)

    def close(self) -> None:
        """Give the disk space back now."""
        self._closing()

    def write(self, frame: int, landmarks_px: NDArray[np.floating]) -> None:
        """Store one mesh (478, 3), pixels."""
        record = np.zeros((), _RECORD)
        middle = (landmarks_px.min(axis=0) + landmarks_px.max(axis=0)) / 2
        step = max(float(np.abs(landmarks_px - middle).max()) / _LARGEST, 1e-6)
        record["middle"], record["step"] = middle, step
        record["points"] = np.rint((landmarks_px - middle) / step)
        os.pwrite(self._descriptor, record.tobytes(), frame * _RECORD.itemsize)

    def repeat(self, frame: int) -> None:
        """Store the mesh of the frame before once more."""
        size = _RECORD.itemsize
        os.pwrite(self._descriptor, os.pread(self._descriptor, size, (frame - 1) * size), frame * size)

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        """Meshes of the frames from start to before stop, float32 (frame, 478, 3), pixels."""
        size = max(0, stop - start) * _RECORD.itemsize
        data = os.pread(self._descriptor, size, start * _RECORD.itemsize)
        records = np.frombuffer(data.ljust(size, b"\0"), _RECORD)
        points = records["points"].astype(np.float32) * records["step"][:, None, None]
        return np.asarray(points + records["middle"][:, None, :], np.float32)
