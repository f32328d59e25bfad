"""The process that fetches a file of a stranger, or checks one: one task, one answer, then it ends.

It reads a task as JSON from standard input and writes a Checked to standard output. The launcher of sandboxes
runs it: with a network and no files to fetch, with one file and no network to check.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

from lipwright.engine import EngineError
from lipwright.server.fetching.address_guard import AddressGuard
from lipwright.server.fetching.download import CannotFetch, TooManyBytes, download
from lipwright.server.products.checks.messages import TASK, Checked, CheckTask, FetchTask, Task
from lipwright.server.products.checks.schemas import Check


def main(_arguments: list[str]) -> None:
    """Answer the task on standard input."""
    sys.stdout.write(_answer(TASK.validate_json(sys.stdin.buffer.read())).model_dump_json())


def _answer(task: Task) -> Checked:
    try:
        match task:
            case FetchTask():
                return _fetch(task)
            case CheckTask():
                return _check(task)
    except EngineError as failure:
        return Checked(refusal=failure.message)
    except Exception:
        return Checked(refusal="This file cannot be checked. Try another one.", reason=traceback.format_exc())


def _fetch(task: FetchTask) -> Checked:
    try:
        download(
            task.url,
            Path(task.path),
            AddressGuard(task.reachable_hosts),
            max_bytes=task.max_bytes,
            timeout_s=task.timeout_s,
        )
    except CannotFetch as failure:
        return Checked(refusal=f"The file at this address cannot be fetched: {failure}.")
    except TooManyBytes:
        return Checked(refusal=f"The file at this address is larger than {task.max_bytes} bytes.")
    return Checked()


def _check(task: CheckTask) -> Checked:
    # What fetches does without these: they load the decoders.
    from lipwright.provenance.check.check_file import check_file
    from lipwright.provenance.check.known_marks import KnownMarks
    from lipwright.provenance.check.report import Verdict
    from lipwright.provenance.check.report_json import as_json

    known = KnownMarks(
        installation=task.installation,
        own_roots=task.own_roots,
        roots=task.roots,
        watermark_keys=task.watermark_keys,
    )
    report = check_file(Path(task.path), known)
    if report.verdict is Verdict.UNREADABLE:
        return Checked(refusal=report.unreadable)
    return Checked(check=Check.model_validate(as_json(report)))
