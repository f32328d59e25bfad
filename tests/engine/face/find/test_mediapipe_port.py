"""The converted networks give what MediaPipe itself gives.

The comparison follows MediaPipe's own steps for a still picture (short-range detector, one look of the mesh,
no averaging of skipped pixels), so that only the conversion is measured, not what find_faces improves.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from lipwright.engine.face.find.detect import SHORT_RANGE, look
from lipwright.engine.face.find.landmarks import MESH_INPUT_PX, REGION_SCALE
from lipwright.engine.face.find.models import FaceModel, network
from lipwright.engine.face.find.region import Region
from lipwright.engine.render.photo.person_matte import INPUT_PX, NETWORK

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

# Mean distance over all points, for a face 200 px wide. The port reaches 0.00 to 0.07: resampling in
# fixed-point arithmetic of another OpenCV version is all that differs.
MOST_MEAN_PX = 0.2
MOST_SINGLE_PX = 1.0
# Mattes, 0 to 1. The port reaches 1e-6, and in a picture without a person 1e-5 and 5e-4 where it is steep.
MOST_MEAN_MATTE, MOST_SINGLE_MATTE = 2e-5, 2e-3
# Two faces of one picture lie further apart than this; the same face in both programs does not.
SAME_FACE_PX = 10.0


@pytest.fixture(scope="session")
def mediapipe_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An interpreter with mediapipe 0.10.21, which has wheels for Python 3.11 and 3.12 on x86-64 only."""
    uv = shutil.which("uv")
    if uv is None or sys.version_info >= (3, 13) or "x86_64" not in sysconfig.get_platform():
        pytest.skip("mediapipe 0.10.21 needs uv, Python 3.11 or 3.12, and an x86-64 machine")
    folder = tmp_path_factory.mktemp("mediapipe") / "venv"
    python = str(folder / "bin" / "python")
    install = [uv, "pip", "install", "--quiet", "--python", python]
    # Without its declared dependencies: they weigh 900 MB and the face mesh needs none of the large ones.
    for command in (
        [uv, "venv", "--quiet", "--python", sys.executable, str(folder)],
        [*install, "--no-deps", "mediapipe==0.10.21"],
        [
            *install,
            "numpy",
            "protobuf==4.25.9",
            "absl-py",
            "attrs",
            "flatbuffers",
            "opencv-python-headless<5",
        ],
    ):
        # Away from the project: its constraints on versions are not for this environment.
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder.parent)
        if done.returncode:
            pytest.skip(f"mediapipe 0.10.21 could not be installed here: {done.stderr.strip()[-200:]}")
    return python


def reference(
    python: str, pictures: list[Path], out: Path, what: str = "points"
) -> list[NDArray[np.float64]]:
    script = Path(__file__).with_name("mediapipe_reference.py")
    command = [python, str(script), what, str(out), *(str(path) for path in pictures)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "GLOG_minloglevel": "2"}
    )
    assert done.returncode == 0, done.stderr[-2000:]
    with np.load(out) as data:
        return [data[str(i)] for i in range(len(pictures))]


def as_mediapipe_does(path: Path) -> list[NDArray[np.float64]]:
    bgr = cv2.imread(str(path))
    assert bgr is not None
    rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype(np.uint8)
    height, width = rgb.shape[:2]
    whole = Region(
        centre_px=np.array([width / 2, height / 2]), side_px=float(max(width, height)), angle_rad=0.0
    )
    faces = []
    for detection in look(rgb, whole, SHORT_RANGE, 0.5, antialias=False):
        region = detection.region(scale=REGION_SCALE)
        image = region.cut(rgb, MESH_INPUT_PX, antialias=False).astype(np.float32) / np.float32(255)
        points, _ = network(FaceModel.MESH).run(image)
        faces.append(region.to_picture(points, MESH_INPUT_PX))
    return faces


def assert_same_points(pictures: list[Path], python: str, out: Path) -> None:
    compared = 0
    for path, theirs in zip(pictures, reference(python, pictures, out), strict=True):
        for points in as_mediapipe_does(path):
            scale = 200 / np.ptp(points[:468, 0])
            distances = [np.linalg.norm((points - other)[:, :2], axis=1) * scale for other in theirs]
            near = [each for each in distances if each.mean() < SAME_FACE_PX]
            assert near, f"MediaPipe found no such face in {path.name}"
            nearest = min(near, key=lambda each: float(each.mean()))
            print(f"{path.name}: mean {nearest.mean():.3f} px, most {nearest.max():.2f} px")
            assert nearest.mean() < MOST_MEAN_PX, path.name
            assert nearest.max() < MOST_SINGLE_PX, path.name
            compared += 1
    assert compared


