"""Warming up loads the networks, and leaves a process that may be forked."""

from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = """
import json, os
from lipwright import engine
engine.talking_photo
before = len(os.listdir("/proc/self/task"))
engine.warm_up()
from lipwright.engine.face.find.models import FaceModel, network
loaded = [network(model)._session for model in FaceModel]
print(json.dumps([len(os.listdir("/proc/self/task")) - before, len(loaded)]))
"""


def test_no_thread_is_started() -> None:
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == [0, 3]
