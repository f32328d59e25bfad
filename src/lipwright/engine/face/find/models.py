"""The three face networks, loaded once when first needed.

The files are made by tools/convert_face_models.py.
"""

from __future__ import annotations

from enum import Enum
from importlib.resources import files

from lipwright.engine.networks import Network


class FaceModel(Enum):
    """A network, by the name of its file."""

    MESH = "face_mesh"
    DETECTOR_SHORT = "detector_short"
    DETECTOR_FULL = "detector_full"


_networks = {model: Network(files(__package__) / "models" / f"{model.value}.onnx") for model in FaceModel}


def network(model: FaceModel) -> Network:
    """The one instance of a network in this process."""
    return _networks[model]
