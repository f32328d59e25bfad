"""A worker that a power cut hits at a chosen checkpoint.

`python -m tests.support.crashing_worker CHECKPOINT`
"""

from __future__ import annotations

import os
import signal
import sys

from lipwright.server.operation.work import run_worker
from lipwright.server.rendering.checkpoints import Checkpoint
from lipwright.server.settings import load_settings


def main(cut_at: Checkpoint) -> None:
    """Work until the checkpoint is reached."""

    def cut(reached: Checkpoint) -> None:
        if reached == cut_at:
            os.kill(os.getpid(), signal.SIGKILL)

    run_worker(load_settings(), on_checkpoint=cut)


if __name__ == "__main__":
    main(Checkpoint(sys.argv[1]))
