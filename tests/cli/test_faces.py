"""`lipwright faces`: who is in a picture."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.cli.finished import Command
from tests.support.pictures import gradient, read_bgr


@pytest.fixture
def couple(portrait: Path, tmp_path: Path) -> Path:
    """The sample's face twice, the right one at half the size."""
    face = read_bgr(portrait)[40:240, 110:310]
    canvas = np.full((240, 440, 3), 200, np.uint8)
    canvas[20:220, 10:210] = face
    canvas[70:170, 280:380] = cv2.resize(face, (100, 100), interpolation=cv2.INTER_AREA)
    path = tmp_path / "couple.png"
    cv2.imwrite(str(path), canvas)
    return path


def test_a_picture_without_people_has_an_empty_list(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "hills.png"
    cv2.imwrite(str(path), gradient(320, 240))
    done = command("faces", path, "--json")
    assert done.status == 0
    assert json.loads(done.out)["faces"] == []
    assert "No face was found." in command("faces", path).err


def test_people_are_numbered_from_the_largest(command: Command, couple: Path) -> None:
    done = command("faces", couple, "--json")
    listed = json.loads(done.out)
    assert (listed["width_px"], listed["height_px"]) == (440, 240)
    first, second = listed["faces"]
    assert (first["face"], second["face"]) == (0, 1)
    assert first["box_xyxy"][2] < 220 < second["box_xyxy"][0]


def test_a_face_that_cannot_speak_says_why(command: Command, couple: Path) -> None:
    first, second = json.loads(command("faces", couple, "--json").out)["faces"]
    assert (first["can_speak"], first["obstacle"]) == (True, None)
    assert second["can_speak"] is False
    assert second["obstacle"]["code"] == "face_too_small"


def test_into_a_pipe_the_table_is_a_line_a_face(command: Command, couple: Path) -> None:
    lines = command("faces", couple).out.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["face", "0", "1"]


def test_the_drawing_shows_the_picture_with_marks(command: Command, couple: Path, tmp_path: Path) -> None:
    assert command("faces", couple, "--draw", "seen.png").status == 0
    seen, source = read_bgr(tmp_path / "seen.png"), read_bgr(couple)
    assert seen.shape == source.shape
    changed = (seen != source).any(axis=2)
    assert 0.005 < changed.mean() < 0.3
    assert not changed[:, 222:270].any()  # between the two nothing is drawn


def test_a_drawing_that_cannot_be_written_is_told(command: Command, couple: Path) -> None:
    done = command("faces", couple, "--draw", "absent/seen.png")
    assert done.status == 2
    assert done.error_line.startswith("error [output_not_writable]: ")
