# /// script
# requires-python = ">=3.11"
# dependencies = ["flatbuffers>=25", "numpy>=2.2", "onnx>=1.17", "tflite>=2.18"]
# ///
"""Convert the face models of the mediapipe 0.10.21 wheel into the ONNX files of lipwright.engine.face.

    uv run tools/convert_face_models.py --wheel mediapipe-0.10.21-....whl
    uv run tools/convert_face_models.py            # lets pip fetch the wheel

Writes face_mesh.onnx, detector_short.onnx and detector_full.onnx. Weights stay the 16-bit floats they are
in the wheel and are cast to 32 bits when a session loads them, so nothing is lost and the files are half
the size. Sparse weights are expanded. The attention model's custom operators (turn a region level, sample
it, map its points back) become ordinary ONNX operators, so that one file gives all 478 points.

    face_mesh.onnx       image (1, 192, 192, 3), 0 to 1 -> points (478, 3) in pixels of that image, flag (1,)
    detector_short.onnx  image (1, 128, 128, 3), -1 to 1 -> boxes (896, 16), scores (896,)
    detector_full.onnx   image (1, 192, 192, 3), -1 to 1 -> boxes (2304, 16), scores (2304,)

Flag and scores are logits.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from flatbuffers import flexbuffers
from onnx import TensorProto, helper, numpy_helper
from tflite import (
    ActivationFunctionType,
    AddOptions,
    BuiltinOperator,
    ConcatenationOptions,
    Conv2DOptions,
    DepthToSpaceOptions,
    DepthwiseConv2DOptions,
    DimensionType,
    Int32Vector,
    Model,
    Padding,
    Pool2DOptions,
    ResizeBilinearOptions,
    TensorType,
    Uint8Vector,
    Uint16Vector,
)

MODELS_IN_WHEEL = "mediapipe/modules"
MEDIAPIPE = "mediapipe==0.10.21"
OPSET = 17
TARGET = Path(__file__).parents[1] / "src/lipwright/engine/face/models"

TENSOR_TYPES = {
    TensorType.FLOAT32: np.float32,
    TensorType.FLOAT16: np.float16,
    TensorType.INT32: np.int32,
    TensorType.UINT8: np.uint8,
    TensorType.INT8: np.int8,
}


class Graph:
    """An ONNX graph under construction. Pictures are (1, channel, height, width) inside."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []
        self._count = 0

    def add(self, operator: str, *inputs: str, outputs: int = 1, **attributes: Any) -> Any:
        """Append a node; returns the name of its output, or a list of names when there are several."""
        names = [f"t{self._count + i}" for i in range(outputs)]
        self._count += outputs
        self.nodes.append(helper.make_node(operator, list(inputs), names, **attributes))
        return names[0] if outputs == 1 else names

    def constant(self, array: np.ndarray) -> str:
        """Store an array as it is."""
        name = f"c{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def weights(self, array: np.ndarray) -> str:
        """Store floats in 16 bits, where that loses nothing, and cast them on load."""
        half = array.astype(np.float16)
        if not np.array_equal(half.astype(np.float32), array.astype(np.float32)):
            return self.constant(array.astype(np.float32))
        return str(self.add("Cast", self.constant(half), to=TensorProto.FLOAT))

    def numbers(self, *values: float) -> str:
        """A float constant, one number or a row."""
        return self.constant(np.asarray(values if len(values) > 1 else values[0], np.float32))

    def integers(self, *values: int) -> str:
        """A row of integers, as shapes and axes are given."""
        return self.constant(np.asarray(values, np.int64))


