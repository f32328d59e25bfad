"""Which clips show people who talk freely, who is in them, and what their licence allows.

A repository's licence does not clear the likeness of a person in a broadcast. So a clip is `open` only where
its licence is plain and its list does not say "training and tests only"; of all others nothing but
statistics over many people leaves this folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionSource:
    """A clip. person: one name for each person over all clips. is_open: its own motion may be shipped."""

    path: str
    person: str
    is_open: bool = False


SOURCES = (
    # bytedance/LatentSync, Apache-2.0, filmed with models under contract.
    MotionSource(path="videos/ls_demo1_woman_sitting_1080x1920.mp4", person="ls_demo1", is_open=True),
    MotionSource(path="videos/ls_demo3_man_30fps.mp4", person="ls_demo3", is_open=True),
    # OpenTalker/video-retalking, Apache-2.0.
    MotionSource(path="videos/vr_1_vfr22.mp4", person="vr_1", is_open=True),
    MotionSource(path="videos/vr_4_woman_30fps.mp4", person="vr_4", is_open=True),
    # Broadcasts, interviews and corpora: training and tests only.
    MotionSource(path="videos/hdtf_old_man_15s.mp4", person="hdtf_old_man"),
    MotionSource(path="train2/en_astorfi_sample.mp4", person="astorfi"),
    MotionSource(path="train2/en_macron_15s.mp4", person="macron"),
    MotionSource(path="train2/de_german_20s.mp4", person="german"),
    MotionSource(path="train2/en_trump_10s.mp4", person="trump"),
    MotionSource(path="train2/zh_facegood_zismeif.mp4", person="facegood"),
    MotionSource(path="train2/zh_SP01_001.mp4", person="SP01"),
    MotionSource(path="train2/zh_SP01_200.mp4", person="SP01"),
    MotionSource(path="train2/zh_SP05_320.mp4", person="SP05"),
    MotionSource(path="train2/hdtf_RD_Radio2_000.mp4", person="Radio2"),
    MotionSource(path="train2/hdtf_RD_Radio34_000.mp4", person="Radio34"),
    MotionSource(path="train2/hdtf_WDA_BobMenendez_000.mp4", person="Menendez"),
    MotionSource(path="train2/hdtf_WDA_EdMarkey0_000.mp4", person="EdMarkey"),
    MotionSource(path="train2/vc01_681100216.mp4", person="vc01"),
    MotionSource(path="train2/vc02_00098.mp4", person="vc02"),
    MotionSource(path="train2/vc03_796100172.mp4", person="vc03"),
    MotionSource(path="train2/vc04_620900105.mp4", person="vc04"),
    MotionSource(path="train2/vc05_517600055.mp4", person="vc05"),
    MotionSource(path="train2/vc06_00104.mp4", person="vc06"),
    MotionSource(path="train2/vc06_741400163.mp4", person="vc06"),
    MotionSource(path="train2/vc07_00067.mp4", person="vc07"),
    MotionSource(path="train2/vc08_00015.mp4", person="vc08"),
    MotionSource(path="train2/vc09_00086.mp4", person="vc09"),
)


# The constants of src/lipwright/engine/gesture are set by looking at these people, every second by name; what
# is said of likeness is said of the others.
LOOKED_AT = frozenset(sorted({source.person for source in SOURCES})[::2])


def present(assets: Path) -> list[MotionSource]:
    """The sources whose file is there."""
    return [source for source in SOURCES if (assets / source.path).is_file()]
