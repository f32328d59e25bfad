"""Run by another interpreter, one that has mediapipe 0.10.21: what its face mesh says of pictures.

    python mediapipe_reference.py OUT.npz PICTURE...

Stores for each picture the points of its faces, float64 (face, 478, 3), pixels.
"""

from __future__ import annotations

import sys
import types

# mediapipe imports matplotlib for its drawing helpers alone; an empty stand-in saves the installation.
for name in ("matplotlib", "matplotlib.pyplot"):
    sys.modules[name] = types.ModuleType(name)

import cv2  # noqa: E402
import mediapipe  # noqa: E402
import numpy as np  # noqa: E402


def main() -> None:
    found = {}
    for number, path in enumerate(sys.argv[2:]):
        bgr = cv2.imread(path)
        assert bgr is not None, path
        rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
        with mediapipe.solutions.face_mesh.FaceMesh(
            static_image_mode=True, max_num_faces=4, refine_landmarks=True, min_detection_confidence=0.5
        ) as mesh:
            faces = mesh.process(rgb).multi_face_landmarks or []
        height, width = rgb.shape[:2]
        scale = [width, height, width]
        points = [[(p.x, p.y, p.z) for p in face.landmark] for face in faces]
        found[str(number)] = np.array(points, np.float64).reshape(-1, 478, 3) * scale
    np.savez(sys.argv[1], **found)


if __name__ == "__main__":
    main()
