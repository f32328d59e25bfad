# /// script
# requires-python = ">=3.11"
# dependencies = ["flatbuffers>=25", "numpy>=2.2", "onnx>=1.17", "tflite>=2.18"]
# ///
"""Convert the models of the mediapipe 0.10.21 wheel into the ONNX files of lipwright.engine.

    uv run tools/convert_face_models.py --wheel mediapipe-0.10.21-....whl
    uv run tools/convert_face_models.py            # lets pip fetch the wheel

Writes face_mesh.onnx, detector_short.onnx, detector_full.onnx and matte.onnx. Weights stay the 16-bit
floats they are in the wheel and are cast to 32 bits when a session loads them, so nothing is lost and the
files are half the size. Sparse weights are expanded. The attention model's custom operators (turn a
region level, sample it, map its points back) become ordinary ONNX operators, so that one file gives all 478
points.

    face_mesh.onnx       image (1, 192, 192, 3), 0 to 1 -> points (478, 3) in pixels of that image, flag (1,)
    detector_short.onnx  image (1, 128, 128, 3), -1 to 1 -> boxes (896, 16), scores (896,)
    detector_full.onnx   image (1, 192, 192, 3), -1 to 1 -> boxes (2304, 16), scores (2304,)
    matte.onnx           image (1, 256, 256, 3), 0 to 1 -> matte (256, 256), 0 to 1

Flag and scores are logits.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from face_models.converter import Converter
from face_models.tflite_file import TfliteModel
from flatbuffers import flexbuffers

MODELS_IN_WHEEL = "mediapipe/modules"
MEDIAPIPE = "mediapipe==0.10.21"
ENGINE = Path(__file__).parents[1] / "src/lipwright/engine"
FACE_MODELS, MATTE_MODELS = ENGINE / "face/find/models", ENGINE / "render/photo/models"


def convert_detector(data: bytes, path: Path) -> None:
    """A detector: both outputs are told apart by their last axis."""
    converter = Converter(TfliteModel(data))
    converter.convert()
    outputs = {}
    for i in range(2):
        tensor = int(converter.model.graph.Outputs(i))
        _, anchors, width = converter.model.shape(tensor)
        name, shape = ("scores", [anchors]) if width == 1 else ("boxes", [anchors, width])
        outputs[name] = (converter.value(tensor), shape)
    converter.save(path, {name: outputs[name] for name in ("boxes", "scores")})


def convert_mesh(data: bytes, path: Path) -> None:
    """The attention mesh: the refined lips, eyes and irises replace the points of the plain mesh."""
    converter = Converter(TfliteModel(data))
    converter.convert()
    model, graph = converter.model, converter.graph
    matrices = [o for o in model.operators if model.kind(o) == "Landmarks2TransformMatrix"]
    lips, eye_left, eye_right = (
        flexbuffers.Loads(o.CustomOptionsAsNumpy().tobytes())["subset_idxs"] for o in matrices
    )
    iris_left, iris_right = list(range(468, 473)), list(range(473, 478))
    parts = {
        "output_lips": lips,
        "output_left_eye": eye_left,
        "output_right_eye": eye_right,
        "output_left_iris": iris_left,
        "output_right_iris": iris_right,
    }
    mesh = graph.add("Reshape", converter.value(model.named("output_mesh")), graph.integers(468, 3))
    flat = [graph.add("Slice", mesh, graph.integers(0), graph.integers(2), graph.integers(1))]
    source = np.full(478, -1, np.int64)
    source[:468] = np.arange(468)
    start = 468
    for name, indices in parts.items():
        flat.append(graph.add("Reshape", converter.value(model.named(name)), graph.integers(len(indices), 2)))
        source[indices] = start + np.arange(len(indices))
        start += len(indices)
    plane = graph.add("Gather", graph.add("Concat", *flat, axis=0), graph.constant(source), axis=0)
    depth = graph.add("Slice", mesh, graph.integers(2), graph.integers(3), graph.integers(1))
    depths = [depth]
    for lid in (eye_left[:16], eye_right[:16]):  # an iris lies as deep as its lids on average
        mean = graph.add(
            "ReduceMean", graph.add("Gather", depth, graph.integers(*lid), axis=0), axes=[0], keepdims=1
        )
        depths += [mean] * 5
    points = graph.add("Concat", plane, graph.add("Concat", *depths, axis=0), axis=1)
    converter.save(
        path,
        {"points": (points, [478, 3]), "flag": (converter.value(model.named("conv_faceflag")), [1])},
    )


def convert_matte(data: bytes, path: Path) -> None:
    """The selfie segmenter: how surely each pixel shows a person."""
    converter = Converter(TfliteModel(data))
    converter.convert()
    tensor = int(converter.model.graph.Outputs(0))
    converter.save(path, {"matte": (converter.value(tensor), converter.model.shape(tensor)[1:3])})


def read_wheel(path: Path) -> dict[str, bytes]:
    """The four model files of the wheel (or of a folder it was unpacked into) by their names."""
    wanted = {
        "mesh": f"{MODELS_IN_WHEEL}/face_landmark/face_landmark_with_attention.tflite",
        "short": f"{MODELS_IN_WHEEL}/face_detection/face_detection_short_range.tflite",
        "full": f"{MODELS_IN_WHEEL}/face_detection/face_detection_full_range_sparse.tflite",
        "matte": f"{MODELS_IN_WHEEL}/selfie_segmentation/selfie_segmentation.tflite",
    }
    if path.is_dir():
        return {name: (path / inner).read_bytes() for name, inner in wanted.items()}
    with zipfile.ZipFile(path) as wheel:
        return {name: wheel.read(inner) for name, inner in wanted.items()}


def fetch_wheel(folder: Path) -> Path:
    """Let pip download the wheel (Linux x86-64, the models are the same in all)."""
    platform = ["--platform", "manylinux_2_28_x86_64", "--python-version", "3.11", "--only-binary", ":all:"]
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--no-deps", *platform, "-d", str(folder), MEDIAPIPE],
        check=True,
    )
    return next(folder.glob("mediapipe-*.whl"))


def main() -> None:
    parser = argparse.ArgumentParser(description="Convert the face models of a mediapipe wheel to ONNX.")
    parser.add_argument("--wheel", type=Path, help=f"the {MEDIAPIPE} wheel, or the folder it is unpacked in")
    parser.add_argument("--out", type=Path, help="where the ONNX files go; by default into the package")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        models = read_wheel(arguments.wheel or fetch_wheel(Path(folder)))
    face_models, matte_models = arguments.out or FACE_MODELS, arguments.out or MATTE_MODELS
    face_models.mkdir(parents=True, exist_ok=True)
    convert_mesh(models["mesh"], face_models / "face_mesh.onnx")
    convert_detector(models["short"], face_models / "detector_short.onnx")
    convert_detector(models["full"], face_models / "detector_full.onnx")
    convert_matte(models["matte"], matte_models / "matte.onnx")
    for path in sorted({*face_models.glob("*.onnx"), *matte_models.glob("*.onnx")}):
        print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
