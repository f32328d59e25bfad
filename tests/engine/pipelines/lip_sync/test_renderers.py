"""A mouth renderer that was installed beside the engine."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.errors import RendererFailed
from lipwright.engine.media.pixels.planes import i420_to_rgb
from lipwright.engine.media.values import SoundClip, SpeechSound
from lipwright.engine.pipelines.lip_sync.run import lip_sync
from lipwright.engine.pipelines.modes import LipSyncMode
from lipwright.engine.pipelines.options import LipSyncOptions
from lipwright.engine.render.clip import external as renderer
from lipwright.engine.render.clip.external import MouthRenderer, installed_renderer
from tests.engine.pipelines.lip_sync.talking_clips import planes_of
from tests.support.sounds import silence, write_sound

PRO = LipSyncOptions(mode=LipSyncMode.PRO)


class Green:
    """Paints every face green, and remembers what it was told."""

    asked: ClassVar[list[tuple[float, Fraction, int, int]]] = []
    drawn: ClassVar[list[int]] = []

    def __init__(self, sound: SpeechSound, frame_rate: Fraction, frame_count: int, seed: int) -> None:
        self.asked.append((sound.duration_s, frame_rate, frame_count, seed))

    def draw(
        self, rgb: NDArray[np.uint8], landmarks_px: NDArray[np.float32], index: int
    ) -> NDArray[np.uint8]:
        low, high = landmarks_px[:, :2].min(axis=0), landmarks_px[:, :2].max(axis=0)
        assert low.min() > 0
        assert (high < rgb.shape[1::-1]).all()
        self.drawn.append(index)
        rgb[:] = (0, 200, 0)
        return rgb


class Broken(Green):
    """Gives a picture of another size."""

    def draw(
        self, rgb: NDArray[np.uint8], landmarks_px: NDArray[np.float32], index: int
    ) -> NDArray[np.uint8]:
        return super().draw(rgb, landmarks_px, index)[::2]


class Hiccup(Green):
    """Fails in one frame."""

    def draw(
        self, rgb: NDArray[np.uint8], landmarks_px: NDArray[np.float32], index: int
    ) -> NDArray[np.uint8]:
        if index == 3:
            raise ValueError("out of luck")
        return super().draw(rgb, landmarks_px, index)


def refuse(*_: object) -> MouthRenderer:
    raise OSError("weights.bin is missing")


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make a name of this module an installed renderer."""

    def installed(name: str) -> None:
        point = EntryPoint(name="green", value=f"{__name__}:{name}", group=renderer.GROUP)
        monkeypatch.setattr(renderer, "entry_points", lambda group: EntryPoints([point]).select(group=group))

    return installed


@pytest.fixture
def sound(tmp_path: Path) -> SoundClip:
    return SoundClip(path=write_sound(tmp_path / "a.wav", silence(0.3)))


def test_in_pro_it_draws_the_lower_face_and_nothing_else_changes(
    install: Callable[[str], None], glimpse: Path, sound: SoundClip, tmp_path: Path
) -> None:
    install("Green")
    Green.asked.clear()
    Green.drawn.clear()
    report = lip_sync(glimpse, sound, tmp_path / "out.mp4", PRO)
    assert report.frames_rendered == 8
    assert sorted(Green.drawn) == list(range(8))
    [(duration_s, *rest)] = Green.asked
    assert duration_s == pytest.approx(0.3, abs=0.02)
    assert rest == [Fraction(25), 8, 0]
    old, new = (i420_to_rgb(planes_of(path)[3]).astype(int) for path in (glimpse, tmp_path / "out.mp4"))
    green = (new[..., 1] > 150) & (new[..., 0] < 60)
    rows = np.flatnonzero(green.any(axis=1))
    assert 0.02 < green.mean() < 0.25
    assert rows[0] > 150  # below the eyes of the sample's head
    assert np.abs(old - new)[:120].mean() < 4


@pytest.mark.parametrize("mode", [LipSyncMode.LITE, LipSyncMode.STANDARD])
def test_other_modes_do_not_ask_it(
    install: Callable[[str], None], glimpse: Path, sound: SoundClip, tmp_path: Path, mode: LipSyncMode
) -> None:
    install("refuse")
    assert lip_sync(glimpse, sound, tmp_path / "out.mp4", LipSyncOptions(mode=mode)).frames_rendered == 8


@pytest.mark.parametrize(("name", "reason"), [("refuse", "weights.bin"), ("Broken", "uint8")])
def test_its_failure_is_an_error_that_names_it_and_leaves_no_file(
    install: Callable[[str], None], glimpse: Path, sound: SoundClip, tmp_path: Path, name: str, reason: str
) -> None:
    install(name)
    with pytest.raises(RendererFailed, match=f"green.*{reason}"):
        lip_sync(glimpse, sound, tmp_path / "out.mp4", PRO)
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]


def test_its_failure_in_one_frame_passes_that_frame(
    install: Callable[[str], None], glimpse: Path, sound: SoundClip, tmp_path: Path
) -> None:
    install("Hiccup")
    report = lip_sync(glimpse, sound, tmp_path / "out.mp4", PRO)
    assert (report.frames_rendered, report.frames_failed) == (7, 1)


def test_none_is_installed_by_default() -> None:
    assert installed_renderer() is None
