"""A network in an ONNX file is given one more output: how long it makes each of its symbols last.

The file is read as far as that needs, and nothing in it is changed: what is added is a second, partial
description of the graph, which every reader of the format joins with the first.
"""

from __future__ import annotations

from collections.abc import Iterator

# Numbers of the fields in onnx.proto: ModelProto.graph, GraphProto.node and .output, NodeProto.input and
# .op_type, ValueInfoProto.name.
_MODEL_GRAPH = 7
_GRAPH_NODE, _GRAPH_OUTPUT = 1, 12
_NODE_INPUT, _NODE_OP_TYPE = 1, 4
_VALUE_NAME = 1
# Kinds of values in the wire format of protocol buffers.
_VARINT, _FIXED_64, _BYTES, _FIXED_32 = 0, 1, 2, 5
# Where a symbol begins is the sum of the durations before it; a network that stretches its symbols over
# time adds them up with this operation, and with no other.
_ADDS_UP = b"CumSum"


def with_durations(model: bytes) -> tuple[bytes, str] | None:
    """The network with its durations as a last output, and the name of that output.

    model: an ONNX file. None where it holds no durations, or several kinds of them, or is no such file.
    """
    try:
        names = {
            inputs[0].decode()
            for operation, inputs in _operations(model)
            if operation == _ADDS_UP and len(inputs) == 2
        }
    except (ValueError, IndexError, UnicodeDecodeError):
        return None
    if len(names) != 1:
        return None
    name = names.pop()
    output = _field(_GRAPH_OUTPUT, _field(_VALUE_NAME, name.encode()))
    return model + _field(_MODEL_GRAPH, output), name


def _operations(model: bytes) -> Iterator[tuple[bytes, list[bytes]]]:
    """The kind and the names of the inputs of each operation."""
    view = memoryview(model)
    for graph in _contents(view, _MODEL_GRAPH):
        for node in _contents(graph, _GRAPH_NODE):
            kind = b"".join(bytes(part) for part in _contents(node, _NODE_OP_TYPE))
            yield kind, [bytes(part) for part in _contents(node, _NODE_INPUT)]


def _contents(message: memoryview, wanted: int) -> Iterator[memoryview]:
    """The contents of one field of a message, each time that it is there. Raises ValueError, IndexError."""
    place = 0
    while place < len(message):
        key, place = _number(message, place)
        kind = key & 7
        if kind == _BYTES:
            size, place = _number(message, place)
            if place + size > len(message):
                raise ValueError("a field is longer than its message")
            if key >> 3 == wanted:
                yield message[place : place + size]
            place += size
        elif kind == _VARINT:
            _, place = _number(message, place)
        elif kind in (_FIXED_32, _FIXED_64):
            place += 4 if kind == _FIXED_32 else 8
        else:
            raise ValueError("not a message of protocol buffers")


def _number(message: memoryview, place: int) -> tuple[int, int]:
    """A number and the place after it. Raises IndexError past the end."""
    value = shift = 0
    while True:
        byte = message[place]
        place += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, place
        shift += 7


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | _BYTES) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    parts = bytearray()
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    return bytes([*parts, value])
