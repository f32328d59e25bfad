"""The three face networks, loaded once when first needed.

The files are made by tools/convert_face_models.py.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from importlib.resources import files

import numpy as np
import onnxruntime
from numpy.typing import NDArray


class FaceModel(Enum):
    """A network, by the name of its file."""

    MESH = "face_mesh"
    DETECTOR_SHORT = "detector_short"
    DETECTOR_FULL = "detector_full"


@dataclass(frozen=True)
class Network:
    """One network. Safe to use from several threads."""

    model: FaceModel

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        settings = onnxruntime.SessionOptions()
        # A second thread makes the small graphs slower, and one that spins takes a core from the encoder.
        settings.intra_op_num_threads = 1
        settings.inter_op_num_threads = 1
        settings.add_session_config_entry("session.intra_op.allow_spinning", "0")
        settings.log_severity_level = 3
        data = (files(__package__) / "models" / f"{self.model.value}.onnx").read_bytes()
        return onnxruntime.InferenceSession(data, settings, providers=["CPUExecutionProvider"])

    def run(self, image: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The network's two outputs for one image, float32 (height, width, 3) of the network's size."""
        with _loading:
            session = self._session
        first, second = session.run(None, {"image": image[None]})
        return first, second


_loading = threading.Lock()
_networks = {model: Network(model) for model in FaceModel}


def network(model: FaceModel) -> Network:
    """The one instance of a network in this process."""
    return _networks[model]
