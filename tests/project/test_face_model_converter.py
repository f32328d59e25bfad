"""The converter of the face models: each operator gives in ONNX what it gives in TensorFlow Lite."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import flatbuffers
import numpy as np
import onnxruntime
import pytest
import tflite
from numpy.typing import NDArray

from tools.face_models.converter import Converter
from tools.face_models.tflite_file import TfliteModel

PICTURE = np.random.default_rng(5).normal(0, 3, (1, 6, 4, 2)).astype(np.float32)


@dataclass(frozen=True)
class Operator:
    """One operator of a drawn model. Tensors are numbered: 0 is the picture, others as they are listed.

    kind: a builtin operator's number, or the name of a custom one.
    options: kind of the options and what writes them.
    """

    kind: int | str
    inputs: tuple[int, ...]
    output: int
    options: tuple[int, Callable[[flatbuffers.Builder], int]] | None = None


@dataclass(frozen=True)
class Drawn:
    """A model: shapes of the tensors by number, operators in order, arrays of the stored tensors."""

    shapes: Sequence[tuple[int, ...]]
    operators: Sequence[Operator]
    stored: dict[int, NDArray[np.float32]] = field(default_factory=dict)


def vector(builder: flatbuffers.Builder, values: Sequence[int], put: str, size: int) -> int:
    builder.StartVector(size, len(values), size)
    for value in reversed(values):
        getattr(builder, put)(value)
    return int(builder.EndVector())


def offsets(builder: flatbuffers.Builder, values: Sequence[int]) -> int:
    return vector(builder, values, "PrependUOffsetTRelative", 4)


def written(drawn: Drawn) -> bytes:
    """The model as a .tflite file."""
    builder = flatbuffers.Builder(1024)
    arrays = [None, *(drawn.stored.get(i) for i in range(len(drawn.shapes)))]
    contents = [None if a is None else builder.CreateByteVector(a.tobytes()) for a in arrays]
    buffers = []
    for content in contents:
        tflite.BufferStart(builder)
        if content is not None:
            tflite.BufferAddData(builder, content)
        buffers.append(tflite.BufferEnd(builder))
    tensors = []
    for number, shape in enumerate(drawn.shapes):
        sides = vector(builder, shape, "PrependInt32", 4)
        name = builder.CreateString(f"tensor {number}")
        tflite.TensorStart(builder)
        tflite.TensorAddShape(builder, sides)
        tflite.TensorAddType(builder, tflite.TensorType.FLOAT32)
        tflite.TensorAddBuffer(builder, number + 1)
        tflite.TensorAddName(builder, name)
        tensors.append(tflite.TensorEnd(builder))
    codes, operators = [], []
    for number, each in enumerate(drawn.operators):
        custom = builder.CreateString(each.kind) if isinstance(each.kind, str) else None
        tflite.OperatorCodeStart(builder)
        if custom is None:
            tflite.OperatorCodeAddDeprecatedBuiltinCode(builder, each.kind)
        else:
            tflite.OperatorCodeAddDeprecatedBuiltinCode(builder, tflite.BuiltinOperator.CUSTOM)
            tflite.OperatorCodeAddCustomCode(builder, custom)
        codes.append(tflite.OperatorCodeEnd(builder))
        inputs = vector(builder, each.inputs, "PrependInt32", 4)
        outputs = vector(builder, (each.output,), "PrependInt32", 4)
        table = None if each.options is None else each.options[1](builder)
        tflite.OperatorStart(builder)
        tflite.OperatorAddOpcodeIndex(builder, number)
        tflite.OperatorAddInputs(builder, inputs)
        tflite.OperatorAddOutputs(builder, outputs)
        if each.options is not None and table is not None:
            tflite.OperatorAddBuiltinOptionsType(builder, each.options[0])
            tflite.OperatorAddBuiltinOptions(builder, table)
        operators.append(tflite.OperatorEnd(builder))
    tensor_list, operator_list = offsets(builder, tensors), offsets(builder, operators)
    inputs = vector(builder, (0,), "PrependInt32", 4)
    outputs = vector(builder, (drawn.operators[-1].output,), "PrependInt32", 4)
    tflite.SubGraphStart(builder)
    tflite.SubGraphAddTensors(builder, tensor_list)
    tflite.SubGraphAddOperators(builder, operator_list)
    tflite.SubGraphAddInputs(builder, inputs)
    tflite.SubGraphAddOutputs(builder, outputs)
    graphs = offsets(builder, [tflite.SubGraphEnd(builder)])
    code_list, buffer_list = offsets(builder, codes), offsets(builder, buffers)
    tflite.ModelStart(builder)
    tflite.ModelAddVersion(builder, 3)
    tflite.ModelAddOperatorCodes(builder, code_list)
    tflite.ModelAddSubgraphs(builder, graphs)
    tflite.ModelAddBuffers(builder, buffer_list)
    builder.Finish(tflite.ModelEnd(builder), b"TFL3")
    return bytes(builder.Output())


def converted(drawn: Drawn, folder: Path) -> NDArray[np.float32]:
    """What the converted model gives for PICTURE."""
    converter = Converter(TfliteModel(written(drawn)))
    converter.convert()
    last = drawn.operators[-1].output
    path = folder / "drawn.onnx"
    converter.save(path, {"out": (converter.value(last), list(drawn.shapes[last]))})
    (out,) = onnxruntime.InferenceSession(str(path)).run(None, {"image": PICTURE})
    return np.asarray(out, dtype=np.float32)


def pool(height: int, width: int) -> tuple[int, Callable[[flatbuffers.Builder], int]]:
    """The options of a pooling window."""

    def write(builder: flatbuffers.Builder) -> int:
        tflite.Pool2DOptionsStart(builder)
        tflite.Pool2DOptionsAddFilterHeight(builder, height)
        tflite.Pool2DOptionsAddFilterWidth(builder, width)
        tflite.Pool2DOptionsAddStrideH(builder, height)
        tflite.Pool2DOptionsAddStrideW(builder, width)
        return int(tflite.Pool2DOptionsEnd(builder))

    return tflite.BuiltinOptions.Pool2DOptions, write


def test_hard_swish(tmp_path: Path) -> None:
    drawn = Drawn([PICTURE.shape] * 2, [Operator(tflite.BuiltinOperator.HARD_SWISH, (0,), 1)])
    wanted = PICTURE * np.clip(PICTURE + 3, 0, 6) / 6
    assert converted(drawn, tmp_path) == pytest.approx(wanted, abs=1e-5)


def test_logistic(tmp_path: Path) -> None:
    drawn = Drawn([PICTURE.shape] * 2, [Operator(tflite.BuiltinOperator.LOGISTIC, (0,), 1)])
    assert converted(drawn, tmp_path) == pytest.approx(1 / (1 + np.exp(-PICTURE)), abs=1e-5)


def test_a_picture_times_the_means_of_its_channels(tmp_path: Path) -> None:
    drawn = Drawn(
        [PICTURE.shape, (1, 1, 1, 2), PICTURE.shape],
        [
            Operator(tflite.BuiltinOperator.AVERAGE_POOL_2D, (0,), 1, pool(6, 4)),
            Operator(tflite.BuiltinOperator.MUL, (0, 1), 2),
        ],
    )
    wanted = PICTURE * PICTURE.mean(axis=(1, 2), keepdims=True)
    assert converted(drawn, tmp_path) == pytest.approx(wanted, abs=1e-4)


def test_a_mean_over_a_part_is_refused(tmp_path: Path) -> None:
    drawn = Drawn(
        [PICTURE.shape, (1, 3, 2, 2)],
        [Operator(tflite.BuiltinOperator.AVERAGE_POOL_2D, (0,), 1, pool(2, 2))],
    )
    with pytest.raises(ValueError, match="average"):
        converted(drawn, tmp_path)


def test_a_transposed_convolution_with_bias(tmp_path: Path) -> None:
    random = np.random.default_rng(6)
    kernel = random.normal(0, 1, (3, 2, 2, 2)).astype(np.float32)  # (out, height, width, in)
    bias = random.normal(0, 1, 3).astype(np.float32)
    drawn = Drawn(
        [PICTURE.shape, kernel.shape, bias.shape, (1, 12, 8, 3)],
        [Operator("Convolution2DTransposeBias", (0, 1, 2), 3)],
        {1: kernel, 2: bias},
    )
    blocks = np.einsum("yxi,ohwi->yhxwo", PICTURE[0], kernel)
    wanted = blocks.reshape(1, 12, 8, 3) + bias
    assert converted(drawn, tmp_path) == pytest.approx(wanted, abs=1e-4)
