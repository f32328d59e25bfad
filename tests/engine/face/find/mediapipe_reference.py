"""Run by another interpreter, one that has mediapipe 0.10.21: what it says of pictures.

    python mediapipe_reference.py points OUT.npz PICTURE...
    python mediapipe_reference.py matte OUT.npz PICTURE...

Stores for each picture the points of its faces, float64 (face, 478, 3), pixels, or its matte as the selfie
segmentation sees it, float32 (256, 256).
"""

from __future__ import annotations

import sys
import types
from typing import Any

# mediapipe imports matplotlib for its drawing helpers alone; an empty stand-in saves the installation.
for name in ("matplotlib", "matplotlib.pyplot"):
    sys.modules[name] = types.ModuleType(name)

import cv2  # noqa: E402
import mediapipe  # noqa: E402
import numpy as np  # noqa: E402


def points(bgr: Any) -> Any:
    rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
    with mediapipe.solutions.face_mesh.FaceMesh(
        static_image_mode=True, max_num_faces=4, refine_landmarks=True, min_detection_confidence=0.5
    ) as mesh:
        faces = mesh.process(rgb).multi_face_landmarks or []
    height, width = rgb.shape[:2]
    scale = [width, height, width]
    found = [[(p.x, p.y, p.z) for p in face.landmark] for face in faces]
    return np.array(found, np.float64).reshape(-1, 478, 3) * scale


def matte(bgr: Any) -> Any:
    rgb = cv2.cvtColor(cv2.resize(bgr, (256, 256)), cv2.COLOR_BGR2RGB)
    with mediapipe.solutions.selfie_segmentation.SelfieSegmentation(model_selection=0) as segmentation:
        return segmentation.process(rgb).segmentation_mask


def main() -> None:
    look = {"points": points, "matte": matte}[sys.argv[1]]
    found = {}
    for number, path in enumerate(sys.argv[3:]):
        bgr = cv2.imread(path)
        assert bgr is not None, path
        found[str(number)] = look(bgr)
    np.savez(sys.argv[2], **found)


if __name__ == "__main__":
    main()
