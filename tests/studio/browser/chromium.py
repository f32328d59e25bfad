"""Chromium of the machine, with a camera and a microphone that play files."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.support import sounds
from tests.support.portrait import PORTRAIT_PATH

# As Debian, Ubuntu and Google name it.
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The camera shows the sample portrait; small, as software draws it.
CAMERA_WH = (320, 320)
CAMERA_FRAMES = 4
CAMERA_RATE = 10
MICROPHONE_S = 3.0


def chromium_program() -> str | None:
    """The path of a Chromium on the machine; None where there is none."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@contextlib.contextmanager
def started(program: str, scratch: Path) -> Iterator[Browser]:
    """A running Chromium that asks nobody's leave for camera and microphone, and calls nobody by itself."""
    arguments = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={write_camera(scratch / 'camera.y4m')}",
        f"--use-file-for-fake-audio-capture={write_microphone(scratch / 'microphone.wav')}",
        "--disable-background-networking",
        "--disable-component-update",
        "--force-color-profile=srgb",
    ]
    if os.getuid() == 0:
        arguments.append("--no-sandbox")  # Chromium does not start as root with it.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


def write_camera(path: Path) -> Path:
    """A film of the sample portrait in the one form that the fake camera reads: raw YUV 4:2:0."""
    width, height = CAMERA_WH
    rgb = np.asarray(Image.open(PORTRAIT_PATH).convert("RGB").resize(CAMERA_WH))
    planes = cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420).tobytes()
    header = f"YUV4MPEG2 W{width} H{height} F{CAMERA_RATE}:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(header + (b"FRAME\n" + planes) * CAMERA_FRAMES)
    return path


def write_microphone(path: Path) -> Path:
    """Something like a voice, which the fake microphone plays again and again."""
    return sounds.write_sound(path, sounds.voice(MICROPHONE_S))
