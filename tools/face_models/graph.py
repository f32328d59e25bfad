"""An ONNX graph under construction."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


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
