"""Piper and Kokoro voices, on networks small enough to be made here."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from lipwright.engine.errors import UnknownVoice, VoiceUnavailable
from lipwright.engine.speech.phones import SILENCE
from lipwright.engine.speech.voices.folder import VOICES_PATH_VARIABLE
from lipwright.engine.speech.voices.speak import list_voices, speak
from tests.engine.speech.speech_sounds import check_whole

PIPER_RATE_HZ = 16_000
# Samples that the toy network gives for each phoneme id.
SAMPLES_PER_ID = 800
PHONEMES = "_^$ .,!?həlˈoʊːmaɪbiːpæɑɛtdnskɡŋ"  # noqa: RUF001


@pytest.fixture(autouse=True)
def folder_of_voices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VOICES_PATH_VARIABLE, str(tmp_path))


def save(
    nodes: list[onnx.NodeProto],
    inputs: list[onnx.ValueInfoProto],
    outputs: list[onnx.ValueInfoProto],
    path: Path,
) -> None:
    graph = helper.make_graph(nodes, "toy", inputs, outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    onnx.save(model, str(path))


def constant(name: str, values: list[float], kind: int, dims: list[int]) -> onnx.NodeProto:
    return helper.make_node("Constant", [], [name], value=helper.make_tensor(name, kind, dims, values))


def write_piper(folder: Path, name: str = "toy", tells_times: bool = True) -> None:
    """A network that hums SAMPLES_PER_ID samples for each id, and may tell so in a second output."""
    nodes = [
        constant("block", [0.1] * SAMPLES_PER_ID, TensorProto.FLOAT, [1, 1, SAMPLES_PER_ID]),
        constant("one_axis", [2], TensorProto.INT64, [1]),
        constant("flat", [1, 1, -1], TensorProto.INT64, [3]),
        helper.make_node("Cast", ["input"], ["ids"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["ids", "nothing"], ["zeros"]),
        constant("nothing", [0.0], TensorProto.FLOAT, [1]),
        helper.make_node("Unsqueeze", ["zeros", "one_axis"], ["column"]),
        helper.make_node("Add", ["column", "block"], ["grid"]),
        helper.make_node("Reshape", ["grid", "flat"], ["output"]),
        constant("each", [float(SAMPLES_PER_ID)], TensorProto.FLOAT, [1]),
        helper.make_node("Add", ["zeros", "each"], ["durations"]),
    ]
    nodes.insert(0, nodes.pop(5))
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, "n"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    outputs = [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, "t"])]
    if tells_times:
        outputs.append(helper.make_tensor_value_info("durations", TensorProto.FLOAT, [1, "n"]))
    save(nodes, inputs, outputs, folder / f"{name}.onnx")
    settings = {
        "audio": {"sample_rate": PIPER_RATE_HZ},
        "espeak": {"voice": "en-us"},
        "inference": {"noise_scale": 0.6, "length_scale": 1.0, "noise_w": 0.8},
        "phoneme_id_map": {character: [index] for index, character in enumerate(dict.fromkeys(PHONEMES))},
    }
    (folder / f"{name}.onnx.json").write_text(json.dumps(settings), encoding="utf-8")


def write_kokoro(folder: Path) -> None:
    """A network that gives a hundred samples of its speed for each token."""
    nodes = [
        helper.make_node("Cast", ["tokens"], ["ids"], to=TensorProto.FLOAT),
        constant("nothing", [0.0], TensorProto.FLOAT, [1]),
        constant("block", [0.1] * 2400, TensorProto.FLOAT, [1, 1, 2400]),
        constant("axis", [2], TensorProto.INT64, [1]),
        constant("flat", [-1], TensorProto.INT64, [1]),
        helper.make_node("Mul", ["ids", "nothing"], ["zeros"]),
        helper.make_node("Unsqueeze", ["zeros", "axis"], ["column"]),
        helper.make_node("Add", ["column", "block"], ["grid"]),
        helper.make_node("Mul", ["grid", "speed"], ["scaled"]),
        helper.make_node("Reshape", ["scaled", "flat"], ["audio"]),
    ]
    inputs = [
        helper.make_tensor_value_info("tokens", TensorProto.INT64, [1, "n"]),
        helper.make_tensor_value_info("style", TensorProto.FLOAT, [1, 256]),
        helper.make_tensor_value_info("speed", TensorProto.FLOAT, [1]),
    ]
    save(
        nodes,
        inputs,
        [helper.make_tensor_value_info("audio", TensorProto.FLOAT, ["t"])],
        folder / "kokoro.onnx",
    )
    with (folder / "voices.bin").open("wb") as file:
        np.savez(file, af_toy=np.zeros((510, 1, 256), dtype=np.float32))
    vocabulary = {character: index for index, character in enumerate(dict.fromkeys(PHONEMES))}
    (folder / "config.json").write_text(json.dumps({"vocab": vocabulary}), encoding="utf-8")


def test_a_piper_voice_is_listed_and_speaks_with_the_times_of_its_network(tmp_path: Path) -> None:
    write_piper(tmp_path)
    listed = [voice for voice in list_voices() if voice.name == "piper:toy"]
    assert [voice.is_available for voice in listed] == [True]
    spoken = speak("Hello.", "piper:toy")
    assert spoken.sample_rate_hz == PIPER_RATE_HZ
    check_whole(spoken.phones, spoken.duration_s)
    symbols = [phone.symbol for phone in spoken.phones.phones if phone.symbol != SILENCE]
    assert symbols[:3] == ["HH", "AH", "L"]
    # Begin, pad, then h and its pad: the h sounds from the third block to the end of the fourth.
    first = next(phone for phone in spoken.phones.phones if phone.symbol == "HH")
    block_s = SAMPLES_PER_ID / PIPER_RATE_HZ
    assert first.start_s == pytest.approx(2 * block_s)
    assert first.end_s == pytest.approx(4 * block_s)


def test_a_piper_voice_without_times_still_gives_a_whole_timeline(tmp_path: Path) -> None:
    write_piper(tmp_path, "plain", tells_times=False)
    spoken = speak("Hello.", "piper:plain")
    check_whole(spoken.phones, spoken.duration_s)
    # The toy hums one tone, which fits no words.
    assert spoken.phones.confidence == 0.0


def test_a_kokoro_voice_is_listed_and_speaks(tmp_path: Path) -> None:
    write_kokoro(tmp_path)
    listed = [voice for voice in list_voices() if voice.name == "kokoro:af_toy"]
    assert [(voice.language, voice.gender, voice.is_available) for voice in listed] == [
        ("en-us", "female", True)
    ]
    spoken = speak("Hello.", "kokoro:af_toy")
    assert spoken.sample_rate_hz == 24_000
    assert spoken.samples.max() == pytest.approx(0.1)
    check_whole(spoken.phones, spoken.duration_s)


def test_the_folder_of_voices_is_named_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_piper(tmp_path)
    assert "piper:toy" in {voice.name for voice in list_voices()}
    monkeypatch.delenv(VOICES_PATH_VARIABLE)
    assert "piper:toy" not in {voice.name for voice in list_voices()}


def test_a_folder_that_is_not_there_has_no_voices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VOICES_PATH_VARIABLE, str(tmp_path / "absent"))
    names = {voice.name for voice in list_voices()}
    assert not any(name.startswith(("piper:", "kokoro:")) for name in names)
    with pytest.raises(UnknownVoice):
        speak("Hello.", "piper:toy")


def test_a_voice_whose_network_is_missing_is_listed_and_says_what_it_needs(tmp_path: Path) -> None:
    write_piper(tmp_path)
    (tmp_path / "toy.onnx").unlink()
    with pytest.raises(VoiceUnavailable, match=r"toy\.onnx"):
        speak("Hello.", "piper:toy")


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", '{"audio": {"sample_rate": -1}, "espeak": {"voice": "en"}, "phoneme_id_map": {}}'],
)
def test_broken_settings_make_a_voice_unavailable(tmp_path: Path, content: str) -> None:
    write_piper(tmp_path)
    (tmp_path / "toy.onnx.json").write_text(content, encoding="utf-8")
    assert [voice.is_available for voice in list_voices() if voice.name == "piper:toy"] == [False]
    with pytest.raises(VoiceUnavailable):
        speak("Hello.", "piper:toy")


def test_a_file_that_is_no_network_makes_a_voice_unavailable(tmp_path: Path) -> None:
    write_piper(tmp_path)
    (tmp_path / "toy.onnx").write_bytes(b"not a network")
    with pytest.raises(VoiceUnavailable, match=r"toy\.onnx"):
        speak("Hello.", "piper:toy")


def test_styles_that_would_run_code_are_not_loaded(tmp_path: Path) -> None:
    write_kokoro(tmp_path)
    with (tmp_path / "voices.bin").open("wb") as file:
        np.savez(file, af_toy=np.array([{"a": "pickled object"}], dtype=object))
    with pytest.raises(VoiceUnavailable):
        speak("Hello.", "kokoro:af_toy")
