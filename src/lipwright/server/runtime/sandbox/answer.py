"""One order to a sandboxed process on its standard input, one answer on its standard output."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from lipwright.server.runtime.sandbox.layers import Sandbox
from lipwright.server.runtime.sandbox.start import clean_environment, sandboxed_command

AnswerT = TypeVar("AnswerT", bound=BaseModel)
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class NoAnswer(Exception):
    """The process died, or wrote something else. The message is the kind of failure, for the log."""


class AnswerTooLate(NoAnswer):
    """The process was ended because it took too long."""


def answer_of(
    sandbox: Sandbox,
    private: Path,
    module: str,
    order: BaseModel,
    answer: type[AnswerT],
    *,
    work: Path,
    timeout_s: float,
) -> AnswerT:
    """What a process answers that runs `main` of a module.

    private: the data folder, as for `sandboxed_command`. work: its home and its current folder.
    Raises NoAnswer and AnswerTooLate.
    """
    try:
        ended = subprocess.run(
            sandboxed_command(sandbox, private, module),
            input=order.model_dump_json().encode(),
            capture_output=True,
            timeout=timeout_s,
            cwd=work,
            env=clean_environment(work) | _ONE_THREAD,
            start_new_session=True,
            check=True,
        )
        return answer.model_validate_json(ended.stdout)
    except subprocess.TimeoutExpired:
        raise AnswerTooLate("TimeoutExpired") from None
    except (subprocess.CalledProcessError, OSError, ValidationError) as failure:
        raise NoAnswer(type(failure).__name__) from None
