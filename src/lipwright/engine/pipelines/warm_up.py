"""Loading ahead what a first render would load."""

from __future__ import annotations

from lipwright.engine.face.find.models import FaceModel, network
from lipwright.engine.media.reading.images import load_readers
from lipwright.engine.render.photo.person_matte import NETWORK


def warm_up() -> None:
    """Load the networks and the readers of pictures, which else wait for the first render that needs them.

    Starts no thread, so that processes may be forked afterwards.
    """
    load_readers()
    for model in FaceModel:
        network(model).load()
    NETWORK.load()