class TfliteModel:
    """Reads one .tflite file."""

    def __init__(self, data: bytes) -> None:
        self.model = Model.GetRootAsModel(data, 0)
        self.graph = self.model.Subgraphs(0)
        self.operators = [self.graph.Operators(i) for i in range(self.graph.OperatorsLength())]

    def shape(self, tensor: int) -> list[int]:
        return [int(n) for n in self.graph.Tensors(tensor).ShapeAsNumpy()]

    def named(self, name: str) -> int:
        """The number of the tensor with this name."""
        for i in range(self.graph.TensorsLength()):
            if self.graph.Tensors(i).Name().decode() == name:
                return i
        raise KeyError(name)

    def kind(self, operator: Any) -> str:
        """The operator's name, of a custom one the name it was registered with."""
        code = self.model.OperatorCodes(operator.OpcodeIndex())
        number = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
        if number == BuiltinOperator.CUSTOM:
            return str(code.CustomCode().decode())
        return next(name for name, value in vars(BuiltinOperator).items() if value == number)

    def data(self, tensor: int) -> np.ndarray | None:
        """A stored tensor, expanded when it is sparse; None for one that is computed."""
        info = self.graph.Tensors(tensor)
        buffer = self.model.Buffers(info.Buffer())
        if buffer.DataLength() == 0:
            return None
        values = np.frombuffer(buffer.DataAsNumpy().tobytes(), TENSOR_TYPES[info.Type()])
        if info.Sparsity() is None:
            return values.reshape(self.shape(tensor))
        return densify(values, self.shape(tensor), info.Sparsity())


def densify(values: np.ndarray, shape: list[int], sparsity: Any) -> np.ndarray:
    """Expand a tensor stored by block-sparse dimensions (TensorFlow Lite's SparsityParameters)."""
    order = [int(i) for i in sparsity.TraversalOrderAsNumpy()]
    blocks = [int(i) for i in sparsity.BlockMapAsNumpy()] if sparsity.BlockMapLength() else []
    levels = [sparsity.DimMetadata(i) for i in range(sparsity.DimMetadataLength())]
    block_size = {
        blocks[i - len(shape)]: levels[at].DenseSize() for at, i in enumerate(order) if i >= len(shape)
    }
    dense = np.zeros(shape, values.dtype)
    position = iter(range(len(values)))

    def index_vector(kind: int, table: Any) -> np.ndarray:
        found = {1: Int32Vector, 2: Uint16Vector, 3: Uint8Vector}[kind]()
        found.Init(table.Bytes, table.Pos)
        return found.ValuesAsNumpy()

    def walk(level: int, parent: int, coordinates: dict[int, int]) -> None:
        if level == len(levels):
            place = [coordinates[axis] * block_size.get(axis, 1) for axis in range(len(shape))]
            for i, axis in enumerate(blocks):
                place[axis] += coordinates[len(shape) + i]
            dense[tuple(place)] = values[next(position)]
            return
        axis, info = order[level], levels[level]
        if info.Format() == DimensionType.DENSE:
            for i in range(info.DenseSize()):
                walk(level + 1, parent * info.DenseSize() + i, {**coordinates, axis: i})
        else:  # compressed rows
            segments = index_vector(info.ArraySegmentsType(), info.ArraySegments())
            indices = index_vector(info.ArrayIndicesType(), info.ArrayIndices())
            for i in range(int(segments[parent]), int(segments[parent + 1])):
                walk(level + 1, i, {**coordinates, axis: int(indices[i])})

    walk(0, 0, {})
    return dense


def options(operator: Any, kind: type) -> Any:
    """The operator's own settings."""
    table = operator.BuiltinOptions()
    found = kind()
    found.Init(table.Bytes, table.Pos)
    return found