def assert_same_mattes(pictures: list[Path], python: str, out: Path) -> None:
    for path, theirs in zip(pictures, reference(python, pictures, out, "matte"), strict=True):
        bgr = cv2.imread(str(path))
        assert bgr is not None
        rgb = cv2.cvtColor(cv2.resize(bgr, (INPUT_PX, INPUT_PX)), cv2.COLOR_BGR2RGB)
        (ours,) = NETWORK.run(rgb.astype(np.float32) / np.float32(255))
        difference = np.abs(ours - theirs)
        print(f"{path.name}: mean {difference.mean():.1e}, most {difference.max():.1e}")
        assert difference.mean() < MOST_MEAN_MATTE, path.name
        assert difference.max() < MOST_SINGLE_MATTE, path.name


def versions_of(rgb: NDArray[np.uint8], folder: Path) -> list[Path]:
    """The portrait small, large, leaning, dark and mirrored."""
    turn = cv2.getRotationMatrix2D((256, 256), 25, 1)
    made = {
        "as_it_is": rgb,
        "half": cv2.resize(rgb, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
        "double": cv2.resize(rgb, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC),
        "leaning": cv2.warpAffine(rgb, turn, (512, 512), borderMode=cv2.BORDER_REPLICATE),
        "dark": (rgb * 0.4).astype(np.uint8),
        "mirrored": np.ascontiguousarray(rgb[:, ::-1]),
        "close": rgb[20:240, 110:330],
    }
    for name, picture in made.items():
        cv2.imwrite(str(folder / f"{name}.png"), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return sorted(folder.glob("*.png"))


def test_the_sample_portrait_gets_mediapipes_points(
    portrait_rgb: NDArray[np.uint8], mediapipe_python: str, tmp_path: Path
) -> None:
    assert_same_points(versions_of(portrait_rgb, tmp_path), mediapipe_python, tmp_path / "reference.npz")


def test_the_sample_portrait_gets_mediapipes_matte(
    portrait_rgb: NDArray[np.uint8], mediapipe_python: str, tmp_path: Path
) -> None:
    assert_same_mattes(versions_of(portrait_rgb, tmp_path), mediapipe_python, tmp_path / "reference.npz")


@pytest.mark.assets
def test_all_real_pictures_get_mediapipes_mattes(assets: Path, mediapipe_python: str, tmp_path: Path) -> None:
    pictures = sorted((assets / "images").glob("*.*g"))
    assert_same_mattes(pictures, mediapipe_python, tmp_path / "reference.npz")


@pytest.mark.assets
def test_all_real_pictures_and_clips_get_mediapipes_points(
    assets: Path, mediapipe_python: str, tmp_path: Path
) -> None:
    pictures = sorted((assets / "images").glob("*.*g"))
    for path in sorted((assets / "videos").glob("*.m*")):
        clip = cv2.VideoCapture(str(path))
        clip.set(cv2.CAP_PROP_POS_FRAMES, 40)
        read, frame = clip.read()
        assert read
        pictures.append(tmp_path / f"{path.stem}.png")
        cv2.imwrite(str(pictures[-1]), frame)
    assert_same_points(pictures, mediapipe_python, tmp_path / "reference.npz")


def test_the_tool_makes_the_networks_that_ship(mediapipe_python: str, tmp_path: Path) -> None:
    uv = shutil.which("uv")
    assert uv is not None
    subprocess.run(
        [
            uv,
            "pip",
            "install",
            "--quiet",
            "--python",
            mediapipe_python,
            "onnx>=1.17",
            "tflite>=2.18",
            "protobuf",
        ],
        check=True,
        cwd=tmp_path,
    )
    installed = (
        Path(mediapipe_python).parents[1] / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    )
    tool = Path(__file__).parents[4] / "tools" / "convert_face_models.py"
    subprocess.run(
        [mediapipe_python, str(tool), "--wheel", str(installed), "--out", str(tmp_path)], check=True
    )
    assert (tmp_path / "matte.onnx").read_bytes() == NETWORK.file.read_bytes()
    noise = np.random.default_rng(3).random((1, 192, 192, 3), np.float32)
    for model in FaceModel:
        made = onnxruntime.InferenceSession(str(tmp_path / f"{model.value}.onnx"))
        image = noise[:, :128, :128] if model is FaceModel.DETECTOR_SHORT else noise
        for ours, theirs in zip(network(model).run(image[0]), made.run(None, {"image": image}), strict=True):
            assert np.array_equal(ours, theirs), model
