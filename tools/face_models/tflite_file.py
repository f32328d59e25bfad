"""What a .tflite file holds: tensors, also sparse ones, and operators."""

from __future__ import annotations

from typing import Any

import numpy as np
from tflite import (
    BuiltinOperator,
    DimensionType,
    Int32Vector,
    Model,
    TensorType,
    Uint8Vector,
    Uint16Vector,
)

TENSOR_TYPES = {
    TensorType.FLOAT32: np.float32,
    TensorType.FLOAT16: np.float16,
    TensorType.INT32: np.int32,
    TensorType.UINT8: np.uint8,
    TensorType.INT8: np.int8,
}


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
        return next(str(name) for name, value in vars(BuiltinOperator).items() if value == number)

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
        return np.asarray(found.ValuesAsNumpy())

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