class Converter:
    """Walks a TfliteModel and writes the same computation into a Graph."""

    def __init__(self, model: TfliteModel) -> None:
        self.model = model
        self.graph = Graph()
        self.names: dict[int, str] = {}
        self.stored: dict[int, np.ndarray] = {}
        self.channels_first: set[int] = set()
        self.regions: dict[int, int] = {}

    def array(self, tensor: int) -> np.ndarray:
        """A stored tensor, also through DEQUANTIZE and DENSIFY."""
        found = self.stored.get(tensor)
        if found is None:
            found = self.model.data(tensor)
        if found is None:
            raise ValueError(f"tensor {tensor} is not stored")
        return found

    def value(self, tensor: int) -> str:
        """The ONNX name of a tensor, stored or computed, in the original order of its axes."""
        if tensor not in self.names:
            return self.graph.weights(self.array(tensor))
        if tensor in self.channels_first:
            return str(self.graph.add("Transpose", self.names[tensor], perm=[0, 2, 3, 1]))
        return self.names[tensor]

    def convert(self) -> None:
        """Translate every operator in order; the input is channels last."""
        picture = self.model.graph.Inputs(0)
        self.names[picture] = self.graph.add("Transpose", "image", perm=[0, 3, 1, 2])
        self.channels_first.add(picture)
        for operator in self.model.operators:
            kind = self.model.kind(operator)
            getattr(self, "_" + "".join(c if c.isalnum() else "_" for c in kind).lower())(operator)

    def _set(self, operator: Any, name: str, *, channels_first: bool = True) -> None:
        out = int(operator.Outputs(0))
        self.names[out] = name
        if channels_first:
            self.channels_first.add(out)

    def _activated(self, name: str, activation: int) -> str:
        if activation == ActivationFunctionType.NONE:
            return name
        if activation == ActivationFunctionType.RELU:
            return str(self.graph.add("Relu", name))
        raise ValueError(f"activation {activation}")

    def _dequantize(self, operator: Any) -> None:
        self.stored[int(operator.Outputs(0))] = self.array(int(operator.Inputs(0))).astype(np.float32)

    def _densify(self, operator: Any) -> None:
        self.stored[int(operator.Outputs(0))] = self.array(int(operator.Inputs(0)))

    def _pads(self, operator: Any, kernel: tuple[int, int], strides: list[int], padding: int) -> list[int]:
        if padding == Padding.VALID:
            return [0, 0, 0, 0]
        size = self.model.shape(int(operator.Inputs(0)))[1:3]
        total = [max(0, (-(-n // s) - 1) * s + k - n) for n, k, s in zip(size, kernel, strides, strict=True)]
        return [t // 2 for t in total] + [t - t // 2 for t in total]

    def _convolution(self, operator: Any, settings: Any, weights: np.ndarray, group: int) -> None:
        strides = [settings.StrideH(), settings.StrideW()]
        kernel = (weights.shape[2], weights.shape[3])
        out = self.graph.add(
            "Conv",
            self.names[int(operator.Inputs(0))],
            self.graph.weights(weights),
            self.graph.weights(self.array(int(operator.Inputs(2)))),
            strides=strides,
            pads=self._pads(operator, kernel, strides, settings.Padding()),
            group=group,
        )
        self._set(operator, self._activated(out, settings.FusedActivationFunction()))

    def _conv_2d(self, operator: Any) -> None:
        weights = self.array(int(operator.Inputs(1))).transpose(0, 3, 1, 2)
        self._convolution(operator, options(operator, Conv2DOptions), weights, 1)

    def _depthwise_conv_2d(self, operator: Any) -> None:
        weights = self.array(int(operator.Inputs(1))).transpose(3, 0, 1, 2)
        self._convolution(operator, options(operator, DepthwiseConv2DOptions), weights, len(weights))

    def _max_pool_2d(self, operator: Any) -> None:
        settings = options(operator, Pool2DOptions)
        kernel, strides = (
            (settings.FilterHeight(), settings.FilterWidth()),
            [settings.StrideH(), settings.StrideW()],
        )
        pads = self._pads(operator, kernel, strides, settings.Padding())
        name = self.names[int(operator.Inputs(0))]
        self._set(
            operator, self.graph.add("MaxPool", name, kernel_shape=list(kernel), strides=strides, pads=pads)
        )

    def _prelu(self, operator: Any) -> None:
        slope = self.array(int(operator.Inputs(1))).transpose(2, 0, 1)
        self._set(
            operator,
            self.graph.add("PRelu", self.names[int(operator.Inputs(0))], self.graph.weights(slope)),
        )

    def _relu(self, operator: Any) -> None:
        self._set(operator, self.graph.add("Relu", self.names[int(operator.Inputs(0))]))

    def _add(self, operator: Any) -> None:
        a, b = (self.names[int(operator.Inputs(i))] for i in range(2))
        settings = options(operator, AddOptions)
        self._set(operator, self._activated(self.graph.add("Add", a, b), settings.FusedActivationFunction()))

    def _pad(self, operator: Any) -> None:
        pads = self.array(int(operator.Inputs(1)))[[0, 3, 1, 2]].T.reshape(-1)
        self._set(
            operator,
            self.graph.add("Pad", self.names[int(operator.Inputs(0))], self.graph.integers(*pads.tolist())),
        )

    def _resize_bilinear(self, operator: Any) -> None:
        settings = options(operator, ResizeBilinearOptions)
        height, width = self.array(int(operator.Inputs(1))).tolist()
        channels = self.model.shape(int(operator.Inputs(0)))[3]
        mode = (
            "align_corners"
            if settings.AlignCorners()
            else "half_pixel"
            if settings.HalfPixelCenters()
            else "asymmetric"
        )
        out = self.graph.add(
            "Resize",
            self.names[int(operator.Inputs(0))],
            "",
            "",
            self.graph.integers(1, channels, height, width),
            mode="linear",
            coordinate_transformation_mode=mode,
        )
        self._set(operator, out)

    def _depth_to_space(self, operator: Any) -> None:
        size = options(operator, DepthToSpaceOptions).BlockSize()
        name = self.names[int(operator.Inputs(0))]
        self._set(operator, self.graph.add("DepthToSpace", name, blocksize=size, mode="DCR"))

    def _reshape(self, operator: Any) -> None:
        shape = self.model.shape(int(operator.Outputs(0)))
        name = self.graph.add("Reshape", self.value(int(operator.Inputs(0))), self.graph.integers(*shape))
        self._set(operator, name, channels_first=False)

    def _concatenation(self, operator: Any) -> None:
        parts = [self.value(int(i)) for i in operator.InputsAsNumpy()]
        axis = options(operator, ConcatenationOptions).Axis()
        self._set(operator, self.graph.add("Concat", *parts, axis=axis), channels_first=False)

    def _mul(self, operator: Any) -> None:
        a, b = (self.value(int(i)) for i in operator.InputsAsNumpy())
        self._set(operator, self.graph.add("Mul", a, b), channels_first=False)

    def _strided_slice(self, operator: Any) -> None:
        self._set(operator, self.value(int(operator.Inputs(0))), channels_first=False)

    def _landmarks2transformmatrix(self, operator: Any) -> None:
        """A region's own axes: level through two corners, around its points, enlarged.

        The result (1, 4, 4) maps a 16x16 grid to the pixels that the points are given in.
        """
        settings = flexbuffers.Loads(operator.CustomOptionsAsNumpy().tobytes())
        graph = self.graph
        points = graph.add(
            "Slice", self.value(int(operator.Inputs(0))), *(graph.integers(n) for n in (0, 2, 2))
        )
        corners = graph.add(
            "Gather",
            points,
            graph.integers(settings["right_rotation_idx"], settings["left_rotation_idx"]),
            axis=1,
        )
        right, left = graph.add("Split", corners, outputs=2, axis=1)
        across = graph.add("Sub", right, left)  # (1, 1, 2)
        length = graph.add("ReduceL2", across, axes=[2], keepdims=1)
        unit = graph.add("Div", across, length)
        cosine, sine = graph.add("Split", unit, outputs=2, axis=2)
        minus_sine = graph.add("Neg", sine)
        row_x = graph.add("Concat", cosine, minus_sine, axis=2)
        row_y = graph.add("Concat", sine, cosine, axis=2)
        rotation = graph.add("Concat", row_x, row_y, axis=1)  # (1, 2, 2), level to picture
        subset = graph.add("Gather", points, graph.integers(*settings["subset_idxs"]), axis=1)
        level = graph.add("MatMul", subset, rotation)  # rows times R is the inverse rotation
        low = graph.add("ReduceMin", level, axes=[1], keepdims=1)
        high = graph.add("ReduceMax", level, axes=[1], keepdims=1)
        middle = graph.add("Mul", graph.add("Add", low, high), graph.numbers(0.5))
        grid = np.array([settings["output_width"], settings["output_height"]], np.float32)
        scale = np.array([settings["scale_x"], settings["scale_y"]], np.float32) / grid
        step = graph.add("Mul", graph.add("Sub", high, low), graph.constant(scale))
        linear = graph.add("Mul", rotation, step)  # columns scaled
        corner = graph.add("Sub", middle, graph.add("Mul", step, graph.constant(grid / 2)))
        shift = graph.add("MatMul", corner, graph.add("Transpose", rotation, perm=[0, 2, 1]))
        zeros = graph.constant(np.zeros((1, 2, 1), np.float32))
        top = graph.add("Concat", linear, zeros, graph.add("Transpose", shift, perm=[0, 2, 1]), axis=2)
        bottom = graph.constant(np.array([[[0, 0, 1, 0], [0, 0, 0, 1]]], np.float32))
        self._set(operator, graph.add("Concat", top, bottom, axis=1), channels_first=False)

    def _affine(self, matrix: str) -> tuple[str, str]:
        """The plane's part of a (1, 4, 4) matrix: linear (1, 2, 2) transposed, shift (1, 1, 2)."""
        graph = self.graph
        axes = graph.integers(1, 2)
        linear = graph.add("Slice", matrix, graph.integers(0, 0), graph.integers(2, 2), axes)
        shift = graph.add("Slice", matrix, graph.integers(0, 3), graph.integers(2, 4), axes)
        return (
            graph.add("Transpose", linear, perm=[0, 2, 1]),
            graph.add("Transpose", shift, perm=[0, 2, 1]),
        )

    def _transformtensorbilinear(self, operator: Any) -> None:
        """Sample the features at the matrix's image of a regular grid, zero outside."""
        settings = flexbuffers.Loads(operator.CustomOptionsAsNumpy().tobytes())
        height, width = settings["output_height"], settings["output_width"]
        graph = self.graph
        features, matrix = (int(i) for i in operator.InputsAsNumpy())
        size = self.model.shape(features)
        y, x = np.mgrid[0:height, 0:width].astype(np.float32) + 0.5
        linear, shift = self._affine(self.value(matrix))
        centres = graph.constant(np.stack([x, y], -1).reshape(1, -1, 2))
        place = graph.add("Add", graph.add("MatMul", centres, linear), shift)
        to_unit = graph.numbers(2 / size[2], 2 / size[1])
        unit = graph.add("Sub", graph.add("Mul", place, to_unit), graph.numbers(1.0))
        grid = graph.add("Reshape", unit, graph.integers(1, height, width, 2))
        self._set(
            operator,
            graph.add(
                "GridSample",
                self.names[features],
                grid,
                mode="bilinear",
                padding_mode="zeros",
                align_corners=0,
            ),
        )

    def _transformlandmarks(self, operator: Any) -> None:
        points, matrix = (self.value(int(i)) for i in operator.InputsAsNumpy())
        linear, shift = self._affine(matrix)
        out = self.graph.add("Add", self.graph.add("MatMul", points, linear), shift)
        self._set(operator, out, channels_first=False)

    def save(self, path: Path, outputs: dict[str, tuple[str, list[int]]]) -> None:
        """Write the graph. outputs: name to (ONNX name, shape); nodes that lead nowhere are left out."""
        graph = self.graph
        for name, (source, shape) in outputs.items():
            shaped = graph.constant(np.asarray(shape, np.int64))
            graph.nodes.append(helper.make_node("Reshape", [source, shaped], [name]))
        wanted = set(outputs)
        nodes = []
        for node in reversed(graph.nodes):
            if wanted.intersection(node.output):
                wanted.update(node.input)
                nodes.append(node)
        proto = helper.make_graph(
            nodes[::-1],
            path.stem,
            [
                helper.make_tensor_value_info(
                    "image", TensorProto.FLOAT, self.model.shape(self.model.graph.Inputs(0))
                )
            ],
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
                for name, (_, shape) in outputs.items()
            ],
            [each for each in graph.initializers if each.name in wanted],
        )
        model = helper.make_model(
            proto,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=8,
            producer_name="lipwright tools/convert_face_models.py",
            doc_string="Converted from mediapipe 0.10.21, Copyright The MediaPipe Authors, Apache-2.0.",
        )
        onnx.checker.check_model(model, full_check=True)
        path.write_bytes(model.SerializeToString())


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


def read_wheel(path: Path) -> dict[str, bytes]:
    """The three model files of the wheel (or of a folder it was unpacked into) by their names."""
    wanted = {
        "mesh": f"{MODELS_IN_WHEEL}/face_landmark/face_landmark_with_attention.tflite",
        "short": f"{MODELS_IN_WHEEL}/face_detection/face_detection_short_range.tflite",
        "full": f"{MODELS_IN_WHEEL}/face_detection/face_detection_full_range_sparse.tflite",
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
    parser.add_argument("--out", type=Path, default=TARGET, help="where the ONNX files go")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        models = read_wheel(arguments.wheel or fetch_wheel(Path(folder)))
    arguments.out.mkdir(parents=True, exist_ok=True)
    convert_mesh(models["mesh"], arguments.out / "face_mesh.onnx")
    convert_detector(models["short"], arguments.out / "detector_short.onnx")
    convert_detector(models["full"], arguments.out / "detector_full.onnx")
    for path in sorted(arguments.out.glob("*.onnx")):
        print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
