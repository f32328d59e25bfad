"""Other animation tools can read what is exported, and it says what the mouth does."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.articulation.exports import ExportFormat, export_articulation
from lipwright.engine.articulation.exports.arkit import BLENDSHAPES, arkit_csv, blendshape_weights, timecode
from lipwright.engine.articulation.exports.oculus import (
    VISEME_OF_SYMBOL,
    OculusViseme,
    oculus_csv,
    viseme_weights,
)
from lipwright.engine.articulation.exports.rhubarb import mouth_cues, rhubarb_tsv, rhubarb_xml
from lipwright.engine.articulation.visemes import VISEMES, viseme_of
from lipwright.engine.speech.phones import SYMBOLS
from lipwright.engine.speech.values import PhoneTimeline
from tests.engine.articulation.exports.remake_golden import GOLDEN, golden_name, golden_text
from tests.engine.articulation.speech_builders import SENTENCE, staircase, timeline

RATE = Fraction(30)
sentences = st.lists(
    st.tuples(st.sampled_from(sorted(VISEMES)), st.floats(0.02, 0.5)), min_size=1, max_size=25
).map(lambda pairs: timeline(" ".join(f"{symbol} {length:.3f}" for symbol, length in pairs)))


def shape_at(curves: ArticulationCurves, time_s: float, with_phones: bool = False) -> str:
    phones = timeline(SENTENCE) if with_phones else None
    return next(cue.shape for cue in mouth_cues(curves, phones) if cue.start_s <= time_s < cue.end_s)


def long_sound(symbol: str) -> ArticulationCurves:
    return staircase(timeline(f"{symbol} 1.0"))


@pytest.mark.parametrize("export_format", list(ExportFormat))
@pytest.mark.parametrize("with_phones", [True, False], ids=["phones", "curves"])
def test_the_export_is_what_it_was(export_format: ExportFormat, with_phones: bool) -> None:
    golden = GOLDEN / golden_name(export_format, with_phones)
    remake = "run `uv run python -m tests.engine.articulation.exports.remake_golden`, look at the difference"
    assert golden_text(export_format, with_phones) == golden.read_bytes().decode(), remake


@pytest.mark.parametrize("export_format", list(ExportFormat))
def test_a_sound_of_no_length_is_exported_as_rest(export_format: ExportFormat) -> None:
    text = export_articulation(export_format, ArticulationCurves.at_rest(0.0))
    assert text.endswith("\n")


class TestRhubarb:
    @given(phones=sentences, with_phones=st.booleans())
    @settings(max_examples=60, deadline=None)
    def test_cues_cover_the_sound_without_gaps_repeats_or_flicker(
        self, phones: PhoneTimeline, with_phones: bool
    ) -> None:
        curves = staircase(phones)
        cues = mouth_cues(curves, phones if with_phones else None)
        assert cues[0].start_s == 0
        assert cues[-1].end_s == pytest.approx(curves.duration_s)
        for before, after in pairwise(cues):
            assert before.end_s == pytest.approx(after.start_s)
            assert before.shape != after.shape
        for cue in cues[1:-1]:
            assert cue.shape in "AG" or cue.end_s - cue.start_s >= 0.07 - 1e-9

    @pytest.mark.parametrize(
        ("symbol", "shape"),
        [
            ("SIL", "X"),
            ("M", "A"),
            ("F", "G"),
            ("AA", "D"),
            ("EH", "C"),
            ("AO", "E"),
            ("W", "F"),
            ("TH", "B"),
        ],
    )
    def test_curves_alone_tell_the_shapes_apart(self, symbol: str, shape: str) -> None:
        assert shape_at(long_sound(symbol), 0.5) == shape

    def test_a_tongue_sound_takes_the_shape_of_its_vowel(self) -> None:
        open_k = mouth_cues(long_sound("K"), timeline("SIL 0.3 K 0.1 AA 0.3 SIL 0.3"))
        narrow_k = mouth_cues(long_sound("K"), timeline("SIL 0.3 K 0.1 IY 0.3 SIL 0.3"))
        assert [cue.shape for cue in open_k][1] == "C"
        assert [cue.shape for cue in narrow_k][1] == "B"

    def test_a_diphthong_has_two_shapes(self) -> None:
        cues = mouth_cues(long_sound("AW"), timeline("AW 1.0"))
        assert [cue.shape for cue in cues] == ["D", "F"]
        assert cues[0].end_s == pytest.approx(0.6)

    def test_the_table_ends_with_the_end_of_the_sound(self) -> None:
        lines = rhubarb_tsv(long_sound("AA"), None).splitlines()
        assert lines == ["0.00\tD", "1.00\tX"]

    def test_a_file_name_cannot_break_the_xml(self) -> None:
        name = 'a<b>&"c"\x00\x1b.wav'
        root = ElementTree.fromstring(rhubarb_xml(long_sound("AA"), None, name))
        sound_file = root.findtext("metadata/soundFile")
        assert sound_file is not None
        assert sound_file.startswith('a<b>&"c"')
        assert [cue.text for cue in root.iter("mouthCue")] == ["D"]


class TestOculus:
    def test_every_phone_has_a_viseme(self) -> None:
        assert set(VISEME_OF_SYMBOL) == set(SYMBOLS)

    @given(phones=sentences, with_phones=st.booleans())
    @settings(max_examples=40, deadline=None)
    def test_weights_of_a_frame_sum_to_one(self, phones: PhoneTimeline, with_phones: bool) -> None:
        weights = viseme_weights(staircase(phones), phones if with_phones else None, RATE)
        assert weights.shape[1] == 15
        assert weights.min() >= 0
        np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-4)

    @pytest.mark.parametrize("symbol", sorted(SYMBOLS - {"HH"}))
    def test_a_long_sound_shows_its_own_viseme(self, symbol: str) -> None:
        weights = viseme_weights(long_sound(symbol), timeline(f"{symbol} 1.0"), RATE)
        assert weights[10].argmax() == VISEME_OF_SYMBOL[symbol]

    @pytest.mark.parametrize("viseme", ["SIL", "P", "F", "TH", "SH", "S", "AA", "EH", "AO", "W"])
    def test_curves_alone_tell_the_visemes_apart(self, viseme: str) -> None:
        weights = viseme_weights(long_sound(viseme), None, RATE)
        assert weights[10].argmax() == VISEME_OF_SYMBOL[viseme]

    def test_the_header_names_the_fifteen_in_their_order(self) -> None:
        header = oculus_csv(long_sound("AA"), None, RATE).splitlines()[0]
        assert header == "time_s,sil,PP,FF,TH,DD,kk,CH,SS,nn,RR,aa,E,ih,oh,ou"
        assert len(OculusViseme) == 15


class TestArkit:
    def test_a_line_holds_52_shapes_and_nine_rotations_for_every_frame(self) -> None:
        rows = list(csv.reader(io.StringIO(arkit_csv(long_sound("AA"), RATE))))
        assert len(BLENDSHAPES) == len(set(BLENDSHAPES)) == 52
        assert rows[0][:3] == ["Timecode", "BlendShapeCount", "EyeBlinkLeft"]
        assert rows[0][53:55] == ["TongueOut", "HeadYaw"]
        assert rows[0][-1] == "RightEyeRoll"
        assert len(rows) == 1 + 30
        assert {len(row) for row in rows} == {63}
        assert {row[1] for row in rows[1:]} == {"61"}
        assert rows[1][0] == "00:00:00:00.000"
        assert rows[11][0] == "00:00:00:10.000"

    @given(phones=sentences)
    @settings(max_examples=40, deadline=None)
    def test_weights_lie_between_0_and_1(self, phones: PhoneTimeline) -> None:
        for name, weight in blendshape_weights(staircase(phones), np.linspace(0, 2, 50)).items():
            assert name in BLENDSHAPES
            assert 0 <= weight.min() <= weight.max() <= 1

    @pytest.mark.parametrize(
        ("symbol", "blendshape", "weight"),
        [
            # The mild weights of the table of equivalents.
            ("AA", "JawOpen", 0.35),
            ("S", "JawOpen", 0.04),
            ("F", "MouthRollLower", 0.5),
            ("P", "MouthPressLeft", 0.3),
            ("UW", "MouthPucker", 0.6),
            ("AO", "MouthFunnel", 0.4),
            ("TH", "TongueOut", 0.3),
            ("IY", "MouthStretchRight", 0.2),
        ],
    )
    def test_sounds_show_the_shapes_that_riggers_expect(
        self, symbol: str, blendshape: str, weight: float
    ) -> None:
        shown = blendshape_weights(long_sound(symbol), np.array([0.5]))[blendshape][0]
        assert shown == pytest.approx(weight, abs=0.06)

    def test_closed_lips_close_over_an_open_jaw(self) -> None:
        weights = blendshape_weights(long_sound("M"), np.array([0.5]))
        assert weights["MouthClose"][0] == pytest.approx(weights["JawOpen"][0])
        assert blendshape_weights(long_sound("AA"), np.array([0.5]))["MouthClose"][0] == 0

    def test_a_mouth_at_rest_is_all_zero(self) -> None:
        for name, weight in blendshape_weights(ArticulationCurves.at_rest(1), np.array([0.5])).items():
            assert weight[0] == 0, name

    @pytest.mark.parametrize(
        ("index", "frame_rate", "expected"),
        [
            (0, Fraction(60), "00:00:00:00.000"),
            (61, Fraction(60), "00:00:01:01.000"),
            (3600 * 25, Fraction(25), "01:00:00:00.000"),
            (30, Fraction(30000, 1001), "00:00:01:00.029"),
        ],
    )
    def test_timecodes_count_frames_within_each_second(
        self, index: int, frame_rate: Fraction, expected: str
    ) -> None:
        assert timecode(index, frame_rate) == expected


class TestJson:
    def test_the_document_holds_curves_phones_and_cues(self) -> None:
        phones = timeline("SIL 0.2 AA 0.5 SIL 0.3")
        document = json.loads(
            export_articulation(ExportFormat.JSON, staircase(phones), phones, frame_rate=Fraction(20))
        )
        assert document["channels"] == [channel.name.lower() for channel in Mouth]
        assert len(document["frames"]) == 20
        assert document["frames"][8][0] == viseme_of("AA").shape.aperture
        assert [phone["symbol"] for phone in document["phones"]] == ["SIL", "AA", "SIL"]
        assert [cue["shape"] for cue in document["cues"]] == ["X", "D", "X"]

    def test_unknown_phones_are_null(self) -> None:
        document = json.loads(export_articulation(ExportFormat.JSON, long_sound("AA")))
        assert document["phones"] is None


@pytest.mark.parametrize("frame_rate", [Fraction(0), Fraction(1000)])
def test_a_silly_frame_rate_is_refused(frame_rate: Fraction) -> None:
    with pytest.raises(ValueError, match="frame_rate"):
        export_articulation(ExportFormat.ARKIT_CSV, long_sound("AA"), frame_rate=frame_rate)
