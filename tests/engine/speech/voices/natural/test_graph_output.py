"""A network is given its durations as one more output."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from lipwright.engine.errors import VoiceUnavailable
from lipwright.engine.speech.voices.natural.graph_output import with_durations
from lipwright.engine.speech.voices.natural.network import NaturalNetwork


def network(sums: int = 1) -> bytes:
    """It doubles its input and adds that up."""
    nodes = [
        helper.make_node(
            "Constant", [], ["axis"], value=helper.make_tensor("axis", TensorProto.INT64, [], [0])
        ),
        helper.make_node("Add", ["x", "x"], ["twice"]),
    ]
    for number in range(sums):
        source = "twice" if number == 0 else f"sum{number - 1}"
        nodes.append(helper.make_node("CumSum", [source, "axis"], [f"sum{number}"]))
    value = helper.make_tensor_value_info
    last = f"sum{sums - 1}" if sums else "twice"
    graph = helper.make_graph(
        nodes, "toy", [value("x", TensorProto.FLOAT, ["n"])], [value(last, TensorProto.FLOAT, ["n"])]
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    return bytes(model.SerializeToString())


def test_what_is_added_up_becomes_an_output() -> None:
    found = with_durations(network())
    assert found is not None
    model, name = found
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    total, durations = session.run(["sum0", name], {"x": np.array([1, 2, 3], np.float32)})
    assert durations.tolist() == [2, 4, 6]
    assert total.tolist() == [2, 6, 12]
    onnx.checker.check_model(onnx.load_from_string(network()))


@pytest.mark.parametrize("sums", [0, 2])
def test_a_network_without_one_sum_has_no_durations(sums: int) -> None:
    assert with_durations(network(sums)) is None


@pytest.mark.parametrize("content", [b"", b"not a network", bytes(range(256)), network()[:-40], b"\xff" * 99])
def test_another_file_has_no_durations(content: bytes) -> None:
    assert with_durations(content) is None


@pytest.mark.parametrize("content", [b"", b"not a network", network()])
def test_a_file_that_is_no_voice_is_said_so(tmp_path, content: bytes) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "voice.onnx"
    path.write_bytes(content)
    with pytest.raises(VoiceUnavailable, match=r"voice\.onnx"):
        NaturalNetwork(path).sound_of([0, 1, 0], 1.0, [])
