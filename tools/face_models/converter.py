"""Operator by operator from TensorFlow Lite to ONNX, MediaPipe's custom ones too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from flatbuffers import flexbuffers
from onnx import TensorProto, helper
from tflite import (
    ActivationFunctionType,
    AddOptions,
    ConcatenationOptions,
    Conv2DOptions,
    DepthToSpaceOptions,
    DepthwiseConv2DOptions,
    Padding,
    Pool2DOptions,
    ResizeBilinearOptions,
)

from .graph import Graph
from .tflite_file import TfliteModel

OPSET = 17


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
        size = self._size(operator.Inputs(0))
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
        """Slope * x + (1 - slope) * max(x, 0), each product as a depthwise convolution by one pixel.

        The runtime keeps convolutions in blocks of channels and has no PRelu for blocks: written so, a
        network takes 40 % of the time.
        """
        slope = self.array(int(operator.Inputs(1))).reshape(-1, 1, 1, 1).astype(np.float32)
        name = self.names[int(operator.Inputs(0))]
        bent = self._scaled(self.graph.add("Relu", name), 1 - slope)
        self._set(operator, self.graph.add("Add", self._scaled(name, slope), bent))

    def _scaled(self, name: str, factors: np.ndarray) -> str:
        """Every channel by a factor of its own, float32 (channel, 1, 1, 1)."""
        return str(self.graph.add("Conv", name, self.graph.constant(factors), group=len(factors)))

    def _relu(self, operator: Any) -> None:
        self._set(operator, self.graph.add("Relu", self.names[int(operator.Inputs(0))]))

    def _hard_swish(self, operator: Any) -> None:
        self._set(operator, self.graph.add("HardSwish", self.names[int(operator.Inputs(0))]))

    def _logistic(self, operator: Any) -> None:
        tensor = int(operator.Inputs(0))
        out = self.graph.add("Sigmoid", self.names[tensor])
        self._set(operator, out, channels_first=tensor in self.channels_first)

    def _average_pool_2d(self, operator: Any) -> None:
        """The mean of each channel: a window as large as the picture is all that the models have."""
        settings = options(operator, Pool2DOptions)
        tensor = int(operator.Inputs(0))
        window = [settings.FilterHeight(), settings.FilterWidth()]
        if window != self._size(tensor):
            raise ValueError(f"average over {window}, a part of {self._size(tensor)}")
        self._set(operator, self.graph.add("GlobalAveragePool", self.names[tensor]))

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
        tensors = [int(i) for i in operator.InputsAsNumpy()]
        channels_first = self.channels_first.issuperset(tensors)
        a, b = (self.names[i] if channels_first else self.value(i) for i in tensors)
        self._set(operator, self.graph.add("Mul", a, b), channels_first=channels_first)

    def _convolution2dtransposebias(self, operator: Any) -> None:
        """A transposed convolution whose windows touch and do not overlap, so that nothing is padded."""
        picture, kernel, bias = (int(i) for i in operator.InputsAsNumpy())
        weights = self.array(kernel).transpose(3, 0, 1, 2)  # (in, out, height, width)
        strides = [n // m for n, m in zip(self._size(operator.Outputs(0)), self._size(picture), strict=True)]
        if strides != list(weights.shape[2:]):
            raise ValueError(f"transposed convolution by {weights.shape[2:]} in steps of {strides}")
        out = self.graph.add(
            "ConvTranspose",
            self.names[picture],
            self.graph.weights(weights),
            self.graph.weights(self.array(bias)),
            strides=strides,
        )
        self._set(operator, out)

    def _size(self, tensor: int) -> list[int]:
        """Height and width of a picture."""
        return self.model.shape(int(tensor))[1:3]

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
