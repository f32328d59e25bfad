"""That the examples of the client run as they stand."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.acceptance.playing import assert_plays
from tests.acceptance.samples import SampleFiles
from tests.support.service import Service
from tests.support.sounds import voice, write_sound

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "client"
# As long as the examples ask for.
LENGTH_S = 1.0


@pytest.fixture
def folder(samples: SampleFiles, tmp_path: Path) -> Path:
    """A folder with the files that the examples name."""
    write_sound(tmp_path / "words.wav", voice(LENGTH_S))
    Image.open(samples.picture).save(tmp_path / "me.jpg", quality=95)
    return tmp_path


def run(example: str, *arguments: str, folder: Path, server: Service) -> subprocess.CompletedProcess[str]:
    """A finished example."""
    given = {"LIPWRIGHT_BASE_URL": server.base_url, "LIPWRIGHT_API_KEY": server.key}
    return subprocess.run(
        [sys.executable, str(EXAMPLES / example), *arguments],
        env=os.environ | given,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=200,
    )


@pytest.mark.parametrize(
    ("example", "arguments", "made"),
    [
        ("talking_photo.py", [], ["me.mp4"]),
        ("several_at_once.py", [], ["calm.mp4", "lively.mp4"]),
        ("careful.py", ["me.jpg"], ["me.mp4"]),
    ],
)
def test_an_example_makes_its_videos(
    server: Service, folder: Path, example: str, arguments: list[str], made: list[str]
) -> None:
    done = run(example, *arguments, folder=folder, server=server)
    assert done.returncode == 0, done.stderr
    for name in made:
        assert_plays(folder / name, duration_s=LENGTH_S)


@pytest.mark.parametrize(
    ("picture", "sentence"),
    [("nowhere.jpg", "Cannot upload: There is no file nowhere.jpg."), ("words.jpg", "invalid_image_file: ")],
)
def test_the_careful_example_says_what_is_wrong(
    server: Service, folder: Path, picture: str, sentence: str
) -> None:
    shutil.copy(folder / "words.wav", folder / "words.jpg")
    done = run("careful.py", picture, folder=folder, server=server)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(sentence)
