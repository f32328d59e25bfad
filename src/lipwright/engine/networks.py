"""Networks in ONNX files, each loaded once when first needed and run on one thread."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable

import numpy as np
import onnxruntime
from numpy.typing import NDArray


@dataclass(frozen=True)
class Network:
    """A network that looks at one image. Safe to use from several threads.

    file: its ONNX file, with one input `image` (1, height, width, 3).
    """

    file: Traversable

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        settings = onnxruntime.SessionOptions()
        # A second thread makes the small graphs slower, and one that spins takes a core from the encoder.
        settings.intra_op_num_threads = 1
        settings.inter_op_num_threads = 1
        settings.add_session_config_entry("session.intra_op.allow_spinning", "0")
        settings.log_severity_level = 3
        return onnxruntime.InferenceSession(
            self.file.read_bytes(), settings, providers=["CPUExecutionProvider"]
        )

    def load(self) -> None:
        """Load it, unless it is loaded. It has no thread of its own."""
        with _loading:
            _ = self._session

    def run(self, image: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """The network's outputs for one image, float32 (height, width, 3) of the network's size."""
        with _loading:
            session = self._session
        return tuple(session.run(None, {"image": image[None]}))


_loading = threading.Lock()
